// Finds an entry in a sorted list. Pure.
import type { Activity } from "../../src/shared/dashboardState";

/** -1 where it is not there. */
export function indexOfSeq(entries: readonly Activity[], seq: number): number {
  let [low, high] = [0, entries.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = entries[middle]?.seq ?? 0;
    if (found === seq) return middle;
    if (found < seq) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
