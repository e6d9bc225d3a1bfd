// A file's change in pieces that can be decided about one by one: base → attempt, line by line. Pure.
import { createHash } from "node:crypto";
import { changedRanges, linesOf, type ChangedRange } from "./lineDiff";
import type { Hunk, HunkId } from "./review";

/** In the order of the file. null: the file is not there on that side; then it is one hunk, which makes or removes it. */
export function hunksOf(base: string | null, attempt: string | null): readonly Hunk[] {
  return changesOf(base, attempt).map(({ hunk }) => hunk);
}

/** The base with just these hunks of base → attempt; null: no file. Ids of other changes count for nothing. */
export function withHunks(base: string | null, attempt: string | null, ids: Iterable<HunkId>): string | null {
  const wanted = new Set(ids);
  return applied(base, changesOf(base, attempt).filter(({ hunk }) => wanted.has(hunk.id)));
}

/** A file as the task found it, as the attempt left it, and what of the task's work is in the user's tree. */
export interface FileSides {
  readonly base: string | null;
  readonly attempt: string | null;
  readonly merged: string | null;
}

/**
 * What of the task's work shall be in the user's tree: the accepted hunks, and while others are open what is there of
 * them or of an earlier attempt already, unless it stands where something was decided.
 */
export function decidedText({ base, attempt, merged }: FileSides, decided: { readonly accepted: readonly HunkId[]; readonly rejected: readonly HunkId[] }): string | null {
  const changes = changesOf(base, attempt);
  const accepted = changes.filter(({ hunk }) => decided.accepted.includes(hunk.id));
  const closed = [...accepted, ...changes.filter(({ hunk }) => decided.rejected.includes(hunk.id))];
  if (closed.length === 0) return merged;
  const isWhole = base === null || attempt === null || merged === null;
  if (isWhole || closed.length === changes.length) return applied(base, accepted);
  const kept = changesOf(base, merged).filter((there) => !closed.some((change) => touches(change.hunk, there.hunk)));
  return applied(base, [...accepted, ...kept].toSorted((a, b) => a.hunk.baseStart - b.hunk.baseStart));
}

/** Whether no equal line of the base stands between two hunks. */
function touches(a: Hunk, b: Hunk): boolean {
  return a.baseStart <= b.baseStart + b.baseLines && b.baseStart <= a.baseStart + a.baseLines;
}

/** A hunk with what it puts in. */
interface Change {
  readonly hunk: Hunk;
  /** null removes the file. */
  readonly text: string | null;
}

function changesOf(base: string | null, attempt: string | null): readonly Change[] {
  if (base === attempt) return [];
  const [from, to] = [linesOf(base ?? ""), linesOf(attempt ?? "")];
  const whole = { from: 0, fromEnd: from.length, to: 0, toEnd: to.length };
  const ranges = base === null || attempt === null ? [whole] : changedRanges(from, to);
  return ranges.map((range) => {
    const gone = base === null ? null : from.slice(range.from, range.fromEnd).join("");
    const come = attempt === null ? null : to.slice(range.to, range.toEnd).join("");
    return { hunk: hunkAt(range, gone, come), text: come };
  });
}

/** Place in the base and content make the id, so that it is the same whatever else the attempt changes. */
function hunkAt(range: ChangedRange, gone: string | null, come: string | null): Hunk {
  const [baseStart, baseLines] = [range.from + 1, range.fromEnd - range.from];
  const content = createHash("sha256").update(JSON.stringify([gone, come])).digest("hex").slice(0, 12);
  return {
    id: `${baseStart},${baseLines}+${content}` as HunkId,
    baseStart,
    baseLines,
    attemptStart: range.to + 1,
    attemptLines: range.toEnd - range.to,
  };
}

function applied(base: string | null, changes: readonly Change[]): string | null {
  if (changes.length === 0) return base;
  if (base === null || changes.some(({ text }) => text === null)) return changes[0]?.text ?? null;
  const lines = linesOf(base);
  const pieces: string[] = [];
  let next = 0;
  for (const { hunk, text } of changes) {
    pieces.push(lines.slice(next, hunk.baseStart - 1).join(""), text ?? "");
    next = hunk.baseStart - 1 + hunk.baseLines;
  }
  return `${pieces.join("")}${lines.slice(next).join("")}`;
}
