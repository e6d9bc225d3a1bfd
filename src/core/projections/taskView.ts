// One task as its events tell it: the state the engine runs on, the row the store keeps, what the CLI and the
// editor show. How events change it is in taskFold.ts; nothing in it is stored anywhere else.
import type { CheckResult, Contract } from "../domain/contract";
import type { JournalEvent, PhaseOutcome } from "../domain/event";
import type { Plan } from "../domain/handoff";
import type { Category, Phase, TaskRequest, TaskStatus, TaskType } from "../domain/task";
import { NO_COST, NO_USAGE, type Cost, type Usage } from "../domain/usage";
import type { AcceptResult, SetupStep, TaskBase } from "../domain/workspace";
import type { CommandWait } from "./commandWaits";
import { NEW_MISSION, type MissionView } from "./missionView";
import type { AttemptView, RedactionView, SessionView } from "./newParts";
import type { AcceptStepView, HunkDecisions, NoticeView, RoundView } from "./reviewView";

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
  /** The attempt that the user has put into review in place of the last one; null: the last one it is. */
  readonly chosen: number | null;
  /** Decisions about parts of files, of the attempt in review. */
  readonly hunks: Readonly<Record<string, HunkDecisions>>;
  /** The commit that the user had made of accepted changes. */
  readonly committed: string | null;
  /** Budget of the task, in dollars, that a warning has been given for; null before the first. */
  readonly warnedOfUsd: number | null;
  /** The last alert for the day's costs that was given in this task's run; `day` is UTC, `YYYY-MM-DD`. */
  readonly dayWarning: { readonly day: string; readonly limitUsd: number } | null;
  /** The last ones, oldest first. */
  readonly notices: readonly NoticeView[];
  /** Commands that wait for the user's approval, oldest first. */
  readonly waits: readonly CommandWait[];
  /** Where secrets were left out of what is kept; once a place. */
  readonly redactions: readonly RedactionView[];
  /** Of a mission; else null. */
  readonly mission: MissionView | null;
  /** Of a task of a mission: what its workers asked the project manager. */
  readonly questions: readonly { readonly attempt: number; readonly question: string; readonly answer: string }[];
  /** Of a task of a mission whose base was moved: its work on the new base, and the commit that its branch stood at. */
  readonly moved: { readonly work: string; readonly from: string } | null;
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
    chosen: null,
    hunks: {},
    committed: null,
    warnedOfUsd: null,
    dayWarning: null,
    notices: [],
    waits: [],
    redactions: [],
    mission: event.type === "mission" ? NEW_MISSION : null,
    questions: [],
    moved: null,
    detail: "",
    lastSeq: event.seq,
  };
}
