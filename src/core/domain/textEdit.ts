// Exact replacements in a text: all of them or none. Pure. It never guesses: text that is found nowhere, or in several
// places, is an answer and not an edit. Line endings are the file's own affair: `\n` matches `\r\n`, and what is put in
// gets the line endings of the place it is put.

/** Places of an ambiguous text whose lines are told. */
const MOST_LINES = 100;

export interface TextEdit {
  /** Must stand in the text exactly once. */
  readonly find: string;
  readonly replace: string;
}

export type EditResult =
  /** `lines`: 1-based first line of each edit, counted in the text as it was when that edit was made. */
  | { readonly kind: "edited"; readonly text: string; readonly lines: readonly number[] }
  /** `edit`: index of the edit that failed. `text`: the text that it met, earlier edits applied, with `\n` throughout. */
  | { readonly kind: "notFound"; readonly edit: number; readonly text: string }
  /** `count` places; `lines`: where the first of them begin. */
  | {
      readonly kind: "ambiguous";
      readonly edit: number;
      readonly text: string;
      readonly count: number;
      readonly lines: readonly number[];
    }
  | { readonly kind: "emptyFind"; readonly edit: number }
  | { readonly kind: "noChange"; readonly edit: number };

/** Applies the edits in order, each to the text as the ones before left it. */
export function applyEdits(text: string, edits: readonly TextEdit[]): EditResult {
  let current = text;
  const lines: number[] = [];
  for (const [index, { find, replace }] of edits.entries()) {
    const wanted = toLineFeeds(find);
    const replacement = toLineFeeds(replace);
    if (wanted === "") return { kind: "emptyFind", edit: index };
    if (wanted === replacement) return { kind: "noChange", edit: index };
    const seen = toLineFeeds(current);
    const start = seen.indexOf(wanted);
    if (start === -1) return { kind: "notFound", edit: index, text: seen };
    const places = placesOf(seen, wanted);
    if (places.count > 1) return { kind: "ambiguous", edit: index, text: seen, ...places };
    current = splice(current, seen, { start, end: start + wanted.length }, replacement);
    lines.push(...places.lines);
  }
  return { kind: "edited", text: current, lines };
}

/** `\r\n` as `\n`; a lone `\r` is a character like any other. */
export function toLineFeeds(text: string): string {
  return text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text;
}

/** Where `wanted` begins, overlapping places included: "aa" stands in "aaa" twice, and either could be meant. */
function placesOf(text: string, wanted: string): { readonly count: number; readonly lines: readonly number[] } {
  const lines: number[] = [];
  let count = 0;
  let line = 1;
  let counted = 0;
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    count += 1;
    if (lines.length === MOST_LINES) continue;
    for (let feed = text.indexOf("\n", counted); feed !== -1 && feed < at; feed = text.indexOf("\n", counted)) {
      line += 1;
      counted = feed + 1;
    }
    lines.push(line);
  }
  return { count, lines };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Replaces `range`, given in `seen` (the text with `\n` throughout), in the text itself. */
function splice(text: string, seen: string, range: Range, replacement: string): string {
  if (seen.length === text.length) return text.slice(0, range.start) + replacement + text.slice(range.end);
  const start = originalOffset(text, range.start);
  const end = originalOffset(text, range.end);
  const ending = lineEndingAt(text, start);
  return text.slice(0, start) + replacement.replaceAll("\n", ending) + text.slice(end);
}

/** The offset in `text` of what stands at `offset` once every `\r\n` has become `\n`. */
function originalOffset(text: string, offset: number): number {
  let original = offset;
  for (let at = text.indexOf("\r\n"); at !== -1 && at < original; at = text.indexOf("\r\n", at + 2)) original += 1;
  return original;
}

/** The line ending of the line at `offset`; of the line before it where it is the last one. */
function lineEndingAt(text: string, offset: number): "\n" | "\r\n" {
  const next = text.indexOf("\n", offset);
  const at = next === -1 ? text.lastIndexOf("\n", offset - 1) : next;
  return at > 0 && text[at - 1] === "\r" ? "\r\n" : "\n";
}
