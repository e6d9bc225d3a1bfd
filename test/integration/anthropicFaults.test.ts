import { strict as assert } from "node:assert";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createAnthropicModel, type AnthropicOptions } from "../../src/adapters/model/anthropicModel";
import { DEFAULT_RETRIES } from "../../src/core/engine/retryPolicy";
import { retryingModel } from "../../src/core/engine/retryingModel";
import { NO_USAGE } from "../../src/core/domain/usage";
import type { ModelClient, ModelFailureCode } from "../../src/core/ports/modelClient";
import { aRequest, collect, endOf, failureOf, finishOf } from "../builders/modelRequest";
import { FakeModelApi, type FakeModelApiOptions, type FakeReply, type Responder, type StatusFault } from "../fakes/fakeModelApi";
import type { StreamFault } from "../fakes/fakeModelApiStream";
import { FixedClock } from "../fakes/manualClock";
import { RecordingLogger } from "../fakes/recordingLogger";

const GOOD: FakeReply = { text: "Here it is.", toolCalls: [{ name: "read_file", input: { path: "a.ts" } }] };
const IDLE_MS = 150;

describe("AnthropicModel, against faults", () => {
  let api: FakeModelApi;
  const logger = new RecordingLogger();

  async function modelFor(replies: readonly FakeReply[] | Responder, change: Partial<AnthropicOptions> = {}, fake: FakeModelApiOptions = {}): Promise<ModelClient> {
    api = await FakeModelApi.start(replies, fake);
    return createAnthropicModel({ apiKey: "sk-test-1234567", baseUrl: api.url, idleTimeoutMs: IDLE_MS, logger, ...change });
  }

  afterEach(() => api.close());

  const statuses: readonly (readonly [string, StatusFault, ModelFailureCode, boolean, RegExp])[] = [
    ["a wrong key", { status: 401, type: "authentication_error", message: "invalid x-api-key" }, "invalidKey", false, /Check ANTHROPIC_API_KEY/],
    ["a lack of permission", { status: 403, type: "permission_error" }, "notPermitted", false, /may not/],
    ["an unknown model", { status: 404, type: "not_found_error", message: "model: claude-x" }, "modelNotFound", false, /claude-opus-5-5 is not known/],
    ["a timeout of the server", { status: 408, type: "timeout_error" }, "serverError", true, /answered 408/],
    ["a conflict", { status: 409, type: "conflict_error" }, "serverError", true, /answered 409/],
    ["a request that is too large", { status: 413, type: "request_too_large" }, "contextFull", false, /too long/],
    ["a prompt that is too long", { status: 400, message: "prompt is too long: 1000001 tokens > 1000000 maximum" }, "contextFull", false, /too long/],
    ["a bad request", { status: 400, message: "messages.3: no" }, "badRequest", false, /messages\.3: no/],
    ["a rate limit", { status: 429, type: "rate_limit_error" }, "rateLimited", true, /too many requests/],
    ["a ramp limit", { status: 429, type: "rate_limit_error", errorCode: "ramp_limit_exceeded" }, "rateLimited", true, /too many/],
    ["the contract's spend limit", { status: 429, type: "rate_limit_error", errorCode: "contract_spend_limit_reached" }, "spendLimit", false, /spend limit/],
    ["the tier's spend limit", { status: 429, type: "rate_limit_error", errorCode: "enforced_spend_limit_reached" }, "spendLimit", false, /then resume/],
    ["a billing error", { status: 402, type: "billing_error" }, "spendLimit", false, /no credit/],
    ["an empty credit balance", { status: 400, message: "Your credit balance is too low to access the API." }, "spendLimit", false, /no credit/],
    ["an organization on hold", { status: 400, errorCode: "organization_on_hold" }, "notPermitted", false, /may not/],
    ["a server error", { status: 500, type: "api_error" }, "serverError", true, /problem of its own/],
    ["a gateway's page", { status: 502, body: "<html>bad gateway</html>" }, "serverError", true, /bad gateway/],
    ["an overload", { status: 529, type: "overloaded_error" }, "overloaded", true, /overloaded/],
    ["a server error that the server calls final", { status: 500, headers: { "x-should-retry": "false" } }, "serverError", false, /500/],
  ];
  for (const [what, fault, code, retryable, message] of statuses) {
    it(`ends on ${what} (${fault.status}) with ${code}`, async () => {
      const model = await modelFor([{ fault }]);
      const { failure, usage } = failureOf(await collect(model, aRequest()));
      assert.deepEqual([failure.code, failure.retryable], [code, retryable]);
      assert.match(failure.message, message);
      assert.deepEqual(usage, NO_USAGE);
      assert.equal(api.requests.length, 1, "the SDK must not retry");
    });
  }

  const waits: readonly (readonly [string, Readonly<Record<string, string>>, (ms: number | null) => boolean])[] = [
    ["retry-after in seconds", { "retry-after": "7" }, (ms) => ms === 7000],
    ["retry-after-ms", { "retry-after-ms": "250", "retry-after": "1" }, (ms) => ms === 250],
    ["retry-after as a date", { "retry-after": new Date(Date.now() + 60_000).toUTCString() }, (ms) => ms !== null && ms > 30_000 && ms <= 60_000],
    [
      "the reset of the limit that is used up",
      {
        "anthropic-ratelimit-tokens-remaining": "0",
        "anthropic-ratelimit-tokens-reset": new Date(Date.now() + 40_000).toISOString(),
        "anthropic-ratelimit-requests-remaining": "4",
        "anthropic-ratelimit-requests-reset": new Date(Date.now() + 400_000).toISOString(),
      },
      (ms) => ms !== null && ms > 20_000 && ms <= 40_000,
    ],
    ["nothing", {}, (ms) => ms === null],
  ];
  for (const [what, headers, isRight] of waits) {
    it(`reads ${what} of a rate limit`, async () => {
      const model = await modelFor([{ fault: { status: 429, type: "rate_limit_error", headers } }]);
      const { failure } = failureOf(await collect(model, aRequest()));
      assert.ok(isRight(failure.retryAfterMs), String(failure.retryAfterMs));
    });
  }

  const streamFaults: readonly (readonly [StreamFault, ModelFailureCode, boolean, RegExp])[] = [
    [{ kind: "cutMidStream" }, "disconnected", true, /lost mid-answer/],
    [{ kind: "cutMidToolInput" }, "disconnected", true, /lost mid-answer/],
    [{ kind: "endEarly" }, "disconnected", true, /lost mid-answer/],
    [{ kind: "truncatedJson" }, "disconnected", true, /damaged/],
    [{ kind: "stallMidStream" }, "stalled", true, /silent for 0\.15 s mid-answer/],
    [{ kind: "errorEvent", type: "overloaded_error", message: "Overloaded" }, "overloaded", true, /Overloaded/],
    [{ kind: "errorEvent", type: "api_error", message: "Internal server error" }, "serverError", true, /Internal/],
    [{ kind: "errorEvent", type: "rate_limit_error", message: "limit", errorCode: "contract_spend_limit_reached" }, "spendLimit", false, /spend limit/],
    [{ kind: "errorEvent", type: "invalid_request_error", message: "prompt is too long" }, "contextFull", false, /too long/],
  ];
  for (const [streamFault, code, retryable, message] of streamFaults) {
    const name = streamFault.kind === "errorEvent" ? `the event ${streamFault.type} (${streamFault.message})` : streamFault.kind;
    it(`ends on ${name} with ${code} and the input that was billed`, async () => {
      const model = await modelFor([{ ...GOOD, streamFault }]);
      const { failure, usage } = failureOf(await collect(model, aRequest()));
      assert.deepEqual([failure.code, failure.retryable], [code, retryable], failure.message);
      assert.match(failure.message, message);
      assert.ok(usage.input > 0);
    });

    if (!retryable) continue;
    it(`recovers from ${name} with one more try`, async () => {
      const model = await modelFor([{ ...GOOD, streamFault }, GOOD]);
      const events = await collect(retryingModel(model, { ...DEFAULT_RETRIES, random: () => 0 }, new FixedClock()), aRequest());
      const end = finishOf(events);
      assert.equal(events.filter((event) => event.kind === "retrying").length, 1);
      assert.equal(end.stop, "toolUse");
      assert.equal(end.usage.input, 2 * (api.requests[0]?.usage?.input_tokens ?? Number.NaN));
    });
  }

  const connections: readonly (readonly [NonNullable<FakeReply["connection"]>, ModelFailureCode, RegExp])[] = [
    ["resetBeforeHeaders", "disconnected", /before the answer began/],
    ["stallBeforeHeaders", "stalled", /before it began to answer/],
    ["stallAfterHeaders", "stalled", /before it began to answer/],
  ];
  for (const [connection, code, message] of connections) {
    it(`recovers from ${connection} (${code})`, async () => {
      const model = await modelFor([{ connection }, GOOD]);
      const events = await collect(retryingModel(model, { ...DEFAULT_RETRIES, random: () => 0 }, new FixedClock()), aRequest());
      const [retry] = events.filter((event) => event.kind === "retrying");
      assert.equal(retry?.failure.code, code);
      assert.match(retry.failure.message, message);
      assert.equal(endOf(events).kind, "finished");
    });
  }

  it("says that nothing listens at an address", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const model = await modelFor([GOOD], { baseUrl: `http://127.0.0.1:${port}` });
    const { failure } = failureOf(await collect(model, aRequest()));
    assert.deepEqual([failure.code, failure.retryable], ["unreachable", true]);
    assert.match(failure.message, /^127\.0\.0\.1:\d+ cannot be reached \(connect ECONNREFUSED/);
  });

  it("says that a host is unknown", async () => {
    const model = await modelFor([GOOD], { baseUrl: "http://no-such-host.invalid" });
    const { failure } = failureOf(await collect(model, aRequest()));
    assert.equal(failure.code, "unreachable");
    assert.match(failure.message, /no-such-host\.invalid cannot be reached/);
  });

  for (const [what, options] of [
    ["an address that is none", { baseUrl: "not an address" }],
    ["a key that no header can hold", { apiKey: "secret\nkey" }],
  ] as const) {
    it(`gives up on ${what} at once, and shows no key`, async () => {
      const model = await modelFor([GOOD], options);
      const { failure } = failureOf(await collect(model, aRequest()));
      assert.deepEqual([failure.code, failure.retryable], ["badRequest", false]);
      assert.match(failure.message, /^The request cannot be sent/);
      assert.ok(!failure.message.includes("secret"));
    });
  }

  it("says that a page is no answer", async () => {
    const model = await modelFor([{ page: "<html>log in</html>" }]);
    const { failure } = failureOf(await collect(model, aRequest()));
    assert.deepEqual([failure.code, failure.retryable], ["badRequest", false]);
    assert.match(failure.message, /text\/html and no message: is the base URL right/);
  });

  it("asks again when the model says nothing at all", async () => {
    const model = await modelFor([{}, GOOD]);
    const events = await collect(retryingModel(model, { ...DEFAULT_RETRIES, random: () => 0 }, new FixedClock()), aRequest());
    assert.deepEqual(events.flatMap((event) => (event.kind === "retrying" ? [event.failure.code] : [])), ["serverError"]);
    finishOf(events);
  });

  it("takes a message as whole when only its end was lost", async () => {
    for (const kind of ["cutAfterStopReason", "neverEnds"] as const) {
      const model = await modelFor([{ ...GOOD, streamFault: { kind } }]);
      assert.equal(finishOf(await collect(model, aRequest())).message.content.length, 2, kind);
      await api.close();
    }
    api = await FakeModelApi.start([GOOD]);
  });

  it("lets a slow answer live as long as pings come", async () => {
    const model = await modelFor([{ ...GOOD, pings: 6, delayMs: IDLE_MS / 2 }]);
    finishOf(await collect(model, aRequest()));
  });

  it("reads through repeated and unknown events, and through chunks that cut characters", async () => {
    const text = "Größe: 42 🙂 – fertig.\n".repeat(5);
    const model = await modelFor([{ ...GOOD, text, duplicated: true, noisy: true, chunkBytes: 7 }]);
    const events = await collect(model, aRequest());
    const deltas = events.flatMap((event) => (event.kind === "textDelta" ? [event.text] : []));
    assert.equal(deltas.join(""), text);
    assert.equal(events.filter((event) => event.kind === "toolCallReady").length, 1);
    assert.deepEqual(finishOf(events).message.content.map((block) => block.kind), ["text", "toolCall"]);
  });

  for (const [rawInput, stop, what] of [
    ['{"path": "a.ts', "max_tokens", "cut at the output limit"],
    ['{"path": nope}', "tool_use", "no JSON"],
    ["[1, 2]", "tool_use", "no object"],
  ] as const) {
    it(`hands on a tool input that is ${what}, and the conversation goes on`, async () => {
      const model = await modelFor([{ text: "I read.", toolCalls: [{ name: "read_file", rawInput }], stop }, GOOD]);
      const first = finishOf(await collect(model, aRequest()));
      const call = first.message.content.find((block) => block.kind === "toolCall");
      assert.equal(call?.malformed, rawInput);
      assert.deepEqual(call.input, {});
      assert.equal(first.stop, stop === "max_tokens" ? "maxTokens" : "toolUse");
      const result = { role: "user" as const, content: [{ kind: "toolResult" as const, callId: call.id, content: "no valid JSON", isError: true }] };
      const request = aRequest();
      finishOf(await collect(model, { ...request, messages: [...request.messages, first.message, result] }));
    });
  }

  it("finishes with a refusal and its reason", async () => {
    const stopDetails = { type: "refusal", category: "cyber", explanation: "not this" };
    const model = await modelFor([{ stop: "refusal", stopDetails }]);
    const end = finishOf(await collect(model, aRequest()));
    assert.deepEqual([end.stop, end.message.content], ["refusal", [{ kind: "text", text: "cyber: not this" }]]);
  });

  for (const [stop, expected] of [
    ["max_tokens", "maxTokens"],
    ["model_context_window_exceeded", "contextFull"],
    ["pause_turn", "pause"],
    ["stop_sequence", "endTurn"],
    ["end_turn", "endTurn"],
  ] as const) {
    it(`reads the stop reason ${stop}`, async () => {
      const model = await modelFor([{ text: "so", stop }]);
      assert.equal(finishOf(await collect(model, aRequest())).stop, expected);
    });
  }

  for (const [what, options, said] of [
    ["the key that it was given", { apiKey: "gateway-secret" }, "invalid key gateway-secret"],
    ["the token that it was given", { apiKey: undefined, authToken: "gateway-secret" }, "invalid key gateway-secret"],
    ["anything that looks like a key", { apiKey: undefined }, "invalid key sk-ant-api03-secret"],
  ] as const) {
    it(`never shows ${what}, whatever the server says, nor logs it`, async () => {
      const replies: readonly FakeReply[] = [
        { fault: { status: 401, type: "authentication_error", message: said } },
        { ...GOOD, streamFault: { kind: "errorEvent", type: "authentication_error", message: said } },
        { fault: { status: 400, message: `thinking: ${said}` } },
        { fault: { status: 502, body: said } },
      ];
      const model = await modelFor(replies, options);
      for (let i = 0; i < 3; i += 1) {
        const { failure } = failureOf(await collect(model, aRequest()));
        assert.match(failure.message, /invalid key \*\*\*/);
        assert.ok(!JSON.stringify([failure, logger.lines]).includes("secret"));
      }
      assert.equal(logger.lines.length, 1, "the refused feature was logged");
      logger.lines.length = 0;
    });
  }

  describe("when it is cancelled", () => {
    for (const [where, reply] of [
      ["before the headers", { connection: "stallBeforeHeaders" }],
      ["mid-stream", { ...GOOD, streamFault: { kind: "stallMidStream" } }],
    ] as const satisfies readonly (readonly [string, FakeReply])[]) {
      it(`ends at once ${where}`, async () => {
        const model = await modelFor([reply], { idleTimeoutMs: 60_000 });
        const controller = new AbortController();
        const events = collect(model, aRequest(), controller.signal);
        while (api.requests.length === 0) await new Promise(setImmediate);
        await new Promise((resolve) => setTimeout(resolve, 20));
        controller.abort();
        assert.equal(failureOf(await events).failure.code, "cancelled");
      });
    }

    it("sends nothing when it was cancelled before", async () => {
      const model = await modelFor([GOOD]);
      assert.equal(failureOf(await collect(model, aRequest(), AbortSignal.abort())).failure.code, "cancelled");
      assert.equal(api.requests.length, 0);
    });
  });
});
