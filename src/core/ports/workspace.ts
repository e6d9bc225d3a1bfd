// The user's repository as the engine needs it: a base to start from, worktrees, clean rooms, diffs, accepting.
import type { AcceptResult, FileChange, SetupCommand, SetupStep, TaskBase } from "../domain/workspace";
import type { TaskId } from "../domain/task";

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

/**
 * Contract:
 * - The user's index, branches, HEAD, stash and reflogs are never changed; only `accept` writes to the working tree.
 * - Every method rejects with CountersignError `git` or `io`, in words for a person. Long ones take a signal and
 *   reject with `cancelled`.
 * - `createBase` is idempotent per task: a second call finds the branch and worktree of the first, or remakes a
 *   worktree that is gone from the branch.
 * - `commitAttempt` commits everything in the worktree that is not ignored, plus files below the given extra
 *   (ignored) paths, with hooks off; called again with nothing new it returns the branch's head. Never run by an agent.
 * - `openCleanRoom` checks out `commit` into a new empty folder: nothing uncommitted or ignored is in it.
 * - `accept` merges base → commit into the working tree, three-way, file by file; see AcceptResult. Files equal on
 *   both sides are untouched, unrelated local changes too. Nothing is lost: the state before is a commit of its own.
 */
export interface Workspace {
  /** Absolute root of the user's working tree. */
  readonly root: string;
  /** Files of the repository itself (in its index) at or below `path`: what they say is its word, not the user's. */
  tracked(path: string): Promise<readonly string[]>;
  createBase(task: TaskId, signal: AbortSignal): Promise<TaskBase>;
  /**
   * Makes sure the worktree exists (a resumed task's may have been cleaned away); true when it had to be remade.
   * Clean rooms and half-written files that a dead process left are removed.
   */
  restoreWorktree(base: TaskBase, signal: AbortSignal): Promise<boolean>;
  commitAttempt(base: TaskBase, message: string, extraPaths: readonly string[]): Promise<string>;
  openCleanRoom(base: TaskBase, commit: string, signal: AbortSignal): Promise<CleanRoom>;
  /** Changes from `from` to `to` (commits), renames not detected, everything below `.countersign/` left out. */
  changes(base: TaskBase, from: string, to: string): Promise<readonly FileChange[]>;
  /** Unified diff of two commits, text only (binary files are named); `to` may be the branch of `base`, as it is now. */
  diff(base: TaskBase, from: string, to: string, paths?: readonly string[]): Promise<string>;
  /** A file's text in a commit; null when it is not there. */
  fileAt(base: TaskBase, commit: string, path: string): Promise<string | null>;
  /** `files` null: all of them. */
  accept(task: TaskId, base: TaskBase, commit: string, files: readonly string[] | null): Promise<AcceptResult>;
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
}
