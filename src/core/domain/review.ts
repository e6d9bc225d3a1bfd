// What a person decides about an attempt: hunks, comments on lines, a request for changes, taking an accept back.
import type { Brand } from "./task";

/** Names a hunk by its place in the base and its content: the same change has the same id in every look at the attempt. */
export type HunkId = Brand<string, "HunkId">;

/** A contiguous change of one file's lines, base → attempt. Line numbers are 1-based. */
export interface Hunk {
  readonly id: HunkId;
  /** First line in the base; of an insertion the line before which it stands. */
  readonly baseStart: number;
  readonly baseLines: number;
  /** First line in the attempt; of a removal the line before which it stood. */
  readonly attemptStart: number;
  readonly attemptLines: number;
}

/** A comment on a line of a diff, for the next attempt. */
export interface ReviewComment {
  /** Relative to the repository's root, `/`-separated. */
  readonly path: string;
  readonly side: "base" | "attempt";
  /** The attempt that was looked at. */
  readonly attempt: number;
  /** 1-based, inclusive. */
  readonly line: number;
  readonly endLine: number;
  /** The lines commented on, as they stood. */
  readonly quote: string;
  readonly text: string;
}

/** What another attempt is asked to do. At least one of the two says something. */
export interface ChangeRequest {
  readonly text: string;
  readonly comments: readonly ReviewComment[];
}

/** One thing that was asked for, as it is judged. */
export interface RequestItem {
  /** `user-1`, `user-2` … among what is open; beside the criteria of a contract in a verdict. */
  readonly id: string;
  readonly text: string;
  /** Where it is about a place. */
  readonly comment: ReviewComment | null;
}

/** The items of each request, numbered through. */
export function itemsOfEach(requests: readonly ChangeRequest[]): readonly (readonly RequestItem[])[] {
  let number = 0;
  return requests.map(({ text, comments }) => {
    const whole = text.trim() === "" ? [] : [{ text: text.trim(), comment: null }];
    const all = [...whole, ...comments.map((comment) => ({ text: comment.text.trim(), comment }))];
    return all.map((item) => {
      number += 1;
      return { id: `user-${number}`, ...item };
    });
  });
}

export interface UndoResult {
  /** Paths that are again as they were before the accept, or merged with what the user has changed since. */
  readonly restored: readonly string[];
  /** Paths where the user has changed the same lines since; marked as in an accept. */
  readonly conflicts: readonly string[];
  /** Commit holding the working tree as it was before the undo. */
  readonly before: string;
}
