// What the two search engines have in common: what they are asked, what they answer, and when they stop.
import type { SearchHit } from "../../core/ports/fileTree";
import type { SearchPattern } from "./searchPattern";

export interface SearchRun {
  readonly root: string;
  /** Relative to the root, sorted; regular files only. */
  readonly files: readonly string[];
  readonly pattern: SearchPattern;
  readonly limit: number;
  readonly signal: AbortSignal;
  /** A search that takes longer is given up, milliseconds. */
  readonly timeLimitMs: number;
}

/** The first `limit` hits in the order of the files and lines; `total` counts all, up to MOST_HITS. */
export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly total: number;
}

/** Counting ends here: a pattern that hits everywhere says nothing more by hitting further. */
export const MOST_HITS = 100_000;

/** A hit's line as it is shown: the part around the match when it is long. Stands alone, since a worker gets its source. */
export function clipLine(line: string, matchStart: number): string {
  const longest = 500;
  const text = line.replace(/^\ufeff/, "").replace(/\r$/, "");
  if (text.length <= longest) return text;
  const from = Math.max(0, Math.min(matchStart - 150, text.length - longest));
  const part = text.slice(from, from + longest).replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "");
  return `${from > 0 ? "…" : ""}${part}${from + longest < text.length ? "…" : ""}`;
}
