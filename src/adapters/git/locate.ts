// Finds the repository that a folder belongs to, or says that it belongs to none. Reads only.
import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import { gitFailure } from "./gitFailure";
import type { Git } from "./runGit";

export interface Repository {
  /** Root of the user's working tree. */
  readonly root: string;
  /** Git folder of this working tree: HEAD and index are here. */
  readonly gitDir: string;
  /** Git folder shared by all working trees of the repository. */
  readonly commonDir: string;
  /** Once a task has run: the record of the settings that were in force before. */
  readonly record?: string;
}

/** null: the folder is in no repository, or in one that does not look after it. Paths are real ones. */
export async function locateRepository(git: Git, dir: string): Promise<Repository | null> {
  const folder = await existingFolder(dir);
  const question = [
    "rev-parse",
    "--is-bare-repository",
    "--is-inside-work-tree",
    "--git-dir",
    "--git-common-dir",
    "--show-toplevel",
  ];
  const { exitCode, stdout, stderr } = await git.attempt({ cwd: folder }, question);
  if (exitCode !== 0 && /not a git repository/i.test(stderr)) return notBroken(stderr, folder);
  const [isBare, isInside, gitDir, commonDir, root] = stdout.toString("utf8").split("\n");
  if (exitCode !== 0 && (isBare === "true" || isInside === "false")) throw noWorkTree(folder, isBare === "true");
  if (exitCode !== 0 || gitDir === undefined || commonDir === undefined || root === undefined) {
    throw gitFailure(stderr, { what: `The repository of ${folder} could not be opened` });
  }
  const repository = {
    root: await realpath(root),
    gitDir: await realpath(path.resolve(folder, gitDir)),
    commonDir: await realpath(path.resolve(folder, commonDir)),
  };
  return (await looksAfter(git, repository, folder)) ? repository : null;
}

async function existingFolder(dir: string): Promise<string> {
  try {
    const folder = await realpath(dir);
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    throw missing(dir, error);
  }
  throw missing(dir, undefined);
}

/** A `.git` that points nowhere must not turn into a shadow repository without a word. */
function notBroken(stderr: string, folder: string): null {
  const pointer = /not a git repository: (?!\(or any)([^\n]+)/.exec(stderr)?.[1];
  if (pointer === undefined) return null;
  throw new CountersignError(
    "git",
    `${folder} has a .git file that points to ${pointer}, which is no repository. Nothing was changed. ` +
      "Repair it (`git worktree repair`) or remove the .git file, then try again.",
  );
}

/**
 * A subfolder that the repository around it ignores (or a home folder's dotfile repository, which shows no untracked
 * files, has nothing of) would be missing from every snapshot: it is treated as a folder of its own.
 */
async function looksAfter(git: Git, { root, gitDir }: Repository, folder: string): Promise<boolean> {
  const relative = path.relative(root, folder).split(path.sep).join("/");
  if (relative === "") return true;
  const place = { cwd: root, gitDir, workTree: root };
  const words = { what: `The repository of ${folder} could not be read` };
  const tracked = git.run(place, ["--literal-pathspecs", "ls-files", "-z", "--", relative], words, { maxBytes: 1 });
  const ignored = git.attempt(place, ["check-ignore", "-q", "--", relative]);
  const untracked = git.attempt(place, ["config", "--get", "status.showUntrackedFiles"]);
  if ((await tracked).length > 0) return true;
  return (await ignored).exitCode !== 0 && (await untracked).stdout.toString("utf8").trim() !== "no";
}

function missing(dir: string, cause: unknown): CountersignError {
  return new CountersignError(
    "io",
    `${dir} is no folder that can be opened. Nothing was changed. Give the path of an existing folder.`,
    { cause },
  );
}

function noWorkTree(folder: string, isBare: boolean): CountersignError {
  const what = isBare
    ? `${folder} belongs to a bare repository, which has no working tree`
    : `${folder} lies inside a .git folder`;
  const next = isBare
    ? "Open one of its worktrees (`git worktree add`); if it should not be bare, run `git config core.bare false`."
    : "Open the folder of the project itself.";
  return new CountersignError("git", `${what}. Nothing was changed. ${next}`);
}
