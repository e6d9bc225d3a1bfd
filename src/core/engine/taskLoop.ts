// The life of a task: asks which step comes next, takes it, asks again, until the task ends or pauses. Every ending is
// an event; nothing is thrown at the caller but a journal that cannot be written, and that the run was abandoned.
import { assertNever, CountersignError, messageOf } from "../domain/errors";
import type { EventBody, NotificationAbout, SessionOutcome } from "../domain/event";
import type { TaskRequest } from "../domain/task";
import { refuseAbandoned } from "./abandoned";
import { printFailureReport } from "../handoff/failureReportFile";
import { printNoAttemptReport } from "../handoff/qaReportFile";
import { freezeStep, negotiateStep } from "./contractStep";
import { answerStep, commitStep, implementStep, saveWork } from "./implementStep";
import { inspectStep } from "./inspectStep";
import { planStep } from "./planStep";
import type { TaskRun } from "./taskRun";
import { nextStep, type Step } from "./transitions";
import { checkStep, decideStep, evaluateStep } from "./verifyStep";

/** How a run ended. */
export type RunEnd = "passed" | "escalated" | "paused" | "awaitingApproval" | "cancelled" | "failed";

/** What a step came to: go on, or end the run so. */
export type StepEnd = { readonly kind: "goOn" } | { readonly kind: "end"; readonly end: RunEnd; readonly event: EventBody };

export const GO_ON: StepEnd = { kind: "goOn" };

export function runTask(run: TaskRun, models?: TaskRequest["models"]): Promise<RunEnd> {
  return runSteps(run, () => take(run, nextStep(run.recorder.view, run.deps.settings.maxRetries)), models);
}

/** Takes one step after the other, until one ends the run. */
export async function runSteps(run: TaskRun, takeNext: () => Promise<StepEnd>, models?: TaskRequest["models"]): Promise<RunEnd> {
  const { recorder, deps } = run;
  const resumed = recorder.view.base !== null;
  await recorder.commit({ kind: "runStarted", resumed, version: deps.version, ...(models === undefined ? {} : { models }) });
  try {
    if (resumed) await restore(run);
    for (;;) {
      refuseAbandoned(run.signal);
      if (run.signal.aborted) return await conclude(run, cancelled());
      const end = await takeNext();
      if (end.kind === "end") return await conclude(run, end);
    }
  } catch (error) {
    refuseAbandoned(run.signal);
    return conclude(run, run.signal.aborted || CountersignError.is(error, "cancelled") ? cancelled() : failed(error));
  }
}

async function restore(run: TaskRun): Promise<void> {
  await run.deps.plans.tidy(run.recorder.task);
  const remade = await run.deps.workspace.restoreWorktree(run.base, run.signal);
  // In a mission's own worktree nothing is run.
  if (run.recorder.view.type !== "mission") run.startPreparing(remade);
}

async function take(run: TaskRun, step: Step): Promise<StepEnd> {
  switch (step.kind) {
    case "snapshot": {
      const base = await run.deps.workspace.createBase(run.recorder.task, run.signal, run.deps.part?.from);
      await run.recorder.commit({ kind: "baseSnapshotted", base });
      run.startPreparing();
      return GO_ON;
    }
    case "answer":
      return afterAttempt(run, (await answerStep(run, step.attempt)).outcome);
    case "plan":
      return afterSession(await planStep(run), "planning");
    case "negotiate":
      return afterSession(await negotiateStep(run), "the contract");
    case "freeze": {
      const end = await freezeStep(run);
      if (end.outcome === "completed") return GO_ON;
      if (run.signal.aborted) return cancelled();
      return { kind: "end", end: "awaitingApproval", event: { kind: "taskPaused", reason: "awaitingApproval", detail: end.detail } };
    }
    case "implement":
      return afterAttempt(run, (await implementStep(run, step.attempt)).outcome);
    case "commit":
      await commitStep(run, step.attempt);
      return GO_ON;
    case "check":
      await checkStep(run, step.attempt);
      return GO_ON;
    case "inspect":
      await inspectStep(run, step.attempt);
      return GO_ON;
    case "evaluate":
      return afterAttempt(run, (await evaluateStep(run, step.attempt)).outcome);
    case "decide":
      await decideStep(run, step.attempt);
      return GO_ON;
    case "pass":
      return { kind: "end", end: "passed", event: { kind: "taskPassed", attempt: step.attempt } };
    case "escalate":
      return escalated(step.reason);
    default:
      return assertNever(step);
  }
}

