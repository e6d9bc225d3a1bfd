// The tool that runs a command line in the worktree's root and answers with its exit code and bounded output.
import * as z from "zod/mini";
import type { CommandResult } from "../ports/commandRunner";
import { defineTool, failed } from "./defineTool";
import { markRefusal } from "./redactedInput";
import type { ToolOutcome } from "./tool";

const DEFAULT_SECONDS = 120;
const MOST_SECONDS = 900;
const EXCERPT_BYTES = 16 * 1024;

export const runCommand = defineTool({
  name: "run_command",
  description: `Runs a shell command in the root; no stdin, no background processes. Timeout in s: default ${DEFAULT_SECONDS}, at most ${MOST_SECONDS}.`,
  schema: z.object({ command: z.string(), timeout: z.optional(z.number().check(z.gt(0))) }),
  readOnly: false,
  describe: ({ command }) => command,
  run: async ({ command, timeout = DEFAULT_SECONDS }, { files, commands, signal, outputFile, onOutput }) => {
    if (command.trim() === "") return failed("The command is empty.", "empty command");
    const refusal = markRefusal(command, "", "Write the command so that it reads the value from where it stands.");
    if (refusal !== null) return refusal;
    const seconds = Math.min(timeout, MOST_SECONDS);
    const file = outputFile("command");
    const spec = {
      command,
      cwd: files.root,
      timeoutMs: seconds * 1000,
      outputFile: file,
      excerptBytes: EXCERPT_BYTES,
      purpose: "agent",
      onOutput,
    } as const;
    return outcomeOf(await commands.run(spec, signal), seconds, file);
  },
});

function outcomeOf(result: CommandResult, seconds: number, file: string): ToolOutcome {
  if (result.refused !== undefined) return failed(`not allowed by the user: ${result.refused} It was not run; go on without it.`, "not allowed by the user");
  const end = endOf(result, seconds);
  const output = result.output === "" ? "" : `\n${result.output.replace(/\n$/, "")}`;
  const isCut = result.outputBytes > EXCERPT_BYTES;
  const closing = isCut ? `\n[cut; full output: ${file}]` : "";
  const quiet = output === "" ? ", no output" : "";
  return { ok: result.exitCode === 0, text: `${end}${quiet}${output}${closing}`, summary: end };
}

/** In one line, how the command ended. */
function endOf(result: CommandResult, seconds: number): string {
  if (result.unstartable) return "could not be started";
  if (result.cancelled) return "cancelled";
  if (result.timedOut) return `ended after ${seconds} s, its time limit`;
  if (result.outputLimitHit) return "ended for writing too much output";
  if (result.exitCode === null) return `ended by ${result.signal ?? "a signal"}`;
  return `exit ${result.exitCode}`;
}
