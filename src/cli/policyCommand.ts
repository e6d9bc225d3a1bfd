// `policy`: tries a command policy on commands from standard input, one JSON string a line. It runs none of them and
// needs no repository.
import { StringDecoder } from "node:string_decoder";
import { CountersignError } from "../core/domain/errors";
import { decide, policyProblems, type CommandPolicy, type CommandShell, type Decision, type PolicyDecision } from "../core/policy/commandPolicy";
import type { Command } from "./arguments";
import type { CommandContext } from "./runCommands";
import type { Terminal } from "./terminal";

type PolicyCommand = Extract<Command, { kind: "policy" }>;

const ENDED = 0;
const SOME_UNREAD = 1;
const CANCELLED = 4;

/** Throws CountersignError `badRequest` for entries that mean nothing, before anything is read. */
export async function policyCommand(command: PolicyCommand, context: CommandContext): Promise<number> {
  const policy: CommandPolicy = { allow: command.allow, deny: command.deny };
  const problems = policyProblems(policy);
  if (problems.length > 0) throw new CountersignError("badRequest", problems.join("\n"));
  const shell: CommandShell = process.platform === "win32" ? "cmd" : "sh";
  let exitCode = ENDED;
  let number = 0;
  for await (const line of linesOf(process.stdin, context.signal)) {
    number += 1;
    if (line.trim() === "") continue;
    const text = stringIn(line);
    if (text === null) {
      context.err.line(`countersign: line ${number} is no JSON string and was left out. A command is written as "git status".`);
      exitCode = SOME_UNREAD;
      continue;
    }
    const decided = decide(text, policy, shell);
    if (command.json) context.out.raw(`${JSON.stringify({ command: text, ...decided })}\n`);
    else context.out.line(row(text, decided, context.out));
  }
  return context.signal.aborted ? CANCELLED : exitCode;
}

/** Split at line feeds alone: inside of a JSON string any other separator is text. */
async function* linesOf(input: NodeJS.ReadStream, signal: AbortSignal): AsyncGenerator<string> {
  const stop = (): void => void input.destroy();
  signal.addEventListener("abort", stop, { once: true });
  const decoder = new StringDecoder("utf8");
  let rest = "";
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch (error) {
    // A stream that was destroyed on request ends with an error of its own.
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
  if (rest !== "" && !signal.aborted) yield rest;
}

function stringIn(line: string): string | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "string" ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const COMMAND_WIDTH = 48;

function row(command: string, { decision, reason }: PolicyDecision, out: Terminal): string {
  const paint: Record<Decision, (text: string) => string> = { allow: out.green, ask: out.yellow, deny: out.red };
  return `${paint[decision](decision.padEnd(5))}  ${visible(command).padEnd(COMMAND_WIDTH)}  ${reason}`;
}

/** In one line, with what a terminal would swallow written out, and cut where it is long. */
function visible(command: string): string {
  const escaped = command.replace(/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, (char) => (char === " " ? char : escapeOf(char)));
  const characters = Array.from(escaped);
  return characters.length > COMMAND_WIDTH ? `${characters.slice(0, COMMAND_WIDTH - 1).join("")}…` : escaped;
}

function escapeOf(char: string): string {
  const short = JSON.stringify(char).slice(1, -1);
  return short === char ? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}` : short;
}
