// Decides whether a command line may run unasked, must be asked about, or is refused. Pure: it parses, and never runs,
// expands or looks at a disk.
import { coverage, problemWithRedirects, type Coverage } from "./coverage";
import { findDenied } from "./deniedCommand";
import { hiddenCharacter, withoutHiddenCharacters } from "./hiddenCharacters";
import { readEntries, type PolicyEntry } from "./policyEntry";
import { LONGEST_COMMAND, readAsPosixShell, readShell, shortened, type ShellReading } from "./shellReading";
import { windowsDoubt, windowsSpellings } from "./windowsShell";
import { messageOf } from "../domain/errors";

/**
 * A policy is two lists of entries. An entry is the beginning of a command, as one would type it: `git status`,
 * `npm test`, `ls`, `rm`. Quotes in it are read as a shell reads them; nothing else has a meaning but a last ` *`.
 *
 * **Deny** wins. An entry denies every command that begins with it, wherever it stands: behind `sudo`, `env` or
 * `xargs`, in `$(…)`, in `bash -c '…'`, as `/usr/bin/rm`, `r\m` or `'r'm`, with its options in any order, clustered or
 * spelled out. Whatever hides from that is still not allowed: it is asked about.
 *
 * **Allow** needs every simple command of the line to be covered, and nothing in it that could do something else.
 * - An entry covers the command that it spells out, word for word.
 * - For programs that are known to read (`ls`, `grep`, `git log`, `sed`, `find` …), it also covers all further
 *   arguments that only make them read: `git log` covers `git log --oneline -5`, and not `git log --output=f`.
 * - For other programs, a last ` *` stands for any further literal arguments: `npm test *`. It does not stand for
 *   options that write, load or run something (`--output`, `--config`, `--exec` …), nor for another command: these
 *   must be named before it.
 *
 * **Everything else is asked about**: substitutions, redirections into files, here-documents, background jobs,
 * functions, most assignments, variables and globs except where a program only reads, files that hold secrets,
 * characters that nobody sees, and whatever cannot be parsed.
 */
export interface CommandPolicy {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

export type Decision = "allow" | "ask" | "deny";

export interface PolicyDecision {
  readonly decision: Decision;
  /** One or two sentences for a person. */
  readonly reason: string;
}

/** Who reads the command line in the end: `/bin/sh`, or Windows' cmd.exe. */
export type CommandShell = "sh" | "cmd";

/** Total and deterministic: never throws, and ends in time that grows with the command's length. */
export function decide(command: string, policy: CommandPolicy, shell: CommandShell = "sh"): PolicyDecision {
  try {
    return decideReadable(command, policy, shell);
  } catch (error) {
    // A parser that fails has not understood: the person decides.
    return ask(`It could not be read: ${messageOf(error)}`);
  }
}

/** What is wrong with a policy's entries, each a whole sentence; entries with problems mean nothing. */
export function policyProblems(policy: CommandPolicy): readonly string[] {
  return [...readEntries(policy.allow).problems, ...readEntries(policy.deny).problems];
}

function decideReadable(command: string, policy: CommandPolicy, shell: CommandShell): PolicyDecision {
  if (command.length > LONGEST_COMMAND) return ask(`It is longer than ${LONGEST_COMMAND} characters`);
  const deny = readEntries(policy.deny);
  const hidden = hiddenCharacter(command);
  const reading = readShell(command);
  const posix = readAsPosixShell(command, reading);
  const others = [...(hidden === null ? [] : withoutHiddenCharacters(command)), ...(shell === "cmd" ? windowsSpellings(command) : [])];
  const readings = [reading, ...(posix === null ? [] : [posix]), ...others.map(readShell)];
  const searches = readings.map((one) => findDenied(one, deny.entries));
  const found = searches.find((search) => search.kind === "found");
  if (found?.kind === "found") return { decision: "deny", reason: denialReason(found.denial.entry, found.denial.within) };
  if (hidden !== null) return ask(`It holds ${hidden}`);
  if (searches.some((search) => search.kind === "gaveUp")) return ask("It holds more commands in commands than can be looked through");
  const [problem] = deny.problems;
  if (problem !== undefined) return { decision: "ask", reason: `Nothing is allowed while a deny entry cannot be read. ${problem}` };
  const doubt = shell === "cmd" ? windowsDoubt(command) : null;
  if (doubt !== null) return ask(doubt);
  const allow = readEntries(policy.allow).entries;
  return [reading, ...(posix === null ? [] : [posix])].map((one) => decideReading(one, allow)).reduce((first, second) => (first.decision === "ask" ? first : second));
}

/** For one way to read the command line, with nothing denied in it. */
function decideReading(reading: ShellReading, allow: readonly PolicyEntry[]): PolicyDecision {
  const [doubt] = reading.doubts;
  if (doubt !== undefined) return ask(doubt);
  if (reading.commands.length === 0) return ask("There is no command in it");
  const redirect = problemWithRedirects(reading.redirects);
  if (redirect !== null) return ask(redirect);
  const covered: Extract<Coverage, { kind: "covered" }>[] = [];
  for (const command of reading.commands) {
    const one = coverage(command, allow, reading.commands.length === 1);
    if (one.kind === "open") return ask(one.why);
    covered.push(one);
  }
  // A folder of the repository may be a repository of its own, with settings that run programs.
  const obeying = covered.find((one) => one.obeysFolder);
  if (obeying !== undefined && covered.some((one) => one.changesFolder)) return ask(`It runs ${obeying.by.words[0] ?? ""} in another folder`);
  const entries = [...new Set(covered.map((one) => one.by.text))].map((text) => `"${text}"`);
  return { decision: "allow", reason: `Covered by ${entries.join(", ")}.` };
}

function ask(why: string): PolicyDecision {
  return { decision: "ask", reason: `${why}.` };
}

function denialReason(entry: PolicyEntry, within: readonly string[]): string {
  const place = within.length === 0 ? "" : `, found in ${within.map(shortened).join(" → ")}`;
  return `"${entry.text}" is denied${place}.`;
}
