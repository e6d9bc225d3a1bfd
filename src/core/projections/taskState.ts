// A task's state as a person sees it: its status, and what only this process knows of it (it waits, it was cut off).
// Pure; the words for each state are here, so that every surface uses the same ones.
import type { TaskStatus } from "../domain/task";
import type { TaskSituation } from "./taskActions";
import type { TaskView } from "./taskView";

/**
 * `new`: created and not started. `inQueue`: waits for a free place. `interrupted`: its process ended without a word.
 * `awaiting_command`: runs, and waits for the person's word on a command.
 */
export type TaskState = Exclude<TaskStatus, "queued"> | "new" | "inQueue" | "interrupted" | "awaiting_command";

export const STATE_NAMES: Readonly<Record<TaskState, string>> = {
  new: "not started",
  inQueue: "in queue",
  running: "running",
  awaiting_command: "command waits for approval",
  interrupted: "interrupted",
  awaiting_approval: "plan waits for approval",
  review: "ready for review",
  merging: "passed, being merged",
  merged: "merged",
  accepted: "accepted",
  discarded: "discarded",
  done: "done by hand",
  escalated: "escalated",
  failed: "failed",
  paused: "paused",
  cancelled: "cancelled",
};

const NEEDS_PERSON: ReadonlySet<TaskState> = new Set(["review", "awaiting_command", "awaiting_approval", "escalated", "failed", "paused", "interrupted"]);

export function stateOf(view: TaskView, situation: Pick<TaskSituation, "isRunning" | "isQueued" | "isInterrupted">): TaskState {
  // A run shows as such from the moment in which it is started; its first event comes a little later.
  if (situation.isRunning) return runningState(view);
  if (situation.isQueued) return "inQueue";
  if (situation.isInterrupted) return "interrupted";
  if (view.status === "running") return runningState(view);
  return view.status === "queued" ? "new" : view.status;
}

function runningState({ waits }: TaskView): TaskState {
  return waits.length > 0 ? "awaiting_command" : "running";
}

/** It is being run, here or elsewhere, whether or not it waits for a word of the person's. */
export function isUnderWay(state: TaskState): boolean {
  return state === "running" || state === "awaiting_command";
}

/** Nothing goes on with it before a person has decided something. Tasks that nobody started do not count. */
export function needsPerson(state: TaskState): boolean {
  return NEEDS_PERSON.has(state);
}
