import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { CountersignError } from "../../src/core/domain/errors";
import { PRICES, pricesOn, priceTurn, withPriceOverrides, worstCase, type PriceTable } from "../../src/core/domain/pricing";
import { NO_USAGE, promptTokens, type Usage } from "../../src/core/domain/usage";

const TODAY = new Date("2026-11-21T12:00:00Z");
const MILLION = 1_000_000;

function price(model: string, usage: Partial<Usage>): number | null {
  return priceTurn(PRICES, model, { ...NO_USAGE, ...usage }, TODAY);
}

/** Rounded to a millionth of a dollar: floating point leaves crumbs. */
function cents(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e6) / 1e6;
}

describe("PRICES", () => {
  it("prices every id that the SDK names, but for the two without a published price", () => {
    const types = readFileSync("node_modules/@anthropic-ai/sdk/resources/messages/messages.d.ts", "utf8");
    const union = /export type Model = ([^;]+);/.exec(types)?.[1] ?? "";
    const ids = [...union.matchAll(/'(claude-[^']+)'/g)].map((match) => match[1] ?? "");
    assert.ok(ids.length > 15, "the union was not found");
    const unpriced = ids.filter((id) => price(id, { input: 1 }) === null);
    assert.deepEqual(unpriced, ["claude-mythos-5-2", "claude-mythos-preview"]);
  });

  it("names each id once a day", () => {
    const seen = PRICES.models.flatMap((model) => model.ids.map((id) => `${id} ${model.from}`));
    assert.deepEqual(seen.filter((id, index) => seen.indexOf(id) !== index), []);
  });

  it("keeps the usual order of rates: cache reads below input, writes above, output dearest", () => {
    for (const { ids, rates, tiers } of PRICES.models) {
      for (const r of [rates, ...tiers.map((tier) => tier.rates)]) {
        assert.ok(r.cacheRead < r.input && r.input < r.cacheWrite5m && r.cacheWrite5m < r.cacheWrite1h, ids.join());
        assert.ok(r.output > r.input, ids.join());
      }
    }
  });
});

describe("pricesOn", () => {
  const own = { "claude-opus-5-5": { input: 1, output: 2 }, "my-own": { from: "2026-01-01", input: 3, output: 4 } };

  it("names every model once, with the price that counts that day and the user's own over it", () => {
    const priced = pricesOn(withPriceOverrides(PRICES, own), TODAY);
    assert.equal(new Set(priced.map(({ id }) => id)).size, priced.length);
    const rates = Object.fromEntries(priced.map(({ id, rates: { input, output } }) => [id, [input, output]]));
    assert.deepEqual([rates["claude-opus-5-5"], rates["my-own"], rates["claude-sonnet-5-5"]], [[1, 2], [3, 4], [2, 10]]);
  });

  it("keeps the tiers", () => {
    const haiku = pricesOn(PRICES, TODAY).find(({ id }) => id === "claude-haiku-5-5");
    assert.deepEqual(haiku?.tiers.map(({ promptAbove, rates }) => [promptAbove, rates.input]), [[100_000, 0.5]]);
  });
});

