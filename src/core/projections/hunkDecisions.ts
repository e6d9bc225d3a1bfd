// What the user has decided about the hunks of one file of the attempt in review. Pure.
import type { Hunk, HunkId } from "../domain/review";
import type { TaskView } from "./taskView";

export interface DecidedHunks {
  readonly accepted: readonly HunkId[];
  readonly rejected: readonly HunkId[];
  /** Not decided about yet. */
  readonly open: readonly HunkId[];
}

/**
 * `hunks`: those of base → attempt. A file that was accepted as a whole has no open one. A file whose lines cannot be
 * told apart has no hunks: `acceptedPaths` tells of it.
 */
export function decisionsOf(view: Pick<TaskView, "hunks" | "acceptedPaths">, path: string, hunks: readonly Hunk[]): DecidedHunks {
  const ids = hunks.map(({ id }) => id);
  const known = Object.hasOwn(view.hunks, path) ? view.hunks[path] : undefined;
  if (known === undefined) {
    const isWhole = view.acceptedPaths.includes(path);
    return { accepted: isWhole ? ids : [], rejected: [], open: isWhole ? [] : ids };
  }
  const accepted = ids.filter((id) => known.accepted.includes(id));
  const rejected = ids.filter((id) => known.rejected.includes(id));
  return { accepted, rejected, open: ids.filter((id) => !accepted.includes(id) && !rejected.includes(id)) };
}
