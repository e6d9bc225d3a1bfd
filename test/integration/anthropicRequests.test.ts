import { strict as assert } from "node:assert";
import * as z from "zod/mini";
import type { AssistantMessage, Message } from "../../src/core/domain/conversation";
import { jsonSchemaOf } from "../../src/core/domain/schema";
import { promptTokens, type Usage } from "../../src/core/domain/usage";
import type { ModelClient, ModelRequest } from "../../src/core/ports/modelClient";
import { createAnthropicModel, type AnthropicOptions } from "../../src/adapters/model/anthropicModel";
import { contractNegotiator } from "../../src/core/roles/contractNegotiator";
import { evaluator } from "../../src/core/roles/evaluator";
import { generator } from "../../src/core/roles/generator";
import { planner } from "../../src/core/roles/planner";
import { singleAgent } from "../../src/core/roles/singleAgent";
import { aRequest, collect, failureOf, finishOf, resultsFor, userSays } from "../builders/modelRequest";
import { FakeModelApi, type FakeModelApiOptions, type FakeReply, type Responder } from "../fakes/fakeModelApi";
import { RecordingLogger } from "../fakes/recordingLogger";

const SCHEMA = jsonSchemaOf(z.object({ verdict: z.enum(["PASS", "FAIL"]), score: z.int() }));
const MARK = ',"cache_control":{"type":"ephemeral"}';

interface Node {
  readonly [key: string]: unknown;
}

function optionalProperties(node: unknown): number {
  if (typeof node !== "object" || node === null) return 0;
  const { properties = {}, required = [] } = node as { readonly properties?: Node; readonly required?: readonly string[] };
  const own = Object.keys(properties).filter((name) => !required.includes(name)).length;
  return Object.values(node).reduce<number>((sum, child) => sum + optionalProperties(child), own);
}

