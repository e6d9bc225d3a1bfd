// Turns what a model wrote into a pattern that ripgrep and JavaScript understand alike, so that the answer does not
// depend on which of them searches. What only JavaScript has (lookaround, back references) is marked as such. Pure.
import { CountersignError } from "../../core/domain/errors";

export interface SearchPattern {
  /** For `new RegExp`, matched against one line without its line ending. */
  readonly script: { readonly source: string; readonly flags: string };
  /** The same for ripgrep; null when its engine cannot do it. */
  readonly rust: string | null;
}

/** Neither engine may let these stand for a part of a line: its ending, or a byte that is no UTF-8. */
const NEVER_INSIDE = "\\n\\r\\u{fffd}";
const SPACE =
  "\\t\\u{b}\\u{c} \\u{a0}\\u{1680}\\u{2000}-\\u{200a}\\u{2028}\\u{2029}\\u{202f}\\u{205f}\\u{3000}\\u{feff}";
const SETS: Readonly<Record<string, string>> = { d: "0-9", w: "0-9A-Za-z_", s: SPACE };
const LONGEST = 2000;

/** Rejects with `badRequest` what is no pattern, or one that no line can match. */
export function searchPattern(
  pattern: string,
  options: { readonly literal: boolean; readonly ignoreCase: boolean },
): SearchPattern {
  if (pattern === "") throw refused("it is empty");
  if (pattern.length > LONGEST) throw refused(`it is longer than ${LONGEST} characters`);
  if (/[\n\r]/.test(pattern)) throw refused("lines are searched one by one: look for one line's text");
  const inline = options.literal ? null : /^\(\?i\)/.exec(pattern);
  const source = inline === null ? pattern : pattern.slice(inline[0].length);
  const insensitive = options.ignoreCase || inline !== null;
  const shared = options.literal ? Array.from(source, literal).join("") : new PatternReader(source).read();
  if (shared !== null && compiles(shared, "u")) {
    return { script: { source: shared, flags: insensitive ? "iu" : "u" }, rust: rustFormOf(shared, insensitive) };
  }
  const flags = (insensitive ? "i" : "") + (/\\p\{|\\u\{/i.test(source) && compiles(source, "u") ? "u" : "");
  const problem = problemOf(source, flags);
  if (problem !== null) throw refused(problem);
  return { script: { source, flags }, rust: null };
}

function refused(reason: string): CountersignError {
  return new CountersignError("badRequest", `The search pattern cannot be used: ${reason}.`);
}

function problemOf(source: string, flags: string): string | null {
  try {
    RegExp(source, flags);
    return null;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)} (literal: true takes it as plain text)`;
  }
}

function compiles(source: string, flags: string): boolean {
  return problemOf(source, flags) === null;
}

/** A character that means itself in both engines, inside classes too. */
function literal(char: string): string {
  return /^[\w ]$/.test(char) ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

/**
 * `\u{…}` is common to both; a word boundary of ASCII words and the end before `\r\n` are written differently. (With
 * case ignored, JavaScript alone takes U+017F and U+212A for letters of a word: not worth another notation.)
 */
function rustFormOf(shared: string, insensitive: boolean): string {
  const rust = shared.replace(/\\b|\$/g, (token) => (token === "$" ? "(?:\\r?$)" : "(?-u:\\b)"));
  return insensitive ? `(?i)${rust}` : rust;
}

/** Reads the syntax that both engines share and prints it without anything they read differently; null for the rest. */
class PatternReader {
  private at = 0;
  /** Where the items of the class that is being read begin. */
  private classStart = 0;
  private classHasLineEnding = false;

  constructor(private readonly source: string) {}

  read(): string | null {
    let out = "";
    while (this.at < this.source.length) {
      const part = this.readPart();
      if (part === null) return null;
      out += part;
    }
    return out;
  }

  private readPart(): string | null {
    const char = this.next();
    switch (char) {
      case ".":
        return `[^${NEVER_INSIDE}]`;
      case "^":
        // A file's first line may begin with its byte order mark.
        return "(?:^\\u{feff}?)";
      case "$":
      case "|":
      case ")":
      case "*":
      case "+":
      case "?":
        return char;
      case "(":
        return this.readGroup();
      case "[":
        return this.readClass();
      case "{":
        return this.readRepetition();
      case "\\":
        return this.readEscape();
      default:
        return literal(char);
    }
  }

  private next(): string {
    const char = String.fromCodePoint(this.source.codePointAt(this.at) ?? 0);
    this.at += char.length;
    return char;
  }

  private take(pattern: RegExp): string | null {
    const found = pattern.exec(this.source.slice(this.at))?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  private readGroup(): string | null {
    if (this.source[this.at] !== "?") return "(";
    return this.take(/^\?:/) === null ? null : "(?:";
  }

  /** A `{` that begins no repetition means itself, as in JavaScript. */
  private readRepetition(): string {
    const bounds = this.take(/^\d{1,3}(?:,\d{0,3})?\}/);
    return bounds === null ? literal("{") : `{${bounds}`;
  }

  private readEscape(): string | null {
    const char = this.next();
    if (char === "b") return "\\b";
    const set = SETS[char.toLowerCase()];
    if (set !== undefined && char in SETS) return `[${set}]`;
    if (set !== undefined) return `[^${set}${NEVER_INSIDE}]`;
    return this.plainEscape(char);
  }

  /** An escape that stands for one character; null for any other. */
  private plainEscape(char: string): string | null {
    if (char === "t") return "\\t";
    if (char === "x" || char === "u") {
      const code = this.take(char === "x" ? /^[\da-f]{2}/i : /^[\da-f]{4}/i);
      const value = code === null ? 0xd800 : Number.parseInt(code, 16);
      return value >= 0xd800 && value <= 0xdfff ? null : literal(String.fromCodePoint(value));
    }
    return /^[\w\0]$/.test(char) ? null : literal(char);
  }

  private readClass(): string | null {
    if (this.take(/^(?:\\s\\S|\\S\\s|\\d\\D|\\D\\d|\\w\\W|\\W\\w)\]/) !== null) return `[^${NEVER_INSIDE}]`;
    const negated = this.take(/^\^/) !== null;
    this.classStart = this.at;
    this.classHasLineEnding = false;
    let items = "";
    while (this.at < this.source.length) {
      const char = this.next();
      if (char === "]") return this.printClass(negated, items);
      const item = this.readClassItem(char);
      if (item === null) return null;
      items += item;
    }
    return null;
  }

  /** Null for a class without items: one engine takes it for never or always, the other for a mistake. */
  private printClass(negated: boolean, items: string): string | null {
    if (items === "" && !(negated && this.classHasLineEnding)) return null;
    return negated ? `[^${NEVER_INSIDE}${items}]` : `[${items}]`;
  }

  private readClassItem(char: string): string | null {
    if (char === "[") return null;
    // At either end of a class it means itself, elsewhere it makes a range.
    if (char === "-") return this.at - 1 === this.classStart || this.source[this.at] === "]" ? literal("-") : "-";
    if (char !== "\\") return literal(char);
    const escaped = this.next();
    if (escaped in SETS) return SETS[escaped] ?? null;
    // No line holds one, so only leaving them out of a negated class would show, and that is done for every one.
    if (escaped !== "n" && escaped !== "r") return this.plainEscape(escaped);
    this.classHasLineEnding = true;
    return "";
  }
}