describe("priceTurn", () => {
  const rows: readonly (readonly [string, Partial<Usage>, number | null])[] = [
    ["claude-opus-5-5", { input: MILLION }, 4],
    ["claude-opus-5-5", { output: MILLION }, 20],
    ["claude-opus-5-5", { cacheRead: MILLION }, 0.2],
    ["claude-opus-5-5", { cacheWrite5m: MILLION }, 5],
    ["claude-opus-5-5", { cacheWrite1h: MILLION }, 8],
    ["claude-sonnet-5-5", { input: 1000, output: 500, cacheRead: 10_000, cacheWrite5m: 2000 }, 0.013],
    ["claude-sonnet-4-5-20250929", { input: MILLION }, 3],
    ["claude-haiku-4-5-20251001", { input: MILLION }, 1],
    ["gpt-of-tomorrow", { input: MILLION }, null],
    ["claude-opus-5-5-latest", { input: MILLION }, null],
  ];
  for (const [model, usage, expected] of rows) {
    it(`prices ${JSON.stringify(usage)} of ${model} at ${expected}`, () => {
      assert.equal(cents(price(model, usage)), expected);
    });
  }

  it("decides the tier of claude-haiku-5-5 by the whole prompt, cached tokens included", () => {
    const small = price("claude-haiku-5-5", { input: 1, cacheRead: 99_999 });
    const large = price("claude-haiku-5-5", { input: 2, cacheRead: 99_999 });
    assert.equal(small, (1 * 0.1 + 99_999 * 0.01) / MILLION);
    assert.equal(large, (2 * 0.5 + 99_999 * 0.05) / MILLION);
  });

  it("uses the price of the day, and the earliest known one before it", () => {
    const rates = (input: number) => ({ input, output: 1, cacheWrite5m: 1, cacheWrite1h: 1, cacheRead: 1 });
    const table: PriceTable = {
      models: [
        { ids: ["m"], from: "2026-06-01", rates: rates(2), tiers: [] },
        { ids: ["m"], from: "2026-01-01", rates: rates(1), tiers: [] },
      ],
    };
    const on = (day: string): number | null => priceTurn(table, "m", { ...NO_USAGE, input: MILLION }, new Date(`${day}T00:00:00Z`));
    assert.deepEqual(["2025-01-01", "2026-05-31", "2026-06-01", "2027-01-01"].map(on), [1, 1, 2, 2]);
  });

  it("costs nothing for nothing, and adds up within a tier", () => {
    assert.equal(price("claude-opus-5", {}), 0);
    const tokens = fc.nat({ max: 20_000 });
    const usage = fc.record({ input: tokens, output: tokens, cacheRead: tokens, cacheWrite5m: tokens, cacheWrite1h: tokens });
    fc.assert(
      fc.property(usage, (a) => {
        const double = { input: 2 * a.input, output: 2 * a.output, cacheRead: 2 * a.cacheRead, cacheWrite5m: 2 * a.cacheWrite5m, cacheWrite1h: 2 * a.cacheWrite1h };
        const once = price("claude-opus-5", a) ?? Number.NaN;
        assert.ok(Math.abs((price("claude-opus-5", double) ?? Number.NaN) - 2 * once) < 1e-9);
      }),
    );
  });
});

describe("worstCase", () => {
  it("is never below what a call without one-hour writes costs", () => {
    const tokens = fc.nat({ max: 400_000 });
    const models = fc.constantFrom(...PRICES.models.flatMap((model) => model.ids));
    fc.assert(
      fc.property(models, tokens, tokens, tokens, (model, input, cacheRead, output) => {
        const usage: Usage = { ...NO_USAGE, input, cacheRead, cacheWrite5m: 17, output };
        const paid = priceTurn(PRICES, model, usage, TODAY) ?? Number.NaN;
        assert.ok(worstCase(PRICES, model, promptTokens(usage), output) >= paid - 1e-12);
      }),
    );
  });

  it("counts an unknown model as the dearest known one", () => {
    assert.equal(worstCase(PRICES, "no-such-model", MILLION, MILLION), 12.5 + 50);
  });

  it("is nothing in an empty table", () => {
    assert.equal(worstCase({ models: [] }, "m", 1, 1), 0);
  });
});

describe("withPriceOverrides", () => {
  it("replaces a built-in price, keeps its aliases, and fills cache prices by the usual ratios", () => {
    const table = withPriceOverrides(PRICES, { "claude-opus-4-5": { input: 1, output: 2 }, "local-model": { input: 0, output: 0 } });
    const at = (model: string, usage: Partial<Usage>): number | null => cents(priceTurn(table, model, { ...NO_USAGE, ...usage }, TODAY));
    assert.equal(at("claude-opus-4-5", { input: MILLION, cacheWrite5m: MILLION, cacheRead: MILLION }), 1 + 1.25 + 0.1);
    assert.equal(at("claude-opus-4-5-20251101", { input: MILLION }), 5);
    assert.equal(at("local-model", { input: MILLION, output: MILLION }), 0);
  });

  const wrong: readonly (readonly [string, unknown, RegExp])[] = [
    ["a negative price", { m: { input: -1, output: 1 } }, /m\.input/],
    ["a missing price", { m: { input: 1 } }, /m\.output/],
    ["an unknown field", { m: { input: 1, output: 1, cached: 1 } }, /cached/],
    ["a wrong day", { m: { input: 1, output: 1, from: "today" } }, /m\.from/],
    ["a list", [], /expected (record|object)/i],
  ];
  for (const [what, overrides, message] of wrong) {
    it(`refuses ${what} and says where`, () => {
      assert.throws(() => withPriceOverrides(PRICES, overrides), (error) => CountersignError.is(error, "badRequest") && message.test(error.message));
    });
  }
});
