// Turns what a command did, or what a file holds, into red or green with a reason. Pure.
import { boundedMatch } from "./boundedMatch";
import type { Check, CommandCheck } from "./contract";
import { dateRangeProblem, recalculateProblem } from "./dataChecks";
import { headingsIn, type Heading } from "./markdown";

export interface CheckOutcome {
  readonly green: boolean;
  /** One line; empty when green. */
  readonly reason: string;
}

export interface CommandFacts {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  readonly unstartable: boolean;
  /** Why it was not run at all. */
  readonly refused?: string;
  readonly outputLimitHit: boolean;
  /** The whole output, or as much of it as is kept. */
  readonly output: string;
}

const GREEN: CheckOutcome = { green: true, reason: "" };
const red = (reason: string): CheckOutcome => ({ green: false, reason });

export function commandOutcome(check: CommandCheck, facts: CommandFacts): CheckOutcome {
  if (facts.refused !== undefined) return red(`not run, as it is not allowed: ${facts.refused}`);
  if (facts.unstartable) return red("the command could not be started");
  if (facts.timedOut) return red(`timed out after ${check.timeout} s`);
  if (facts.cancelled) return red("cancelled");
  if (facts.outputLimitHit) return red("wrote more output than is allowed");
  if (facts.exitCode === null) return red(`ended by signal ${facts.signal ?? "unknown"}`);
  if (facts.exitCode !== check.exit) return red(`exit code ${facts.exitCode}, expected ${check.exit}`);
  for (const pattern of check.outputMatches) {
    const match = boundedMatch(pattern, facts.output);
    if (match !== "yes") return red(match === "no" ? unmatched(check, pattern) : tooSlow(pattern));
  }
  for (const pattern of check.outputLacks) {
    const match = boundedMatch(pattern, facts.output);
    if (match !== "no") return red(match === "yes" ? `the output matches /${pattern}/, which it must not` : tooSlow(pattern));
  }
  return GREEN;
}

/** The generator is told the reason of a sealed test's, and must not learn what it would have to print. */
function unmatched({ sealed }: CommandCheck, pattern: string): string {
  return sealed === true ? "the output lacks what the sealed test prints when all is well" : `the output does not match /${pattern}/`;
}

function tooSlow(pattern: string): string {
  return `matching /${pattern}/ takes too long: it backtracks without end`;
}

export interface FileFacts {
  readonly exists: boolean;
  /** null: the file is missing, or it is no text. */
  readonly text: string | null;
}

/** Checks of a file's text alone. */
export type TextCheck = Exclude<Check, { readonly kind: "command" | "syntax" | "destructiveCommands" }>;

export function fileOutcome(check: TextCheck, file: FileFacts): CheckOutcome {
  if (!file.exists) return red(`${check.path} does not exist`);
  if (check.kind === "fileExists") return GREEN;
  if (file.text === null) return red(`${check.path} is not a text file`);
  switch (check.kind) {
    case "fileMatches": {
      const match = boundedMatch(check.pattern, file.text);
      if (match === "yes") return GREEN;
      return red(match === "no" ? `${check.path} does not match /${check.pattern}/` : tooSlow(check.pattern));
    }
    case "sections":
      return sectionsOutcome(check.path, check.headings, file.text);
    case "noPlaceholders": {
      const found = placeholderIn(file.text);
      return found === null ? GREEN : red(`${check.path}:${found.line} holds a placeholder: ${found.text}`);
    }
    case "dateRange":
      return outcomeOf(dateRangeProblem(check, file.text));
    case "recalculate":
      return outcomeOf(recalculateProblem(check.path, check.rules, file.text));
    case "jsonPath":
      return jsonOutcome(check, file.text);
  }
}

function outcomeOf(problem: string | null): CheckOutcome {
  return problem === null ? GREEN : red(problem);
}

function sectionsOutcome(path: string, wanted: readonly string[], text: string): CheckOutcome {
  const lines = text.split(/\r?\n/);
  const headings = headingsIn(lines);
  // Text in subsections is text below the heading; a heading alone is none.
  const isFilled = ({ line, level }: Heading): boolean => {
    const end = headings.find((next) => next.line > line && next.level <= level)?.line ?? lines.length;
    return lines.some((words, at) => at > line && at < end && words.trim() !== "" && !headings.some((other) => other.line === at));
  };
  for (const heading of wanted) {
    const title = heading.replace(/^#+\s+/, "").trim().toLowerCase();
    const found = headings.filter((known) => known.title.toLowerCase() === title);
    if (found.length === 0) return red(`${path} has no section "${heading}"`);
    if (!found.some(isFilled)) return red(`the section "${heading}" of ${path} is empty`);
  }
  return GREEN;
}

/** Words that stand where work should. */
const PLACEHOLDERS = [
  /\b(TODO|TBD|TBC|FIXME|XXX)\b/,
  /\blorem ipsum\b/i,
  // "… here" is ordinary prose unless nothing or a bracket follows.
  /\byour [\w -]{1,30} here\s*($|[\]>)}"'*_])/i,
  /^\W*(insert|add|put|enter) [\w -]{1,30} here\W*$/i,
  /[[<({]\s*(insert|add|put|enter) [\w -]{1,30} here\s*[\]>)}]/i,
  /\b(rest|remainder) (of \w+ )?(unchanged|omitted|stays the same)\b/i,
  /\bexisting code\b.{0,20}(\.\.\.|…)/i,
  /(\/\/|#|<!--|\/\*)\s*(\.\.\.|…)/,
];

export function placeholderIn(text: string): { readonly line: number; readonly text: string } | null {
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (PLACEHOLDERS.some((pattern) => pattern.test(line))) return { line: index + 1, text: line.trim().slice(0, 120) };
  }
  return null;
}

function jsonOutcome(check: Extract<Check, { kind: "jsonPath" }>, text: string): CheckOutcome {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return red(`${check.path} is not valid JSON`);
  }
  for (const step of check.pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const isNoIndex = Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(key);
    if (isNoIndex || typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return red(`${check.path} has nothing at ${check.pointer}`);
    value = (value as Record<string, unknown>)[key];
  }
  return value === check.equals ? GREEN : red(`${check.path} has ${JSON.stringify(value).slice(0, 80)} at ${check.pointer}`);
}
