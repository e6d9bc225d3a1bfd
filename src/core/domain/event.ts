// The event union: one line of the journal each, and the whole contract between the engine and everything
// that shows or stores its work. Past tense. Adding a kind is a compatible change, changing one is not.
import type { CommandDecision } from "./commandDecision";
import type { Check, CheckResult, Contract } from "./contract";
import type { Plan, SelfEvaluation } from "./handoff";
import type { Inspection } from "./inspection";
import type { MissionEventBody } from "./missionEvents";
import type { Category, Phase, Role, SessionId, TaskId, TaskRequest, TaskType } from "./task";
import type { ChangeRequest, HunkId, UndoResult } from "./review";
import type { StopReason } from "./conversation";
import type { Usage } from "./usage";
import type { GateDecision, Verdict } from "./verdict";
import type { AcceptResult, FileChange, SetupStep, TaskBase } from "./workspace";

/** How an agent session ended. Everything but `completed` ends the phase with that reason. */
export type SessionOutcome =
  | "completed"
  | "timedOut"
  | "outOfToolCalls"
  | "outOfMessages"
  | "outOfBudget"
  | "spendLimit"
  | "cancelled"
  | "refused"
  | "contextFull"
  | "invalidOutput"
  | "modelFailed";

export type PhaseOutcome = "completed" | "failed" | "cancelled" | "paused";

/** Where checks ran: against the base commit (before freezing) or an attempt's clean room. */
export type CheckSite = { readonly site: "base"; readonly round: number } | { readonly site: "attempt"; readonly attempt: number };

