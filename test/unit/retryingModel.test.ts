import { strict as assert } from "node:assert";
import { DEFAULT_RETRIES } from "../../src/core/engine/retryPolicy";
import { retryingModel } from "../../src/core/engine/retryingModel";
import { NO_USAGE } from "../../src/core/domain/usage";
import type { ModelClient, ModelEvent, ModelFailure } from "../../src/core/ports/modelClient";
import { aRequest, collect, failureOf, finishOf } from "../builders/modelRequest";
import { FixedClock, ManualClock } from "../fakes/manualClock";

const BUSY: ModelFailure = { code: "overloaded", retryable: true, retryAfterMs: null, message: "busy" };
const POLICY = { ...DEFAULT_RETRIES, random: () => 1 };

function failing(failure: ModelFailure, input = 0): ModelEvent {
  return { kind: "failed", failure, usage: { ...NO_USAGE, input } };
}

const DONE: ModelEvent = {
  kind: "finished",
  message: { role: "assistant", content: [{ kind: "text", text: "done" }] },
  stop: "endTurn",
  usage: { ...NO_USAGE, input: 7, output: 3 },
};

/** Answers the n-th request with the n-th list of events, the last one for ever. */
class ListedModel implements ModelClient {
  requests = 0;

  constructor(private readonly answers: readonly (readonly ModelEvent[])[]) {}

  async *stream(): AsyncGenerator<ModelEvent> {
    const answer = this.answers[Math.min(this.requests, this.answers.length - 1)] ?? [];
    this.requests += 1;
    yield* answer;
  }
}

describe("retryingModel", () => {
  it("passes a request that succeeds on unchanged", async () => {
    const events: ModelEvent[] = [{ kind: "textDelta", text: "do" }, { kind: "textDelta", text: "ne" }, DONE];
    const clock = new FixedClock();
    assert.deepEqual(await collect(retryingModel(new ListedModel([events]), POLICY, clock), aRequest()), events);
    assert.deepEqual(clock.slept, []);
  });

  it("tries again, announces it, and adds up what every try was billed", async () => {
    const model = new ListedModel([[failing(BUSY, 100)], [{ kind: "textDelta", text: "x" }, failing(BUSY, 20)], [DONE]]);
    const clock = new FixedClock();
    const events = await collect(retryingModel(model, POLICY, clock), aRequest());
    assert.deepEqual(
      events.filter((event) => event.kind === "retrying").map(({ tries, delayMs }) => [tries, delayMs]),
      [[1, 1000], [2, 2000]],
    );
    assert.deepEqual(clock.slept, [1000, 2000]);
    assert.deepEqual(finishOf(events).usage, { ...NO_USAGE, input: 127, output: 3 });
  });

  it("does not try again what is not retryable, and leaves its message alone", async () => {
    const model = new ListedModel([[failing({ ...BUSY, code: "invalidKey", retryable: false, message: "wrong key" }, 5)]]);
    const end = failureOf(await collect(retryingModel(model, POLICY, new FixedClock()), aRequest()));
    assert.equal(model.requests, 1);
    assert.deepEqual([end.failure.code, end.failure.message, end.usage.input], ["invalidKey", "wrong key", 5]);
  });

  it("ends after the last try with the failure, the number of tries and all that was billed", async () => {
    const model = new ListedModel([[failing(BUSY, 10)]]);
    const end = failureOf(await collect(retryingModel(model, POLICY, new FixedClock()), aRequest()));
    assert.equal(model.requests, 8);
    assert.deepEqual([end.failure.code, end.failure.message, end.usage.input], ["overloaded", "busy (it was tried 8 times)", 80]);
  });

  it("waits as long as the server asks", async () => {
    const clock = new FixedClock();
    const model = new ListedModel([[failing({ ...BUSY, retryAfterMs: 30_000 })], [DONE]]);
    await collect(retryingModel(model, { ...POLICY, random: () => 0 }, clock), aRequest());
    assert.deepEqual(clock.slept, [30_000]);
  });

  it("ends at once with what was billed when it is cancelled while waiting", async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const model = new ListedModel([[failing(BUSY, 9)], [DONE]]);
    const events = collect(retryingModel(model, POLICY, clock), aRequest(), controller.signal);
    while (clock.waiting === 0) await new Promise(setImmediate);
    controller.abort();
    const end = failureOf(await events);
    assert.deepEqual([end.failure.code, end.usage.input, model.requests], ["cancelled", 9, 1]);
  });

  it("treats an answer without an end as a lost connection", async () => {
    const model = new ListedModel([[{ kind: "textDelta", text: "and" }], [DONE]]);
    const events = await collect(retryingModel(model, POLICY, new FixedClock()), aRequest());
    assert.deepEqual(events.map((event) => event.kind), ["textDelta", "retrying", "finished"]);
  });
});
