// Where a task puts files that do not belong in the repository.
import type { TaskId } from "../domain/task";

/** Relative to the worktree, at the path it will have in the workspace. */
export function deliverablesFolderOf(task: TaskId): string {
  return `.countersign/plans/${task}/deliverables`;
}
