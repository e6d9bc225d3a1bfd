// What lenses and hovers hand to the commands that decide about hunks, and how it is read back.
import type { HunkId } from "../../core/domain/review";
import { targetOf, type Target } from "../taskRef";
import type { FileReview } from "./fileReviews";

export interface HunkArgument {
  readonly target: Target;
  readonly hunks: readonly HunkId[];
}

export function hunkArgument({ document: { root, task, path, attempt } }: FileReview, hunks: readonly HunkId[]): HunkArgument {
  return { target: { root, task, path, attempt }, hunks };
}

/** undefined for a call from a menu, a key or the palette. */
export function hunkArgumentIn(argument: unknown): (HunkArgument & { readonly target: { readonly path: string; readonly attempt: number } }) | undefined {
  const target = targetOf(argument);
  const hunks = typeof argument === "object" && argument !== null && "hunks" in argument ? argument.hunks : undefined;
  if (target?.path === undefined || target.attempt === undefined || !Array.isArray(hunks)) return undefined;
  const ids = hunks.filter((id): id is HunkId => typeof id === "string");
  return { target: { ...target, path: target.path, attempt: target.attempt }, hunks: ids };
}
