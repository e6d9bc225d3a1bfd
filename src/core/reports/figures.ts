// Figures of reports and documents: tokens to the last one, and costs with what is unknown about them. Pure; independent
// of the locale, so that a report reads the same everywhere.
import { counted, dollars } from "../../shared/figures";
import { promptTokens, type Cost, type Usage } from "../domain/usage";

/** `12,300`. */
export function grouped(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ",");
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
  return usd === 0 ? "unknown" : `${dollars(usd)} + unknown (${counted(unpricedCalls, "call")})`;
}
