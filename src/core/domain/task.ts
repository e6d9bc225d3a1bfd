// What a task is: its category, type, status, phase, roles and limits. Data only.

declare const brand: unique symbol;
export type Brand<T, B extends string> = T & { readonly [brand]: B };

/** Slug of the title + "-" + 4 random base-32 characters, e.g. `add-fibonacci-7k2m`. Also its folder and branch name. */
export type TaskId = Brand<string, "TaskId">;
/** `<role>-<attempt or 0>-<4 random base-32 characters>`; unique within a task. */
export type SessionId = Brand<string, "SessionId">;

export const CATEGORIES = ["DISPATCH", "PREP", "YOURS"] as const;
/** DISPATCH: simple, run at once. PREP: prepared autonomously and verified. YOURS: needs the human, never run. */
export type Category = (typeof CATEGORIES)[number];

export const TASK_TYPES = ["single_agent", "multi_agent", "mission"] as const;
export type TaskType = (typeof TASK_TYPES)[number];

/** The first four are a task's; a mission is optimized, decomposed, given preambles, and reported on. */
export const PHASES = ["planning", "contract", "implementation", "verification", "optimization", "decomposition", "preambles", "report"] as const;
export type Phase = (typeof PHASES)[number];

/** A worker is a generator with a preamble, a qc is an evaluator with one: the tasks of missions. */
export const ROLES = [
  "planner",
  "contract_negotiator",
  "generator",
  "evaluator",
  "single_agent",
  "request_optimizer",
  "project_manager",
  "preamble_writer",
  "worker",
  "qc",
  "reporter",
] as const;
export type Role = (typeof ROLES)[number];

export const PROFILES = ["code", "automation", "data", "report"] as const;
/** Which checks suit the work; given to the contract negotiator. */
export type VerificationProfile = (typeof PROFILES)[number];

/**
 * - `queued` created, not started · `running` · `awaiting_approval` the plan waits for the user
 * - `review` passed, its diff waits for the user · `accepted` · `discarded`
 * - `merging` passed, and about to be merged into its mission · `merged` into its mission
 * - `escalated` attempts used up, now YOURS · `failed` an error stopped it, resumable
 * - `paused` out of budget or spend limit, resumable · `cancelled` resumable · `done` by a person, by hand
 */
export type TaskStatus =
  | "queued"
  | "running"
  | "awaiting_approval"
  | "review"
  | "merging"
  | "merged"
  | "accepted"
  | "discarded"
  | "done"
  | "escalated"
  | "failed"
  | "paused"
  | "cancelled";

/** What a person asked for, fixed at creation. */
export interface TaskRequest {
  readonly id: TaskId;
  readonly title: string;
  readonly description: string;
  readonly category: Category;
  /** Explicit type; wins over routing. */
  readonly requestedType: TaskType | null;
  readonly profile: VerificationProfile;
  /** Workspace-relative paths the user attached. */
  readonly attachments: readonly string[];
  /** The plan waits for the user's approval before the contract is frozen. */
  readonly approvePlan: boolean;
  /** Model id per role, as resolved at creation: a resumed run asks the same models unless it is given others. */
  readonly models: RoleModels;
  /** Of a task of a mission: which one, and which node of its graph. */
  readonly partOf?: { readonly mission: TaskId; readonly node: string };
  /** Of a mission; absent: the request is decomposed as it stands. */
  readonly mission?: MissionOptions;
}

/** How a mission is carried out, fixed at creation. */
export interface MissionOptions {
  /** The request is sharpened first. */
  readonly optimize: boolean;
  /** Tasks that may be worked on at the same time. */
  readonly maxWorkers: number;
  /** A plan that was imported from a chain file, in its text; null: the project manager makes one. */
  readonly chain: string | null;
}

/** Journals of version 0.1 know the first five only. */
export type RoleModels = Readonly<Record<TaskRole, string> & Partial<Record<Role, string>>>;
export type TaskRole = "planner" | "contract_negotiator" | "generator" | "evaluator" | "single_agent";
