// Finds the structure of a printed transcript again from its text alone, so that folds, outline and links always fit
// the text that is shown. Pure; one pass that looks closer only at lines that could mean something.
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
/** As `codeBlocksIn` of markdown.ts has them. */
const FENCE = /^ {0,3}(`{3,}|~{3,})([^]*)$/;

export function transcriptOutline(text: string): TranscriptOutline {
  const reader = new OutlineReader();
  for (let start = 0; start <= text.length; ) {
    const feed = text.indexOf("\n", start);
    const end = feed === -1 ? text.length : feed;
    reader.read(text, start, end);
    start = end + 1;
  }
  return reader.finish();
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
  readonly #blocks: LineRange[] = [];
  readonly #wholes: WholeLink[] = [];
  readonly #paths: PathLink[] = [];
  #calls = 0;
  #line = -1;
  /** The last line that is not empty, and the one before it. */
  #full = 0;
  #before = 0;
  #fence: { readonly mark: string; readonly start: number } | null = null;
  /** A thought whose quote goes on. */
  #thought: OpenChild | null = null;

  /** The next line of the text. */
  read(text: string, start: number, end: number): void {
    this.#line += 1;
    if (isEmpty(text, start, end)) return this.#emptyLine();
    [this.#before, this.#full] = [this.#full, this.#line];
    switch (text[start]) {
      case "`":
      case "~":
      case " ":
        this.#fenceAt(text.slice(start, end));
        break;
      case "#":
        if (this.#fence === null) this.#heading(text.slice(start, end));
        return;
      case "O":
        if (this.#fence === null) this.#whole(text.slice(start, end));
        break;
      case ">":
        if (this.#thought !== null) this.#thought.end = this.#line;
        return;
      default:
    }
    this.#thought = null;
  }

  /** A quote ends with it. */
  #emptyLine(): void {
    if (this.#thought !== null && this.#thought.end > this.#thought.start) this.#thought = null;
  }

  finish(): TranscriptOutline {
    const last = this.#sections.at(-1);
    if (last !== undefined) close(last, this.#full);
    if (this.#fence !== null) this.#blocks.push({ start: this.#fence.start, end: this.#line });
    return { sections: this.#sections, blocks: this.#blocks, wholes: this.#wholes, paths: this.#paths };
  }

  #fenceAt(line: string): void {
    const [, mark = "", rest = ""] = FENCE.exec(line) ?? [];
    if (mark === "") return;
    if (this.#fence === null) {
      if (mark.startsWith("~") || !rest.includes("`")) this.#fence = { mark, start: this.#line };
    } else if (mark.startsWith(this.#fence.mark) && rest.trim() === "") {
      this.#blocks.push({ start: this.#fence.start, end: this.#line });
      this.#fence = null;
    }
  }

  #heading(line: string): void {
    if (line.startsWith("## ")) this.#section(line.slice(3));
    else if (line.startsWith("### ")) this.#child(line);
  }

  #section(heading: string): void {
    const before = this.#sections.at(-1);
    if (before !== undefined) close(before, this.#before);
    const [title = "", ...detail] = heading.split(" · ");
    this.#sections.push({ kind: kindOf(title), title, detail: detail.join(" · "), start: this.#line, end: this.#line, children: [] });
    this.#thought = null;
  }

  #child(line: string): void {
    const section = this.#sections.at(-1);
    if (section === undefined) return;
    const previous = section.children.at(-1);
    if (previous !== undefined && previous.kind !== "thinking") previous.end = this.#before;
    const { title, detail } = split(line.slice(4));
    const isCall = CALL.test(title);
    const child: OpenChild = { kind: isCall ? "call" : title === "Thinking" ? "thinking" : "said", title, detail, ordinal: isCall ? this.#calls : -1, start: this.#line, end: this.#line };
    section.children.push(child);
    if (isCall) this.#calls += 1;
    this.#thought = child.kind === "thinking" ? child : null;
    const path = pathIn(line);
    if (path !== null) this.#paths.push({ line: this.#line, ...path });
  }

  #whole(text: string): void {
    const part = WHOLE_LINE.exec(text)?.[1];
    if ((part === "input" || part === "result") && this.#calls > 0) this.#wholes.push({ line: this.#line, ordinal: this.#calls - 1, part });
  }
}

function isEmpty(text: string, start: number, end: number): boolean {
  return start === end || ((text[start] === " " || text[start] === "\t") && text.slice(start, end).trim() === "");
}

/** A thought ends with its quote; everything else where the next thing begins. */
function close(section: OpenSection, line: number): void {
  section.end = line;
  const child = section.children.at(-1);
  if (child !== undefined && child.kind !== "thinking") child.end = line;
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
