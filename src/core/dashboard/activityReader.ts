// A task's events as lines of activity for a person: what happened, in a few words. Reads them in order; a tool's call
// becomes one line when it has ended.
import type { Activity } from "../../shared/dashboardState";
import { counted, dollars, pause, tokens } from "../../shared/figures";
import { PHASE_WORDS, ROLE_WORDS } from "../../shared/words";
import type { JournalEvent, SessionOutcome } from "../domain/event";
import { modelName } from "../domain/scriptModel";
import { promptTokens } from "../domain/usage";
import { checkExpects, checkTitle } from "./checkWords";
import { clip } from "./clip";
import { decisionLine } from "./decisionLine";
import { said, type Line } from "./line";
import { missionLine } from "./missionLine";

/** A line is one message's worth at most, in any script. */
const WHAT_CHARS = 200;
const NOTE_CHARS = 240;

type Of<K extends JournalEvent["kind"]> = Extract<JournalEvent, { readonly kind: K }>;

export class ActivityReader {
  /** What the calls and checks that have begun are about. */
  readonly #about = new Map<string, string>();
  #worktree = "";

  /** null: the event says nothing to a person, or something else says it. */
  next(event: JournalEvent): Activity | null {
    const line = this.#line(event);
    if (line === null) return null;
    const { seq, time } = event;
    const { group, level, what, note, ms } = line;
    return { seq, time, group, level, what: clip(this.#short(what), WHAT_CHARS), note: clip(this.#short(note), NOTE_CHARS), ms };
  }

  #line(event: JournalEvent): Line | null {
    switch (event.kind) {
      case "baseSnapshotted":
        this.#worktree = `${event.base.worktree}/`;
        return said("progress", "Base snapshotted", `${event.base.commit.slice(0, 10)} · ${event.base.branch}`);
      case "runStarted":
        this.#about.clear();
        return said("progress", event.resumed ? "Run resumed" : "Run started", "");
      case "toolCalled":
        this.#about.set(event.call, event.summary);
        return null;
      case "toolFinished":
        return { ...said("tools", `${event.tool} ${this.#taken(event.call)}`, event.summary, event.ok ? "info" : "warning"), ms: event.durationMs };
      case "checkStarted":
        this.#about.set(event.check.id, [checkTitle(event.check), checkExpects(event.check)].filter((words) => words !== "").join(", "));
        return null;
      case "checkFinished":
        return checkLine(event, this.#taken(event.result.checkId));
      default:
        return phaseLine(event) ?? modelLine(event) ?? contractLine(event) ?? attemptLine(event) ?? endLine(event) ?? decisionLine(event) ?? missionLine(event);
    }
  }

  #taken(key: string): string {
    const about = this.#about.get(key) ?? "";
    this.#about.delete(key);
    return about;
  }

  /** One line; paths are read from the worktree's root. */
  #short(text: string): string {
    const short = this.#worktree === "" ? text : text.replaceAll(this.#worktree, "");
    return short.replaceAll(/[\p{Cc}\p{Cs}]+/gu, " ");
  }
}

function checkLine({ result, expected, where }: Of<"checkFinished">, about: string): Line {
  const isExpected = result.green === (expected === "green") && !result.unstartable;
  const state = `${result.checkId} ${result.green ? "green" : "red"}${where.site === "base" ? " on the base commit" : ""}`;
  const why = isExpected || result.reason === "" ? "" : ` · ${result.reason}`;
  return { ...said("checks", state, `${about}${why}`, isExpected ? "good" : "error"), ms: result.durationMs };
}

function phaseLine(event: JournalEvent): Line | null {
  switch (event.kind) {
    case "taskCreated":
      return said("progress", "Task created", `${event.request.category} · ${event.reason}`);
    case "setupFinished": {
      if (event.steps.length === 0) return null;
      const failed = event.steps.some(({ cached, exitCode }) => !cached && exitCode !== 0);
      const note = event.steps.map(({ command, cached }) => `${command}${cached ? " (from cache)" : ""}`).join(", ");
      const ms = event.steps.reduce((sum, step) => sum + step.durationMs, 0);
      return { ...said("progress", event.place === "worktree" ? "Worktree prepared" : "Clean room prepared", note, failed ? "error" : "info"), ms };
    }
    case "protectionNoted":
      return said("progress", event.state === "off" ? "The sandbox is switched off" : "There is no sandbox here", event.why, "warning");
    case "commandAsked":
      return said("progress", "A command waits for your approval", `${event.command} · ${event.reason}`, "warning");
    case "commandDecided":
      return said("progress", `Command ${event.decision}`, `${event.command} · ${event.reason}`, event.decision === "refused" ? "warning" : "info");
    case "phaseStarted":
      return said("progress", `${PHASE_WORDS[event.phase]} began`, attemptNote(event.attempt));
    case "phaseEnded":
      return { ...phaseEnd(event), ms: event.durationMs };
    default:
      return null;
  }
}

function phaseEnd({ phase, attempt, outcome }: Of<"phaseEnded">): Line {
  return said("progress", `${PHASE_WORDS[phase]} ${outcome}`, attemptNote(attempt), outcome === "completed" ? "good" : "warning");
}

function attemptNote(attempt: number): string {
  return attempt === 0 ? "" : `attempt ${attempt}`;
}

