// Finds the structure of a printed transcript again from its text alone, so that folds, outline and links always fit
// the text that is shown. Pure, and linear in the text.
import { codeBlocksIn, type CodeBlock } from "../domain/markdown";
import { CALL_MARKS, WHOLE_LINE } from "./printToolCall";

/** A range of lines, 0-based, both ends included. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

export interface OutlineCall extends LineRange {
  readonly kind: "call" | "thinking" | "said";
  /** `✘ run_command npm test`. */
  readonly title: string;
  /** `exit 1 · 4.3 s`. */
  readonly detail: string;
  /** Place among all calls of the session, from 0; -1 for what is no call. */
  readonly ordinal: number;
  readonly failed: boolean;
}

export interface OutlineSection extends LineRange {
  readonly kind: "instructions" | "request" | "remark" | "turn" | "other";
  /** `Turn 3`. */
  readonly title: string;
  readonly detail: string;
  readonly children: readonly OutlineCall[];
}

/** The line below a block that was cut, and what it stands for. */
export interface WholeLink {
  readonly line: number;
  readonly ordinal: number;
  readonly part: "input" | "result";
}

/** A path in the heading of a call: columns [from, to). */
export interface PathLink {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly path: string;
}

export interface TranscriptOutline {
  readonly sections: readonly OutlineSection[];
  readonly blocks: readonly LineRange[];
  readonly wholes: readonly WholeLink[];
  readonly paths: readonly PathLink[];
}

const MARKS = Object.values(CALL_MARKS).join("");
const CALL = new RegExp(`^[${MARKS}] `);
/** Tools whose first code span is a path. */
const PATH = new RegExp(`^### [${MARKS}] (?:read_file|write_file|edit_file) (\`+)( ?)(.+?)\\2\\1(?: |$)`);

export function transcriptOutline(lines: readonly string[]): TranscriptOutline {
  const blocks = codeBlocksIn(lines);
  const reader = new OutlineReader();
  let next = 0;
  for (const [index, line] of lines.entries()) {
    while (endOf(blocks[next], lines) < index) next += 1;
    if (index < (blocks[next]?.open ?? Infinity)) reader.read(index, line);
  }
  return { ...reader.finish(lines), blocks: blocks.map((block) => ({ start: block.open, end: endOf(block, lines) })) };
}

function endOf(block: CodeBlock | undefined, lines: readonly string[]): number {
  return block === undefined ? Infinity : (block.close ?? lines.length - 1);
}

interface OpenChild extends OutlineCall {
  end: number;
}

interface OpenSection extends OutlineSection {
  end: number;
  readonly children: OpenChild[];
}

class OutlineReader {
  readonly #sections: OpenSection[] = [];
  readonly #wholes: WholeLink[] = [];
  readonly #paths: PathLink[] = [];
  #calls = 0;

  read(index: number, line: string): void {
    if (line.startsWith("## ")) this.#section(index, line.slice(3));
    else if (line.startsWith("### ")) this.#child(index, line);
    else if (line.startsWith("Open the whole ")) this.#whole(index, line);
  }

  finish(lines: readonly string[]): Omit<TranscriptOutline, "blocks"> {
    this.#close(lines.length);
    for (const section of this.#sections) {
      section.end = lastLine(lines, section);
      for (const child of section.children) child.end = child.kind === "thinking" ? lastQuote(lines, child) : lastLine(lines, child);
    }
    return { sections: this.#sections, wholes: this.#wholes, paths: this.#paths };
  }

  #section(index: number, heading: string): void {
    this.#close(index);
    const [title = "", ...detail] = heading.split(" · ");
    this.#sections.push({ kind: kindOf(title), title, detail: detail.join(" · "), start: index, end: index, children: [] });
  }

  #child(index: number, line: string): void {
    const section = this.#sections.at(-1);
    if (section === undefined) return;
    const previous = section.children.at(-1);
    if (previous !== undefined) previous.end = index - 1;
    const { title, detail } = split(line.slice(4));
    const isCall = CALL.test(title);
    const kind = isCall ? "call" : title === "Thinking" ? "thinking" : "said";
    section.children.push({ kind, title, detail, ordinal: isCall ? this.#calls : -1, failed: title.startsWith(CALL_MARKS.failed), start: index, end: index });
    if (isCall) this.#calls += 1;
    const path = pathIn(line);
    if (path !== null) this.#paths.push({ line: index, ...path });
  }

  #whole(line: number, text: string): void {
    const part = WHOLE_LINE.exec(text)?.[1];
    if ((part === "input" || part === "result") && this.#calls > 0) this.#wholes.push({ line, ordinal: this.#calls - 1, part });
  }

  /** The section and its last child end before this line. */
  #close(index: number): void {
    const section = this.#sections.at(-1);
    if (section === undefined) return;
    section.end = index - 1;
    const child = section.children.at(-1);
    if (child !== undefined) child.end = index - 1;
  }
}

function kindOf(title: string): OutlineSection["kind"] {
  if (title === "Instructions") return "instructions";
  if (title === "Request") return "request";
  if (title === "Countersign answered") return "remark";
  return /^Turn \d+$/.test(title) ? "turn" : "other";
}

/** What stands behind the subject; a code span may hold the separator itself. */
function split(heading: string): { readonly title: string; readonly detail: string } {
  const subject = /^\S+ \S+ (`+)(?: ?)(?:.*?[^`])?\1(?=$| )[^·]*/.exec(heading)?.[0] ?? heading.split(" · ")[0] ?? heading;
  return { title: subject.trimEnd(), detail: heading.slice(subject.length).replace(/^[ ·]+/, "") };
}

function pathIn(line: string): { readonly from: number; readonly to: number; readonly path: string } | null {
  const [, mark = "", pad = "", path = ""] = PATH.exec(line) ?? [];
  if (path === "") return null;
  const from = line.indexOf(mark) + mark.length + pad.length;
  return { from, to: from + path.length, path };
}

function lastLine(lines: readonly string[], { start, end }: LineRange): number {
  let last = end;
  while (last > start && lines[last]?.trim() === "") last -= 1;
  return last;
}

/** A thought is quoted; what follows the quote is no part of it. */
function lastQuote(lines: readonly string[], { start, end }: LineRange): number {
  let last = start;
  for (let line = start + 1; line <= end; line += 1) {
    if (lines[line]?.startsWith(">")) last = line;
    else if (lines[line] !== "") break;
  }
  return last;
}
