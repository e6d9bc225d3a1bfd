// What phases and agent sessions change in a task's view. Pure; a part of the fold in taskFold.ts.
import type { JournalEvent } from "../domain/event";
import { addCost, addUsage, type Cost } from "../domain/usage";
import { newSession } from "./newParts";
import type { SessionView, TaskView } from "./taskView";

type Body<K extends JournalEvent["kind"]> = Extract<JournalEvent, { readonly kind: K }>;

export function changeOfPhase(view: TaskView, event: Body<"phaseStarted"> | Body<"phaseEnded">): Partial<TaskView> {
  const others = view.phases.filter((p) => p.phase !== event.phase || p.attempt !== event.attempt);
  const known = view.phases.find((p) => p.phase === event.phase && p.attempt === event.attempt);
  if (event.kind === "phaseStarted") {
    // One that goes on has no end any more.
    const started = { phase: event.phase, attempt: event.attempt, startedAt: known?.startedAt ?? event.time, durationMs: null, outcome: null };
    return { phase: event.phase, phases: [...others, started] };
  }
  const ended = { startedAt: event.time, ...known, phase: event.phase, attempt: event.attempt };
  return { phases: [...others, { ...ended, durationMs: event.durationMs, outcome: event.outcome }] };
}

export function changeOfSession(
  view: TaskView,
  event: Body<"sessionStarted" | "turnCompleted" | "callFailed" | "modelRetried" | "toolCalled" | "sessionEnded">,
): Partial<TaskView> {
  const change = (next: (session: SessionView) => SessionView): Partial<TaskView> => ({
    sessions: view.sessions.map((session) => (session.id === event.session ? next(session) : session)),
  });
  switch (event.kind) {
    case "sessionStarted":
      // A session that goes on after a crash or a pause keeps its id and what it has cost so far.
      if (!view.sessions.some((s) => s.id === event.session)) return { sessions: [...view.sessions, newSession(event)] };
      return change((s) => ({ ...s, endedAt: null, outcome: null, detail: "" }));
    case "turnCompleted":
    case "callFailed": {
      const turns = event.kind === "turnCompleted" ? event.turn : null;
      const cost: Cost = event.usd === null ? { usd: 0, unpricedCalls: 1 } : { usd: event.usd, unpricedCalls: 0 };
      return {
        usage: addUsage(view.usage, event.usage),
        cost: addCost(view.cost, cost),
        ...change((s) => ({ ...s, turns: turns ?? s.turns, usage: addUsage(s.usage, event.usage), cost: addCost(s.cost, cost) })),
      };
    }
    case "modelRetried":
      return change((s) => ({ ...s, retries: s.retries + 1 }));
    case "toolCalled":
      return change((s) => ({ ...s, toolCalls: s.toolCalls + 1 }));
    case "sessionEnded":
      return change((s) => ({ ...s, endedAt: event.time, outcome: event.outcome, detail: event.detail }));
  }
}
