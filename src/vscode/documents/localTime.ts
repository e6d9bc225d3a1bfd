// Times as the person in front of the editor has them.

/** `2026-01-05 10:00:00` in the local time zone, from ISO 8601. */
export function localStamp(time: string): string {
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace("T", " ");
}
