// Runs commands as processes of this machine, each in a group of its own. What a command may touch is the sandbox's
// affair, which wraps what argvOf returns; without one, commands may do what the user may, and others ask before.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { CountersignError, messageOf } from "../../core/domain/errors";
import type { CommandResult, CommandRunner, CommandSpec } from "../../core/ports/commandRunner";
import type { Logger } from "../../core/ports/logger";
import type { Redactor } from "../../core/secrets/redactor";
import type { SecretCount } from "../../core/secrets/scan";
import type { CommandSandbox, Confined } from "../sandbox/commandSandbox";
import { argvOf, shellCouldNotStart, type CommandArgv } from "./commandArgv";
import { endingInside, followStatus, type SandboxStatus } from "./confinedEnding";
import { commandEnvironment, type Environment } from "./environment";
import { findProgram } from "./findProgram";
import { OutputCollector } from "./outputCollector";
import { MarkedProcesses, RUN_MARK } from "./markedProcesses";
import { endOrphans, runMark } from "./orphans";
import { ProcessGroup } from "./processGroup";

/** Bytes of output after which a command is ended. */
export const OUTPUT_LIMIT_BYTES = 50 * 1024 * 1024;
/** What a process gets between being asked to end and being made to, milliseconds. */
export const GRACE_MS = 2000;
/** How long output may still come once nobody who could write it is left, milliseconds. */
const DRAIN_MS = 500;
/** setTimeout calls back at once beyond this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface ProcessRunnerOptions {
  readonly logger: Logger;
  /** Where the allowed variables are taken from. */
  readonly environment: Environment;
  /** Where it works, every command runs in it. */
  readonly sandbox?: CommandSandbox;
  readonly outputLimitBytes?: number;
  readonly graceMs?: number;
  /** Knows the keys that are configured; what looks like one is never kept or shown, with or without it. */
  readonly redactor?: Redactor;
  /** Told what was left out of a command's output, before `run` resolves. */
  readonly onRedacted?: (outputFile: string | null, found: readonly SecretCount[]) => void;
}

/** Why a command did not end by itself. */
type Interruption = "timedOut" | "cancelled" | "trouble";

export class ProcessCommandRunner implements CommandRunner {
  private readonly running = new Set<ProcessGroup>();

  constructor(private readonly options: ProcessRunnerOptions) {}

  async run(spec: CommandSpec, signal: AbortSignal): Promise<CommandResult> {
    await assertFolder(spec.cwd);
    const started = performance.now();
    const trouble = new AbortController();
    const output = await OutputCollector.open({
      outputFile: spec.outputFile,
      excerptBytes: spec.excerptBytes,
      limitBytes: this.options.outputLimitBytes ?? OUTPUT_LIMIT_BYTES,
      onOutput: this.displayFor(spec),
      onTrouble: () => trouble.abort(),
      redactor: this.options.redactor,
    });
    let end: Ending;
    try {
      end = signal.aborted ? NEVER_STARTED : await this.execute(spec, output, { cancel: signal, trouble: trouble.signal });
    } finally {
      await output.close();
    }
    if (output.secrets.length > 0) this.options.onRedacted?.(spec.outputFile, output.secrets);
    const interrupted = end.interruption !== null;
    return {
      exitCode: interrupted ? null : end.exitCode,
      signal: end.signal,
      timedOut: end.interruption === "timedOut",
      cancelled: end.interruption === "cancelled",
      unstartable: end.unstartable,
      durationMs: Math.round(performance.now() - started),
      output: output.excerpt(),
      outputBytes: output.bytes,
      outputLimitHit: output.outputLimitHit,
    };
  }

  /** Kills whatever still runs, without waiting: for the exit hook of the composition root. */
  endAll(): void {
    for (const group of this.running) group.killNow();
  }

  /** Ends what the commands of processes that were killed have left running. To be called before anything is run. */
  endOrphans(): void {
    const ended = endOrphans();
    if (ended.length > 0) this.options.logger.info("ended commands of a process that is gone", { pids: ended });
  }

  private async execute(spec: CommandSpec, output: OutputCollector, signals: Signals): Promise<Ending> {
    const mark = runMark();
    const environment = { ...commandEnvironment(this.options.environment, spec.purpose), ...spec.environment };
    const argv = argvOf(spec.command, process.platform, environment);
    const confined = await this.confine(argv, spec, environment, { [RUN_MARK]: mark });
    if (confined === null && spec.mustBeConfined === true) {
      output.note("Not started: it may only run in a sandbox, and there is none any more.\n");
      return { ...NEVER_STARTED, interruption: null, unstartable: true };
    }
    try {
      // In a sandbox nobody is looked for unless the command is interrupted: going over every process would cost as much as the sandbox.
      const marked = new MarkedProcesses(mark, confined?.between !== "status");
      const missing = confined === null ? null : await reasonNotToStart(argv, spec.cwd, environment);
      const start = missing ?? (await startProcess(confined ?? { ...argv, cwd: spec.cwd, environment: { ...environment, [RUN_MARK]: mark } }));
      if (start.kind === "failed") {
        await assertFolder(spec.cwd);
        output.note(`${argv.file}: ${start.reason}\n`);
        return { ...NEVER_STARTED, interruption: null, unstartable: true };
      }
      const status = confined?.between === "status" ? followStatus(start.child) : null;
      const group = new ProcessGroup(start.pid, marked, status?.first);
      this.running.add(group);
      try {
        return await this.supervise({ argv, child: start.child, group, status }, spec, output, signals);
      } finally {
        this.running.delete(group);
      }
    } finally {
      await confined?.release();
    }
  }

