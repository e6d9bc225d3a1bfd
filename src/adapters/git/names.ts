// Names of what Countersign puts into a repository, and the borders that values from a journal must not cross before
// they become arguments of git or paths to remove. Pure.
import { createHash } from "node:crypto";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";

/** The folder of handoff files and state; never part of a base commit's changes, a diff or an accept. */
export const OWN_FOLDER = ".countersign";

const TASK_ID = /^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export interface TaskNames {
  readonly id: string;
  readonly branch: string;
  readonly branchRef: string;
  /** The base commit, which stays when the branch moves on. */
  readonly baseRef: string;
  /** The user's HEAD when the base was made. */
  readonly headRef: string;
  /** The working tree as it was before the last accept; earlier ones are its ancestors. */
  readonly beforeRef: string;
  /** The working tree as it was after the last accept; its parents are the one before it and the accept before that. */
  readonly afterRef: string;
  /** What of the task's work the last accept left in the working tree. */
  readonly mergedRef: string;
  /** A blob: which paths an accept has dealt with. */
  readonly acceptRef: string;
}

export function taskNames(id: string): TaskNames {
  if (!TASK_ID.test(id)) throw refused(`${JSON.stringify(id)} is no task id`);
  const own = `refs/countersign/${id}`;
  return {
    id,
    branch: `countersign/${id}`,
    branchRef: `refs/heads/countersign/${id}`,
    baseRef: `${own}/base`,
    headRef: `${own}/head`,
    beforeRef: `${own}/before-accept`,
    afterRef: `${own}/after-accept`,
    mergedRef: `${own}/merged`,
    acceptRef: `${own}/accept-state`,
  };
}

export function namesOfBranch(branch: string): TaskNames {
  if (!branch.startsWith("countersign/")) throw refused(`${JSON.stringify(branch)} is no branch of Countersign's`);
  return taskNames(branch.slice("countersign/".length));
}

/** The commit itself, when it is a whole object name: nothing else reaches git as a commit. */
export function commitName(commit: string): string {
  if (!COMMIT.test(commit)) throw refused(`${JSON.stringify(commit.slice(0, 100))} is no commit`);
  return commit;
}

/** True for a folder that can only be a task's worktree below `worktrees`. */
export function isWorktreePath(worktrees: string, folder: string): boolean {
  const [key = "", id = "", ...deeper] = path.relative(worktrees, path.resolve(folder)).split(path.sep);
  return deeper.length === 0 && /^[0-9a-f]{16}$/.test(key) && TASK_ID.test(id);
}

/** The folder itself, when it is such a one. A journal is a file that anyone may have written. */
export function worktreePath(worktrees: string, folder: string): string {
  if (isWorktreePath(worktrees, folder)) return path.resolve(folder);
  throw refused(`${folder} is no worktree below ${worktrees}`);
}

/** True for a path of Countersign's own, at any depth: the workspace may be a subfolder of the repository. */
export function isOwnPath(file: string): boolean {
  return file.split("/").includes(OWN_FOLDER);
}

/** A short name for a folder, stable for its real path. */
export function folderKey(realPath: string): string {
  return createHash("sha256").update(realPath).digest("hex").slice(0, 16);
}

function refused(why: string): CountersignError {
  return new CountersignError(
    "git",
    `The task's record was refused: ${why}. Nothing was touched. Discard the task and start it again.`,
  );
}
