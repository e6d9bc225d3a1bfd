// The user's own `.countersign/settings.json`, and the engine settings that it and a host's limits make over the defaults.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { errnoOf, ioError } from "../adapters/store/ioError";
import { CountersignError, messageOf } from "../core/domain/errors";
import { parseWith } from "../core/domain/schema";
import { ROLES } from "../core/domain/task";
import { PASS_SCORE } from "../core/domain/verdict";
import { DEFAULT_BUDGET } from "../core/engine/budget";
import { DEFAULT_MAX_RETRIES, DEFAULT_TOOL_CALLS, REVERT_PROBES, type EngineSettings } from "../core/engine/engineDeps";
import { DEFAULT_ROLES, PHASE_LIMITS_MS } from "../core/roles/roleSettings";

const usd = z.number().check(z.positive());
const seconds = z.int().check(z.positive());
const models = z.partialRecord(z.enum(ROLES), z.string().check(z.minLength(1)));

/** What `.countersign/settings.json` may hold. The folder is the user's own: it is not part of the repository. */
const fileSchema = z.strictObject({
  models: z.optional(models),
  setup: z.optional(z.array(z.string())),
  sandbox: z.optional(z.enum(["auto", "off"])),
  /** Hosts that set-up and agents may reach; "registries" stands for the package registries. */
  network: z.optional(z.union([z.literal("off"), z.array(z.string().check(z.minLength(1)))])),
  maxRetries: z.optional(z.int().check(z.minimum(0), z.maximum(9))),
  passScore: z.optional(z.int().check(z.minimum(1), z.maximum(100))),
  sealedChecks: z.optional(z.boolean()),
  /** What verifies data here, and the pattern that its output matches when all is well. */
  dataVerification: z.optional(z.strictObject({ command: z.string().check(z.minLength(1)), pass: z.string().check(z.minLength(1)) })),
  rerunChecks: z.optional(z.boolean()),
  revertProbe: z.optional(z.enum(REVERT_PROBES)),
  toolCalls: z.optional(z.int().check(z.positive())),
  phaseLimits: z.optional(
    z.strictObject({
      planning: z.optional(seconds),
      contract: z.optional(seconds),
      implementation: z.optional(seconds),
      verification: z.optional(seconds),
      optimization: z.optional(seconds),
      decomposition: z.optional(seconds),
      preambles: z.optional(seconds),
      report: z.optional(seconds),
    }),
  ),
  budget: z.optional(z.strictObject({ taskUsd: z.optional(usd), warnAt: z.optional(usd), dayAlertUsd: z.optional(usd), dayUsd: z.optional(usd) })),
  /** Silence of a model's server after which its answer is given up and asked for again. */
  modelTimeout: z.optional(seconds),
  /** As in prices.json; checked by the price table. */
  prices: z.optional(z.unknown()),
});

export type SettingsFile = z.infer<typeof fileSchema>;

/** What a host sets over the settings file: the flags of a command, the settings of the editor. */
export interface LimitOptions {
  /** Breaker, dollars a task. */
  readonly budgetUsd: number | null;
  /** Breaker, dollars a UTC day. */
  readonly dayBudgetUsd: number | null;
  readonly retries: number | null;
  /** Set-up commands; null: detect; empty: none. */
  readonly setup: readonly string[] | null;
}

export async function readSettingsFile(workspace: string): Promise<SettingsFile> {
  const path = join(workspace, ".countersign", "settings.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return {};
    throw ioError(error, { what: `${path} could not be read`, kept: "Nothing was changed." });
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new CountersignError("badRequest", `${path} is no JSON: ${messageOf(error)}. Correct or remove it.`, { cause: error });
  }
  const parsed = parseWith(fileSchema, data);
  if (!parsed.ok) throw new CountersignError("badRequest", `${path} has a wrong setting: ${parsed.problems.join("; ")}.`);
  return parsed.value;
}

export function engineSettings(file: SettingsFile, limits: Partial<LimitOptions>): EngineSettings {
  const { phaseLimits = {} } = file;
  const limitsMs = Object.fromEntries(Object.entries(phaseLimits).map(([phase, limit]) => [phase, (limit ?? 0) * 1000]));
  return {
    roles: DEFAULT_ROLES,
    phaseLimitsMs: { ...PHASE_LIMITS_MS, ...limitsMs },
    maxRetries: limits.retries ?? file.maxRetries ?? DEFAULT_MAX_RETRIES,
    passScore: file.passScore ?? PASS_SCORE,
    sealedChecks: file.sealedChecks ?? true,
    ...(file.dataVerification === undefined ? {} : { dataVerification: file.dataVerification }),
    rerunChecks: file.rerunChecks ?? true,
    revertProbe: file.revertProbe ?? "code",
    toolCalls: file.toolCalls ?? DEFAULT_TOOL_CALLS,
    budget: budgetOf(file, limits),
  };
}

function budgetOf({ budget = {} }: SettingsFile, limits: Partial<LimitOptions>): EngineSettings["budget"] {
  return {
    taskUsd: limits.budgetUsd ?? budget.taskUsd ?? DEFAULT_BUDGET.taskUsd,
    warnAt: budget.warnAt ?? DEFAULT_BUDGET.warnAt,
    dayAlertUsd: budget.dayAlertUsd ?? DEFAULT_BUDGET.dayAlertUsd,
    dayUsd: limits.dayBudgetUsd ?? budget.dayUsd ?? DEFAULT_BUDGET.dayUsd,
  };
}
