// Tokens by kind and what they cost. Pure arithmetic; prices come from the price table.

/**
 * Tokens of one or more model calls, by how they are billed. Counts as the API reported them, never estimated; the
 * editor's own models report none, so theirs are counted by the model's own counter and have no known price.
 */
export interface Usage {
  /** Uncached input tokens. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Written with the five-minute lifetime. */
  readonly cacheWrite5m: number;
  /** Written with the one-hour lifetime. */
  readonly cacheWrite1h: number;
}

export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
  };
}

/** All input tokens of a call, cached or not: what counts against a context window and a price tier. */
export function promptTokens(usage: Usage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
}

export function totalTokens(usage: Usage): number {
  return promptTokens(usage) + usage.output;
}

/** Dollars, as a sum of known parts and a count of calls whose model has no known price. */
export interface Cost {
  readonly usd: number;
  /** Calls whose model is not in the price table: their cost is unknown and not in `usd`. */
  readonly unpricedCalls: number;
}

export const NO_COST: Cost = { usd: 0, unpricedCalls: 0 };

export function addCost(a: Cost, b: Cost): Cost {
  return { usd: a.usd + b.usd, unpricedCalls: a.unpricedCalls + b.unpricedCalls };
}
