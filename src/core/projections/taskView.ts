// One task as its events tell it: the state the engine runs on, the row the store keeps, what the CLI and the
// editor show. A pure fold; nothing in it is stored anywhere else.
import type { CheckResult, Contract } from "../domain/contract";
import type { JournalEvent, PhaseOutcome } from "../domain/event";
import type { Plan } from "../domain/handoff";
import type { Category, Phase, TaskRequest, TaskStatus, TaskType } from "../domain/task";
import { NO_COST, NO_USAGE, addCost, addUsage, type Cost, type Usage } from "../domain/usage";
import type { AcceptResult, SetupStep, TaskBase } from "../domain/workspace";
import { newAttempt, newSession, withRedaction, type AttemptView, type RedactionView, type SessionView } from "./newParts";
import { NOTICES, mergeAccepted, withDecisions, type AcceptStepView, type HunkDecisions, type NoticeView, type RoundView } from "./reviewView";

export type { AttemptView, SessionView };

export interface PhaseView {
  readonly phase: Phase;
  readonly attempt: number;
  readonly startedAt: string;
  readonly durationMs: number | null;
  readonly outcome: PhaseOutcome | null;
}

export interface TaskView {
  readonly request: TaskRequest;
  /** As it is now: an escalated task is YOURS. */
  readonly category: Category;
  readonly type: TaskType | null;
  readonly status: TaskStatus;
  readonly phase: Phase | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly base: TaskBase | null;
  /** null until the worktree is prepared. */
  readonly setup: readonly SetupStep[] | null;
  readonly plan: Plan | null;
  readonly approval: "none" | "requested" | "approved";
  readonly proposedContract: Contract | null;
  readonly contractRounds: number;
  /** The last refusal of a contract. */
  readonly refusal: Body<"contractRefused"> | null;
  readonly contract: { readonly hash: string; readonly contract: Contract } | null;
  /** Results of the last round of checks on the base commit. */
  readonly baseChecks: readonly CheckResult[];
  /** The contract round that `baseChecks` belong to; 0 before the first. */
  readonly baseRound: number;
  readonly answer: string | null;
  readonly attempts: readonly AttemptView[];
  readonly phases: readonly PhaseView[];
  readonly sessions: readonly SessionView[];
  readonly usage: Usage;
  readonly cost: Cost;
  readonly handoffs: readonly string[];
  /** What was accepted since the last undo, of all attempts; `before` is the state before the first. */
  readonly accepted: AcceptResult | null;
  /** The accepts that `accepted` sums up, oldest first. */
  readonly acceptSteps: readonly AcceptStepView[];
  /** Paths of the attempt in review that an accept has dealt with, as a whole or in part. */
  readonly acceptedPaths: readonly string[];
  /** Place in the queue, smallest first; null when it does not wait for a run. */
  readonly queueRank: number | null;
  /** What the user asked to be changed, oldest first. Each begins a round of attempts after the attempt it names. */
  readonly rounds: readonly RoundView[];
  /** Decisions about parts of files, of the attempt in review. */
  readonly hunks: Readonly<Record<string, HunkDecisions>>;
  /** The commit that the user had made of accepted changes. */
  readonly committed: string | null;
  /** Budget of the task, in dollars, that a warning has been given for; null before the first. */
  readonly warnedOfUsd: number | null;
  /** The last ones, oldest first. */
  readonly notices: readonly NoticeView[];
  /** Where secrets were left out of what is kept; once a place. */
  readonly redactions: readonly RedactionView[];
  /** Why it stands where it stands, for a person; empty while all is well. */
  readonly detail: string;
  readonly lastSeq: number;
}

type Body<K extends JournalEvent["kind"]> = Extract<JournalEvent, { readonly kind: K }>;

