// Runs a contract's checks in a fresh checkout of a commit, stores what they printed, and says red or green. Used on
// the base commit before freezing and on every attempt after.
import { commandOutcome, fileOutcome, type CheckOutcome } from "../domain/checkOutcome";
import { kindOf, type Check, type CheckResult, type CommandCheck, type Contract } from "../domain/contract";
import type { CheckSite } from "../domain/event";
import { messageOf } from "../domain/errors";
import { countTests } from "./commandTests";
import type { KnownResults } from "./knownResults";
import { Reruns } from "./reruns";
import type { TaskBase } from "../domain/workspace";
import type { CommandResult } from "../ports/commandRunner";
import type { FileTree } from "../ports/fileTree";
import type { CleanRoom } from "../ports/workspace";
import type { EngineDeps } from "./engineDeps";
import type { Recorder } from "./recorder";
import { dryRunOutcome, TreeState } from "./dryRun";
import { ownOutput } from "./ownOutput";
import { isTextCheck, scriptOutcome } from "./scriptOutcome";
import { syntaxCheckOf } from "../domain/syntaxCheck";
import { notRun, SealedOverlay } from "./sealedOverlay";

/** Bytes of a check's output that go into events, reports and prompts. The whole output is in its file. */
const EXCERPT_BYTES = 4_000;
/** Of the tools that read a file's syntax, seconds. */
const SYNTAX_TIMEOUT_S = 60;
/** Bytes of output that patterns and quotes are looked up in. */
const SEARCHED_BYTES = 1_000_000;

interface Ran {
  readonly result: CommandResult;
  readonly outputFile: string;
  /** Of a dry run: what it changed, as a clause; null for nothing. */
  readonly changed: string | null;
}

interface RunningIn {
  readonly room: CleanRoom;
  readonly restore: () => Promise<void>;
  readonly sealed: SealedOverlay;
  /** Folder of the outputs, relative to the task's plan folder. */
  readonly folder: string;
  readonly files: FileTree;
  readonly ran: Map<string, Ran>;
  readonly baseChecks: readonly CheckResult[];
  /** Files that the attempt wrote. */
  readonly written: readonly string[];
  readonly signal: AbortSignal;
}

/** What to run, and where. `known`: results of the same commit that need not be found out again. */
export interface Wanted {
  readonly contract: Contract;
  readonly where: CheckSite;
  readonly known?: KnownResults;
}

interface Place {
  readonly contract: Contract;
  readonly folder: string;
  readonly isBase: boolean;
  readonly signal: AbortSignal;
}

/** Checks of a contract to be run for the engine's own information. */
export interface Probe {
  readonly contract: Contract;
  readonly checks: readonly Check[];
  /** Of the outputs, relative to the task's plan folder. */
  readonly folder: string;
  /** What the checks came to before the work; default: those of the task. */
  readonly baseChecks?: readonly CheckResult[];
}

