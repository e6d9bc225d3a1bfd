// The command line's entry: signals, exit codes and errors. Everything else is in the commands.
import { relative } from "node:path";
import { SystemClock } from "../adapters/clock/systemClock";
import { assertNever, CountersignError, messageOf } from "../core/domain/errors";
import { parseCommandLine, type Command } from "./arguments";
import { HELP } from "./help";
import { queryCommand } from "./queryCommands";
import { reviewCommand } from "./reviewCommands";
import { EXIT, resumeCommand, retryCommand, runCommand, sampleCommand, type CommandContext } from "./runCommands";
import { quoteArgument, Terminal } from "./terminal";
import { VERSION } from "../composition/version";

async function dispatch(command: Command, context: CommandContext): Promise<number> {
  switch (command.kind) {
    case "run":
      return runCommand(command, context);
    case "resume":
      return resumeCommand(command, context);
    case "retry":
      return retryCommand(command, context);
    case "sample":
      return sampleCommand(command, context);
    case "tasks":
    case "show":
    case "diff":
    case "cost":
      return queryCommand(command, context);
    case "accept":
    case "undo":
    case "discard":
    case "node":
      return reviewCommand(command, context);
    case "policy": {
      const { policyCommand } = await import("./policyCommand");
      return policyCommand(command, context);
    }
    case "chain": {
      const { chainCommand } = await import("./chainCommand");
      return chainCommand(command, context);
    }
    case "graph": {
      const { graphCommand } = await import("./graphCommand");
      return graphCommand(command, context);
    }
    case "doctor": {
      const { doctorCommand } = await import("./doctorCommand");
      return doctorCommand(command, context);
    }
    case "help":
      context.out.line(HELP);
      return 0;
    case "version":
      context.out.line(VERSION);
      return 0;
    default:
      return assertNever(command);
  }
}

/** `countersign` where it is installed, else the way it was started. */
function programName(cwd: string): string {
  const script = process.argv[1] ?? "";
  if (!script.endsWith(".cjs")) return "countersign";
  const fromHere = relative(cwd, script);
  return `node ${quoteArgument(fromHere.length < script.length ? fromHere : script)}`;
}

async function main(): Promise<void> {
  const cwd = process.env["INIT_CWD"] ?? process.cwd();
  const out = new Terminal(process.stdout, process.env, { holdWith: new SystemClock() });
  const err = new Terminal(process.stderr, process.env, { after: out });
  // For an end at once; any other flushes below, where a write may still take its time.
  process.on("exit", () => out.flush());
  const cancel = new AbortController();
  let endNow = (): void => undefined;
  const stop = (): void => {
    if (cancel.signal.aborted) {
      endNow();
      process.exit(EXIT.cancelled);
    }
    cancel.abort("cancelled");
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  // A reader that goes away (| head) is no failure of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    // Every further line fails in the same way; only a person can ask for an end at once.
    if (!cancel.signal.aborted) stop();
  });
  try {
    const command = parseCommandLine(process.argv.slice(2), cwd);
    const onForcedExit = (end: () => void): void => {
      endNow = end;
    };
    process.exitCode = await dispatch(command, { env: process.env, cwd, out, err, program: programName(process.cwd()), signal: cancel.signal, onForcedExit });
  } catch (error) {
    err.line(`countersign: ${messageOf(error)}`);
    if (!CountersignError.is(error)) err.line((error as Error).stack ?? "");
    process.exitCode = cancel.signal.aborted ? EXIT.cancelled : EXIT.error;
  } finally {
    out.flush();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`countersign: ${messageOf(error)}\n`);
  process.exitCode = EXIT.error;
});