function modelLine(event: JournalEvent): Line | null {
  switch (event.kind) {
    case "sessionStarted":
      return said("models", `${ROLE_WORDS[event.role]} session began`, modelName(event.model));
    case "turnCompleted":
      return turnLine(event);
    case "callFailed":
      return said("models", "Model call failed", event.reason, "error");
    case "modelRetried":
      return said("models", `Trying again in ${pause(event.delayMs)}`, event.reason, "warning");
    case "sessionEnded":
      return said("models", SESSION_ENDINGS[event.outcome], event.detail, event.outcome === "completed" ? "info" : "warning");
    case "budgetWarned": {
      const what = event.scope === "task" ? "Budget warning" : "Budget warning for the day";
      return said("models", what, `${dollars(event.spentUsd)} of ${dollars(event.limitUsd)}`, "warning");
    }
    default:
      return null;
  }
}

function turnLine({ turn, usage, usd, stop, durationMs }: Of<"turnCompleted">): Line {
  const note = `${tokens(promptTokens(usage))} in · ${tokens(usage.output)} out · ${usd === null ? "cost unknown" : dollars(usd)}`;
  return { ...said("models", `Turn ${turn}`, note, stop === "endTurn" || stop === "toolUse" ? "info" : "warning"), ms: durationMs };
}

const SESSION_ENDINGS: Readonly<Record<SessionOutcome, string>> = {
  completed: "Session ended",
  timedOut: "Session ran out of time",
  outOfToolCalls: "Session ran out of tool calls",
  outOfMessages: "Session ran out of messages",
  outOfBudget: "Session ran out of budget",
  spendLimit: "Spend limit reached",
  cancelled: "Session cancelled",
  refused: "The model refused",
  contextFull: "The model’s context is full",
  invalidOutput: "The answer had the wrong shape",
  modelFailed: "The model failed",
};

function contractLine(event: JournalEvent): Line | null {
  switch (event.kind) {
    case "planProposed":
      return said("progress", "Plan proposed", event.plan.title);
    case "planApprovalRequested":
      return said("progress", "The plan waits for your approval", "", "warning");
    case "contractProposed":
      return said("progress", `Contract proposed, round ${event.round}`, `${counted(event.contract.checks.length, "check")}`);
    case "contractRefused":
      return said("progress", `Contract refused, round ${event.round}`, event.problems.join(" · "), "warning");
    case "contractFrozen": {
      const { criteria, checks } = event.contract;
      const size = `${counted(criteria.length, "criterion", "criteria")}, ${counted(checks.length, "check")}`;
      return said("progress", "Contract frozen", `${size} · ${event.hash.slice(0, 12)}`, "good");
    }
    default:
      return null;
  }
}

function attemptLine(event: JournalEvent): Line | null {
  switch (event.kind) {
    case "singleAgentAnswered":
      return said("progress", "Answered", event.text);
    case "selfEvaluated": {
      const { confidence, summary } = event.selfEvaluation;
      return said("progress", `Self-evaluation, attempt ${event.attempt}`, `confidence ${confidence} of 10 · ${summary}`);
    }
    case "attemptCutShort":
      return said("progress", `Attempt ${event.attempt} ended early`, event.detail, "warning");
    case "attemptCommitted":
      return said("progress", `Attempt ${event.attempt} committed`, `${counted(event.files.length, "file")} · ${event.commit.slice(0, 10)}`);
    case "attemptChecked":
      return said("checks", `Checks of attempt ${event.attempt}`, `${event.green} green, ${event.red} red`, event.red === 0 ? "good" : "error");
    case "attemptInspected":
      return event.findings.length === 0 ? null : said("checks", `Found in attempt ${event.attempt}`, event.findings.map(({ text }) => text).join(" "), event.findings.some(({ weight }) => weight === "fails") ? "error" : "warning");
    case "verdictMissing":
      return said("progress", `No verdict on attempt ${event.attempt}`, event.detail, "warning");
    case "verdictGiven": {
      const { verdict, score, summary } = event.verdict;
      return said("progress", `Verdict: ${verdict}, score ${score}`, summary, verdict === "PASS" ? "good" : "error");
    }
    case "attemptAccepted":
      return said("progress", `Attempt ${event.attempt} passed`, event.score === null ? "" : `score ${event.score}`, "good");
    case "attemptRejected":
      return said("progress", `Attempt ${event.attempt} did not pass`, event.decision.reasons.join(" · "), "error");
    case "handoffWritten":
      return said("progress", `${event.file} written`, "");
    case "secretsRedacted":
      return said("progress", "Secrets left out", `${event.kinds.join(", ")} in ${event.where}`, "warning");
    default:
      return null;
  }
}

function endLine(event: JournalEvent): Line | null {
  switch (event.kind) {
    case "taskPassed":
      return said("progress", "Passed, in review", `attempt ${event.attempt}`, "good");
    case "taskEscalated":
      return said("progress", "Escalated to you", event.reason, "error");
    case "taskPaused":
      return said("progress", "Paused", event.detail, "warning");
    case "taskCancelled":
      return said("progress", "Cancelled", event.detail, "warning");
    case "taskFailed":
      return said("progress", "Failed", event.detail, "error");
    default:
      return null;
  }
}
