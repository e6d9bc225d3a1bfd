// A commit that is the user's own: their settings, hooks, signing and identity, of some files and nothing else that is
// staged. The only call of git in the project that runs what the user or their repository has set up.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import { errnoOf, ioError } from "../store/ioError";
import type { Repository } from "./locate";
import { zeroSeparated, type Git, type GitOutput } from "./runGit";
import { userPlace } from "./snapshot";

const WORDS = { what: "The changes could not be committed", kept: "Your files and what you have staged are as they were." };
/** Of what git and the hooks said. */
const SAID_CHARS = 2000;
/** Few enough paths a call for the shortest command line that a system allows. */
const PATHS_A_CALL = 200;

export interface UserCommit {
  readonly paths: readonly string[];
  readonly message: string;
  /** Folder for short-lived files. */
  readonly temporary: string;
  readonly signal: AbortSignal;
}

export async function commitForUser(
  git: Git,
  repository: Repository,
  wanted: UserCommit,
): Promise<{ readonly commit: string; readonly files: readonly string[] }> {
  const { paths, temporary, signal } = wanted;
  await refuseMarkers(repository.root, paths);
  const changed = await changedPaths(git, repository, paths);
  const files = paths.filter((file) => changed.has(file));
  if (files.length === 0) {
    const message = "There is nothing to commit: the accepted files are as in your last commit, or git ignores them. Nothing was changed.";
    throw new CountersignError("conflict", message);
  }
  await mkdir(temporary, { recursive: true });
  const list = path.join(temporary, `paths-${process.pid}-${randomBytes(6).toString("hex")}`);
  const asUser = (args: readonly string[], input = ""): Promise<GitOutput> =>
    git.attempt({ cwd: repository.root }, ["--literal-pathspecs", ...args], { asUser: true, input, signal });
  const untracked = files.filter((file) => changed.get(file)?.isUntracked === true);
  try {
    await writeFile(list, zeroList(files));
    // Git commits only what it knows of: a new file is announced first, and no longer where the commit fails.
    if (untracked.length > 0) must(await asUser(["add", "--intent-to-add", ...FROM_STDIN], zeroList(untracked)));
    const fromFile = [`--pathspec-from-file=${list}`, "--pathspec-file-nul"];
    must(await asUser(["commit", "--quiet", "--only", "--file=-", ...fromFile], `${wanted.message.trim()}\n`));
  } catch (error) {
    if (untracked.length > 0) {
      const args = ["--literal-pathspecs", "rm", "--cached", "--quiet", "--force", "--ignore-unmatch", ...FROM_STDIN];
      await git.attempt({ cwd: repository.root }, args, { asUser: true, input: zeroList(untracked) });
    }
    throw error;
  } finally {
    await rm(list, { force: true });
  }
  return { commit: await git.line(userPlace(repository), ["rev-parse", "--verify", "HEAD^{commit}"], WORDS), files };
}

const FROM_STDIN = ["--pathspec-from-file=-", "--pathspec-file-nul"];

/** What of these paths differs from HEAD; ignored files do not count. */
async function changedPaths(
  git: Git,
  repository: Repository,
  paths: readonly string[],
): Promise<ReadonlyMap<string, { readonly isUntracked: boolean }>> {
  const changed = new Map<string, { readonly isUntracked: boolean }>();
  for (let at = 0; at < paths.length; at += PATHS_A_CALL) {
    const args = ["--literal-pathspecs", "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--"];
    const batch = paths.slice(at, at + PATHS_A_CALL);
    const lines = zeroSeparated(await git.run(userPlace(repository), [...args, ...batch], WORDS));
    for (const line of lines) changed.set(line.slice(3), { isUntracked: line.startsWith("??") });
  }
  return changed;
}

/** What an accept left for the user to resolve must not get into a commit. */
async function refuseMarkers(root: string, paths: readonly string[]): Promise<void> {
  const looks = paths.map(async (file) => ((await textIn(path.join(root, file))).includes(`<<<<<<< ${file} (yours)\n`) ? [file] : []));
  const open = (await Promise.all(looks)).flat();
  if (open.length === 0) return;
  const which = open.length === 1 ? "has" : "have";
  throw new CountersignError(
    "conflict",
    `${open.join(", ")} still ${which} conflict markers. Nothing was committed. Resolve the conflicts, then commit.`,
  );
}

async function textIn(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR", "ELOOP"].includes(errnoOf(error) ?? "")) return "";
    throw ioError(error, { what: `${file} could not be read`, kept: WORDS.kept });
  }
}

function must({ exitCode, stdout, stderr }: GitOutput): void {
  if (exitCode === 0) return;
  const said = `${stdout.toString("utf8")}\n${stderr}`.trim().slice(-SAID_CHARS);
  const message = `${WORDS.what}: git or one of your hooks refused. ${WORDS.kept} Solve that, then commit again.\n${said || "It said nothing."}`;
  throw new CountersignError("git", message, { cause: said });
}

function zeroList(items: readonly string[]): string {
  return items.map((item) => `${item}\0`).join("");
}
