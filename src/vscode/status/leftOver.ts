// What an earlier window has left on a desk: tasks that were cut off, and a queue that is held. Pure; no vscode here.
import type { TaskDesk } from "../../core/desk/taskDesk";
import type { TaskId } from "../../core/domain/task";
import type { TaskView } from "../../core/projections/taskView";
import { counted } from "../../shared/figures";

export type LeftDesk = Pick<TaskDesk, "tasks" | "isInterrupted" | "ownership"> & {
  readonly queue: Pick<TaskDesk["queue"], "waiting" | "isHeld" | "isRunning" | "run">;
};

export interface LeftOver {
  readonly desk: LeftDesk;
  readonly interrupted: readonly TaskView[];
  readonly waiting: readonly TaskView[];
}

/** null: nothing is left, or not for this process to go on with. */
export function leftOver(desk: LeftDesk): LeftOver | null {
  if (desk.ownership.kind === "theirs") return null;
  const interrupted = desk.tasks().filter((view) => desk.isInterrupted(view) && view.queueRank === null && view.request.partOf === undefined);
  const waiting = desk.queue.isHeld ? desk.queue.waiting() : [];
  return interrupted.length + waiting.length === 0 ? null : { desk, interrupted, waiting };
}

export function leftOverText(left: readonly LeftOver[]): string {
  const interrupted = left.flatMap((one) => one.interrupted);
  const waiting = left.flatMap((one) => one.waiting);
  const inQueue = `${counted(waiting.length, "task")} ${waiting.length === 1 ? "waits" : "wait"} in the queue`;
  if (interrupted.length === 0) return `${inQueue} since the window was closed. Nothing is run before you say so.`;
  const [first] = interrupted;
  const what = interrupted.length === 1 ? `"${first?.request.title}" was` : `${interrupted.length} tasks were`;
  return `${what} interrupted when the window was closed; the work so far is kept.${waiting.length === 0 ? "" : ` ${inQueue}.`}`;
}

/** Goes on with everything that was left; the queue's limit holds. */
export async function resumeAll({ desk, interrupted, waiting }: LeftOver): Promise<readonly TaskId[]> {
  const ids = [...interrupted, ...waiting].map((view) => view.request.id);
  for (const id of ids) if (!desk.queue.isRunning(id)) await desk.queue.run(id);
  return ids;
}
