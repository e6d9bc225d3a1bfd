// What a host's settings say to a desk. Already validated; every field has a value.
import type { DataVerification } from "../domain/profileRules";
import type { Phase, Role } from "../domain/task";
import type { BudgetSettings } from "../engine/budget";

export interface DeskSettings {
  /** Tasks that run side by side. */
  readonly maxConcurrentTasks: number;
  readonly maxRetries: number;
  readonly passScore: number;
  /** Contracts for code must have acceptance tests that the generator does not see. */
  readonly sealedChecks: boolean;
  /** How the user verifies data; null or absent where nothing is configured. */
  readonly dataVerification?: DataVerification | null;
  /** Checks run a second time where a flaky one could mislead. */
  readonly rerunChecks: boolean;
  readonly revertProbe: "code" | "always" | "never";
  /** Tool calls of a session without an estimate. */
  readonly toolCalls: number;
  readonly phaseLimitsMs: Readonly<Record<Phase, number>>;
  /** Tokens of one response. */
  readonly maxOutputTokens: Readonly<Record<Role, number>>;
  readonly budget: BudgetSettings;
  /** Set-up commands of a worktree; null: detected. */
  readonly setup: readonly string[] | null;
  readonly sandbox: "auto" | "off";
  /** Hosts that set-up and agents may reach; "registries" stands for the package registries, "off" closes everything. */
  readonly network: readonly string[];
  /** Folder of the handoff files, relative to the workspace folder. */
  readonly plansFolder: string;
  /** Silence of a model's server after which a request is given up and asked again, ms. */
  readonly modelIdleMs: number;
  /** As in prices.json, checked by the price table; null: none of the user's own. */
  readonly prices: unknown;
}
