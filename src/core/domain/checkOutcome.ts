// Turns what a command did, or what a file holds, into red or green with a reason. Pure.
import type { Check, CommandCheck } from "./contract";

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
  readonly outputLimitHit: boolean;
  /** The whole output, or as much of it as is kept. */
  readonly output: string;
}

const GREEN: CheckOutcome = { green: true, reason: "" };
const red = (reason: string): CheckOutcome => ({ green: false, reason });

export function commandOutcome(check: CommandCheck, facts: CommandFacts): CheckOutcome {
  if (facts.unstartable) return red("the command could not be started");
  if (facts.timedOut) return red(`timed out after ${check.timeout} s`);
  if (facts.cancelled) return red("cancelled");
  if (facts.outputLimitHit) return red("wrote more output than is allowed");
  if (facts.exitCode === null) return red(`ended by signal ${facts.signal ?? "unknown"}`);
  if (facts.exitCode !== check.exit) return red(`exit code ${facts.exitCode}, expected ${check.exit}`);
  const missing = check.outputMatches.find((pattern) => !new RegExp(pattern, "m").test(facts.output));
  if (missing !== undefined) return red(`the output does not match /${missing}/`);
  const present = check.outputLacks.find((pattern) => new RegExp(pattern, "m").test(facts.output));
  return present === undefined ? GREEN : red(`the output matches /${present}/, which it must not`);
}

/** `text` null: the file is missing; or it is binary. */
export function fileOutcome(check: Exclude<Check, CommandCheck>, file: { readonly exists: boolean; readonly text: string | null }): CheckOutcome {
  if (!file.exists) return red(`${check.path} does not exist`);
  if (check.kind === "fileExists") return GREEN;
  if (file.text === null) return red(`${check.path} is not a text file`);
  switch (check.kind) {
    case "fileMatches":
      return new RegExp(check.pattern, "m").test(file.text) ? GREEN : red(`${check.path} does not match /${check.pattern}/`);
    case "sections":
      return sectionsOutcome(check.path, check.headings, file.text);
    case "noPlaceholders": {
      const found = placeholderIn(file.text);
      return found === null ? GREEN : red(`${check.path}:${found.line} holds a placeholder: ${found.text}`);
    }
    case "jsonPath":
      return jsonOutcome(check, file.text);
  }
}

function sectionsOutcome(path: string, headings: readonly string[], text: string): CheckOutcome {
  const sections = new Map<string, string>();
  let current: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading !== undefined) {
      // A parent section is filled by its subsections.
      if (current !== null) sections.set(current, (sections.get(current) ?? "") + heading);
      current = heading.toLowerCase();
      if (!sections.has(current)) sections.set(current, "");
    } else if (current !== null) sections.set(current, (sections.get(current) ?? "") + line.trim());
  }
  const missing = headings.find((heading) => !sections.has(heading.toLowerCase()));
  if (missing !== undefined) return red(`${path} has no section "${missing}"`);
  const empty = headings.find((heading) => sections.get(heading.toLowerCase()) === "");
  return empty === undefined ? GREEN : red(`the section "${empty}" of ${path} is empty`);
}

/** Words that stand where work should. */
const PLACEHOLDERS = [
  /\b(TODO|TBD|TBC|FIXME|XXX)\b/,
  /\blorem ipsum\b/i,
  /\byour [\w -]{1,30} here\b/i,
  /\b(insert|add|put) [\w -]{1,30} here\b/i,
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
    value = JSON.parse(text);
  } catch {
    return red(`${check.path} is not valid JSON`);
  }
  for (const step of check.pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return red(`${check.path} has nothing at ${check.pointer}`);
    value = (value as Record<string, unknown>)[key];
  }
  return value === check.equals ? GREEN : red(`${check.path} has ${JSON.stringify(value).slice(0, 80)} at ${check.pointer}`);
}
