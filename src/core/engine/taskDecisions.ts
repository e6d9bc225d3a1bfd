// What a person decides about a task itself: ask for changes, move it to another category, say that it is done. Pure:
// from the view to what goes on record, or the refusal, which says what can be done instead.
import { CountersignError } from "../domain/errors";
import type { EventBody } from "../domain/event";
import type { ChangeRequest } from "../domain/review";
import { routeTask } from "../domain/routing";
import type { Category, TaskStatus } from "../domain/task";
import type { TaskView } from "../projections/taskView";

/**
 * Another round of attempts. A task whose contract is not frozen yet is planned anew with the request; one that is frozen
 * keeps it. `running` in a journal that nobody else owns means that its process ended without saying so.
 */
export function changesRequested(view: TaskView, request: ChangeRequest): EventBody {
  const { id } = view.request;
  const comments = request.comments.filter((comment) => comment.text.trim() !== "");
  if (request.text.trim() === "" && comments.length === 0) {
    throw new CountersignError("badRequest", "A request for changes needs a text or a comment. Nothing was recorded.");
  }
  const { partOf } = view.request;
  if (partOf !== undefined) throw new CountersignError("conflict", `Task ${id} is part of the mission ${partOf.mission}: nothing was changed. Have it tried again there.`);
  if (view.type === "mission") throw new CountersignError("conflict", `${id} is a mission: nothing was changed. Start a task or a mission on top of what you accept of it.`);
  const advice = NO_CHANGES[view.status];
  if (advice !== undefined) throw new CountersignError("conflict", `Task ${id} is ${view.status}: no changes can be asked for. ${advice}`);
  if (view.type === null) throw new CountersignError("conflict", `Task ${id} is YOURS and is never run: there is nobody to ask for changes.`);
  if (view.base === null) throw new CountersignError("conflict", `Task ${id} has not begun: there is nothing to change yet. Run it first, or discard it and state it anew.`);
  return { kind: "changesRequested", afterAttempt: view.attempts.at(-1)?.attempt ?? 0, request: { text: request.text.trim(), comments } };
}

const NO_CHANGES: Partial<Record<TaskStatus, string>> = {
  awaiting_approval: "Edit plan.md and approve it, or cancel the task first.",
  accepted: "Undo the accept first, or start a new task on top of it.",
  discarded: "Its branch is gone. Start a new task.",
  done: "You did it yourself. Start a new task.",
};

/** Empty where the task is in that category already. */
export function categoryChanged(view: TaskView, category: Category): readonly EventBody[] {
  const { request } = view;
  if (category === view.category) return [];
  if (view.base !== null || !MOVABLE.has(view.status)) {
    throw new CountersignError(
      "conflict",
      `Task ${request.id} has been run as ${request.category}${view.type === null ? "" : ` (${view.type})`} and stays that. ` +
        "Nothing was changed. Start a new task in the other category.",
    );
  }
  const route = routeTask({ ...request, category });
  const type = route.kind === "run" ? route.type : null;
  const dequeued: readonly EventBody[] = type === null && view.queueRank !== null ? [{ kind: "runDequeued" }] : [];
  return [...dequeued, { kind: "categoryChanged", category, type, reason: route.reason }];
}

/** Without a base nothing was begun, whatever stopped it. */
const MOVABLE: ReadonlySet<TaskStatus> = new Set(["queued", "cancelled", "failed", "paused"]);

export function taskDone(view: TaskView): EventBody {
  const { id } = view.request;
  const isYours = view.category === "YOURS" && (view.status === "queued" || view.status === "escalated");
  if (isYours) return { kind: "taskDone" };
  const advice = view.status === "review" ? "Accept or discard it." : "Only what is YOURS is marked as done: discard the task if it is no longer wanted.";
  throw new CountersignError("conflict", `Task ${id} is ${view.status}, category ${view.category}. Nothing was changed. ${advice}`);
}
