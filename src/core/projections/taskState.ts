// A task's state as a person sees it: its status, and what only this process knows of it (it waits, it was cut off).
// Pure; the words for each state are here, so that every surface uses the same ones.
import type { TaskStatus } from "../domain/task";
import type { TaskSituation } from "./taskActions";
import type { TaskView } from "./taskView";

/** `new`: created and not started. `inQueue`: waits for a free place. `interrupted`: its process ended without a word. */
export type TaskState = Exclude<TaskStatus, "queued"> | "new" | "inQueue" | "interrupted";

export const STATE_NAMES: Readonly<Record<TaskState, string>> = {
  new: "not started",
  inQueue: "in queue",
  running: "running",
  interrupted: "interrupted",
  awaiting_approval: "plan waits for approval",
  review: "ready for review",
  accepted: "accepted",
  discarded: "discarded",
  done: "done by hand",
  escalated: "escalated",
  failed: "failed",
  paused: "paused",
  cancelled: "cancelled",
};

const NEEDS_PERSON: ReadonlySet<TaskState> = new Set(["review", "awaiting_approval", "escalated", "failed", "paused", "interrupted"]);

export function stateOf(view: TaskView, situation: Pick<TaskSituation, "isRunning" | "isQueued" | "isInterrupted">): TaskState {
  // A run shows as such from the moment in which it is started; its first event comes a little later.
  if (situation.isRunning) return "running";
  if (situation.isQueued) return "inQueue";
  if (situation.isInterrupted) return "interrupted";
  return view.status === "queued" ? "new" : view.status;
}

/** Nothing goes on with it before a person has decided something. Tasks that nobody started do not count. */
export function needsPerson(state: TaskState): boolean {
  return NEEDS_PERSON.has(state);
}
