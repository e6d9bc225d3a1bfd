// What the engine is given: ports, settings and nothing else. Wired in the composition roots.
import type { PriceTable } from "../domain/pricing";
import type { DataVerification } from "../domain/profileRules";
import type { EventBody } from "../domain/event";
import type { Phase, Role, TaskId, TaskRequest } from "../domain/task";
import type { AgentFiles } from "../ports/agentFiles";
import type { Clock } from "../ports/clock";
import type { CommandRunner } from "../ports/commandRunner";
import type { FileTree } from "../ports/fileTree";
import type { GraphReader } from "../ports/knowledgeGraph";
import type { Journal } from "../ports/journal";
import type { Logger } from "../ports/logger";
import type { ModelClient } from "../ports/modelClient";
import type { PlanFolder } from "../ports/planFolder";
import type { OpenQueue } from "../ports/workQueue";
import type { Transcripts } from "../ports/transcripts";
import type { ProjectSetup, Workspace } from "../ports/workspace";
import type { TaskView } from "../projections/taskView";
import type { RoleSettings } from "../roles/roleSettings";
import type { BudgetSettings } from "./budget";
import type { DayAlertOnRecord } from "./dayAlerts";
import type { MissionPart } from "./missionPart";

export interface EngineSettings {
  readonly roles: Readonly<Record<Role, Omit<RoleSettings, "model">>>;
  readonly phaseLimitsMs: Readonly<Record<Phase, number>>;
  /** Attempts after the first. */
  readonly maxRetries: number;
  readonly passScore: number;
  /** Contracts for code must have acceptance tests that the generator does not see. */
  readonly sealedChecks: boolean;
  /** How the user verifies data; absent where nothing is configured. */
  readonly dataVerification?: DataVerification;
  /** Green checks of the attempt's changes, and red guards of the base, run a second time: what differs is flaky. */
  readonly rerunChecks: boolean;
  /** Which tasks' changes the engine takes back one by one, to see whether the checks notice. */
  readonly revertProbe: RevertProbe;
  /** Tool calls of a session without an estimate. */
  readonly toolCalls: number;
  readonly budget: BudgetSettings;
}

/** `code`: those whose work is code. */
export const REVERT_PROBES = ["code", "always", "never"] as const;
export type RevertProbe = (typeof REVERT_PROBES)[number];

/** Source: design, "Guardrails, with defaults". */
export const DEFAULT_MAX_RETRIES = 2;
export const DEFAULT_TOOL_CALLS = 50;
/** The generator's limit is the planner's estimate times this. */
export const ESTIMATE_FACTOR = 1.5;

export interface EngineDeps {
  readonly journal: Journal;
  readonly transcripts: Transcripts;
  readonly plans: PlanFolder;
  readonly workspace: Workspace;
  readonly setup: ProjectSetup;
  readonly commands: CommandRunner;
  /** Confined access to a worktree or clean room; paths into the user's own tree are understood as the same file. */
  readonly filesAt: (dir: string) => FileTree;
  /** For agents to find their way by; nothing of a run waits for it but the call that asks. */
  readonly graph?: GraphReader;
  readonly model: ModelClient;
  readonly prices: PriceTable;
  /** Dollars that all tasks but this one have cost today, those that run beside it included. */
  readonly spentTodayByOthers: (task: TaskId) => Promise<number>;
  readonly isDayAlertOnRecord: DayAlertOnRecord;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A text as it is kept and as models see it: without secrets. */
  readonly redact?: (text: string) => string;
  /** Random characters for ids, lower-case base 32. */
  readonly randomText: (length: number) => string;
  readonly settings: EngineSettings;
  /** Asks the user to approve the plan; null where nobody can be asked. */
  readonly approvePlan: ((view: TaskView, problems: readonly string[]) => Promise<boolean>) | null;
  readonly version: string;
  /** Whether agents' commands may reach anything beyond this machine. */
  readonly reachesNetwork: () => boolean;
  /** Of a task of a mission; else null. */
  readonly part: MissionPart | null;
}

/** What the facade is given: each run gets a command runner of its own, so that decisions go on that run's record. */
export interface HarnessDeps extends Omit<EngineDeps, "commands" | "part"> {
  readonly agentFiles: AgentFiles;
  readonly openQueue: OpenQueue;
  readonly commandsFor: (run: RunOfTask) => CommandRunner;
  /** What the journal tells of a task; null for one that it does not know. */
  readonly viewOf: (task: TaskId) => Promise<TaskView | null>;
}

export interface RunOfTask {
  readonly request: TaskRequest;
  readonly note: (event: EventBody) => void;
}
