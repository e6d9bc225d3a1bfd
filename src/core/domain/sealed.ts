// Sealed checks: acceptance tests that the generator never sees. What of a contract it gets, and what of the output of
// such a test, which likes to print its own source. Pure.
import type { Check, CommandCheck, Contract, SealedFile } from "./contract";

export function isSealed(check: Check): check is CommandCheck {
  return check.kind === "command" && check.sealed === true;
}

/** The criteria that a check verifies, its own first. */
export function criteriaOf(check: Check): readonly string[] {
  return [check.criterion, ...(check.kind === "command" ? (check.alsoCovers ?? []) : [])];
}

/** The folder that holds all of the sealed files and nothing else, relative to the root; "" where they have none. */
export function sealedFolder(files: readonly SealedFile[]): string {
  const folders = files.map(({ path }) => path.split("/").slice(0, -1));
  const [first = [], ...others] = folders;
  const differs = first.findIndex((name, at) => others.some((folder) => folder[at] !== name));
  return (differs === -1 ? first : first.slice(0, differs)).join("/");
}

/** The contract as the generator gets it: nothing that is sealed is in it. */
export function withoutSealed(contract: Contract): Contract {
  const { sealedFiles: _, ...open } = contract;
  return { ...open, checks: contract.checks.filter((check) => !isSealed(check)) };
}

/** Shorter lines are in any program: a bracket, `return x`, a number. */
const TELLING_CHARS = 10;
/** What stands before a line of source in code frames, tracebacks and diffs: `> 12 | `, `E   `, `+ `. */
const GUTTER = /^(?:[>E»›❯→+\-|│┃*#]|\d+[:|│┃.)]?|\s)+/u;
const LITERAL = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g;

/** Instead of the folder's name. */
const SOMEWHERE = "sealed";
const LEFT_OUT = "[a line of the sealed test was left out]";

/**
 * Text without the lines that show source of the sealed files, whole or in parts, and without the name of their folder.
 * What a test says in words of its own stays: a text between quotation marks is what it is meant to print.
 */
export function withoutSource(text: string, files: readonly SealedFile[]): string {
  const source = files.flatMap((file) => file.text.split(/\r?\n/)).map(folded).filter(isTelling);
  if (files.length === 0) return text;
  const lines = text.split(/\r?\n/).map((line) => (shows(line, source) ? LEFT_OUT : line));
  const left = lines.filter((line, index) => line !== LEFT_OUT || lines[index - 1] !== LEFT_OUT).join("\n");
  const folder = sealedFolder(files);
  return folder === "" ? left : left.replaceAll(folder, SOMEWHERE);
}

function shows(line: string, source: readonly string[]): boolean {
  const whole = folded(line);
  const core = folded(line.replace(GUTTER, ""));
  if (!isTelling(core)) return false;
  return source.some((known) => whole.includes(bare(known)) || isPart(core, known));
}

/** Printers leave out what ends a statement. */
function bare(line: string): string {
  return line.replace(/[\s;,{(]+$/, "");
}

function isPart(core: string, known: string): boolean {
  if (!known.includes(core)) return false;
  const said = [...known.matchAll(LITERAL)].map(([literal]) => literal.slice(1, -1));
  return !said.some((words) => words.includes(core));
}

function isTelling(line: string): boolean {
  return bare(line).length >= TELLING_CHARS && /[\p{L}\p{N}]/u.test(line);
}

function folded(line: string): string {
  return line.replaceAll(/\s+/g, " ").trim();
}