export type EventBody =
  | MissionEventBody
  | { readonly kind: "taskCreated"; readonly request: TaskRequest; readonly type: TaskType | null; readonly reason: string }
  /** Waits for its turn: tasks run in the order of their ranks, smallest first. Ended by `runStarted`. */
  | { readonly kind: "runQueued"; readonly rank: number }
  | { readonly kind: "runDequeued" }
  | { readonly kind: "categoryChanged"; readonly category: Category; readonly type: TaskType | null; readonly reason: string }
  /** A task that a person did by hand. */
  | { readonly kind: "taskDone" }
  /** `models`: given when the task was resumed, and used from then on. */
  | { readonly kind: "runStarted"; readonly resumed: boolean; readonly version: string; readonly models?: TaskRequest["models"] }
  | { readonly kind: "baseSnapshotted"; readonly base: TaskBase }
  | { readonly kind: "setupFinished"; readonly place: "worktree" | "cleanRoom"; readonly steps: readonly SetupStep[] }
  /** Once a run, before its first command that no sandbox confines. `install`: shell commands that would give one. */
  | { readonly kind: "protectionNoted"; readonly state: "missing" | "off"; readonly why: string; readonly install: readonly string[] }
  /** A command waits for the person's answer, which `commandDecided` or `commandWithdrawn` ends. `ask`: its number within the run. */
  | ({ readonly kind: "commandAsked"; readonly ask: number } & Pick<CommandDecision, "command" | "purpose" | "reason">)
  /** A command that no sandbox confines, or one that the person's policy refuses in any case. `ask`: where somebody was asked. */
  | ({ readonly kind: "commandDecided"; readonly ask?: number } & CommandDecision)
  /** The answer is not wanted any more. */
  | { readonly kind: "commandWithdrawn"; readonly ask: number }
  | { readonly kind: "phaseStarted"; readonly phase: Phase; readonly attempt: number; readonly limitMs: number }
  | {
      readonly kind: "phaseEnded";
      readonly phase: Phase;
      readonly attempt: number;
      readonly outcome: PhaseOutcome;
      readonly durationMs: number;
    }
  | {
      readonly kind: "sessionStarted";
      readonly session: SessionId;
      readonly role: Role;
      readonly phase: Phase;
      readonly attempt: number;
      readonly model: string;
    }
  | {
      readonly kind: "turnCompleted";
      readonly session: SessionId;
      /** 1-based. */
      readonly turn: number;
      readonly model: string;
      readonly usage: Usage;
      /** Dollars; null when the model has no known price. */
      readonly usd: number | null;
      readonly durationMs: number;
      readonly stop: StopReason;
      readonly toolCalls: number;
    }
  /** A request that ended without a response; what it was billed still counts. */
  | {
      readonly kind: "callFailed";
      readonly session: SessionId;
      readonly model: string;
      readonly usage: Usage;
      readonly usd: number | null;
      readonly reason: string;
    }
  | { readonly kind: "modelRetried"; readonly session: SessionId; readonly reason: string; readonly tries: number; readonly delayMs: number }
  | { readonly kind: "toolCalled"; readonly session: SessionId; readonly call: string; readonly tool: string; readonly summary: string }
  | {
      readonly kind: "toolFinished";
      readonly session: SessionId;
      readonly call: string;
      readonly tool: string;
      readonly ok: boolean;
      readonly summary: string;
      readonly durationMs: number;
    }
  | { readonly kind: "sessionEnded"; readonly session: SessionId; readonly outcome: SessionOutcome; readonly detail: string }
  | { readonly kind: "planProposed"; readonly plan: Plan }
  | { readonly kind: "planApprovalRequested" }
  | { readonly kind: "planApproved"; readonly edited: boolean }
  /** `turn`: the negotiator's turn that proposed it, so that a resumed session is told the same and not judged anew. */
  | { readonly kind: "contractRefused"; readonly round: number; readonly turn: number; readonly problems: readonly string[] }
  | { readonly kind: "contractProposed"; readonly round: number; readonly contract: Contract }
  | { readonly kind: "contractFrozen"; readonly hash: string; readonly contract: Contract }
  | { readonly kind: "attemptStarted"; readonly attempt: number }
  | { readonly kind: "singleAgentAnswered"; readonly text: string }
  | { readonly kind: "selfEvaluated"; readonly attempt: number; readonly selfEvaluation: SelfEvaluation }
  | { readonly kind: "attemptCutShort"; readonly attempt: number; readonly outcome: SessionOutcome; readonly detail: string }
  | { readonly kind: "attemptCommitted"; readonly attempt: number; readonly commit: string; readonly files: readonly FileChange[] }
  /** `expected`: what the contract wants at this place; a `change` check must be red on the base commit. */
  | { readonly kind: "checkStarted"; readonly where: CheckSite; readonly check: Check; readonly expected: "green" | "red" }
  | { readonly kind: "checkFinished"; readonly where: CheckSite; readonly result: CheckResult; readonly expected: "green" | "red" }
  | { readonly kind: "attemptChecked"; readonly attempt: number; readonly green: number; readonly red: number }
  /** Follows `attemptChecked`: what the engine found out besides. */
  | { readonly kind: "attemptInspected"; readonly attempt: number; readonly findings: readonly Inspection[] }
  | { readonly kind: "verdictMissing"; readonly attempt: number; readonly detail: string }
  | { readonly kind: "verdictGiven"; readonly attempt: number; readonly verdict: Verdict }
  | { readonly kind: "attemptAccepted"; readonly attempt: number; readonly score: number | null; readonly decision: GateDecision }
  | { readonly kind: "attemptRejected"; readonly attempt: number; readonly score: number | null; readonly decision: GateDecision }
  | { readonly kind: "handoffWritten"; readonly file: string }
  | { readonly kind: "taskPassed"; readonly attempt: number }
  | { readonly kind: "taskEscalated"; readonly reason: string }
  | { readonly kind: "taskPaused"; readonly reason: "outOfBudget" | "spendLimit" | "awaitingApproval"; readonly detail: string }
  | { readonly kind: "taskCancelled"; readonly detail: string }
  | { readonly kind: "taskFailed"; readonly code: string; readonly detail: string }
  | { readonly kind: "budgetWarned"; readonly scope: "task" | "day"; readonly spentUsd: number; readonly limitUsd: number }
  | {
      readonly kind: "notificationRaised";
      readonly level: "info" | "warning" | "error";
      readonly text: string;
      /** Missing in journals of version 0.1. */
      readonly about?: NotificationAbout;
    }
  | { readonly kind: "changesAccepted"; readonly result: AcceptResult; readonly remaining: readonly string[] }
  /** What the user decided about parts of a file; the accepted ones are in the working tree once `changesAccepted` says so. */
  | { readonly kind: "hunksDecided"; readonly path: string; readonly accepted: readonly HunkId[]; readonly rejected: readonly HunkId[] }
  /** The last accept was taken back: the task is in review again. */
  | { readonly kind: "acceptUndone"; readonly result: UndoResult }
  | { readonly kind: "changesCommitted"; readonly commit: string; readonly files: readonly string[] }
  /** The user puts another attempt that passed into review, in place of what came after it. */
  | { readonly kind: "attemptChosen"; readonly attempt: number }
  /** Begins another round of attempts, with the user's feedback. */
  | { readonly kind: "changesRequested"; readonly afterAttempt: number; readonly request: ChangeRequest }
  | { readonly kind: "changesDiscarded" }
  /** Keys or passwords were replaced by marks before something was kept. `where`: a file of the task's folder, or words. */
  | { readonly kind: "secretsRedacted"; readonly where: string; readonly kinds: readonly string[]; readonly count: number };

/** What a notification is about, so that a person can switch each kind off. */
export type NotificationAbout = "review" | "escalation" | "approval" | "budget" | "failure";

export type EventKind = EventBody["kind"];

/** An event as it stands in the journal. */
export type JournalEvent = EventBody & {
  /** 1-based, without gaps. */
  readonly seq: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly time: string;
  readonly task: TaskId;
};

/** What is shown while it happens and not kept: streamed text, a command's output tail, a countdown. */
export type LiveEvent =
  | { readonly kind: "textStreamed"; readonly task: TaskId; readonly session: SessionId; readonly text: string }
  | { readonly kind: "thinkingStreamed"; readonly task: TaskId; readonly session: SessionId; readonly text: string }
  | { readonly kind: "outputStreamed"; readonly task: TaskId; readonly source: string; readonly text: string };
