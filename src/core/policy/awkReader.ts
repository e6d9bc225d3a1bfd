// `awk`: programs that neither run commands nor write files. A small scanner; what it cannot tell apart is refused.
import { optionTable } from "./optionTable";
import { guardedArguments, reader, type Reader } from "./reader";
import { shortened } from "./shellReading";
import type { ShellWord } from "./shellWord";

const OPTIONS = optionTable("-F: -v: --field-separator= --assign= --posix --sandbox");

function check(args: readonly ShellWord[]): string | null {
  return guardedArguments(args, OPTIONS, ({ operands, mixed }) => {
    const [program] = operands;
    if (program?.exact !== true) return "has a program that is not literal";
    if (mixed) return "has options behind its program";
    return onlyComputes(program.value) ? null : `has a program that may write or run something: ${shortened(program.value)}`;
  });
}

/** Words behind which a `/` begins a pattern, though they look like names. */
const KEYWORDS = new Set("print printf return in if else while do for case switch delete exit next nextfile func function BEGIN END BEGINFILE ENDFILE".split(" "));
/** What runs commands, reads from them, or loads further programs. */
const ACTS = new Set(["system", "getline"]);
const HEADS = new Set(["if", "while", "for", "switch"]);
const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const STRING = /"(?:[^"\\\n]|\\[^])*"/y;
const COMMENT = /#[^\n]*/y;
const PATTERN = /\/(?:[^/\\\n[]|\\.|\[\^?\]?(?:\[:[a-z]+:\]|\\[^\]/\n[]|[^\]\\/\n[])*\])*\//y;
const BLANK = /(?:[ \t\r]|\\\n)+/y;

interface Scan {
  /** Whether a `/` now begins a pattern, divides, or nobody can tell. */
  slash: "pattern" | "divides" | "unclear";
  /** Within `print …`, outside of parentheses opened in it, `>` writes a file. */
  printDepth: number | null;
  /** For each open bracket, whether a statement follows when it is closed, as behind `if (…)`. */
  readonly open: boolean[];
  /** The last word was `if`, `while`, `for` or `switch`. */
  isHead: boolean;
}

/** True when a program only computes and prints. */
export function onlyComputes(program: string): boolean {
  const scan: Scan = { slash: "pattern", printDepth: null, open: [], isHead: false };
  let at = 0;
  while (at < program.length) {
    const token = tokenAt(program, at, scan);
    if (token === null || !follow(scan, token)) return false;
    at += token.text.length;
  }
  return true;
}

interface Token {
  readonly kind: "blank" | "name" | "value" | "sign";
  readonly text: string;
}

function tokenAt(program: string, at: number, scan: Scan): Token | null {
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(program)?.[0] ?? null;
  };
  const blank = match(BLANK) ?? match(COMMENT);
  if (blank !== null) return { kind: "blank", text: blank };
  const name = match(NAME);
  if (name !== null) return { kind: "name", text: name };
  const value = match(NUMBER) ?? match(STRING);
  if (value !== null) return { kind: "value", text: value };
  const char = program.charAt(at);
  if (char === '"' || char === "@" || char === "\\") return null;
  if (char === "/" && scan.slash === "unclear") return null;
  if (char === "/" && scan.slash === "pattern") {
    const pattern = match(PATTERN);
    return pattern === null ? null : { kind: "value", text: pattern };
  }
  const sign = /\|\||&&|\+\+|--|>>|>=|[^]/y;
  sign.lastIndex = at;
  return { kind: "sign", text: sign.exec(program)?.[0] ?? char };
}

/** Takes a token into account; false when it may write or run something. */
function follow(scan: Scan, token: Token): boolean {
  if (token.kind === "blank") return true;
  if (token.kind === "name") {
    if (ACTS.has(token.text)) return false;
    if (token.text === "print" || token.text === "printf") scan.printDepth = scan.open.length;
    scan.isHead = HEADS.has(token.text);
    // `length / 2` divides, `length /x/` does not: only awk's grammar knows.
    scan.slash = KEYWORDS.has(token.text) ? "pattern" : token.text === "length" ? "unclear" : "divides";
    return true;
  }
  if (token.kind === "value") {
    scan.slash = "divides";
    return true;
  }
  return followSign(scan, token.text);
}

function followSign(scan: Scan, sign: string): boolean {
  if (sign === "|" || sign === ">>") return false;
  if (sign === ">" && scan.printDepth !== null && scan.open.length <= scan.printDepth) return false;
  // A line break may stand within `print a,`, so that it ends nothing here.
  if (";{}".includes(sign)) scan.printDepth = null;
  if ("([{".includes(sign)) scan.open.push(scan.isHead);
  const isHead = ")]}".includes(sign) ? scan.open.pop() : false;
  scan.isHead = false;
  if (sign === "$") scan.slash = "unclear";
  else scan.slash = (sign === ")" && isHead !== true) || ["]", "++", "--"].includes(sign) ? "divides" : "pattern";
  return true;
}

export const awkReader: Reader = reader(check);
