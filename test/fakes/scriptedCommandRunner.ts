// A command runner that starts nothing: each command line has its result written down beforehand. A command that is
// not in the script cannot be started, as a program that is not installed.
import { boundText } from "../../src/core/domain/boundedText";
import { CountersignError } from "../../src/core/domain/errors";
import type { CommandResult, CommandRunner, CommandSpec } from "../../src/core/ports/commandRunner";

export interface ScriptedCommand {
  readonly exitCode?: number;
  readonly output?: string;
  /** It never ends by itself: `"timeout"` passes its time limit at once, `"hang"` waits to be cancelled. */
  readonly never?: "timeout" | "hang";
}

export class ScriptedCommandRunner implements CommandRunner {
  /** Every command that was asked for, in order. */
  readonly asked: CommandSpec[] = [];
  /** Full outputs, by output file. */
  readonly outputs = new Map<string, string>();

  constructor(
    private readonly script: Readonly<Record<string, ScriptedCommand | readonly ScriptedCommand[]>>,
    private readonly missingFolders: readonly string[] = [],
  ) {}

  async run(spec: CommandSpec, signal: AbortSignal): Promise<CommandResult> {
    if (this.missingFolders.includes(spec.cwd))
      throw new CountersignError("process", `The working folder ${spec.cwd} is gone.`);
    const step = this.stepOf(spec);
    this.asked.push(spec);
    if (signal.aborted) return resultOf(spec, "", { cancelled: true });
    const output = step?.output ?? (step === undefined ? `${spec.command}: command not found\n` : "");
    if (spec.outputFile !== null) this.outputs.set(spec.outputFile, output);
    if (output !== "") spec.onOutput?.(output);
    if (step === undefined) return resultOf(spec, output, { unstartable: true });
    if (step.never === "timeout") return resultOf(spec, output, { timedOut: true, signal: "SIGTERM" });
    if (step.never === undefined) return resultOf(spec, output, { exitCode: step.exitCode ?? 0 });
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    return resultOf(spec, output, { cancelled: true, signal: "SIGTERM" });
  }

  /** A list is used up one by one, its last result for good. */
  private stepOf(spec: CommandSpec): ScriptedCommand | undefined {
    const found = this.script[spec.command];
    if (!isList(found)) return found;
    const before = this.asked.filter(({ command }) => command === spec.command).length;
    return found[Math.min(before, found.length - 1)];
  }
}

function isList(found: ScriptedCommand | readonly ScriptedCommand[] | undefined): found is readonly ScriptedCommand[] {
  return Array.isArray(found);
}

function resultOf(spec: CommandSpec, output: string, end: Partial<CommandResult>): CommandResult {
  return {
    exitCode: null,
    signal: null,
    timedOut: false,
    cancelled: false,
    unstartable: false,
    durationMs: 1,
    outputLimitHit: false,
    output: boundText(output, spec.excerptBytes),
    outputBytes: Buffer.byteLength(output),
    ...end,
  };
}
