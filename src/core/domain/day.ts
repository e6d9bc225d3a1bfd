// Days as budgets and costs count them. Pure.

/** UTC day of an ISO 8601 time, as in the journal: `YYYY-MM-DD`. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}
