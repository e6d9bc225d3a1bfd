// Puts what is in a task's worktree on the task's branch, by plumbing: no hook runs, and nothing an agent did to the
// worktree's own index or `.git` file matters.
import { readdir } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import { ioError } from "../store/ioError";
import { lstatOrNull } from "./userFiles";
import { GENERATED_PATTERNS } from "./generatedFolders";
import type { TaskNames } from "./names";
import { makeStorable, refuseHuge } from "./oddFiles";
import { PrivateIndex } from "./privateIndex";
import type { Git, Place } from "./runGit";

const WORDS = { what: "The attempt could not be committed", kept: "The work is kept in the task's worktree." };

export interface Attempt {
  readonly names: TaskNames;
  /** The place of the worktree's calls. */
  readonly place: Place;
  /** Our own index of the worktree. */
  readonly indexFile: string;
  readonly message: string;
  /** Folders whose files are taken even when they are ignored. */
  readonly extraPaths: readonly string[];
  /** Folder for short-lived files. */
  readonly temporary: string;
}

/** The commit that holds the work: a new one, or the branch's head when nothing is new. */
export async function commitAttempt(git: Git, attempt: Attempt): Promise<string> {
  const { place, names, temporary } = attempt;
  const index = await PrivateIndex.copyOf(git, place, attempt.indexFile, temporary);
  try {
    await makeStorable(git, index.place);
    await index.stageAll({ embedded: "takeFiles", alsoIgnore: GENERATED_PATTERNS, words: WORDS });
    for (const extra of attempt.extraPaths) await stageFolder(index, place, extra);
    const [tree, head, headTree] = await Promise.all([
      index.writeTree(WORDS),
      git.line(place, ["rev-parse", "--verify", `${names.branchRef}^{commit}`], WORDS),
      git.line(place, ["rev-parse", "--verify", `${names.branchRef}^{tree}`], WORDS),
    ]);
    if (tree === headTree) return head;
    const message = attempt.message.replaceAll("\0", "");
    const commit = await git.line(place, ["commit-tree", tree, "-p", head, "-F", "-"], WORDS, { input: message });
    await git.run(place, ["update-ref", names.branchRef, commit, head], WORDS);
    // The worktree's own index follows, so that `git status` there shows what is new since this commit.
    if (place.gitDir !== undefined) await index.copyTo(path.join(place.gitDir, "index"));
    await index.copyTo(attempt.indexFile);
    return commit;
  } finally {
    await index.dispose();
  }
}

/** Ignored or not; what is gone from the folder goes. Links on the way are not followed. */
async function stageFolder(index: PrivateIndex, place: Place, folder: string): Promise<void> {
  const parts = folder.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.length === 0 || parts.includes("..") || path.isAbsolute(folder)) {
    throw new CountersignError(
      "git",
      `${JSON.stringify(folder)} is no folder of the worktree. Nothing was committed. This is a mistake of the program.`,
    );
  }
  const clean = parts.join("/");
  await index.forget(await index.pathsBelow(clean, WORDS), WORDS);
  const files = await filesBelow(place.workTree ?? place.cwd, parts);
  await refuseHuge(place.workTree ?? place.cwd, files);
  await index.stagePaths(files, WORDS);
}

async function filesBelow(root: string, parts: readonly string[]): Promise<readonly string[]> {
  for (let depth = 1; depth <= parts.length; depth++) {
    const stats = await lstatOrNull(path.join(root, ...parts.slice(0, depth)));
    if (stats === null || stats.isSymbolicLink()) return [];
    if (!stats.isDirectory()) return depth === parts.length && stats.isFile() ? [parts.join("/")] : [];
  }
  return listFiles(root, parts.join("/"));
}

async function listFiles(root: string, folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true });
    const lists = entries.map(async (entry) => {
      const file = `${folder}/${entry.name}`;
      if (entry.name === ".git") return [];
      if (entry.isDirectory()) return listFiles(root, file);
      return entry.isFile() || entry.isSymbolicLink() ? [file] : [];
    });
    return (await Promise.all(lists)).flat();
  } catch (error) {
    throw ioError(error, { what: `${folder} in the task's worktree could not be read`, kept: WORDS.kept });
  }
}
