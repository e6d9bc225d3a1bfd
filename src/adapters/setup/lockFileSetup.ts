// Prepares a checkout by the commands that its lock files call for, or by the user's own; what they make is cloned from
// the cache where the same was made before. Commands run through the CommandRunner, never from here.
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import type { SetupCommand, SetupStep } from "../../core/domain/workspace";
import type { CommandResult, CommandRunner } from "../../core/ports/commandRunner";
import type { Logger } from "../../core/ports/logger";
import type { ProjectSetup } from "../../core/ports/workspace";
import { detectPlans, overridden } from "./detectSetup";
import { cacheKey, SetupCache } from "./setupCache";
import type { SetupPlan } from "./setupPlan";
import { listTree, madeSince } from "./treeListing";

export interface LockFileSetupOptions {
  /** Absolute; the cache is its subfolder `setup`. */
  readonly cacheDir: string;
  readonly commands: CommandRunner;
  readonly logger: Logger;
  /** The user's own commands; empty for none, null to go by the lock files. */
  readonly override?: readonly string[] | null;
  /** Folders with lock files, relative to the checkout's root; default: the root itself. */
  readonly folders?: readonly string[];
  /** For one command; default 20 minutes. */
  readonly timeoutMs?: number;
  readonly platform?: NodeJS.Platform;
}

const DEFAULT_TIMEOUT_MS = 20 * 60_000;
/** Bytes of output that an error quotes. */
const QUOTED_BYTES = 4_000;
const ROOT = [""];

export class LockFileSetup implements ProjectSetup {
  private readonly cache: SetupCache;
  private readonly platform: NodeJS.Platform;

  /** `filling`: the last preparation that may fill a key, by key. */
  constructor(
    private readonly options: LockFileSetupOptions,
    private readonly filling: Map<string, Promise<unknown>> = new Map(),
  ) {
    this.cache = new SetupCache(path.join(options.cacheDir, "setup"));
    this.platform = options.platform ?? process.platform;
  }

  async detect(dir: string): Promise<readonly SetupCommand[]> {
    return (await this.plansFor(dir)).map(({ command, source, folder }) => ({ command, source, folder }));
  }

  async prepare(dir: string, signal: AbortSignal): Promise<readonly SetupStep[]> {
    const steps: SetupStep[] = [];
    for (const plan of await this.plansFor(dir)) {
      const started = performance.now();
      const { cached, exitCode } = await this.carryOut(dir, plan, signal);
      const { command, source, folder } = plan;
      steps.push({ command, source, folder, cached, exitCode, durationMs: Math.round(performance.now() - started) });
    }
    return steps;
  }

  using(commands: CommandRunner): LockFileSetup {
    return new LockFileSetup({ ...this.options, commands }, this.filling);
  }

  private async plansFor(dir: string): Promise<readonly SetupPlan[]> {
    const { override = null, folders = ROOT } = this.options;
    if (override?.length === 0) return [];
    const detected = await detectPlans(dir, folders, this.platform);
    return override === null ? detected : overridden(override, detected);
  }

  private async carryOut(dir: string, plan: SetupPlan, signal: AbortSignal): Promise<Done> {
    if (plan.reuse.kind === "never") return this.run(dir, plan, plan.command, signal);
    const key = await this.keyOf(dir, plan, signal);
    const known = await this.fromCache(key, dir, plan, signal);
    return (
      known ??
      this.oneAtATime(
        key,
        async () => (await this.fromCache(key, dir, plan, signal)) ?? this.fill(key, dir, plan, signal),
      )
    );
  }

  private async fromCache(key: string, dir: string, plan: SetupPlan, signal: AbortSignal): Promise<Done | null> {
    const entry = await this.cache.find(key);
    if (entry === null) return null;
    if (signal.aborted) throw cancelled(plan.command);
    try {
      await this.cache.restore(entry, dir);
    } catch (error) {
      if (!CountersignError.is(error, "io")) throw error;
      // A cache saves time and may do nothing else: the command runs again.
      this.options.logger.warn("the set-up cache could not be used", { command: plan.command, error: String(error) });
      await this.cache.drop(key);
      return null;
    }
    if (plan.reuse.kind !== "named") return { cached: true, exitCode: null };
    return this.run(dir, plan, plan.reuse.refresh, signal);
  }

