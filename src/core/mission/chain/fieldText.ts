// The text of a field without what only wraps it: indentation, <details>, <prompt>, one code block. Nothing else is
// left out, and what stood in a code block is exact.
import { blocksIn, fenceMark } from "./blocks";
import type { RawField } from "./rawTask";

export interface FieldText {
  readonly text: string;
  /** It stood in a block, so it means what it says: "None" is a text, not nothing. */
  readonly isExact: boolean;
  /** What a fold-out is called, where that says something. */
  readonly summary: string | null;
}

export function textOf(field: RawField, lines: readonly string[]): FieldText {
  const rest = dedented(field.lines.map((line) => lines[line] ?? ""));
  const value = field.label?.value ?? "";
  return unwrapped(value === "" ? rest : [value, ...rest]);
}

export function unwrapped(lines: readonly string[]): FieldText {
  const outer = trimmed(lines);
  const details = insideTag(outer, "details");
  const fold = details === null ? null : splitSummary(details);
  const prompt = insideTag(fold?.rest ?? outer, "prompt");
  const inner = prompt ?? fold?.rest ?? outer;
  const code = insideFence(inner);
  const summary = fold?.summary ?? null;
  if (code !== null) return { text: code.join("\n"), isExact: true, summary };
  return { text: inner.join("\n").trim(), isExact: false, summary };
}

/** Without blank lines at both ends. */
export function trimmed(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  if (first < 0) return [];
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return lines.slice(first, last + 1);
}

/** Without the white space that all lines begin with. */
export function dedented(lines: readonly string[]): readonly string[] {
  const widths = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const common = widths.reduce((least, width) => Math.min(least, width), Infinity);
  return Number.isFinite(common) && common > 0 ? lines.map((line) => line.slice(Math.min(common, line.length - line.trimStart().length))) : lines;
}

/** null: the lines are not one such element as a whole. */
function insideTag(lines: readonly string[], tag: string): readonly string[] | null {
  const all = lines.join("\n");
  const [open = ""] = new RegExp(`^\\s*<${tag}(?:\\s[^<>\\n]{0,200})?>`, "i").exec(all.slice(0, 1000)) ?? [];
  const close = `</${tag}>`;
  const end = all.trimEnd();
  if (open === "" || !end.toLowerCase().endsWith(close)) return null;
  const block = blocksIn(lines)[0];
  if (block?.start !== 0 || block.end !== lines.length - 1) return null;
  return trimmed(all.slice(open.length, end.length - close.length).split("\n"));
}

const SAYS_NOTHING = /^(?:click|tap|press|expand|show|view|see|open|details?|prompt|full prompt|optimized prompt|task prompt)\b/i;

function splitSummary(lines: readonly string[]): { readonly summary: string | null; readonly rest: readonly string[] } {
  const all = lines.join("\n");
  const [open = ""] = /^\s*<summary>/i.exec(all.slice(0, 1000)) ?? [];
  const end = all.toLowerCase().indexOf("</summary>");
  if (open === "" || end < 0) return { summary: null, rest: lines };
  const summary = all.slice(open.length, end).trim();
  const rest = trimmed(all.slice(end + "</summary>".length).split("\n"));
  return { summary: summary === "" || SAYS_NOTHING.test(summary.replace(/<[^<>]{0,20}>|[*_]/g, "")) ? null : summary, rest };
}

function insideFence(lines: readonly string[]): readonly string[] | null {
  if (lines.length < 2 || fenceMark(lines[0] ?? "") === null) return null;
  const block = blocksIn(lines)[0];
  return block?.kind === "fence" && block.start === 0 && block.end === lines.length - 1 ? lines.slice(1, -1) : null;
}
