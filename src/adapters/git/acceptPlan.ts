// Decides, for one path, what accepting means: base, the user's file and the attempt's file in, one action out. Pure.
import type { Entry } from "./diff";

export interface ThreeWay {
  readonly base: Entry | null;
  readonly ours: Entry | null;
  readonly theirs: Entry | null;
}

export type Action =
  /** Both sides have the same already. */
  | { readonly kind: "nothing" }
  | { readonly kind: "write" }
  | { readonly kind: "remove" }
  /** Two texts: merged line by line. `executable`: the mode of the result. */
  | { readonly kind: "merge"; readonly executable: boolean }
  /** The user's file stays; theirs is put beside it. */
  | { readonly kind: "beside" }
  /** The user's changed file stays although the attempt deleted it. */
  | { readonly kind: "keep" };

export function actionFor({ base, ours, theirs }: ThreeWay): Action {
  if (same(ours, theirs)) return { kind: "nothing" };
  if (same(ours, base)) return theirs === null ? { kind: "remove" } : { kind: "write" };
  if (theirs === null) return { kind: "keep" };
  if (ours !== null && isFile(ours) && isFile(theirs) && (base === null || isFile(base))) {
    return { kind: "merge", executable: mergedMode(base, ours, theirs) };
  }
  return { kind: "beside" };
}

export function same(a: Entry | null, b: Entry | null): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode;
}

export function isSubmodule(entry: Entry | null): boolean {
  return entry?.mode === "160000";
}

function isFile(entry: Entry): boolean {
  return entry.mode === "100644" || entry.mode === "100755";
}

/** Whoever changed the mode decides; where both did, it is the same change. */
function mergedMode(base: Entry | null, ours: Entry, theirs: Entry): boolean {
  const decided = base === null || ours.mode !== base.mode ? ours : theirs;
  return decided.mode === "100755";
}
