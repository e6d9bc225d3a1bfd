import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { DEFAULT_RETRIES, decideRetry, type RetryPolicy } from "../../src/core/engine/retryPolicy";
import type { ModelFailure } from "../../src/core/ports/modelClient";

const failure = (change: Partial<ModelFailure> = {}): ModelFailure => ({
  code: "overloaded",
  retryable: true,
  retryAfterMs: null,
  message: "busy",
  ...change,
});
const policy = (random: number): RetryPolicy => ({ ...DEFAULT_RETRIES, random: () => random });

describe("decideRetry", () => {
  it("gives up at once on what will not get better", () => {
    assert.deepEqual(decideRetry(policy(0), failure({ retryable: false }), 1, 0), { kind: "giveUp", reason: "" });
  });

  it("doubles the bound of the delay with every try, up to the longest", () => {
    const bounds = [1, 2, 3, 4, 5, 6, 7].map((tries) => decideRetry(policy(1), failure(), tries, 0));
    assert.deepEqual(
      bounds.map((decision) => (decision.kind === "retry" ? decision.delayMs : null)),
      [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000],
    );
  });

  it("gives up after the last try, saying how many there were", () => {
    assert.deepEqual(decideRetry(policy(0), failure(), DEFAULT_RETRIES.maxTries, 0), { kind: "giveUp", reason: "it was tried 8 times" });
  });

  it("gives up where the waiting would get too long in all", () => {
    const decision = decideRetry(policy(1), failure(), 4, DEFAULT_RETRIES.maxTotalWaitMs - 7000);
    assert.deepEqual(decision, { kind: "giveUp", reason: "it was tried 4 times over 15 min" });
  });

  it("does not wait longer than the cap, and says what the server asked for", () => {
    const decision = decideRetry(policy(0), failure({ retryAfterMs: 1_500_000 }), 1, 0);
    assert.equal(decision.kind === "giveUp" && decision.reason, "the server asks to wait 25 min, and more than 10 min are not waited");
  });

  it("never comes back sooner than the server asked, nor much later", () => {
    const asked = fc.integer({ min: 0, max: DEFAULT_RETRIES.longestRetryAfterMs - 1000 });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(asked, random, fc.integer({ min: 1, max: 7 }), (retryAfterMs, value, tries) => {
        const decision = decideRetry(policy(value), failure({ retryAfterMs }), tries, 0);
        assert.ok(decision.kind === "retry");
        assert.ok(decision.delayMs >= retryAfterMs && decision.delayMs <= retryAfterMs + DEFAULT_RETRIES.firstDelayMs);
      }),
    );
  });
});