  private async confine(argv: CommandArgv, spec: CommandSpec, environment: Record<string, string>, mark: Record<string, string>): Promise<Confined | null> {
    const { sandbox } = this.options;
    if (sandbox === undefined) return null;
    return sandbox.confine({ argv: [argv.file, ...argv.args], cwd: spec.cwd, purpose: spec.purpose, environment, mark });
  }

  private async supervise(
    started: Started,
    spec: CommandSpec,
    output: OutputCollector,
    signals: Signals,
  ): Promise<Ending> {
    const { child, group, argv, status } = started;
    const closed = once(child, "close");
    const exited = new Promise<Exit>((resolve) => {
      child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    });
    for (const stream of [child.stdout, child.stderr]) if (stream !== null) output.follow(stream);
    const interruption = await firstOf(exited, spec.timeoutMs, signals);
    // What the sandbox says last tells who is still there.
    if (interruption === null && status !== null) await Promise.race([status.ended, delay(DRAIN_MS, undefined, { ref: false })]);
    const left = await group.end(this.options.graceMs ?? GRACE_MS);
    if (left.length > 0)
      this.options.logger.warn("Processes of a command could not be ended", { command: spec.command, left });
    // A process stuck in the kernel never says that it ended; the run must.
    const exit = await Promise.race([exited, delay(DRAIN_MS, NO_EXIT, { ref: false })]);
    if ((await Promise.race([closed, delay(DRAIN_MS, "late", { ref: false })])) === "late") {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }
    const { exitCode, signal, unstartable } = status !== null
      ? endingInside(exit, { status: status.text(), output: output.excerpt(), isShell: argv.shell, isInterrupted: interruption !== null })
      : { ...exit, unstartable: false };
    const isNoCommand = interruption === null && argv.shell && shellCouldNotStart(exitCode, output.excerpt());
    return { exitCode, signal, interruption, unstartable: unstartable || isNoCommand };
  }

  /** Display must not be able to break a run. */
  private displayFor(spec: CommandSpec): (text: string) => void {
    let show = spec.onOutput;
    return (text) => {
      try {
        show?.(text);
      } catch (error) {
        show = undefined;
        this.options.logger.warn("Showing a command's output failed", { error: messageOf(error) });
      }
    };
  }
}

interface Signals {
  readonly cancel: AbortSignal;
  readonly trouble: AbortSignal;
}

interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

interface Ending extends Exit {
  readonly interruption: Interruption | null;
  readonly unstartable: boolean;
}

interface Started {
  readonly argv: CommandArgv;
  readonly child: ChildProcess;
  readonly group: ProcessGroup;
  /** Of a sandbox whose process is between us and the command. */
  readonly status: SandboxStatus | null;
}

const NO_EXIT: Exit = { exitCode: null, signal: null };
const NEVER_STARTED: Ending = { exitCode: null, signal: null, interruption: "cancelled", unstartable: false };

type Start =
  | { readonly kind: "running"; readonly child: ChildProcess; readonly pid: number }
  | { readonly kind: "failed"; readonly reason: string };

interface Startable {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly between?: Confined["between"];
}

async function startProcess({ file, args, cwd, environment, between }: Startable): Promise<Start> {
  try {
    const child = spawn(file, args, {
      cwd,
      env: environment,
      stdio: ["ignore", "pipe", "pipe", ...(between === "status" ? (["pipe"] as const) : [])],
      detached: process.platform !== "win32",
      windowsHide: true,
      windowsVerbatimArguments: process.platform === "win32",
    });
    if (child.pid !== undefined) return { kind: "running", child, pid: child.pid };
    const error = await new Promise<unknown>((resolve) => child.once("error", resolve));
    return { kind: "failed", reason: reasonOf(error) };
  } catch (error) {
    // Arguments that no program can get: a NUL character, for one.
    return { kind: "failed", reason: reasonOf(error) };
  }
}

/** In a sandbox the program to be started is always there; whether the command's own is, is asked before. */
async function reasonNotToStart(argv: CommandArgv, cwd: string, environment: Readonly<Record<string, string>>): Promise<Start | null> {
  if (argv.shell) return null;
  const found = await findProgram(argv.file, environment["PATH"], cwd);
  if (found.kind === "found") return null;
  return { kind: "failed", reason: found.kind === "denied" ? "Permission denied" : "command not found" };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "command not found";
  if (code === "EACCES") return "Permission denied";
  if (code === "E2BIG") return "the command line is too long";
  return messageOf(error);
}

/** Waits for the end, a time-out, a cancel or trouble; null when the command ended by itself. */
async function firstOf(exited: Promise<Exit>, timeoutMs: number, signals: Signals): Promise<Interruption | null> {
  const done = new AbortController();
  const happens = (signal: AbortSignal, what: Interruption): Promise<Interruption> =>
    new Promise((resolve) => {
      if (signal.aborted) resolve(what);
      else signal.addEventListener("abort", () => resolve(what), { once: true, signal: done.signal });
    });
  const limit = Math.min(Math.max(0, timeoutMs), LONGEST_TIMER_MS);
  const timer = new Promise<Interruption>((resolve) => {
    const handle = setTimeout(() => resolve("timedOut"), limit);
    done.signal.addEventListener("abort", () => clearTimeout(handle));
  });
  try {
    const ended = exited.then(() => null);
    return await Promise.race([
      ended,
      happens(signals.cancel, "cancelled"),
      happens(signals.trouble, "trouble"),
      timer,
    ]);
  } finally {
    done.abort();
  }
}

async function assertFolder(folder: string): Promise<void> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return;
  throw new CountersignError(
    "process",
    `The command could not be started: its working folder ${folder} is gone. Nothing was run; restore the worktree and try again.`,
  );
}