/** The view a `taskCreated` event starts. */
export function startView(event: Body<"taskCreated">): TaskView {
  return {
    request: event.request,
    category: event.request.category,
    type: event.type,
    status: "queued",
    phase: null,
    createdAt: event.time,
    updatedAt: event.time,
    base: null,
    setup: null,
    plan: null,
    approval: "none",
    proposedContract: null,
    contractRounds: 0,
    refusal: null,
    contract: null,
    baseChecks: [],
    baseRound: 0,
    answer: null,
    attempts: [],
    phases: [],
    sessions: [],
    usage: NO_USAGE,
    cost: NO_COST,
    handoffs: [],
    accepted: null,
    acceptSteps: [],
    acceptedPaths: [],
    queueRank: null,
    rounds: [],
    hunks: {},
    committed: null,
    warnedOfUsd: null,
    notices: [],
    redactions: [],
    detail: "",
    lastSeq: event.seq,
  };
}

/** The view after one more event of the journal; null for an event of a task that was never created. */
export function nextView(view: TaskView | null, event: JournalEvent): TaskView | null {
  if (view !== null) return applyEvent(view, event);
  return event.kind === "taskCreated" ? startView(event) : null;
}

/** Applies one event of this task. Unknown kinds (of a newer version) only move `lastSeq`. */
export function applyEvent(view: TaskView, event: JournalEvent): TaskView {
  return { ...view, ...changeOf(view, event), updatedAt: event.time, lastSeq: event.seq };
}

function changeOf(view: TaskView, event: JournalEvent): Partial<TaskView> {
  switch (event.kind) {
    case "runStarted":
      return { status: "running", detail: "", queueRank: null, ...(event.models === undefined ? {} : { request: { ...view.request, models: event.models } }) };
    case "baseSnapshotted":
      return { base: event.base };
    case "setupFinished":
      return event.place === "worktree" ? { setup: event.steps } : {};
    case "phaseStarted":
    case "phaseEnded":
      return changeOfPhase(view, event);
    case "sessionStarted":
    case "turnCompleted":
    case "callFailed":
    case "modelRetried":
    case "toolCalled":
    case "sessionEnded":
      return changeOfSession(view, event);
    case "planProposed":
      return { plan: event.plan };
    case "planApprovalRequested":
      return { approval: "requested" };
    case "planApproved":
      return { approval: "approved" };
    case "contractProposed":
      return { proposedContract: event.contract, contractRounds: event.round };
    case "contractRefused":
      return { contractRounds: event.round, proposedContract: null, refusal: event };
    case "contractFrozen":
      return { contract: { hash: event.hash, contract: event.contract } };
    case "singleAgentAnswered":
      return { answer: event.text };
    case "handoffWritten":
      return view.handoffs.includes(event.file) ? {} : { handoffs: [...view.handoffs, event.file] };
    case "checkFinished":
      return changeOfChecks(view, event);
    case "attemptStarted":
      return { attempts: [...view.attempts.filter((a) => a.attempt !== event.attempt), newAttempt(event)] };
    case "selfEvaluated":
      return withAttempt(view, event.attempt, { selfEvaluation: event.selfEvaluation });
    case "attemptCutShort":
      return withAttempt(view, event.attempt, { cutShort: { outcome: event.outcome, detail: event.detail } });
    case "attemptCommitted":
      return withAttempt(view, event.attempt, { commit: event.commit, files: event.files });
    case "attemptChecked":
      return withAttempt(view, event.attempt, { checked: true });
    case "attemptInspected":
      return withAttempt(view, event.attempt, { inspection: event.findings });
    case "verdictMissing":
      return withAttempt(view, event.attempt, { noVerdict: event.detail });
    case "verdictGiven":
      return withAttempt(view, event.attempt, { verdict: event.verdict });
    case "attemptAccepted":
    case "attemptRejected":
      return withAttempt(view, event.attempt, { decision: event.decision, score: event.score });
    default:
      return changeOfEnding(view, event);
  }
}

function changeOfEnding(view: TaskView, event: JournalEvent): Partial<TaskView> {
  switch (event.kind) {
    case "taskPassed":
      return { status: "review", phase: null };
    case "taskEscalated":
      return { status: "escalated", category: "YOURS", phase: null, detail: event.reason };
    case "taskPaused":
      return { status: event.reason === "awaitingApproval" ? "awaiting_approval" : "paused", detail: event.detail };
    case "taskCancelled":
      return { status: "cancelled", detail: event.detail };
    case "taskFailed":
      return { status: "failed", detail: event.detail };
    case "changesAccepted":
      return changeOfAccept(view, event);
    case "changesDiscarded":
      return { status: "discarded", queueRank: null };
    case "taskDone":
      return { status: "done", queueRank: null, detail: "" };
    default:
      return changeOfReview(view, event);
  }
}

