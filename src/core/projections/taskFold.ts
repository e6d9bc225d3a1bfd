// How a task's view changes with its events: one event after the other, whoever reads them. A pure fold.
import type { CheckResult } from "../domain/contract";
import { dayOf } from "../domain/day";
import type { JournalEvent } from "../domain/event";
import { waitsAfter } from "./commandWaits";
import { changeOfDecision } from "./decisionFold";
import { missionAfter } from "./missionView";
import { newAttempt, withRedaction, type AttemptView } from "./newParts";
import { NOTICES } from "./reviewView";
import { changeOfPhase, changeOfSession } from "./sessionFold";
import { startView, type TaskView } from "./taskView";

type Body<K extends JournalEvent["kind"]> = Extract<JournalEvent, { readonly kind: K }>;

/** The view after one more event of the journal; null for an event of a task that was never created. */
export function nextView(view: TaskView | null, event: JournalEvent): TaskView | null {
  if (view !== null) return applyEvent(view, event);
  return event.kind === "taskCreated" ? startView(event) : null;
}

/** Applies one event of this task. Unknown kinds (of a newer version) only move `lastSeq`. */
export function applyEvent(view: TaskView, event: JournalEvent): TaskView {
  const mission = view.mission === null ? null : missionAfter(view.mission, event);
  return { ...view, ...changeOf(view, event), mission, waits: waitsAfter(view.waits, event), updatedAt: event.time, lastSeq: event.seq };
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
      return { status: view.request.partOf === undefined ? "review" : "merging", phase: null };
    case "taskEscalated":
      return { status: "escalated", category: "YOURS", phase: null, detail: event.reason };
    case "taskPaused":
      return { status: event.reason === "awaitingApproval" ? "awaiting_approval" : "paused", detail: event.detail };
    case "taskCancelled":
      return { status: "cancelled", detail: event.detail };
    case "taskFailed":
      return { status: "failed", detail: event.detail };
    case "questionAsked": {
      const { attempt, question, answer } = event;
      return { questions: [...view.questions, { attempt, question, answer }] };
    }
    case "baseMoved":
      return { base: event.base, setup: null, moved: { work: event.work, from: view.attempts.at(-1)?.commit ?? event.base.commit } };
    case "nodeDecided":
      return { status: "queued", category: view.request.category, detail: "" };
    case "workMerged":
      return { status: "merged", phase: null, detail: "" };
    case "secretsRedacted":
      return { redactions: withRedaction(view.redactions, event) };
    case "budgetWarned":
      return event.scope === "task" ? { warnedOfUsd: event.limitUsd } : { dayWarning: { day: dayOf(event.time), limitUsd: event.limitUsd } };
    case "notificationRaised": {
      const { seq, time, level, text, about = null } = event;
      return { notices: [...view.notices, { seq, time, level, text, about }].slice(-NOTICES) };
    }
    default:
      return changeOfDecision(view, event);
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
