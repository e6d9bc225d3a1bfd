// What a person's approval covers, and which policy entry may be offered for it. Pure.
import { decide, policyProblems, type CommandShell } from "../policy/commandPolicy";
import { hasSubcommands } from "../policy/programEffects";
import { programName } from "../policy/programName";
import { readerOf } from "../policy/readers";
import { readShell, type SimpleCommand } from "../policy/shellReading";
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
  const only = simpleCommandIn(command);
  if (only === null) return null;
  const isBroader = (entry: string): boolean => entry !== command.trim() && policyProblems({ allow: [entry], deny: [] }).length === 0 && covers(entry, command, shell);
  return candidates(only).find(isBroader) ?? null;
}

/** null: the line is more than one command with literal words. */
function simpleCommandIn(command: string): SimpleCommand | null {
  const { commands, doubts, redirects } = readShell(command);
  const [only] = commands;
  if (only === undefined || commands.length !== 1 || doubts.length + redirects.length > 0) return null;
  const isBare = only.redirects.length + only.assignments.length === 0 && only.inside === null;
  return isBare && only.words.every((word) => word.exact) ? only : null;
}

function candidates({ words }: SimpleCommand): readonly string[] {
  const [program, first] = words;
  if (program === undefined) return [];
  const isSubcommand = first !== undefined && /^\w[\w:@-]*$/.test(first.source) && hasSubcommands(programName(program.value));
  const named = isSubcommand ? [`${program.source} ${first.source}`, `${program.source} ${first.source} *`] : [];
  return readerOf(program.value) === undefined ? named : [...named, program.source];
}

/** An entry that allows the command: the offered one, or the line itself; null where none would. */
export function allowingEntry(command: string, shell: CommandShell): string | null {
  const line = command.trim();
  return offeredEntry(command, shell) ?? (policyProblems({ allow: [line], deny: [] }).length === 0 && covers(line, command, shell) ? line : null);
}

function covers(entry: string, command: string, shell: CommandShell): boolean {
  return decide(command, { allow: [entry], deny: [] }, shell).decision === "allow";
}
