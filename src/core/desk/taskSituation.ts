// Where a task stands on its desk, and what a person can do with it there. Reads only.
import type { TaskAction } from "../../shared/taskActions";
import { actionsOf, type TaskSituation } from "../projections/taskActions";
import type { TaskView } from "../projections/taskView";
import type { TaskDesk } from "./taskDesk";

export type SituationDesk = Pick<TaskDesk, "isInterrupted" | "ownership"> & {
  readonly queue: Pick<TaskDesk["queue"], "isRunning" | "isHeld">;
};

export function situationOf(desk: SituationDesk, view: TaskView): TaskSituation {
  const isRunning = desk.queue.isRunning(view.request.id);
  return {
    isRunning,
    isQueued: view.queueRank !== null && !isRunning,
    isHeld: desk.queue.isHeld,
    isInterrupted: desk.isInterrupted(view),
    isReadOnly: desk.ownership.kind === "theirs",
  };
}

/** What can be done with the task now. */
export function actionsNow(desk: SituationDesk, view: TaskView): readonly TaskAction[] {
  return actionsOf(view, situationOf(desk, view));
}

export function allows(desk: SituationDesk, view: TaskView, action: TaskAction): boolean {
  return actionsNow(desk, view).includes(action);
}
