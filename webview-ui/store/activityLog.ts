// The part of a task's activity that the page holds: a stretch without holes, of bounded size, that grows at both ends.
// Pure.
import { matcherOf, type ActivityFilter } from "../../src/shared/activityFilter";
import type { Activity } from "../../src/shared/dashboardState";
import type { ToPage } from "../../src/shared/protocol";

type Answer = Extract<ToPage, { readonly kind: "activity" }>;

/** Beyond this the oldest are let go; they can be fetched again. */
export const MOST_ENTRIES = 20_000;
const LET_GO = 5000;

export interface ActivityLog {
  readonly filter: ActivityFilter;
  /** Everything that matches, with a number above `from` and up to `upTo`. */
  readonly entries: readonly Activity[];
  readonly from: number;
  readonly upTo: number;
}

/** With what was asked for: the newest, or what comes after what is there already. */
export function withNewest(log: ActivityLog | null, filter: ActivityFilter, answer: Answer): ActivityLog {
  const { entries, from, upTo } = answer;
  if (log === null || log.filter !== filter || from > log.upTo) return { filter, entries, from, upTo };
  return bounded({ ...log, entries: [...log.entries, ...entries.filter(({ seq }) => seq > log.upTo)], upTo });
}

export function withOlder(log: ActivityLog, answer: Answer): ActivityLog {
  if (answer.upTo < log.from) return log;
  return { ...log, entries: [...answer.entries.filter(({ seq }) => seq <= log.from), ...log.entries], from: answer.from };
}

export function withNews(log: ActivityLog, news: readonly Activity[]): ActivityLog {
  const fresh = news.filter(({ seq }) => seq > log.upTo);
  const upTo = fresh.at(-1)?.seq ?? log.upTo;
  const entries = fresh.filter(matcherOf(log.filter));
  return entries.length === 0 ? { ...log, upTo } : bounded({ ...log, entries: [...log.entries, ...entries], upTo });
}

function bounded(log: ActivityLog): ActivityLog {
  if (log.entries.length <= MOST_ENTRIES) return log;
  const entries = log.entries.slice(log.entries.length - MOST_ENTRIES + LET_GO);
  return { ...log, entries, from: (entries[0]?.seq ?? 1) - 1 };
}
