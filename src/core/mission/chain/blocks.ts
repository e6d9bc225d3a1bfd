// Blocks whose inside is text and nothing else: code blocks, <details>, <prompt>, comments. A block that is never closed
// is none. One pass over the lines.
import { readLabel } from "./labels";

export interface Block {
  readonly start: number;
  /** Its last line, the mark that closes it. */
  readonly end: number;
  readonly kind: "fence" | "tag";
}

const TAGS = ["details", "prompt", "reasoning", "thinking", "analysis"] as const;
/** Nested code blocks are looked for this many marks ahead: enough for any prompt, and the work stays linear. */
const MARKS_AHEAD = 200;

export interface FenceMark {
  readonly char: string;
  readonly length: number;
  readonly info: string;
}

/** ```` ```lang ```` at the beginning of `text`. */
export function fenceMark(text: string): FenceMark | null {
  const [, run = "", info = ""] = /^(`{3,}|~{3,})([^\n]*)$/.exec(text.trim()) ?? [];
  if (run === "" || (run.startsWith("`") && info.includes("`"))) return null;
  return { char: run.charAt(0), length: run.length, info: info.trim() };
}

export interface Blocks {
  readonly blocks: readonly Block[];
  /** The marks of a code block around everything. */
  readonly wrapping: readonly number[];
}

export function blocksIn(lines: readonly string[]): readonly Block[] {
  return blocksAmongTasks(lines, []).blocks;
}

/** `tasks`: lines on which a task begins; a code block around all of them is only the file's own wrapping. */
export function blocksAmongTasks(lines: readonly string[], tasks: readonly number[]): Blocks {
  const heads = lines.map(headOf);
  const fences = new Fences(heads, tasks);
  const tagEnds = new Map(TAGS.flatMap((tag) => [...pairs(lines, heads, `<${tag}`, `</${tag}>`)]));
  const comments = pairs(lines, heads, "<!--", "-->");
  const blocks: Block[] = [];
  const wrapping: number[] = [];
  for (let line = 0; line < lines.length; line += 1) {
    const end = tagEnds.get(line) ?? comments.get(line);
    const fenceEnd = end === undefined ? fences.endOf(line) : null;
    if (fenceEnd !== null && isWrapping(line, fenceEnd, tasks)) {
      wrapping.push(line, fenceEnd);
      continue;
    }
    const last = end ?? fenceEnd;
    if (last === null) continue;
    blocks.push({ start: line, end: last, kind: end === undefined ? "fence" : "tag" });
    line = last;
  }
  return { blocks, wrapping };
}

function isWrapping(start: number, end: number, tasks: readonly number[]): boolean {
  const first = tasks[0];
  return first !== undefined && first > start && first < end && (tasks.at(-1) ?? 0) < end;
}

/** What a line begins with as far as blocks are concerned: the text behind a list mark or a label. */
function headOf(line: string): string {
  const text = line.trim().replace(/^(?:[-*+]|\d{1,3}[.)])\s+/, "");
  if (/^[`~<]/.test(text)) return text;
  const value = text.endsWith("`") || text.includes("<") || text.includes("```") || text.includes("~~~") ? readLabel(line)?.value : undefined;
  return value !== undefined && /^(?:`{3}|~{3}|<)/.test(value) ? value : text;
}

/** Lines that open one of these, with the line that closes it; what is opened last is closed first. */
function pairs(lines: readonly string[], heads: readonly string[], open: string, close: string): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const stack: number[] = [];
  for (const [index, line] of lines.entries()) {
    const lower = line.toLowerCase();
    const opens = (heads[index] ?? "").toLowerCase().startsWith(open) && !/^[\w-]/.test((heads[index] ?? "").slice(open.length));
    if (opens) stack.push(index);
    if (!lower.includes(close)) continue;
    const start = stack.pop();
    if (start !== undefined) found.set(start, index);
  }
  return found;
}

class Fences {
  private readonly marks: readonly { readonly line: number; readonly mark: FenceMark }[];
  private readonly place: ReadonlyMap<number, number>;
  /** For each mark, the longest bare mark of each kind from there on. */
  private readonly longest: readonly Readonly<Record<string, number>>[];

  constructor(
    heads: readonly string[],
    private readonly tasks: readonly number[],
  ) {
    this.marks = heads.flatMap((head, line) => {
      const mark = fenceMark(head);
      return mark === null ? [] : [{ line, mark }];
    });
    this.place = new Map(this.marks.map(({ line }, at) => [line, at]));
    const longest: Record<string, number>[] = [];
    let behind: Record<string, number> = { "`": 0, "~": 0 };
    for (const [at, { mark }] of [...this.marks.entries()].toReversed()) {
      longest[at] = behind;
      if (mark.info === "") behind = { ...behind, [mark.char]: Math.max(behind[mark.char] ?? 0, mark.length) };
    }
    this.longest = longest;
  }

  /** Where the block ends that opens on this line; null: none does. */
  endOf(line: number): number | null {
    const at = this.place.get(line);
    const opener = at === undefined ? undefined : this.marks[at]?.mark;
    if (at === undefined || opener === undefined) return null;
    const end = this.bestEnd(at, opener, line);
    if (end === null || (this.tasks[0] ?? line) > line || this.taskAfter(line) > end) return end;
    // A block around tasks, and one mark too many behind it: this is the block that was never closed.
    return this.leavesOneOpen(at) ? null : end;
  }

  private leavesOneOpen(first: number): boolean {
    let at = first;
    for (let looked = 0; looked < MARKS_AHEAD && at < this.marks.length; looked += 1) {
      const found = this.marks[at];
      const end = found === undefined ? null : this.bestEnd(at, found.mark, found.line);
      if (end === null) return true;
      at = (this.place.get(end) ?? at) + 1;
    }
    return false;
  }

  private bestEnd(at: number, opener: FenceMark, line: number): number | null {
    if ((this.longest[at]?.[opener.char] ?? 0) < opener.length) return null;
    const plain = this.plainEnd(at, opener);
    const nested = this.nestedEnd(at, opener);
    if (plain === null || nested === null || nested <= plain) return plain;
    // Unbalanced marks must not swallow the tasks behind; all of them in one block are a file that is wrapped as a whole.
    return this.taskAfter(plain) > nested || (this.tasks[0] ?? 0) > line ? nested : plain;
  }

  /** The first task behind a line; beyond all lines where there is none. */
  private taskAfter(line: number): number {
    let low = 0;
    let high = this.tasks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.tasks[middle] ?? 0) > line) high = middle;
      else low = middle + 1;
    }
    return this.tasks[low] ?? Infinity;
  }

  private plainEnd(at: number, opener: FenceMark): number | null {
    for (let next = at + 1; next < this.marks.length; next += 1) {
      const found = this.marks[next];
      if (found !== undefined && closes(found.mark, opener)) return found.line;
    }
    return null;
  }

  /** A prompt in a code block holds code blocks of its own more often than a mark with a language stands for itself. */
  private nestedEnd(at: number, opener: FenceMark): number | null {
    if (!/^(?:|markdown|md|text|txt|prompt)$/i.test(opener.info)) return null;
    let depth = 1;
    for (const { line, mark } of this.marks.slice(at + 1, at + 1 + MARKS_AHEAD)) {
      if (mark.char !== opener.char || mark.length < opener.length) continue;
      if (mark.info !== "" && mark.length === opener.length) depth += 1;
      else if (mark.info === "") depth -= 1;
      if (depth === 0) return line;
    }
    return null;
  }
}

function closes(mark: FenceMark, opener: FenceMark): boolean {
  return mark.info === "" && mark.char === opener.char && mark.length >= opener.length;
}
