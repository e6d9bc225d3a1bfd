// Which cost row a billed model call belongs to, and the row after it. Pure.
import type { JournalEvent } from "../domain/event";
import { ROLES, type SessionId } from "../domain/task";
import { NO_COST, NO_USAGE, addCost, addUsage } from "../domain/usage";
import type { CostRow } from "../ports/taskStore";
import type { SessionView, TaskView } from "./taskView";

export type CallEvent = Extract<JournalEvent, { readonly kind: "turnCompleted" | "callFailed" }>;
export type CostKey = Pick<CostRow, "day" | "task" | "role" | "phase" | "model">;

export function isCall(event: JournalEvent): event is CallEvent {
  return event.kind === "turnCompleted" || event.kind === "callFailed";
}

export function costKey(view: TaskView, event: CallEvent): CostKey {
  const { role, phase } = view.sessions.find(({ id }) => id === event.session) ?? guessed(view, event.session);
  return { day: event.time.slice(0, 10), task: event.task, role, phase, model: event.model };
}

export function costRowAfter(before: CostRow | null, view: TaskView, event: CallEvent): CostRow {
  const row = before ?? { ...costKey(view, event), title: view.request.title, calls: 0, usage: NO_USAGE, cost: NO_COST };
  const cost = event.usd === null ? { usd: 0, unpricedCalls: 1 } : { usd: event.usd, unpricedCalls: 0 };
  return { ...row, calls: row.calls + 1, usage: addUsage(row.usage, event.usage), cost: addCost(row.cost, cost) };
}

/** A session that was never started is a bug, but money spent must not drop out of a budget for it. */
function guessed(view: TaskView, session: SessionId): Pick<SessionView, "role" | "phase"> {
  const role = ROLES.find((name) => session.startsWith(`${name}-`)) ?? "single_agent";
  return { role, phase: view.phase ?? "implementation" };
}
