// The user's repository as the engine needs it: a base to start from, worktrees, clean rooms, diffs, accepting.
import type { CommandRunner } from "./commandRunner";
import type { AcceptResult, AcceptStep, FileChange, FileVersion, MergedCommit, SetupCommand, SetupStep, TaskBase } from "../domain/workspace";
import type { TaskId } from "../domain/task";
import type { UndoResult } from "../domain/review";

/** A fresh checkout of one commit. Disposed of after use. */
export interface CleanRoom {
  /** Absolute path. */
  readonly dir: string;
  /**
   * Remembers what is in the room now, after set-up. What it returns puts the room back: committed files as committed,
   * anything that has come since removed.
   */
  checkpoint(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** A change to be merged into the working tree. */
export interface WorkspaceChange {
  /** Commit that the change starts from: what of it is in the working tree already is not merged again. */
  readonly from: string;
  readonly to: string;
  /** `refuse`: rejects with `conflict`, nothing touched, where `mark` would leave a conflict. */
  readonly onConflict: "mark" | "refuse";
}

/** Commits; `onto` and `to` descend from `from`. */
export interface CommitChange {
  readonly onto: string;
  readonly from: string;
  readonly to: string;
  /** Of the commit that comes of it. */
  readonly message: string;
}

/**
 * Contract:
 * - The user's index, branches, HEAD, stash and reflogs are never changed, except by `commitForUser`; only `accept` and
 *   `undoAccept` write to the working tree.
 * - Every method rejects with CountersignError `git` or `io`, in words for a person. Long ones take a signal and
 *   reject with `cancelled`.
 * - `createBase` is idempotent per task: a second call finds the branch and worktree of the first, or remakes a
 *   worktree that is gone from the branch.
 * - `commitAttempt` commits everything in the worktree that is not ignored, plus files below the given extra
 *   (ignored) paths, with hooks off; called again with nothing new it returns the branch's head. Never run by an agent.
 * - `openCleanRoom` checks out `commit` into a new empty folder: nothing uncommitted or ignored is in it.
 * - `merge` makes a commit that no branch has: the changes `from` → `to` on `onto`, three-way, with `onto` and `to` as its
 *   parents. No working tree is touched.
 * - `moveBranch` sets the task's branch and worktree to a commit, if the branch still stands at `expected`; false, and
 *   nothing done, where it does not. What is not committed in the worktree is gone then, ignored files stay. Called again
 *   after a crash it comes to the same end.
 * - `compose` makes a commit that no branch has: `onto` with these files as they are said to be.
 * - `accept` merges from → to into the working tree, three-way, file by file; see AcceptResult. Files equal on
 *   both sides are untouched, unrelated local changes too. Nothing is lost: the state before is a commit of its own,
 *   and `to` is kept from git's clean-up. Called again after a crash it comes to the same end.
 * - `undoAccept` takes accepts back, the last one first, in the same way; what the user has changed since stays.
 * - `commitForUser` commits these files as they are on disk, as the user would (`git commit --only`): their hooks,
 *   signing and identity; what else is staged stays staged. A refusal rejects with git's and the hooks' words, and
 *   nothing is changed. Returns the commit; rejects with `conflict` when there is nothing to commit.
 */
export interface Workspace {
  /** Absolute root of the user's working tree. */
  readonly root: string;
  /** Files of the repository itself (in its index) at or below `path`: what they say is its word, not the user's. */
  tracked(path: string): Promise<readonly string[]>;
  /** `from`: a commit of another task's to begin with, in place of what the user sees. */
  createBase(task: TaskId, signal: AbortSignal, from?: Pick<TaskBase, "commit" | "head">): Promise<TaskBase>;
  /**
   * Makes sure the worktree exists (a resumed task's may have been cleaned away); true when it had to be remade.
   * Clean rooms and half-written files that a dead process left are removed.
   */
  restoreWorktree(base: TaskBase, signal: AbortSignal): Promise<boolean>;
  commitAttempt(base: TaskBase, message: string, extraPaths: readonly string[]): Promise<string>;
  /**
   * Settings of git that make it run a program, or take files in differently, and were set or changed since the task
   * began; nothing of them is in force for the task.
   */
  changedSettings(base: TaskBase): Promise<readonly string[]>;
  openCleanRoom(base: TaskBase, commit: string, signal: AbortSignal): Promise<CleanRoom>;
  /** Changes from `from` to `to` (commits), renames not detected, everything below `.countersign/` left out. */
  changes(base: TaskBase, from: string, to: string): Promise<readonly FileChange[]>;
  /** Unified diff of two commits, text only (binary files are named); `to` may be the branch of `base`, as it is now. */
  diff(base: TaskBase, from: string, to: string, paths?: readonly string[]): Promise<string>;
  /** A file's text in a commit; null when it is not there. */
  fileAt(base: TaskBase, commit: string, path: string): Promise<string | null>;
  /** What a commit holds at a path, as it is: a file's bytes, of a link its target; null when neither is there. */
  bytesAt(base: TaskBase, commit: string, path: string): Promise<Uint8Array | null>;
  /**
   * Both sides of a changed file whose lines can be told apart; null: not there. Rejects with `notAllowed` for links,
   * binary files, text that is not UTF-8 and changed modes, and with `notFound` for a file that did not change.
   */
  lines(base: TaskBase, from: string, to: string, path: string): Promise<{ readonly from: string | null; readonly to: string | null }>;
  merge(base: TaskBase, change: CommitChange): Promise<MergedCommit>;
  moveBranch(base: TaskBase, move: { readonly expected: string; readonly to: string }): Promise<boolean>;
  compose(base: TaskBase, onto: string, files: readonly FileVersion[]): Promise<string>;
  accept(task: TaskId, change: WorkspaceChange): Promise<AcceptResult>;
  /** `steps`: oldest first. */
  undoAccept(task: TaskId, steps: readonly AcceptStep[]): Promise<UndoResult>;
  commitForUser(base: TaskBase, paths: readonly string[], message: string, signal: AbortSignal): Promise<{ readonly commit: string; readonly files: readonly string[] }>;
  /** Removes the worktree and clean rooms; keeps the branch unless told otherwise. Idempotent. */
  removeWorktree(base: TaskBase, options: { readonly deleteBranch: boolean }): Promise<void>;
  /** Bytes on disk of the task's worktree; 0 when it is gone. */
  worktreeSize(base: TaskBase): Promise<number>;
}

/**
 * Prepares a checkout for running the project: dependencies installed, generated files in place.
 *
 * Contract: `detect` reads only. `prepare` runs what `detect` found or clones it from the cache (keyed by lock-file
 * content, command, platform and runtime), network allowed; rejects with `setup` naming the command and the end of
 * its output. The cache is only ever filled right after a set-up command, before any agent or check has run there.
 */
export interface ProjectSetup {
  detect(dir: string): Promise<readonly SetupCommand[]>;
  prepare(dir: string, signal: AbortSignal): Promise<readonly SetupStep[]>;
  /** The same with commands run by another runner; what is being prepared is known to both. */
  using(commands: CommandRunner): ProjectSetup;
}
