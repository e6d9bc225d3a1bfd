// Where two texts differ, line by line. Pure and bounded in time: a rewritten file of many thousand lines gets fewer and
// larger changes, never a long wait.
import { diffArrays } from "diff/lib/diff/array.js";

/** A run of lines that differs: [start, end) of either side, 0-based. One of the two may be empty. */
export interface ChangedRange {
  readonly from: number;
  readonly fromEnd: number;
  readonly to: number;
  readonly toEnd: number;
}

/** Lines added and removed up to which the shortest way is looked for: the time grows with the square, to about 80 ms. */
const MOST_EDITS = 1000;

/** Lines with their terminators; the last one may have none. Of an empty text there are none. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** In order, with at least one equal line between two of them. */
export function changedRanges(from: readonly string[], to: readonly string[]): readonly ChangedRange[] {
  const numbers = new Map<string, number>();
  const numberOf = (line: string): number => {
    const known = numbers.get(line) ?? numbers.size;
    numbers.set(line, known);
    return known;
  };
  return joined(rangesIn({ from: from.map(numberOf), to: to.map(numberOf), fromAt: 0, toAt: 0 }, MOST_EDITS));
}

/** Parts of both sides to be compared, and where they begin in the whole. */
interface Parts {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly fromAt: number;
  readonly toAt: number;
}

function rangesIn(parts: Parts, mostEdits: number): readonly ChangedRange[] {
  const inner = trimmed(parts);
  const { from, to, fromAt, toAt } = inner;
  if (from.length === 0 && to.length === 0) return [];
  const whole = { from: fromAt, fromEnd: fromAt + from.length, to: toAt, toEnd: toAt + to.length };
  if (from.length === 0 || to.length === 0) return [whole];
  return shortest(inner, mostEdits) ?? betweenAnchors(inner, mostEdits) ?? [whole];
}

/** Without what both have in common at the beginning and at the end. */
function trimmed({ from, to, fromAt, toAt }: Parts): Parts {
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < most - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end += 1;
  return { from: from.slice(start, from.length - end), to: to.slice(start, to.length - end), fromAt: fromAt + start, toAt: toAt + start };
}

/** null beyond the limit. */
function shortest({ from, to, fromAt, toAt }: Parts, mostEdits: number): readonly ChangedRange[] | null {
  const found = diffArrays([...from], [...to], { maxEditLength: mostEdits });
  if (found === undefined) return null;
  const ranges: ChangedRange[] = [];
  let [at, toLine] = [fromAt, toAt];
  for (const { added, removed, count } of found) {
    const [gone, come] = [added ? 0 : count, removed ? 0 : count];
    if (added || removed) ranges.push({ from: at, fromEnd: at + gone, to: toLine, toEnd: toLine + come });
    at += gone;
    toLine += come;
  }
  return ranges;
}

/** Cuts both sides at lines that are unique in each and stand in the same order; null where there are none. */
function betweenAnchors(parts: Parts, mostEdits: number): readonly ChangedRange[] | null {
  const { from, to, fromAt, toAt } = parts;
  const anchors = anchorsOf(from, to);
  if (anchors.length === 0) return null;
  const ranges: ChangedRange[] = [];
  // What is left for all stretches together, so that many of them take no longer than one.
  let left = mostEdits;
  let [start, toStart] = [0, 0];
  for (const [end, toEnd] of [...anchors, [from.length, to.length] as const]) {
    const stretch = { from: from.slice(start, end), to: to.slice(toStart, toEnd), fromAt: fromAt + start, toAt: toAt + toStart };
    const found = rangesIn(stretch, left);
    left = Math.max(0, left - found.reduce((sum, range) => sum + range.fromEnd - range.from + range.toEnd - range.to, 0));
    ranges.push(...found);
    [start, toStart] = [end + 1, toEnd + 1];
  }
  return ranges;
}

type Anchor = readonly [from: number, to: number];

/** The longest rising sequence of the places of lines that each side has exactly once. */
function anchorsOf(from: readonly number[], to: readonly number[]): readonly Anchor[] {
  const [places, toPlaces] = [uniquePlaces(from), uniquePlaces(to)];
  const tails: { readonly anchor: Anchor; readonly before: number }[] = [];
  const ends: number[] = [];
  for (const [line, place] of places) {
    const toPlace = toPlaces.get(line);
    if (toPlace === undefined) continue;
    const length = lowerBound(ends, (index) => (tails[index]?.anchor[1] ?? 0) < toPlace);
    tails.push({ anchor: [place, toPlace], before: ends[length - 1] ?? -1 });
    ends[length] = tails.length - 1;
  }
  const found: Anchor[] = [];
  for (let link = tails[ends.at(-1) ?? -1]; link !== undefined; link = tails[link.before]) found.push(link.anchor);
  return found.toReversed();
}

/** In the order of the lines. */
function uniquePlaces(lines: readonly number[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  const twice = new Set<number>();
  for (const [place, line] of lines.entries()) {
    if (places.has(line)) twice.add(line);
    else places.set(line, place);
  }
  for (const line of twice) places.delete(line);
  return places;
}

/** How many of the items, at the beginning, meet a condition that none meets after one that does not. */
function lowerBound(items: readonly number[], meets: (item: number) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (meets(items[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Ranges without an equal line between them are one. */
function joined(ranges: readonly ChangedRange[]): readonly ChangedRange[] {
  const result: ChangedRange[] = [];
  for (const range of ranges) {
    const last = result.at(-1);
    const touches = last !== undefined && last.fromEnd === range.from && last.toEnd === range.to;
    if (touches) result[result.length - 1] = { ...last, fromEnd: range.fromEnd, toEnd: range.toEnd };
    else result.push(range);
  }
  return result;
}
