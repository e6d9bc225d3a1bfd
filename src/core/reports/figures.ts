// Figures as people read them in reports and documents: tokens, durations, money. Pure; independent of the locale, so
// that a report reads the same everywhere.
import { dollars, promptTokens, type Cost, type Usage } from "../domain/usage";

/** `12,300`. */
export function grouped(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** `340 ms`, `3.2 s`, `4 min 12 s`, `1 h 5 min`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Percent of the input tokens that came from the cache; null without input. */
export function cacheShare(usage: Usage): number | null {
  const input = promptTokens(usage);
  return input === 0 ? null : Math.round((100 * usage.cacheRead) / input);
}

/** `12,300 in (85 % from cache), 340 out`. */
export function tokensText(usage: Usage): string {
  const share = cacheShare(usage);
  const cached = share === null || share === 0 ? "" : ` (${share} % from cache)`;
  return `${grouped(promptTokens(usage))} in${cached}, ${grouped(usage.output)} out`;
}

/** What is known and what is not: `$0.12`, `unknown`, `$0.12 + unknown (3 calls)`. */
export function costText({ usd, unpricedCalls }: Cost): string {
  if (unpricedCalls === 0) return dollars(usd);
  return usd === 0 ? "unknown" : `${dollars(usd)} + unknown (${countOf(unpricedCalls, "call")})`;
}

/** `1 turn`, `3 turns`. */
export function countOf(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}
