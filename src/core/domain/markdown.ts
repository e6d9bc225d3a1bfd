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

/** A heading and what stands below it up to the next heading of its level or above. */
export interface Section {
  /** Line of the heading. */
  readonly start: number;
  /** Line after the last one. */
  readonly end: number;
  readonly blocks: readonly CodeBlock[];
}

/** The first section with exactly this heading line (e.g. `## Steps`); headings in code blocks are none. */
export function sectionOf(lines: readonly string[], heading: string): Section | null {
  const all = codeBlocksIn(lines);
  const isText = (index: number): boolean => !all.some(({ open, close }) => index >= open && index <= (close ?? lines.length));
  const start = lines.findIndex((line, index) => line.trimEnd() === heading && isText(index));
  if (start === -1) return null;
  const next = new RegExp(`^#{1,${heading.indexOf(" ")}}\\s`);
  const following = lines.findIndex((line, index) => index > start && next.test(line) && isText(index));
  const end = following === -1 ? lines.length : following;
  return { start, end, blocks: all.filter(({ open }) => open > start && open < end) };
}

/** A text as part of a larger file: its headings go below the file's own, and a code block left open is closed. */
export function embedded(text: string): string {
  const lines = text.trim().split(/\r?\n/);
  const blocks = codeBlocksIn(lines);
  const inCode = (index: number): boolean => blocks.some(({ open, close }) => index >= open && index <= (close ?? lines.length));
  const lowered = lines.map((line, index) => (inCode(index) ? line : line.replace(/^( {0,3})#{1,3}(?=\s)/, "$1####")));
  const last = blocks.at(-1);
  return [...lowered, ...(last?.close === null ? [last.fence] : [])].join("\n");
}

/** White space folded, so that the text stays on the line it is written to. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
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
