// Phases one behind the other: time in which nobody worked (a pause, a night) takes no place. Pure.
import type { PhaseName, PhaseSpan, TaskDetail, TaskRow } from "../../src/shared/dashboardState";

export interface ShownSpan {
  readonly phase: PhaseSpan;
  /** Milliseconds of work before it. */
  readonly start: number;
  readonly end: number;
}

/** `now`: the time to which a phase that goes on has lasted; null when none does. */
export function spansOf(phases: readonly PhaseSpan[], now: number | null): readonly ShownSpan[] {
  const ordered = phases.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : Number(a.startedAt > b.startedAt)));
  let start = 0;
  return ordered.map((phase) => {
    const ms = phase.ms ?? (now === null ? 0 : Math.max(0, now - Date.parse(phase.startedAt)));
    const span = { phase, start, end: start + ms };
    start = span.end;
    return span;
  });
}

const OVER: ReadonlySet<TaskRow["state"]> = new Set(["accepted", "discarded", "done", "escalated", "review"]);

const PHASES_OF: Readonly<Record<NonNullable<TaskDetail["type"]>, readonly PhaseName[]>> = {
  single_agent: ["implementation"],
  multi_agent: ["planning", "contract", "implementation", "verification"],
  mission: ["decomposition", "preambles", "report"],
};

/** Phases that the first attempt has yet to come to. */
export function comingPhases(
  { type, phases }: Pick<TaskDetail, "type" | "phases">,
  { state, category }: Pick<TaskRow, "state" | "category">,
): readonly PhaseName[] {
  if (OVER.has(state) || category === "YOURS") return [];
  return PHASES_OF[type ?? "multi_agent"].filter((name) => !phases.some(({ phase }) => phase === name));
}