export class CheckRunner {
  constructor(
    private readonly deps: Pick<EngineDeps, "workspace" | "setup" | "commands" | "plans" | "filesAt" | "clock" | "settings">,
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

  /**
   * Runs every check in order; none finds what another left. A command that stands in several checks runs once, and
   * what `known` tells of not at all.
   */
  async run(room: CleanRoom, { contract, where, known }: Wanted, signal: AbortSignal): Promise<readonly CheckResult[]> {
    const at = await this.placeIn(room, { contract, folder: folderOf(where), isBase: where.site === "base", signal });
    const reruns = new Reruns(this.deps.settings.rerunChecks);
    const results: CheckResult[] = [];
    for (const check of contract.checks) {
      signal.throwIfAborted();
      const isChange = kindOf(contract, check) === "change";
      const expected = where.site === "base" && isChange ? "red" : "green";
      this.recorder.note({ kind: "checkStarted", where, check, expected });
      const first = known?.of(contract, check, expected) ?? (await this.resultOf(check, at));
      const isDue = reruns.isDue(first, { where, expected, isChange });
      const result = isDue ? reruns.judge(first, await this.again(check, at)) : first;
      known?.add(contract, check, { result, expected });
      // A check that a cancel cut off has no result: it runs again when the task is resumed.
      signal.throwIfAborted();
      this.recorder.note({ kind: "checkFinished", where, result, expected });
      results.push(result);
    }
    await this.deps.plans.write(this.recorder.task, `${at.folder}/checks.json`, `${JSON.stringify(results, null, 2)}\n`);
    return results;
  }

  /**
   * Runs these checks for the engine's own information: nothing is recorded and no check is called the attempt's. What
   * they print is shown while they do.
   */
  async probe(room: CleanRoom, { contract, checks, folder, baseChecks }: Probe, signal: AbortSignal): Promise<readonly CheckResult[]> {
    const own = await this.placeIn(room, { contract, folder, isBase: false, signal });
    const at = baseChecks === undefined ? own : { ...own, baseChecks };
    const results: CheckResult[] = [];
    for (const check of checks) {
      signal.throwIfAborted();
      results.push(await this.resultOf(check, at));
    }
    signal.throwIfAborted();
    return results;
  }

  private async placeIn(room: CleanRoom, { contract, folder, isBase, signal }: Place): Promise<RunningIn> {
    const baseChecks = isBase ? [] : this.recorder.view.baseChecks;
    const files = this.deps.filesAt(room.dir);
    return { room, restore: await room.checkpoint(), sealed: new SealedOverlay(contract, files), folder, files, ran: new Map(), baseChecks, written: isBase ? [] : (this.recorder.view.attempts.at(-1)?.files ?? []).map(({ path }) => path), signal };
  }

  private resultOf(check: Check, at: RunningIn): Promise<CheckResult> {
    if (check.kind === "command") return this.command(check, at);
    const tool = check.kind === "syntax" ? syntaxCheckOf(check.path) : null;
    if (tool?.kind === "command") return this.bySyntaxTool(check, tool.run, at);
    return this.file(check, at.files);
  }

  /** The same once more, whatever has been run before. */
  private again(check: Check, at: RunningIn): Promise<CheckResult> {
    return this.resultOf(check, { ...at, folder: `${at.folder}/again`, ran: new Map() });
  }

  /** The language's own tool, where the file is there. */
  private async bySyntaxTool(check: Exclude<Check, CommandCheck>, run: string, at: RunningIn): Promise<CheckResult> {
    const missing = await this.file({ ...check, kind: "fileExists" }, at.files);
    if (!missing.green) return { ...missing, kind: check.kind };
    const { id, criterion } = check;
    const command = { kind: "command", id, criterion, run, exit: 0, outputMatches: [], outputLacks: [], timeout: SYNTAX_TIMEOUT_S } as const;
    const result = await this.command(command, at);
    const [program = ""] = run.split(" ");
    const reason = result.unstartable ? `${program} is not installed, which reads its syntax` : `${check.path} does not parse (${result.reason})`;
    return { ...result, kind: check.kind, reason: result.green ? "" : reason };
  }

  private async command(check: CommandCheck, at: RunningIn): Promise<CheckResult> {
    const key = `${check.sealed === true} ${check.dryRun === true} ${check.timeout} ${check.run}`;
    const { result, outputFile, changed } = at.ran.get(key) ?? (await this.start(check, at));
    at.ran.set(key, { result, outputFile, changed });
    const ended = commandOutcome(check, { ...result, output: result.output });
    const output = result.outputBytes > SEARCHED_BYTES ? await this.deps.plans.read(this.recorder.task, outputFile) : null;
    const own = await ownOutput({ check, outcome: ended, output: result.output, files: at.files, written: at.written });
    const { outcome, tests } = await countTests({ check, outcome: dryRunOutcome(check, own, changed), output: output ?? result.output, files: at.files, baseChecks: at.baseChecks });
    const { exitCode, timedOut, unstartable, durationMs } = result;
    const facts = { exitCode, timedOut, unstartable, durationMs, outputFile };
    return { ...describe(check, outcome), ...facts, outputExcerpt: headAndTail(result.output, EXCERPT_BYTES), ...(tests === null ? {} : { tests }) };
  }

  private async start(check: CommandCheck, at: RunningIn): Promise<Ran> {
    const { plans, commands } = this.deps;
    const task = this.recorder.task;
    const outputFile = `${at.folder}/${check.id}.log`;
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
    const hindrance = await at.sealed.lay(check);
    const tree = new TreeState(commands, { dir: at.room.dir, signal: at.signal });
    const before = check.dryRun === true ? await tree.read() : null;
    const result = hindrance === null ? await commands.run(spec, at.signal) : notRun(hindrance);
    const changed = before === null ? null : tree.difference(before, await tree.read());
    await at.restore();
    const left = hindrance === null ? await at.sealed.leftBehind(check) : null;
    return { result: left === null ? result : notRun(left), outputFile, changed };
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
      const facts = { exists: content.kind !== "missing", text: content.kind === "text" ? content.text : null };
      return isTextCheck(check) ? fileOutcome(check, facts) : await scriptOutcome(check, facts);
    } catch (error) {
      return { green: false, reason: messageOf(error) };
    }
  }
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