type Ended = { readonly outcome: SessionOutcome; readonly detail?: string };

/** A planner or negotiator that did not finish: nothing can go on without it. */
export function afterSession(end: Ended, what: string): StepEnd {
  const stop = stopOf(end);
  if (stop !== null) return stop;
  return end.outcome === "completed" ? GO_ON : escalated(`${what} did not finish: ${end.detail ?? end.outcome}`);
}

/** A generator or evaluator that did not finish ends its attempt; transitions decide what follows. */
function afterAttempt(run: TaskRun, outcome: SessionOutcome): StepEnd {
  const last = run.recorder.view.sessions.findLast((session) => session.outcome === outcome);
  return stopOf({ outcome, detail: last?.detail ?? "" }) ?? GO_ON;
}

/** Endings that stop the task where it is, to be resumed. */
function stopOf({ outcome, detail = "" }: Ended): StepEnd | null {
  switch (outcome) {
    case "cancelled":
      return cancelled();
    case "outOfBudget":
    case "spendLimit":
      return { kind: "end", end: "paused", event: { kind: "taskPaused", reason: outcome, detail } };
    case "modelFailed":
      return { kind: "end", end: "failed", event: { kind: "taskFailed", code: "model", detail } };
    default:
      return null;
  }
}

export function escalated(reason: string): StepEnd {
  // A clause: it stands within sentences.
  return { kind: "end", end: "escalated", event: { kind: "taskEscalated", reason: reason.replace(/\.$/, "") } };
}

export function cancelled(): Extract<StepEnd, { kind: "end" }> {
  return { kind: "end", end: "cancelled", event: { kind: "taskCancelled", detail: "cancelled by the user" } };
}

function failed(error: unknown): Extract<StepEnd, { kind: "end" }> {
  const code = CountersignError.is(error) ? error.code : "internal";
  return { kind: "end", end: "failed", event: { kind: "taskFailed", code, detail: messageOf(error) } };
}

async function conclude(run: TaskRun, { end, event }: Extract<StepEnd, { kind: "end" }>): Promise<RunEnd> {
  const { recorder, deps } = run;
  // In a mission's own worktree nobody works.
  const isMission = recorder.view.type === "mission";
  if (!isMission && recorder.view.base !== null && end !== "passed" && end !== "awaitingApproval") {
    try {
      await saveWork(run, "work so far");
    } catch (error) {
      // The run is ending because of something else; that is what the user must see. The worktree still holds the work.
      deps.logger.warn("could not commit the work so far", { error: messageOf(error) });
    }
  }
  if (!isMission && event.kind === "taskEscalated") {
    await run.handoff("qc-failure-report.md", printFailureReport(recorder.view, event.reason));
    const { attempts, contract, refusal } = recorder.view;
    if (contract === null && attempts.length === 0) await run.handoff("qa-report.md", printNoAttemptReport(event.reason, refusal?.problems ?? []));
  }
  const note = notificationOf(event, recorder.view.request);
  // Appended together: an ending whose notification is lost would never be told.
  recorder.note(event);
  if (note !== null) recorder.note({ kind: "notificationRaised", ...note });
  await deps.journal.flush();
  return end;
}

type Note = { readonly level: "info" | "warning" | "error"; readonly text: string; readonly about: NotificationAbout };

function notificationOf(event: EventBody, { title, partOf }: TaskRequest): Note | null {
  switch (event.kind) {
    case "taskPassed":
      // Its mission goes on, and says when there is something to review.
      if (partOf !== undefined) return null;
      return { level: "info", text: `"${title}" is ready for your review.`, about: "review" };
    case "taskEscalated":
      return { level: "warning", text: `"${title}" needs you: ${event.reason}.`, about: "escalation" };
    case "taskPaused":
      if (event.reason === "awaitingApproval") return { level: "info", text: `The plan of "${title}" waits for your approval.`, about: "approval" };
      return { level: "warning", text: `"${title}" is paused: ${event.detail}.`, about: "budget" };
    case "taskFailed":
      return { level: "error", text: `"${title}" stopped: ${event.detail}`, about: "failure" };
    default:
      return null;
  }
}
