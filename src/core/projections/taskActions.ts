// What a person can do with a task now: the one answer that trees, commands and the dashboard share. Pure; the harness
// refuses on its own what must not be, whatever is said here.
import { TASK_ACTIONS, type TaskAction } from "../../shared/taskActions";
import type { TaskStatus } from "../domain/task";
import { choosableAttempts, reviewedAttempt } from "./reviewedAttempt";
import type { TaskView } from "./taskView";

/** What the view does not say: it knows the journal, not this process. */
export interface TaskSituation {
  /** This process runs it. */
  readonly isRunning: boolean;
  /** It waits in the queue. */
  readonly isQueued: boolean;
  /** The queue starts nothing before somebody says so: a waiting task can be told to run. */
  readonly isHeld: boolean;
  /** It says it runs, and no living process could be running it. */
  readonly isInterrupted: boolean;
  /** Another process owns the journal. */
  readonly isReadOnly: boolean;
}

export function actionsOf(view: TaskView, situation: TaskSituation): readonly TaskAction[] {
  // A task of a mission is its mission's to run and to merge.
  const isPart = view.request.partOf !== undefined;
  return TASK_ACTIONS.filter((action) => (!isPart || LOOKS.has(action) || action === "answer") && (LOOKS.has(action) || !situation.isReadOnly) && RULES[action](view, situation));
}

const LOOKS: ReadonlySet<TaskAction> = new Set(["review", "compare"]);
const ENDED: ReadonlySet<TaskStatus> = new Set(["accepted", "discarded", "done"]);
const STOPPED: ReadonlySet<TaskStatus> = new Set(["failed", "paused", "cancelled"]);
const RETRIABLE: ReadonlySet<TaskStatus> = new Set([...STOPPED, "review", "escalated"]);

const RULES: Readonly<Record<TaskAction, (view: TaskView, situation: TaskSituation) => boolean>> = {
  answer: (view, { isRunning }) => isRunning && view.waits.length > 0,
  run: (view, situation) => view.type !== null && view.status === "queued" && isStartable(situation),
  resume: (view, situation) => view.type !== null && (STOPPED.has(view.status) || situation.isInterrupted) && isStartable(situation),
  approve: (view, situation) => view.type !== null && view.status === "awaiting_approval" && isStartable(situation),
  cancel: (_view, { isRunning, isQueued }) => isRunning || isQueued,
  review: (view) => committedAttempts(view) > 0,
  accept: (view) => view.status === "review" && (reviewedAttempt(view)?.commit ?? null) !== null,
  choose: (view, situation) => choosableAttempts(view).length > 0 && isAtRest(view, situation) && isStartable(situation),
  retry: (view, situation) => view.type !== null && view.base !== null && (RETRIABLE.has(view.status) || situation.isInterrupted) && isStartable(situation),
  compare: (view) => committedAttempts(view) > 1,
  undo: ({ accepted, acceptSteps, status }) => accepted !== null && acceptSteps.every(({ after }) => after !== null) && (status === "accepted" || status === "review"),
  commit: ({ accepted, committed, base }) => accepted !== null && accepted.applied.length > 0 && committed === null && base?.shadow === false,
  done: (view, situation) => view.category === "YOURS" && (view.status === "queued" || view.status === "escalated") && isAtRest(view, situation),
  move: (view, situation) => view.base === null && (view.status === "queued" || STOPPED.has(view.status)) && isAtRest(view, situation),
  reorder: (_view, situation) => situation.isQueued,
  discard: (view, situation) => !ENDED.has(view.status) && isAtRest(view, situation),
};

/** Neither runs nor would by itself as soon as there is a place. */
function isStartable({ isRunning, isQueued, isHeld }: TaskSituation): boolean {
  return !isRunning && (!isQueued || isHeld);
}

/** Nobody works on it; it may wait in the queue. */
function isAtRest(view: TaskView, { isRunning, isInterrupted }: TaskSituation): boolean {
  return !isRunning && (view.status !== "running" || isInterrupted);
}

/** Attempts whose diff can be looked at. A discarded task's branch is gone. */
function committedAttempts(view: TaskView): number {
  return view.base === null || view.status === "discarded" ? 0 : view.attempts.filter(({ commit }) => commit !== null).length;
}
