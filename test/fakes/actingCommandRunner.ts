// A command runner whose commands are functions: what they do to the working folder is real, no process is started.
import type { CommandResult, CommandRunner, CommandSpec } from "../../src/core/ports/commandRunner";

export interface Acted {
  readonly exitCode?: number;
  readonly output?: string;
}

export type Act = (cwd: string, spec: CommandSpec) => Promise<Acted | void> | Acted | void;

export class ActingCommandRunner implements CommandRunner {
  /** Command lines that were run, in order. */
  readonly ran: string[] = [];

  /** A command that has no act cannot be started, as a program that is not installed. */
  constructor(private readonly acts: Readonly<Record<string, Act>>) {}

  async run(spec: CommandSpec, signal: AbortSignal): Promise<CommandResult> {
    this.ran.push(spec.command);
    const act = this.acts[spec.command];
    const nothing = {
      signal: null,
      timedOut: false,
      cancelled: false,
      unstartable: false,
      durationMs: 1,
      output: "",
      outputBytes: 0,
      outputLimitHit: false,
    };
    if (act === undefined)
      return { ...nothing, exitCode: null, unstartable: true, output: `${spec.command}: not found\n` };
    const { exitCode = 0, output = "" } = (await act(spec.cwd, spec)) ?? {};
    if (signal.aborted) return { ...nothing, exitCode: null, cancelled: true };
    return { ...nothing, exitCode, output, outputBytes: Buffer.byteLength(output) };
  }
}
