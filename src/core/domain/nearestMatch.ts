// Where a text that was not found probably was meant to be, and in what the two differ. For error messages only:
// nothing is ever edited on such a guess.

export interface NearestMatch {
  /** 1-based, inclusive. */
  readonly from: number;
  readonly to: number;
  /** The lines as they stand in the file. */
  readonly lines: readonly string[];
  /** The first difference, in words for a model. */
  readonly difference: string;
}

/** Lines of a file that are looked at; beyond that no guess is made. */
const MAX_LINES = 20_000;
/** A line of the file must share this part of its letter pairs with the wanted one to be worth showing. */
const LIKE = 0.5;

/** The place in `text` most like `wanted`, or null when nothing is like it. Both with `\n` line endings. */
export function nearestMatch(text: string, wanted: string): NearestMatch | null {
  const lines = text.split("\n");
  const sought = trimEmptyEnds(wanted.split("\n"));
  if (lines.length > MAX_LINES || sought.length === 0) return null;
  const start = bestWindow(lines, sought) ?? bestLine(lines, sought);
  if (start === null) return null;
  const found = lines.slice(start, start + sought.length);
  return {
    from: start + 1,
    to: start + found.length,
    lines: found,
    difference: firstDifference(found, sought, start + 1),
  };
}

function trimEmptyEnds(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return first === -1 ? [] : lines.slice(first, last + 1);
}

/** Start of the window with most lines equal but for white space; null when none has one. */
function bestWindow(lines: readonly string[], sought: readonly string[]): number | null {
  const offsets = new Map<string, number[]>();
  for (const [index, line] of sought.entries()) {
    const key = squeeze(line);
    // Lines of brackets alone say nothing about a place.
    if (/\w/.test(key)) offsets.set(key, [...(offsets.get(key) ?? []), index]);
  }
  const votes = new Map<number, number>();
  for (const [index, line] of lines.entries()) {
    for (const offset of offsets.get(squeeze(line)) ?? []) {
      const start = Math.max(0, index - offset);
      votes.set(start, (votes.get(start) ?? 0) + 1);
    }
  }
  let best: number | null = null;
  for (const [start, count] of votes) {
    const most = best === null ? 0 : (votes.get(best) ?? 0);
    if (count > most || (count === most && best !== null && start < best)) best = start;
  }
  return best;
}

/** Start of the window whose line is most like the longest line sought; null when none is like it. */
function bestLine(lines: readonly string[], sought: readonly string[]): number | null {
  const longest = sought.reduce((best, line, index) => (line.length > (sought[best] ?? "").length ? index : best), 0);
  const wanted = pairsOf(squeeze(sought[longest] ?? "").slice(0, 400));
  let best = LIKE;
  let start: number | null = null;
  for (const [index, line] of lines.entries()) {
    const likeness = likenessOf(wanted, pairsOf(squeeze(line).slice(0, 400)));
    if (likeness <= best) continue;
    best = likeness;
    start = Math.max(0, index - longest);
  }
  return start;
}

function squeeze(line: string): string {
  return line.trim().replace(/\s+/g, " ");
}

function pairsOf(text: string): ReadonlySet<string> {
  const pairs = new Set<string>();
  for (let at = 0; at + 1 < text.length; at += 1) pairs.add(text.slice(at, at + 2).toLowerCase());
  return pairs;
}

/** Sørensen–Dice: 1 for equal sets of letter pairs, 0 for none in common. */
function likenessOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const pair of a) if (b.has(pair)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}

function firstDifference(found: readonly string[], sought: readonly string[], firstLine: number): string {
  const index = sought.findIndex((line, at) => line !== found[at]);
  if (index === -1) return "the lines are equal; blank lines before or after them differ";
  const mine = sought[index] ?? "";
  const theirs = found[index];
  const line = `line ${firstLine + index}`;
  if (theirs === undefined) return `the file ends before ${line}`;
  return `${line} differs${kindOfDifference(mine, theirs)}: the file has ${quote(theirs)}, find has ${quote(mine)}`;
}

function kindOfDifference(mine: string, theirs: string): string {
  if (mine.trimEnd() === theirs.trimEnd()) return " in white space at its end";
  if (mine.trim() === theirs.trim())
    return mine.includes("\t") === theirs.includes("\t") ? " in indentation" : " in tabs and spaces";
  if (squeeze(mine) === squeeze(theirs)) return " in white space";
  if (mine.toLowerCase() === theirs.toLowerCase()) return " in upper and lower case";
  return "";
}

/** Shows tabs and other invisible characters, and the part that matters of a long line. */
function quote(line: string): string {
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 200)}…` : line);
}
