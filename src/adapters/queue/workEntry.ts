// What a queue knows of one task, and which task comes next. No time passes here.
import type { SettledAs } from "../../core/ports/workQueue";

type ReadyState = {
  readonly kind: "ready";
  /** Monotonic milliseconds. */
  readonly since: number;
  /** Counts up: the lower, the earlier it became ready. */
  readonly order: number;
};
type ClaimedState = { readonly kind: "claimed"; readonly worker: string; readonly leaseUntil: number; readonly waitedMs: number };

export interface WorkEntry {
  readonly task: string;
  priority: number;
  /** The highest token given. */
  token: number;
  state: { readonly kind: "absent" } | ReadyState | ClaimedState;
  /** What became of the claim with `token`; null while it counts, or when there was none. */
  ending: SettledAs["kind"] | "reclaimed" | "withdrawn" | null;
}

export type ReadyEntry = WorkEntry & { state: ReadyState };
export type ClaimedEntry = WorkEntry & { state: ClaimedState };

export function isReadyEntry(entry: WorkEntry): entry is ReadyEntry {
  return entry.state.kind === "ready";
}

export function isClaimedEntry(entry: WorkEntry): entry is ClaimedEntry {
  return entry.state.kind === "claimed";
}

/** The ready task of highest priority, the oldest of equals. */
export function firstReady(entries: Iterable<WorkEntry>): ReadyEntry | null {
  let first: ReadyEntry | null = null;
  for (const entry of entries) if (isReadyEntry(entry) && (first === null || comesBefore(entry, first))) first = entry;
  return first;
}

export function comesBefore(a: ReadyEntry, b: ReadyEntry): boolean {
  return a.priority === b.priority ? a.state.order < b.state.order : a.priority > b.priority;
}
