// What a person's approval covers, and which policy entry may be offered for it. Pure.
import { decide, policyProblems, type CommandShell } from "../policy/commandPolicy";
import { hasSubcommands } from "../policy/programEffects";
import { programName } from "../policy/programName";
import { readerOf } from "../policy/readers";
import { readShell } from "../policy/shellReading";
import type { TaskId } from "../domain/task";
import type { KeptApproval } from "../ports/commandApproval";
import type { CommandSpec } from "../ports/commandRunner";

export interface AskedCommand {
  readonly task: TaskId;
  readonly command: string;
  readonly purpose: CommandSpec["purpose"];
  /** Of a set-up command; null where nothing is known. */
  readonly dependsOn: string | null;
  readonly shell: CommandShell;
}

/** Set-up commands are covered by what was said about them alone: they see more of the environment than others. */
export function isCovered(asked: AskedCommand, approval: KeptApproval): boolean {
  if (approval.kind === "setUp") return asked.purpose === "setup" && asked.dependsOn === approval.dependsOn && asked.command === approval.command;
  if (asked.purpose === "setup" || (approval.task !== null && approval.task !== asked.task)) return false;
  if (approval.kind === "line") return asked.command === approval.command;
  return covers(approval.entry, asked.command, asked.shell);
}

/**
 * The policy entry that may be offered for a command: null unless the line is one simple command and the entry covers
 * more than its very words. Programs that only read are offered by name, those with subcommands with theirs
 * (`npm test *`), and no others: what they are given decides what they do.
 */
export function offeredEntry(command: string, shell: CommandShell): string | null {
  try {
    return entryFor(command, shell);
  } catch {
    // A line that cannot be read can be answered as it stands, and not more.
    return null;
  }
}

function entryFor(command: string, shell: CommandShell): string | null {
  const { commands, doubts, redirects } = readShell(command);
  const [only] = commands;
  if (only === undefined || commands.length !== 1 || doubts.length + redirects.length > 0) return null;
  if (only.redirects.length + only.assignments.length > 0 || only.inside !== null || only.words.some((word) => !word.exact)) return null;
  const [program = "", first] = only.words.map((word) => word.source);
  const isPlain = first !== undefined && /^[\w:@-]+$/.test(first) && !first.startsWith("-") && hasSubcommands(programName(only.words[0]?.value ?? ""));
  const isReader = readerOf(only.words[0]?.value ?? "") !== undefined;
  const candidates = [...(isPlain ? [`${program} ${first}`, `${program} ${first} *`] : []), ...(isReader ? [program] : [])];
  const found = candidates.find((entry) => entry !== command.trim() && policyProblems({ allow: [entry], deny: [] }).length === 0 && covers(entry, command, shell));
  return found ?? null;
}

/** An entry that allows the command: the offered one, or the line itself; null where none would. */
export function allowingEntry(command: string, shell: CommandShell): string | null {
  const line = command.trim();
  return offeredEntry(command, shell) ?? (policyProblems({ allow: [line], deny: [] }).length === 0 && covers(line, command, shell) ? line : null);
}

function covers(entry: string, command: string, shell: CommandShell): boolean {
  return decide(command, { allow: [entry], deny: [] }, shell).decision === "allow";
}
