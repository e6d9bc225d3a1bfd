// Makes a commit of what the user sees: HEAD plus staged, unstaged and untracked files, ignored ones left out. The
// user's index, HEAD, branches and reflogs are read, never written.
import path from "node:path";
import type { GitWords } from "./gitFailure";
import type { Repository } from "./locate";
import { PrivateIndex } from "./privateIndex";
import type { Git, Place } from "./runGit";

export interface Head {
  readonly commit: string;
  readonly tree: string;
}

export interface SnapshotOptions {
  readonly words: GitWords;
  readonly signal?: AbortSignal;
}

/** The user's working tree as a place. */
export function userPlace({ root, gitDir, record }: Repository): Place {
  const place = { cwd: root, gitDir, workTree: root };
  return record === undefined ? place : { ...place, inForce: { file: record, ownFiles: true } };
}

/** What stands at a name, in one process: null where nothing does. Names are ours. */
export async function resolveNames(
  git: Git,
  place: Place,
  names: readonly string[],
  words: GitWords,
): Promise<readonly (string | null)[]> {
  const input = names.map((name) => `${name}\n`).join("");
  const answer = await git.run(place, ["cat-file", "--batch-check=%(objectname)"], words, { input });
  const lines = answer.toString("utf8").split("\n");
  return names.map((_, at) => (/^[0-9a-f]{40,64}$/.test(lines[at] ?? "") ? (lines[at] ?? null) : null));
}

/** An index that holds the working tree. The caller disposes of it. */
export async function stageUsersTree(
  git: Git,
  repository: Repository,
  temporary: string,
  options: SnapshotOptions,
): Promise<PrivateIndex> {
  const seed = path.join(repository.gitDir, "index");
  const index = await PrivateIndex.copyOf(git, userPlace(repository), seed, temporary);
  try {
    await index.stageAll({ embedded: "leaveOut", ...options });
    return index;
  } catch (error) {
    await index.dispose();
    throw error;
  }
}

/** A commit of a tree whose parents are those that are there. */
export function commitTree(
  git: Git,
  place: Place,
  commit: { readonly tree: string; readonly parents: readonly string[]; readonly message: string },
  words: GitWords,
): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ["-p", parent]);
  return git.line(place, ["commit-tree", commit.tree, ...parents, "-F", "-"], words, { input: commit.message });
}
