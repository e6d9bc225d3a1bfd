// What model calls cost: a table of prices of our own and arithmetic on it. Pure; a model that is not in the table
// has no price, and nothing here guesses one for what was spent.
import { pricedAs } from "./scriptModel";
import * as z from "zod/mini";
import { CountersignError } from "./errors";
import prices from "./prices.json";
import { parseWith } from "./schema";
import { promptTokens, type Usage } from "./usage";

/** US dollars per million tokens, by how they are billed. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
}

export interface PriceTier {
  /** The tier applies to a call whose whole prompt, cached tokens included, has more tokens than this. */
  readonly promptAbove: number;
  readonly rates: Rates;
}

/** The price of some models from one day on. */
export interface ModelPrice {
  /** Exact ids, dated aliases included. */
  readonly ids: readonly string[];
  /** `YYYY-MM-DD`, UTC: the first day of this price; the earliest one known also counts for the days before it. */
  readonly from: string;
  readonly rates: Rates;
  readonly tiers: readonly PriceTier[];
}

export interface PriceTable {
  readonly models: readonly ModelPrice[];
}

/** The built-in table. Source: public price pages and two published price tables that agree, November 2026. */
export const PRICES: PriceTable = { models: prices.models };

const rate = z.number().check(z.minimum(0));
const ratesSchema = z.strictObject({ input: rate, output: rate, cacheWrite5m: rate, cacheWrite1h: rate, cacheRead: rate });
const overridesSchema = z.record(
  z.string(),
  z.strictObject({
    from: z._default(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day like 2026-11-21")), "1970-01-01"),
    input: rate,
    output: rate,
    cacheWrite5m: z.optional(rate),
    cacheWrite1h: z.optional(rate),
    cacheRead: z.optional(rate),
    tiers: z._default(z.array(z.strictObject({ promptAbove: z.int().check(z.minimum(1)), rates: ratesSchema })), []),
  }),
);

/**
 * The table with a user's own prices: an object of model ids, each with `input` and `output` at the least; cache
 * prices left out follow the usual ratios (1.25, 2 and 0.1 times input). An id that is given replaces every built-in
 * price of that id. Throws CountersignError `badRequest` naming what is wrong.
 */
export function withPriceOverrides(table: PriceTable, overrides: unknown): PriceTable {
  const parsed = parseWith(overridesSchema, overrides);
  if (!parsed.ok) throw new CountersignError("badRequest", `The prices in the settings cannot be used: ${parsed.problems.join("; ")}.`);
  const own = Object.entries(parsed.value).map(([id, price]): ModelPrice => {
    const { input, output } = price;
    const cache = {
      cacheWrite5m: price.cacheWrite5m ?? input * 1.25,
      cacheWrite1h: price.cacheWrite1h ?? input * 2,
      cacheRead: price.cacheRead ?? input * 0.1,
    };
    return { ids: [id], from: price.from, rates: { input, output, ...cache }, tiers: price.tiers };
  });
  const replaced = new Set(own.flatMap((price) => price.ids));
  const kept = table.models.map((price) => ({ ...price, ids: price.ids.filter((id) => !replaced.has(id)) }));
  return { models: [...kept.filter((price) => price.ids.length > 0), ...own] };
}

/** Dollars of one model call on that day; null when the model is not in the table: its cost is unknown. */
export function priceTurn(table: PriceTable, model: string, usage: Usage, date: Date): number | null {
  const price = priceOn(table, model, date.toISOString().slice(0, 10));
  if (price === null) return null;
  const rates = ratesFor(price, promptTokens(usage));
  const micros =
    usage.input * rates.input +
    usage.output * rates.output +
    usage.cacheRead * rates.cacheRead +
    usage.cacheWrite5m * rates.cacheWrite5m +
    usage.cacheWrite1h * rates.cacheWrite1h;
  return micros / 1_000_000;
}

/**
 * The most that a call with such a prompt can cost: everything written to the five-minute cache, all output tokens
 * used. A model that is not in the table counts as the dearest known one.
 */
export function worstCase(table: PriceTable, model: string, inputTokens: number, maxOutput: number): number {
  const own = table.models.filter((price) => price.ids.includes(pricedAs(model)));
  const candidates = own.length > 0 ? own : table.models;
  const dollars = candidates.map((price) => {
    const { input, cacheWrite5m, output } = ratesFor(price, inputTokens);
    return (inputTokens * Math.max(input, cacheWrite5m) + maxOutput * output) / 1_000_000;
  });
  return Math.max(0, ...dollars);
}

/** What the call would have cost at the dearest known model: what a model without a price counts as for budgets. */
export function dearestTurn(table: PriceTable, usage: Usage, date: Date): number {
  const known = table.models.flatMap(({ ids }) => ids.slice(0, 1));
  return Math.max(0, ...known.map((model) => priceTurn(table, model, usage, date) ?? 0));
}

export interface PricedModel {
  readonly id: string;
  readonly rates: Rates;
  readonly tiers: readonly PriceTier[];
}

/** Every model of the table with its price on that day, for people to choose from. */
export function pricesOn(table: PriceTable, date: Date): readonly PricedModel[] {
  const day = date.toISOString().slice(0, 10);
  const ids = new Set(table.models.flatMap((price) => price.ids));
  return [...ids].flatMap((id) => {
    const price = priceOn(table, id, day);
    return price === null ? [] : [{ id, rates: price.rates, tiers: price.tiers }];
  });
}

function priceOn(table: PriceTable, model: string, day: string): ModelPrice | null {
  const known = table.models.filter((price) => price.ids.includes(pricedAs(model))).toSorted((a, b) => a.from.localeCompare(b.from));
  return known.findLast((price) => price.from <= day) ?? known[0] ?? null;
}

function ratesFor(price: ModelPrice, prompt: number): Rates {
  const tiers = price.tiers.filter((tier) => prompt > tier.promptAbove);
  return tiers.toSorted((a, b) => a.promptAbove - b.promptAbove).at(-1)?.rates ?? price.rates;
}