/** What a person decides. */
function changeOfReview(view: TaskView, event: JournalEvent): Partial<TaskView> {
  switch (event.kind) {
    case "runQueued":
      return { queueRank: event.rank };
    case "runDequeued":
      return { queueRank: null };
    case "categoryChanged":
      return { category: event.category, type: event.type, request: { ...view.request, category: event.category } };
    case "hunksDecided":
      return { hunks: { ...view.hunks, [event.path]: withDecisions(decisionsIn(view, event.path), event) } };
    case "changesRequested": {
      const round = { afterAttempt: event.afterAttempt, request: event.request, sessions: view.sessions.length };
      const review = { answer: null, hunks: {}, acceptedPaths: [] };
      // The request is carried out as it was first asked for: an escalated task is no longer YOURS.
      return { rounds: [...view.rounds, round], status: "queued", category: view.request.category, detail: "", ...review, ...withoutPlan(view) };
    }
    case "acceptUndone": {
      const review = { accepted: null, acceptSteps: [], acceptedPaths: [], hunks: {}, committed: null };
      return { ...review, ...(view.status === "accepted" ? { status: "review" } : {}) };
    }
    case "changesCommitted":
      return { committed: event.commit };
    case "secretsRedacted":
      return { redactions: withRedaction(view.redactions, event) };
    case "budgetWarned":
      return event.scope === "task" ? { warnedOfUsd: event.limitUsd } : {};
    case "notificationRaised": {
      const { seq, time, level, text, about = null } = event;
      return { notices: [...view.notices, { seq, time, level, text, about }].slice(-NOTICES) };
    }
    default:
      return {};
  }
}

function decisionsIn(view: TaskView, path: string): HunkDecisions | undefined {
  return Object.hasOwn(view.hunks, path) ? view.hunks[path] : undefined;
}

function changeOfAccept(view: TaskView, { result, remaining }: Body<"changesAccepted">): Partial<TaskView> {
  const done = remaining.length === 0;
  return {
    accepted: mergeAccepted(view.accepted, result),
    acceptSteps: [...view.acceptSteps, { before: result.before, after: result.after ?? null }],
    acceptedPaths: [...new Set([...view.acceptedPaths, ...result.applied, ...result.conflicts])],
    // What was accepted after it is not in that commit.
    committed: null,
    ...(done ? { status: "accepted" } : {}),
  };
}

/** A plan whose contract is not frozen did not know of the request: planning begins again. */
function withoutPlan(view: TaskView): Partial<TaskView> {
  if (view.contract !== null || view.type === "single_agent") return {};
  return { plan: null, approval: "none", proposedContract: null, contractRounds: 0, refusal: null, baseChecks: [], baseRound: 0 };
}

function changeOfPhase(view: TaskView, event: Body<"phaseStarted"> | Body<"phaseEnded">): Partial<TaskView> {
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

function changeOfSession(
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

function changeOfChecks(view: TaskView, event: Body<"checkFinished">): Partial<TaskView> {
  const replace = (results: readonly CheckResult[]): readonly CheckResult[] => [
    ...results.filter((r) => r.checkId !== event.result.checkId),
    event.result,
  ];
  if (event.where.site === "base") {
    // Another round has a contract of its own: nothing of the earlier one may stay among its results.
    const { round } = event.where;
    return { baseChecks: replace(round === view.baseRound ? view.baseChecks : []), baseRound: round };
  }
  const attempt = event.where.attempt;
  const known = view.attempts.find((a) => a.attempt === attempt);
  return withAttempt(view, attempt, { checks: replace(known?.checks ?? []) });
}

function withAttempt(view: TaskView, attempt: number, change: Partial<AttemptView>): Partial<TaskView> {
  return { attempts: view.attempts.map((a) => (a.attempt === attempt ? { ...a, ...change } : a)) };
}
