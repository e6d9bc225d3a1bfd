// Just enough Markdown to write texts of others into a file of ours and to find a section again: headings, code blocks
// and code spans. Pure; it never renders.

/** A fenced code block; line numbers are indices into the lines it was found in. */
export interface CodeBlock {
  readonly open: number;
  /** null: it is never closed, so everything after it belongs to it. */
  readonly close: number | null;
  readonly info: string;
  readonly fence: string;
}

/** Source: CommonMark 0.31, 4.5. */
export function codeBlocksIn(lines: readonly string[]): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: CodeBlock | null = null;
  for (const [index, line] of lines.entries()) {
    const [, fence = "", rest = ""] = /^ {0,3}(`{3,}|~{3,})([^]*)$/.exec(line) ?? [];
    if (fence === "") continue;
    if (open === null) {
      if (fence.startsWith("~") || !rest.includes("`")) open = { open: index, close: null, info: rest.trim(), fence };
    } else if (fence.startsWith(open.fence) && rest.trim() === "") {
      blocks.push({ ...open, close: index });
      open = null;
    }
  }
  return open === null ? blocks : [...blocks, open];
}

export interface Heading {
  readonly line: number;
  readonly level: number;
  readonly title: string;
}

/** The headings marked with `#`; those in code blocks are none. */
export function headingsIn(lines: readonly string[]): readonly Heading[] {
  const blocks = codeBlocksIn(lines);
  return lines.flatMap((line, index) => {
    const [whole, marks = "", title = ""] = /^ {0,3}(#{1,6})(?=\s|$)([^]*)$/.exec(line) ?? [];
    if (whole === undefined || isCode(blocks, index)) return [];
    return [{ line: index, level: marks.length, title: title.trim().replace(/(^|\s+)#+$/, "") }];
  });
}

/** A heading and what stands below it up to the next heading of its level or above. */
export interface Section {
  /** Line of the heading. */
  readonly start: number;
  /** Line after the last one. */
  readonly end: number;
  readonly blocks: readonly CodeBlock[];
}

/** The first section with exactly this heading line, e.g. `## Steps`. */
export function sectionOf(lines: readonly string[], heading: string): Section | null {
  const headings = headingsIn(lines);
  const at = headings.findIndex(({ line }) => lines[line]?.trimEnd() === heading);
  const found = headings[at];
  if (found === undefined) return null;
  const end = headings.slice(at + 1).find(({ level }) => level <= found.level)?.line ?? lines.length;
  return { start: found.line, end, blocks: codeBlocksIn(lines).filter(({ open }) => open > found.line && open < end) };
}

function isCode(blocks: readonly CodeBlock[], line: number): boolean {
  return blocks.some(({ open, close }) => line >= open && line <= (close ?? line));
}

/** A text as part of a larger file: its headings go below the file's own, and a code block left open is closed. */
export function embedded(text: string): string {
  const lines = text.trim().split(/\r?\n/);
  const blocks = codeBlocksIn(lines);
  const lowered = lines.map((line, index) => (isCode(blocks, index) ? line : line.replace(/^( {0,3})#{1,3}(?=\s|$)/, "$1####")));
  const last = blocks.at(-1);
  return [...lowered, ...(last?.close === null ? [last.fence] : [])].join("\n");
}

/** A list item; its further lines are indented, so that they stay in it. */
export function listItem(text: string): string {
  const item = embedded(text);
  // A fence behind the bullet would open a block as well, but not for those who look at the beginnings of lines.
  const first = /^(?:`{3}|~{3})/.test(item) ? "-\n  " : "- ";
  return `${first}${item.replaceAll(/\n(?=[^\n])/g, "\n  ")}`;
}

/** White space folded, so that the text stays on the line it is written to. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** `text` as one cell of a table: neither a pipe nor a backslash before one can end it. */
export function tableCell(text: string): string {
  return oneLine(text).replace(/(\\*)\|/g, "$1$1\\|");
}

/** `text` as code within a line, whatever backticks it holds. */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  const mark = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${mark}${pad}${line}${pad}${mark}`;
}

/** `text` as a code block that nothing in it can close. */
export function codeBlock(info: string, text: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${info}\n${text.replace(/\n$/, "")}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
}
