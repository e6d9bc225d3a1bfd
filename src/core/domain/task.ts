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

export const TASK_TYPES = ["single_agent", "multi_agent"] as const;
export type TaskType = (typeof TASK_TYPES)[number];

export const PHASES = ["planning", "contract", "implementation", "verification"] as const;
export type Phase = (typeof PHASES)[number];

export const ROLES = ["planner", "contract_negotiator", "generator", "evaluator", "single_agent"] as const;
export type Role = (typeof ROLES)[number];

export const PROFILES = ["code", "automation", "data", "report"] as const;
/** Which checks suit the work; given to the contract negotiator. */
export type VerificationProfile = (typeof PROFILES)[number];

/**
 * - `queued` created, not started · `running` · `awaiting_approval` the plan waits for the user
 * - `review` passed, its diff waits for the user · `accepted` · `discarded`
 * - `escalated` attempts used up, now YOURS · `failed` an error stopped it, resumable
 * - `paused` out of budget or spend limit, resumable · `cancelled` resumable · `done` by a person, by hand
 */
export type TaskStatus =
  | "queued"
  | "running"
  | "awaiting_approval"
  | "review"
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
  readonly models: Readonly<Record<Role, string>>;
}
