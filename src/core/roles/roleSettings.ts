// What differs between roles in numbers: model, output limit, time limit. One place, all of it configurable.
import type { Phase, Role, RoleModels, TaskRole } from "../domain/task";

export interface RoleSettings {
  readonly model: string;
  /** Tokens a single response may have. */
  readonly maxOutputTokens: number;
  readonly effort: "low" | "medium" | "high";
}

/** Reasons in docs/architecture.md, "Models". The SDK's `Model` type holds the exact ids. */
export const DEFAULT_ROLES: Readonly<Record<Role, RoleSettings>> = {
  planner: { model: "claude-opus-5-5", maxOutputTokens: 16_000, effort: "medium" },
  contract_negotiator: { model: "claude-opus-5-5", maxOutputTokens: 12_000, effort: "medium" },
  generator: { model: "claude-sonnet-5-5", maxOutputTokens: 32_000, effort: "medium" },
  evaluator: { model: "claude-opus-5-5", maxOutputTokens: 12_000, effort: "medium" },
  single_agent: { model: "claude-sonnet-5-5", maxOutputTokens: 32_000, effort: "medium" },
  request_optimizer: { model: "claude-sonnet-5-5", maxOutputTokens: 8_000, effort: "medium" },
  project_manager: { model: "claude-opus-5-5", maxOutputTokens: 48_000, effort: "medium" },
  preamble_writer: { model: "claude-sonnet-5-5", maxOutputTokens: 8_000, effort: "low" },
  worker: { model: "claude-sonnet-5-5", maxOutputTokens: 32_000, effort: "medium" },
  qc: { model: "claude-opus-5-5", maxOutputTokens: 12_000, effort: "medium" },
  reporter: { model: "claude-sonnet-5-5", maxOutputTokens: 12_000, effort: "low" },
};

/** Which of a task's roles a mission's is like: its model, where a journal of version 0.1 names none for it. */
const LIKE: Readonly<Record<Exclude<Role, TaskRole>, TaskRole>> = {
  request_optimizer: "planner",
  project_manager: "planner",
  preamble_writer: "generator",
  worker: "generator",
  qc: "evaluator",
  reporter: "generator",
};

export function modelOf(models: RoleModels, role: Role): string {
  const own = models[role];
  if (own !== undefined) return own;
  return models[LIKE[role as Exclude<Role, TaskRole>]];
}

/** Limits of the agents' own time, in ms; set-up and checks have limits of their own. Source: design, "Guardrails". */
export const PHASE_LIMITS_MS: Readonly<Record<Phase, number>> = {
  planning: 600_000,
  contract: 300_000,
  implementation: 3_600_000,
  verification: 900_000,
  optimization: 300_000,
  decomposition: 900_000,
  preambles: 600_000,
  report: 300_000,
};

/** The phase a role works in. */
export const PHASE_OF: Readonly<Record<Role, Phase>> = {
  planner: "planning",
  contract_negotiator: "contract",
  generator: "implementation",
  evaluator: "verification",
  single_agent: "implementation",
  request_optimizer: "optimization",
  project_manager: "decomposition",
  preamble_writer: "preambles",
  worker: "implementation",
  qc: "verification",
  reporter: "report",
};