describe("AnthropicModel, its requests", () => {
  let api: FakeModelApi;
  let logger: RecordingLogger;

  async function modelFor(
    replies: readonly FakeReply[] | Responder,
    change: Partial<AnthropicOptions> = {},
    fake: FakeModelApiOptions = {},
  ): Promise<ModelClient> {
    api = await FakeModelApi.start(replies, fake);
    logger = new RecordingLogger();
    return createAnthropicModel({ apiKey: "the-key", baseUrl: api.url, logger, ...change });
  }

  afterEach(() => api.close());

  const body = (index = 0): Readonly<Record<string, unknown>> => api.requests[index]?.body ?? {};

  /** Asks turn after turn, each answered with results of `size` characters. */
  async function converse(model: ModelClient, first: ModelRequest, { turns, size = 200 }: { turns: number; size?: number }): Promise<Usage[]> {
    const usages: Usage[] = [];
    let messages: readonly Message[] = first.messages;
    for (let turn = 0; turn < turns; turn += 1) {
      const { message, usage } = finishOf(await collect(model, { ...first, messages }));
      usages.push(usage);
      messages = [...messages, message, resultsFor(message, `${turn} `.repeat(size / 2))];
    }
    return usages;
  }

  describe("credentials", () => {
    const rows: readonly (readonly [string, Partial<AnthropicOptions>, string | undefined, string | undefined])[] = [
      ["sends a key to another server in both ways", { apiKey: "the-key" }, "Bearer the-key", "the-key"],
      ["sends a token as a bearer only", { apiKey: undefined, authToken: "the-token" }, "Bearer the-token", undefined],
      ["prefers the key, as the SDK does", { apiKey: "the-key", authToken: "the-token" }, "Bearer the-key", "the-key"],
      ["sends nothing when there is neither", { apiKey: undefined }, undefined, undefined],
    ];
    for (const [what, options, authorization, key] of rows) {
      it(what, async () => {
        const model = await modelFor([{ text: "hi" }], options);
        finishOf(await collect(model, aRequest()));
        const headers = api.requests[0]?.headers;
        assert.deepEqual([headers?.authorization, headers?.["x-api-key"]], [authorization, key]);
      });
    }

    it("sends a key to Anthropic's own API as a bearer only", async () => {
      api = await FakeModelApi.start([]);
      const seen: Headers[] = [];
      const fetch = (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
        assert.equal(url, "https://api.anthropic.com/v1/messages");
        seen.push(new Headers(init?.headers));
        return Promise.resolve(Response.json({ type: "message", content: [{ type: "text", text: "hi" }], usage: {} }));
      };
      finishOf(await collect(createAnthropicModel({ apiKey: "the-key", logger: new RecordingLogger(), fetch }), aRequest()));
      assert.deepEqual(seen.map((headers) => [headers.get("authorization"), headers.get("x-api-key")]), [["Bearer the-key", null]]);
    });

    for (const tail of ["", "/", "/v1", "/v1/"]) {
      it(`takes a base URL that ends in "${tail}"`, async () => {
        const model = await modelFor([{ text: "hi" }]);
        finishOf(await collect(createAnthropicModel({ apiKey: "k", baseUrl: api.url + tail, logger }), aRequest()));
        assert.equal(api.requests[0]?.path, "/v1/messages");
        assert.ok(model);
      });
    }
  });

  describe("fields", () => {
    it("asks for a stream, adaptive thinking, effort and structured output of a current model, and for nothing else", async () => {
      const model = await modelFor([{ text: "{}" }]);
      await collect(model, aRequest({ outputSchema: SCHEMA, effort: "high" }));
      assert.deepEqual(Object.keys(body()), ["model", "max_tokens", "stream", "thinking", "output_config", "tools", "system", "messages"]);
      assert.deepEqual(body()["thinking"], { type: "adaptive", display: "summarized" });
      assert.equal(JSON.stringify(body()["output_config"]).slice(0, 60), '{"effort":"high","format":{"type":"json_schema","schema":{"t');
    });

    const rows: readonly (readonly [string, readonly string[]])[] = [
      ["claude-haiku-4-5-20251001", []],
      ["claude-sonnet-4-5", []],
      ["claude-opus-4-5-20251101", ["effort"]],
      ["claude-sonnet-4-6", ["thinking", "effort"]],
      ["claude-haiku-5-5", ["thinking", "effort"]],
      ["claude-fable-5", ["thinking", "effort"]],
      ["claude-mythos-5-2", ["thinking", "effort"]],
      ["anthropic/claude-opus-5-5", ["thinking", "effort"]],
      ["my-local-model", []],
    ];
    for (const [id, expected] of rows) {
      it(`uses ${expected.join(" and ") || "neither thinking nor effort"} with ${id}`, async () => {
        const model = await modelFor([{ text: "{}" }], {}, { strict: id.includes("claude") });
        await collect(model, aRequest({ model: id, outputSchema: SCHEMA }));
        const config = body()["output_config"] as Readonly<Record<string, unknown>>;
        assert.deepEqual([..."thinking" in body() ? ["thinking"] : [], ..."effort" in config ? ["effort"] : []], expected);
        assert.ok("format" in config);
      });
    }

    it("closes and rewrites an output schema that the API would refuse", async () => {
      const line = z.string().check(z.minLength(1));
      const union = z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("a"), n: z.int().check(z.minimum(0), z.maximum(9)) }),
        z.strictObject({ kind: z.literal("b"), lines: z.array(line).check(z.minLength(2)) }),
      ]);
      const model = await modelFor([{ text: "{}" }]);
      finishOf(await collect(model, aRequest({ outputSchema: jsonSchemaOf(z.object({ all: z.array(union) })) })));
    });

    for (const { role, system, tools, output } of [planner, contractNegotiator, generator, evaluator, singleAgent]) {
      it(`asks as the ${role} for nothing that the API refuses`, async () => {
        const model = await modelFor([{ text: "{}" }]);
        const outputSchema = output.schema();
        finishOf(await collect(model, aRequest({ system, tools, outputSchema })));
        assert.equal(api.requests.length, 1, "nothing had to be left out");
        // More than ten optional properties are refused. Source: the release notes of @ai-sdk/anthropic 4.0.95.
        const sent = body()["output_config"] as { readonly format?: { readonly schema: Node } };
        if (outputSchema !== null) assert.ok(optionalProperties(sent.format?.schema) <= 10);
      });
    }

    it("asks in words only, as the system prompt does anyway, for a schema that cannot be closed", async () => {
      const model = await modelFor([{ text: "{}" }]);
      finishOf(await collect(model, aRequest({ outputSchema: { type: "object", properties: { any: {} } } })));
      assert.deepEqual(body()["output_config"], { effort: "medium" });
    });

    it("leaves out empty text and answers that say nothing, which the API refuses", async () => {
      const model = await modelFor([{ text: "hi" }]);
      const messages: readonly Message[] = [userSays("a"), { role: "assistant", content: [] }, { role: "user", content: [{ kind: "text", text: " " }, { kind: "text", text: "b" }] }];
      finishOf(await collect(model, aRequest({ messages })));
      assert.deepEqual((body()["messages"] as readonly unknown[]).length, 2);
    });

    it("sends an object as the input of a malformed call, whatever is kept of it", async () => {
      const model = await modelFor([{ text: "hi" }]);
      const message: AssistantMessage = { role: "assistant", content: [{ kind: "toolCall", id: "t", name: "read_file", input: "{pa", malformed: "{pa" }] };
      finishOf(await collect(model, aRequest({ messages: [userSays("a"), message, resultsFor(message)] })));
    });

    it("sends neither tools nor system when there are none", async () => {
      const model = await modelFor([{ text: "hi" }]);
      finishOf(await collect(model, aRequest({ tools: [], system: "" })));
      assert.ok(!("tools" in body()) && !("system" in body()));
    });
  });

  describe("thinking", () => {
    const call = { name: "read_file", input: { path: "a" } };

    it("keeps thinking with its signature and sends it back to the letter", async () => {
      const model = await modelFor([{ thinking: "Größe? 🙂 ".repeat(30), toolCalls: [call] }, { text: "done" }]);
      await converse(model, aRequest(), { turns: 2 });
      const [, answer] = body(1)["messages"] as readonly { readonly content: readonly Readonly<Record<string, unknown>>[] }[];
      assert.deepEqual(answer?.content.map(({ type }) => type), ["thinking", "tool_use"]);
      assert.equal(answer?.content[0]?.["thinking"], "Größe? 🙂 ".repeat(30));
    });

    it("would be refused if it changed a letter of it", async () => {
      const model = await modelFor([{ thinking: "so", toolCalls: [call] }, { text: "done" }]);
      const { message } = finishOf(await collect(model, aRequest()));
      const forged: Message = JSON.parse(JSON.stringify(message).replace('"so"', '"no"')) as Message;
      const request = aRequest({ messages: [userSays("a"), forged, resultsFor(message)] });
      assert.match(failureOf(await collect(model, request)).failure.message, /Invalid `signature`/);
    });

    it("keeps blocks that it does not know, and leaves those of other providers at home", async () => {
      const redacted = { type: "redacted_thinking", data: "opaque==" };
      const model = await modelFor([{ blocks: [redacted], toolCalls: [call] }, { text: "done" }]);
      const { message } = finishOf(await collect(model, aRequest()));
      assert.deepEqual(message.content[0], { kind: "opaque", provider: "anthropic", block: redacted });
      const foreign: Message = { role: "assistant", content: [{ kind: "opaque", provider: "other", block: { x: 1 } }, ...message.content] };
      finishOf(await collect(model, aRequest({ messages: [userSays("a"), foreign, resultsFor(message)] })));
    });
  });

  describe("the prompt cache", () => {
    const big = aRequest({ system: "s".repeat(6000) });
    const calls = (count: number): FakeReply => ({ text: "next", toolCalls: Array.from({ length: count }, () => ({ name: "read_file", input: { path: "a" } })) });

    it("keeps every byte before the newest messages, but for the marks", async () => {
      const model = await modelFor([calls(2)]);
      await converse(model, big, { turns: 4 });
      const sent = api.requests.map((request) => JSON.stringify(request.body).replaceAll(MARK, ""));
      for (const [index, text] of sent.entries()) {
        if (index > 0) assert.ok(text.startsWith((sent[index - 1] ?? "?").replace(/\]\}$/, ",")), `request ${index + 1} has another prefix`);
      }
    });

    it("writes everything once and reads it from then on, also past the 20 blocks that the API looks back", async () => {
      const model = await modelFor([calls(30)]);
      const usages = await converse(model, big, { turns: 6 });
      for (const [index, usage] of usages.entries()) {
        assert.equal(usage.input, 0);
        const before = usages[index - 1];
        assert.equal(usage.cacheRead, before === undefined ? 0 : promptTokens(before), `turn ${index + 1}`);
      }
    });

    it("needs the second mark in the messages for that", async () => {
      // The same conversation with only the newest message marked, to show that the fake looks back as the API does.
      api = await FakeModelApi.start([calls(30)]);
      const unmark = (init: RequestInit | undefined): RequestInit => {
        const sent = JSON.parse(init?.body as string) as { messages: { role: string; content: Record<string, unknown>[] }[] };
        for (const { content } of sent.messages.slice(0, -1)) for (const block of content) delete block["cache_control"];
        return { ...init, body: JSON.stringify(sent) };
      };
      const once = createAnthropicModel({ apiKey: "k", baseUrl: api.url, logger: new RecordingLogger(), fetch: (url, init) => fetch(url, unmark(init)) });
      const usages = await converse(once, big, { turns: 3 });
      assert.ok((usages[2]?.cacheRead ?? 0) < promptTokens(usages[1] ?? usages[0]!));
    });

    it("shares the system prompt and the tools between sessions of a role", async () => {
      const model = await modelFor([{ text: "done" }]);
      await collect(model, big);
      const { usage } = finishOf(await collect(model, { ...big, messages: [userSays("Something else.")] }));
      assert.ok(usage.cacheRead > 1500 && usage.cacheWrite5m > 0 && usage.cacheWrite5m < 50);
    });
  });

  describe("compatible servers", () => {
    it("leaves out what a server refuses, at once and for good, and says so in the log", async () => {
      const model = await modelFor([{ text: '{"verdict":"PASS","score":90}' }], {}, { compat: "noFeatures" });
      const first = await collect(model, aRequest({ outputSchema: SCHEMA }));
      assert.deepEqual(first.filter((event) => event.kind !== "textDelta").map((event) => event.kind), ["finished"]);
      const before = api.requests.length;
      finishOf(await collect(model, aRequest({ outputSchema: SCHEMA })));
      assert.equal(api.requests.length, before + 1);
      assert.ok(before > 1 && before <= 4);
      assert.deepEqual(Object.keys(body(before)), ["model", "max_tokens", "stream", "tools", "system", "messages"]);
      assert.equal(typeof body(before)["system"], "string");
      assert.match(logger.text, /does not take format, effort|does not take effort, format/);
    });

    it("gives up on a complaint that no feature mends, after one request", async () => {
      const model = await modelFor([{ fault: { status: 400, message: "messages.1.content.0: thinking is odd" } }]);
      assert.equal(failureOf(await collect(model, aRequest())).failure.code, "badRequest");
      assert.equal(api.requests.length, 1);
    });

    it("ends when a server refuses for ever", async () => {
      const model = await modelFor([{ fault: { status: 400, message: "thinking, effort, cache_control, output_config.format: no" } }]);
      assert.equal(failureOf(await collect(model, aRequest({ outputSchema: SCHEMA }))).failure.code, "badRequest");
      assert.equal(api.requests.length, 2);
    });

    it("counts what a server does not report as zero", async () => {
      const model = await modelFor([{ text: "hi" }], {}, { compat: "noCacheUsage" });
      const { usage } = finishOf(await collect(model, aRequest()));
      assert.deepEqual([usage.cacheRead, usage.cacheWrite5m, usage.cacheWrite1h], [0, 0, 0]);
      assert.ok(usage.input > 0 && usage.output > 0);
    });

    it("reads a message that is not streamed", async () => {
      const model = await modelFor([{ whole: true, thinking: "hm", text: "Look.", toolCalls: [{ name: "read_file", input: { path: "a" } }] }]);
      const events = await collect(model, aRequest());
      assert.deepEqual(events.map((event) => event.kind), ["textDelta", "toolCallReady", "finished"]);
      const { message, stop, usage } = finishOf(events);
      assert.deepEqual(message.content.map(({ kind }) => kind), ["opaque", "text", "toolCall"]);
      assert.equal(stop, "toolUse");
      assert.ok(promptTokens(usage) > 0 && usage.output > 0);
    });

    it("makes ids that a server repeats unique, so that results find their calls", async () => {
      const call = { name: "read_file", input: {}, id: "call_0" };
      const model = await modelFor([{ toolCalls: [call] }, { toolCalls: [call] }, { text: "done" }]);
      await converse(model, aRequest(), { turns: 3 });
      assert.equal(api.requests.at(-1)?.status, 200);
    });
  });
});
