// What a task's view keeps of the user's decisions and of what they were told. Pure.
import type { NotificationAbout } from "../domain/event";
import type { ChangeRequest, HunkId } from "../domain/review";
import type { AcceptResult } from "../domain/workspace";

export interface RoundView {
  readonly afterAttempt: number;
  readonly request: ChangeRequest;
  /** Sessions begun before it. */
  readonly sessions: number;
}

export interface HunkDecisions {
  readonly accepted: readonly HunkId[];
  readonly rejected: readonly HunkId[];
}

/** An accept. What it did can be taken back where `after` is known. */
export interface AcceptStepView {
  readonly before: string;
  /** null in journals of version 0.1. */
  readonly after: string | null;
}

/** What a person was told about the task. */
export interface NoticeView {
  /** Number of the event that raised it. */
  readonly seq: number;
  readonly time: string;
  readonly level: "info" | "warning" | "error";
  readonly text: string;
  /** null in journals of version 0.1. */
  readonly about: NotificationAbout | null;
}

/** Notices kept in a view; the journal has them all. */
export const NOTICES = 20;

/** Whoever decides again changes their mind. */
export function withDecisions(before: HunkDecisions | undefined, now: HunkDecisions): HunkDecisions {
  const { accepted = [], rejected = [] } = before ?? {};
  const without = (ids: readonly HunkId[], others: readonly HunkId[]): readonly HunkId[] => ids.filter((id) => !others.includes(id));
  return {
    accepted: [...new Set([...without(accepted, now.rejected), ...now.accepted])],
    rejected: [...new Set([...without(rejected, now.accepted), ...now.rejected])],
  };
}

/** Several accepts as one: its state before is that of the first. */
export function mergeAccepted(earlier: AcceptResult | null, result: AcceptResult): AcceptResult {
  if (earlier === null) return result;
  const conflicts = [...new Set([...earlier.conflicts, ...result.conflicts])];
  const applied = [...new Set([...earlier.applied, ...result.applied])].filter((path) => !conflicts.includes(path));
  return { ...result, applied, conflicts, before: earlier.before };
}
