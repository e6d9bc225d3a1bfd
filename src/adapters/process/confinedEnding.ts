// How a command in a sandbox ended: the sandbox's own process tells the exit code, and signals only in the way of
// shells. Pure, but for reading what that process says.
import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { Readable } from "node:stream";
import { CountersignError } from "../../core/domain/errors";
import { couldNotExecute, exitCodeIn, firstProcessIn, STATUS_FD } from "../sandbox/bubblewrap";

interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** Above it, an exit code means a signal. */
const BY_SIGNAL = 128;
/** Signals that end a program; higher ones are for special purposes, and so are exit codes of that height. */
const HIGHEST_SIGNAL = 15;
const MOST_STATUS = 4096;

export interface SandboxStatus {
  /** What the sandbox has said so far. */
  readonly text: () => string;
  /** Its first process inside, once it is known. */
  readonly first: () => number | null;
  /** Resolves when it has said everything. */
  readonly ended: Promise<void>;
}

export function followStatus(child: ChildProcess): SandboxStatus {
  const stream = child.stdio[STATUS_FD];
  let text = "";
  if (stream instanceof Readable) {
    stream.on("data", (chunk: Buffer) => {
      if (text.length < MOST_STATUS) text += chunk.toString("latin1");
    });
    // It ends with its process, whose exit tells more.
    stream.on("error", () => undefined);
  }
  const ended = stream instanceof Readable ? new Promise<void>((resolve) => void stream.once("close", resolve)) : Promise.resolve();
  return { text: () => text, first: () => firstProcessIn(text), ended };
}

interface Told {
  readonly status: string;
  readonly output: string;
  /** A shell's own exit code for a program that was ended by a signal looks the same. */
  readonly isShell: boolean;
  readonly isInterrupted: boolean;
}

/** Rejects with `process` where the sandbox itself failed: that must not pass for a command that failed. */
export function endingInside(exit: Exit, { status, output, isShell, isInterrupted }: Told): Exit & { readonly unstartable: boolean } {
  const code = exitCodeIn(status);
  if (!isInterrupted && exit.exitCode === 1 && couldNotExecute(output)) return { exitCode: null, signal: null, unstartable: true };
  if (code === null && !isInterrupted && exit.signal === null && exit.exitCode !== null) throw failed(output);
  const exitCode = code ?? exit.exitCode;
  const signal = exit.signal ?? signalNamed(exitCode);
  if (signal === null || (isShell && !isInterrupted && exit.signal === null)) return { exitCode, signal: null, unstartable: false };
  return { exitCode: null, signal, unstartable: false };
}

function signalNamed(exitCode: number | null): string | null {
  if (exitCode === null || exitCode <= BY_SIGNAL || exitCode > BY_SIGNAL + HIGHEST_SIGNAL) return null;
  return Object.entries(constants.signals).find(([, number]) => number === exitCode - BY_SIGNAL)?.[0] ?? null;
}

function failed(output: string): CountersignError {
  const said = output.trim().split("\n").at(-1) ?? "";
  return new CountersignError(
    "process",
    `The sandbox for a command could not be set up (${said}). The command was not run, nothing was changed. ` +
      "`countersign doctor` tells what protects commands here; the setting `sandbox` can switch it off, and you are asked before each command then.",
  );
}
