// Frees the disk of a task's worktree. Nothing is lost: what is not committed yet goes onto the task's branch first.
import type { TaskStatus } from "../domain/task";
import { deliverablesFolderOf } from "../handoff/deliverables";
import type { Workspace } from "../ports/workspace";
import type { TaskView } from "../projections/taskView";

/** Their branches hold all that is going to be of them, or are gone. */
const ENDED: ReadonlySet<TaskStatus> = new Set(["accepted", "discarded", "done"]);

/** The next run makes the worktree again. Does nothing where there is none. */
export async function removeWorktree(workspace: Workspace, { base, request, status }: TaskView): Promise<void> {
  if (base === null) return;
  if (!ENDED.has(status) && (await workspace.worktreeSize(base)) > 0) {
    const message = `${request.title}\n\nCountersign task ${request.id}, work so far; the worktree was cleaned up.`;
    await workspace.commitAttempt(base, message, [deliverablesFolderOf(request.id)]);
  }
  await workspace.removeWorktree(base, { deleteBranch: false });
}
