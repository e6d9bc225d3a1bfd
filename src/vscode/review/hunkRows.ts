// Where hunks lie in a document and which of them a cursor means. Pure; rows are 0-based, lines of hunks 1-based.
import type { Hunk } from "../../core/domain/review";

/** Rows of a document, both inclusive. */
export interface Rows {
  readonly first: number;
  readonly last: number;
}

/** What is shown of a hunk on one side. One without lines there stands at the line before which it belongs. */
export function rowsOf(hunk: Hunk, side: "base" | "attempt", lineCount: number): Rows {
  const start = startOn(hunk, side);
  const bottom = Math.max(0, lineCount - 1);
  const first = Math.min(start, bottom);
  return { first, last: Math.min(Math.max(first, start + linesOn(hunk, side) - 1), bottom) };
}

/** The hunks that touch the rows. Next to one without lines of its own counts, too: a cursor cannot stand in nothing. */
export function hunksAt<T extends { readonly hunk: Hunk }>(hunks: readonly T[], side: "base" | "attempt", rows: Rows): readonly T[] {
  return hunks.filter(({ hunk }) => {
    const [start, lines] = [startOn(hunk, side), linesOn(hunk, side)];
    const [first, last] = lines === 0 ? [start - 1, start] : [start, start + lines - 1];
    return rows.first <= last && rows.last >= first;
  });
}

export function linesOn(hunk: Hunk, side: "base" | "attempt"): number {
  return side === "base" ? hunk.baseLines : hunk.attemptLines;
}

/** Row. */
function startOn(hunk: Hunk, side: "base" | "attempt"): number {
  return (side === "base" ? hunk.baseStart : hunk.attemptStart) - 1;
}