  private async fill(key: string, dir: string, plan: SetupPlan, signal: AbortSignal): Promise<Done> {
    const before = await listTree(dir);
    const done = await this.run(dir, plan, plan.command, signal);
    const made = await madeSince(dir, before);
    const { reuse } = plan;
    const products =
      reuse.kind === "named" ? made.filter((file) => reuse.names.includes(path.posix.basename(file))) : made;
    try {
      await this.cache.store(key, dir, products);
    } catch (error) {
      // The checkout is ready all the same; the next one takes as long again.
      this.options.logger.warn("the result of the set-up was not cached", {
        command: plan.command,
        error: String(error),
      });
    }
    return done;
  }

  /** Whoever comes while another fills the key waits, and finds it filled; a failure of the other is not theirs. */
  private async oneAtATime<T>(key: string, work: () => Promise<T>): Promise<T> {
    const previous = this.filling.get(key) ?? Promise.resolve();
    const mine = previous.then(work, work);
    this.filling.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.filling.get(key) === mine) this.filling.delete(key);
    }
  }

  private async keyOf(dir: string, plan: SetupPlan, signal: AbortSignal): Promise<string> {
    const runtime = plan.runtime === null ? "" : await this.runtimeVersion(dir, plan, plan.runtime, signal);
    const facts = {
      version: 1,
      command: plan.command,
      folder: plan.folder,
      platform: this.platform,
      arch: process.arch,
      runtime,
    };
    return cacheKey([{ name: "facts", content: JSON.stringify(facts) }, ...plan.keyParts]);
  }

  private async runtimeVersion(dir: string, plan: SetupPlan, command: string, signal: AbortSignal): Promise<string> {
    const result = await this.start(dir, plan, command, signal);
    return result.unstartable ? "missing" : result.output.trim();
  }

  private async run(dir: string, plan: SetupPlan, command: string, signal: AbortSignal): Promise<Done> {
    const result = await this.start(dir, plan, command, signal);
    const failure = failureOf(result, plan, command);
    if (failure !== null) throw failure;
    return { cached: false, exitCode: result.exitCode };
  }

  private async start(dir: string, plan: SetupPlan, command: string, signal: AbortSignal): Promise<CommandResult> {
    if (signal.aborted) throw cancelled(command);
    const result = await this.options.commands.run(
      {
        command,
        cwd: path.join(dir, plan.folder),
        timeoutMs: this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        outputFile: null,
        excerptBytes: QUOTED_BYTES,
        purpose: "setup",
        dependsOn: cacheKey([{ name: "folder", content: plan.folder }, ...plan.keyParts]),
      },
      signal,
    );
    if (result.cancelled) throw cancelled(command);
    return result;
  }
}

interface Done {
  readonly cached: boolean;
  readonly exitCode: number | null;
}

function failureOf(result: CommandResult, plan: SetupPlan, command: string): CountersignError | null {
  if (result.exitCode === 0 && !result.timedOut && !result.unstartable) return null;
  const asked = plan.source === "setting" ? "the settings ask for it" : `${plan.source} asks for it`;
  const next =
    "Solve that, or set the set-up commands yourself (`setup` in the settings, an empty list for none), " +
    "then run the task again.";
  const kept = "Your files were not touched.";
  if (result.refused !== undefined) {
    return new CountersignError("setup", `The set-up command \`${command}\` was not run, as it is not allowed (${asked}). ${result.refused} ${kept} ${next}`);
  }
  if (result.unstartable) {
    const how = plan.howToInstall === "" ? "" : ` ${plan.howToInstall}.`;
    return new CountersignError(
      "setup",
      `The set-up command \`${command}\` could not be started: ${plan.tool} was not found, and ${asked}. ${kept}${how} ${next}`,
    );
  }
  const end = result.timedOut
    ? "took longer than its time limit"
    : result.exitCode === null
      ? `was ended by signal ${result.signal ?? "unknown"}`
      : `ended with exit code ${result.exitCode}`;
  return new CountersignError(
    "setup",
    `The set-up command \`${command}\` ${end} (${asked}). ${kept} ${next}\n\n${result.output.trim()}`,
  );
}

function cancelled(command: string): CountersignError {
  return new CountersignError("cancelled", `Cancelled before \`${command}\` was done.`);
}
