// What a mission is made of: a request, decomposed by the project manager into tasks that depend on one another. Data
// only; what such a plan must fulfil is in core/mission.

/** One node of a mission's graph, as the project manager (or a chain file) describes it. */
export interface PlannedTask {
  /** Unique within the mission, e.g. `task-0`, `task-1.2`; part of file and branch names only after it has been made safe. */
  readonly id: string;
  readonly title: string;
  /** Description of the worker's role; one preamble is written for each different one. */
  readonly workerRole: string;
  /** Description of the role that verifies it; never the worker's. */
  readonly qcRole: string;
  /** Recommended model id; null: the worker role's own. */
  readonly model: string | null;
  /** What the worker is asked to do, word for word. */
  readonly prompt: string;
  /** What the worker needs to know beside it; absent when there is nothing. */
  readonly context?: string;
  /** Ids of tasks whose work must have passed before this one starts. */
  readonly dependencies: readonly string[];
  /** What must hold when it is done; the contract is made from these. */
  readonly criteria: readonly string[];
  /** Command lines that show the criteria, as the project manager gave them: hints for the contract, never run unchecked. */
  readonly verificationCommands: readonly string[];
  /** Repository-relative paths it expects to touch; tasks that share one are not run at the same time. */
  readonly files: readonly string[];
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Tool calls one attempt should need; its limit is this × 1.5, and its weight in the critical path. */
  readonly estimatedToolCalls: number;
  /** As the project manager wrote it, e.g. `30 minutes`; shown, never computed with. */
  readonly estimatedDuration?: string;
  /** The project manager's own idea of what may run together; shown, the graph decides. */
  readonly parallelGroup: number | null;
}

/** What the project manager answers with. */
export interface MissionDraft {
  readonly title: string;
  /** How the request is understood and cut into tasks. */
  readonly overview: string;
  /** What was assumed where the request leaves something open. */
  readonly assumptions: readonly string[];
  readonly tasks: readonly PlannedTask[];
}

/** A draft and the request that it answers, after the optimizer where one was used. */
export interface MissionPlan extends MissionDraft {
  readonly request: string;
}

/** The task that validates the environment: everything else waits for it, so a mission that cannot work ends cheaply. */
export const ENVIRONMENT_TASK = "task-0";

/** Tasks that are worked on at the same time. Source: design, "Missions". */
export const DEFAULT_WORKERS = 3;

/** Attempts after the first, where none are given. */
export const DEFAULT_MAX_RETRIES = 2;

/** Tool calls of a task, where no estimate is given: × 1.5 it is the limit of 50 that stands for such tasks. */
export const DEFAULT_ESTIMATE = 33;
