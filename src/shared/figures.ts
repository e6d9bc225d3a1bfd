// Numbers as people read them: dollars, tokens, durations. Pure.

/** `$1.23`; four decimals below ten cents, where two would say nothing. */
export function dollars(usd: number): string {
  return `$${usd.toFixed(usd !== 0 && Math.abs(usd) < 0.1 ? 4 : 2)}`;
}

/** `950`, `12.3k`, `1.25M`. */
export function tokens(count: number): string {
  if (count < 1000) return String(count);
  if (count < 999_950) return `${(count / 1000).toFixed(1)}k`;
  return `${(count / 1_000_000).toFixed(2)}M`;
}

/** `200k`, `1M`: of sizes that are round, such as a model's context. */
export function roundTokens(count: number): string {
  if (count >= 1_000_000) return `${trimmed(count / 1_000_000)}M`;
  return count >= 1000 ? `${trimmed(count / 1000)}k` : String(count);
}

function trimmed(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toFixed(1)));
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `40 ms`, `1.2 s`, `34 s`, `3 min 5 s`, `2 h 4 min`. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 9.95 * SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  const seconds = Math.round(ms / SECOND);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** A limit or a total in few words, rounded up: `90 s`, `25 min`. */
export function roughly(ms: number): string {
  const seconds = Math.ceil(ms / SECOND);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

/** A pause that is about to begin: `0.4 s`. */
export function pause(ms: number): string {
  return `${(ms / SECOND).toFixed(1)} s`;
}

/** How long something has lasted that still goes on: whole seconds, so that it ticks evenly. */
export function elapsed(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / SECOND));
  return seconds < 10 ? `${seconds} s` : duration(seconds * SECOND);
}

/** `just now`, `5 min ago`, `3 h ago`, `yesterday`, `4 d ago`, then the date. */
export function ago(time: string, now: number): string {
  const passed = now - Date.parse(time);
  if (passed < MINUTE) return "just now";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h ago`;
  if (passed < 2 * DAY) return "yesterday";
  return passed < 7 * DAY ? `${Math.floor(passed / DAY)} d ago` : time.slice(0, 10);
}

/** `1 check`, `3 checks`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
