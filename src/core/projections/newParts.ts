// Parts of a task's view: sessions and attempts, how they begin, and where secrets were left out. The fold itself is in
// taskView.ts.
import type { CheckResult } from "../domain/contract";
import type { JournalEvent, SessionOutcome } from "../domain/event";
import type { SelfEvaluation } from "../domain/handoff";
import type { Inspection } from "../domain/inspection";
import type { Phase, Role, SessionId } from "../domain/task";
import { NO_COST, NO_USAGE, type Cost, type Usage } from "../domain/usage";
import type { GateDecision, Verdict } from "../domain/verdict";
import type { FileChange } from "../domain/workspace";

type Body<K extends JournalEvent["kind"]> = Extract<JournalEvent, { readonly kind: K }>;

export interface SessionView {
  readonly id: SessionId;
  readonly role: Role;
  readonly phase: Phase;
  readonly attempt: number;
  readonly model: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly outcome: SessionOutcome | null;
  readonly detail: string;
  readonly turns: number;
  readonly toolCalls: number;
  readonly retries: number;
  readonly usage: Usage;
  readonly cost: Cost;
}

export interface AttemptView {
  readonly attempt: number;
  readonly startedAt: string;
  readonly commit: string | null;
  readonly files: readonly FileChange[];
  readonly selfEvaluation: SelfEvaluation | null;
  /** Set when a limit, a refusal or the model ended the generator before it said it was done. */
  readonly cutShort: { readonly outcome: SessionOutcome; readonly detail: string } | null;
  readonly checks: readonly CheckResult[];
  readonly checked: boolean;
  /** What the engine found out besides; null until it has looked. */
  readonly inspection: readonly Inspection[] | null;
  readonly verdict: Verdict | null;
  /** Why the evaluator gave no valid verdict; null when it did or has not been asked. */
  readonly noVerdict: string | null;
  readonly decision: GateDecision | null;
  readonly score: number | null;
}

export interface RedactionView {
  readonly where: string;
  readonly kinds: readonly string[];
  readonly count: number;
}

export function withRedaction(known: readonly RedactionView[], { where, kinds, count }: Body<"secretsRedacted">): readonly RedactionView[] {
  const before = known.find((redaction) => redaction.where === where) ?? { where, kinds: [], count: 0 };
  const merged = { where, kinds: [...new Set([...before.kinds, ...kinds])], count: before.count + count };
  return [...known.filter((redaction) => redaction.where !== where), merged];
}

export function newAttempt(event: Body<"attemptStarted">): AttemptView {
  return {
    attempt: event.attempt,
    startedAt: event.time,
    commit: null,
    files: [],
    selfEvaluation: null,
    cutShort: null,
    checks: [],
    checked: false,
    inspection: null,
    verdict: null,
    noVerdict: null,
    decision: null,
    score: null,
  };
}

export function newSession(event: Body<"sessionStarted">): SessionView {
  return {
    id: event.session,
    role: event.role,
    phase: event.phase,
    attempt: event.attempt,
    model: event.model,
    startedAt: event.time,
    endedAt: null,
    outcome: null,
    detail: "",
    turns: 0,
    toolCalls: 0,
    retries: 0,
    usage: NO_USAGE,
    cost: NO_COST,
  };
}
