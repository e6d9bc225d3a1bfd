import assert from "node:assert/strict";
import { PRICES, pricesOn } from "../../src/core/domain/pricing";
import { roundTokens } from "../../src/shared/figures";
import { editorModelFacts, listedModels, priceText, pricedModels } from "../../src/vscode/models/modelItems";

const PRICED = pricesOn(PRICES, new Date("2026-11-21T00:00:00Z"));

describe("listedModels", () => {
  it("shows price and size as far as they are known, in the server's order", () => {
    const listed = [
      { id: "claude-sonnet-5-5", name: "Claude Sonnet 5.5", contextTokens: 1_000_000, outputTokens: 64_000, lifecycle: "active" as const },
      { id: "house-model", name: "house-model", contextTokens: null, outputTokens: null, lifecycle: "deprecated" as const },
    ];
    assert.deepEqual(listedModels(listed, PRICED), [
      { id: "claude-sonnet-5-5", name: "Claude Sonnet 5.5", facts: "$2 in, $10 out per million tokens · 1M context · 64k output" },
      { id: "house-model", name: "house-model", facts: "price unknown · going to end" },
    ]);
  });
});

describe("pricedModels", () => {
  it("lists what has a price, without ids that only name a day, and invents no size", () => {
    const shown = pricedModels(PRICED);
    assert.ok(shown.length > 8);
    assert.deepEqual(shown.filter(({ id }) => /\d{8}$/.test(id)), []);
    assert.equal(shown.find(({ id }) => id === "claude-opus-5-5")?.facts, "$4 in, $20 out per million tokens");
  });
});

describe("editorModelFacts", () => {
  const model = { id: "vscode:acme/swift-1", name: "Swift 1", vendor: "acme", family: "swift", maxInputTokens: 128_000 };

  it("says who bills it, how much it reads, and its family", () => {
    assert.deepEqual(editorModelFacts(model, PRICED), { id: "vscode:acme/swift-1", name: "Swift 1", facts: "billed by acme, price unknown · 128k context · swift" });
  });

  it("shows the user's own price for it", () => {
    const own = [{ id: model.id, rates: { input: 0, output: 0, cacheRead: 0, cacheWrite1h: 0, cacheWrite5m: 0 }, tiers: [] }];
    assert.match(editorModelFacts(model, own).facts, /^\$0 in, \$0 out per million tokens · /);
  });
});

describe("priceText", () => {
  it("names what a long prompt costs where that differs", () => {
    const haiku = PRICED.find(({ id }) => id === "claude-haiku-5-5");
    assert.ok(haiku !== undefined);
    assert.equal(priceText(haiku), "$0.10 in, $0.50 out per million tokens; $0.50 in, $2.50 out above 100k");
  });
});

describe("tokens", () => {
  for (const [count, text] of [[900, "900"], [8192, "8.2k"], [64_000, "64k"], [128_500, "129k"], [1_000_000, "1M"], [1_048_576, "1M"]] as const) {
    it(`shows ${count} as ${text}`, () => assert.equal(roundTokens(count), text));
  }
});
