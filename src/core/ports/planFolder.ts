// The handoff files of a task: `.countersign/plans/<task-id>/` in the open workspace.
import type { TaskId } from "../domain/task";

/**
 * Contract: paths are relative to the task's folder and may not leave it (`notAllowed`). `write` is atomic (a reader
 * sees the old or the new text) and idempotent; `append` is not atomic. Both create folders and reject with `io`.
 * `read` answers null for a missing file.
 */
export interface PlanFolder {
  /** Absolute path of the task's folder. */
  pathOf(task: TaskId, file?: string): string;
  write(task: TaskId, file: string, text: string): Promise<void>;
  append(task: TaskId, file: string, text: string): Promise<void>;
  read(task: TaskId, file: string): Promise<string | null>;
  /** Copies the files below `source` (an absolute folder; missing is empty; links are not followed) to `folder`. */
  copyIn(task: TaskId, source: string, folder: string): Promise<readonly string[]>;
  /** Removes what writes that a crash interrupted have left. Only for the one who owns the journal. Idempotent. */
  tidy(task: TaskId): Promise<void>;
  /** Files below the folder, relative, sorted. */
  list(task: TaskId): Promise<readonly string[]>;
}
