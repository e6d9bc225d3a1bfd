// Runs a contract's checks in a fresh checkout of a commit, stores what they printed, and says red or green. Used on
// the base commit before freezing and on every attempt after.
import { commandOutcome, fileOutcome, type CheckOutcome } from "../domain/checkOutcome";
import type { Check, CheckResult, CommandCheck, Contract } from "../domain/contract";
import type { CheckSite } from "../domain/event";
import { messageOf } from "../domain/errors";
import type { TaskBase } from "../domain/workspace";
import type { CommandResult } from "../ports/commandRunner";
import type { FileTree } from "../ports/fileTree";
import type { CleanRoom } from "../ports/workspace";
import type { EngineDeps } from "./engineDeps";
import type { Recorder } from "./recorder";

/** Bytes of a check's output that go into events, reports and prompts. The whole output is in its file. */
const EXCERPT_BYTES = 4_000;
/** Bytes of output that patterns and quotes are looked up in. */
const SEARCHED_BYTES = 1_000_000;

interface Ran {
  readonly result: CommandResult;
  readonly outputFile: string;
}

interface RunningIn {
  readonly room: CleanRoom;
  readonly restore: () => Promise<void>;
  readonly where: CheckSite;
  readonly signal: AbortSignal;
}

export class CheckRunner {
  constructor(
    private readonly deps: Pick<EngineDeps, "workspace" | "setup" | "commands" | "plans" | "filesAt" | "clock">,
    private readonly recorder: Recorder,
  ) {}

  /** A prepared clean room of a commit. */
  async openRoom(base: TaskBase, commit: string, signal: AbortSignal): Promise<CleanRoom> {
    const room = await this.deps.workspace.openCleanRoom(base, commit, signal);
    try {
      const steps = await this.deps.setup.prepare(room.dir, signal);
      this.recorder.note({ kind: "setupFinished", place: "cleanRoom", steps });
      return room;
    } catch (error) {
      await room.close();
      throw error;
    }
  }

  /** Runs every check in order; none finds what another left. A command that stands in several checks runs once. */
  async run(room: CleanRoom, contract: Contract, where: CheckSite, signal: AbortSignal): Promise<readonly CheckResult[]> {
    const files = this.deps.filesAt(room.dir);
    const ran = new Map<string, Ran>();
    const restore = await room.checkpoint();
    const results: CheckResult[] = [];
    for (const check of contract.checks) {
      signal.throwIfAborted();
      const expected = where.site === "base" && isChange(contract, check) ? "red" : "green";
      this.recorder.note({ kind: "checkStarted", where, check, expected });
      const result =
        check.kind === "command" ? await this.command(check, { room, restore, where, ran, signal }) : await this.file(check, files);
      // A check that a cancel cut off has no result: it runs again when the task is resumed.
      signal.throwIfAborted();
      this.recorder.note({ kind: "checkFinished", where, result, expected });
      results.push(result);
    }
    const folder = folderOf(where);
    await this.deps.plans.write(this.recorder.task, `${folder}/checks.json`, `${JSON.stringify(results, null, 2)}\n`);
    return results;
  }

  private async command(
    check: CommandCheck,
    at: RunningIn & { readonly ran: Map<string, Ran> },
  ): Promise<CheckResult> {
    const key = `${check.timeout} ${check.run}`;
    const { result, outputFile } = at.ran.get(key) ?? (await this.start(check, at));
    at.ran.set(key, { result, outputFile });
    const outcome = commandOutcome(check, { ...result, output: result.output });
    const { exitCode, timedOut, unstartable, durationMs } = result;
    const facts = { exitCode, timedOut, unstartable, durationMs, outputFile };
    return { ...describe(check, outcome), ...facts, outputExcerpt: headAndTail(result.output, EXCERPT_BYTES) };
  }

  private async start(check: CommandCheck, at: RunningIn): Promise<Ran> {
    const { plans, commands } = this.deps;
    const task = this.recorder.task;
    const outputFile = `${folderOf(at.where)}/${check.id}.log`;
    await plans.write(task, outputFile, "");
    const spec = {
      command: check.run,
      cwd: at.room.dir,
      timeoutMs: check.timeout * 1000,
      outputFile: plans.pathOf(task, outputFile),
      excerptBytes: SEARCHED_BYTES,
      purpose: "check",
      onOutput: (text: string) => this.recorder.live({ kind: "outputStreamed", task, source: check.id, text }),
    } as const;
    const result = await commands.run(spec, at.signal);
    await at.restore();
    return { result, outputFile };
  }

  private async file(check: Exclude<Check, CommandCheck>, files: FileTree): Promise<CheckResult> {
    const started = this.deps.clock.monotonic();
    const outcome = await this.fileOutcomeOf(check, files);
    const durationMs = Math.round(this.deps.clock.monotonic() - started);
    const none = { exitCode: null, timedOut: false, unstartable: false, outputFile: null, outputExcerpt: "" };
    return { ...describe(check, outcome), ...none, durationMs };
  }

  private async fileOutcomeOf(check: Exclude<Check, CommandCheck>, files: FileTree): Promise<CheckOutcome> {
    try {
      const content = await files.read(check.path);
      const exists = content.kind !== "missing";
      return fileOutcome(check, { exists, text: content.kind === "text" ? content.text : null });
    } catch (error) {
      return { green: false, reason: messageOf(error) };
    }
  }
}

function isChange(contract: Contract, check: Check): boolean {
  return contract.criteria.some((criterion) => criterion.id === check.criterion && criterion.kind === "change");
}

function describe(check: Check, { green, reason }: CheckOutcome): Pick<CheckResult, "checkId" | "criterion" | "kind" | "green" | "reason"> {
  return { checkId: check.id, criterion: check.criterion, kind: check.kind, green, reason };
}

/** Folder of the results, relative to the task's plan folder. */
export function folderOf(where: CheckSite): string {
  return where.site === "base" ? `verification/base-${where.round}` : `verification/attempt-${where.attempt}`;
}

function headAndTail(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  return `${text.slice(0, half)}\n… ${text.length - 2 * half} characters left out, the whole output is in its file …\n${text.slice(-half)}`;
}
