import { strict as assert } from "node:assert";
import { FakeModelApi, type FakeReply } from "../fakes/fakeModelApi";

// The fake proves nothing unless it refuses what the real API refuses: it is asked here without any client of ours.
describe("FakeModelApi", () => {
  let api: FakeModelApi;
  let now = 0;
  afterEach(() => api.close());

  const start = async (reply: FakeReply = { text: "hi" }): Promise<void> => {
    api = await FakeModelApi.start([reply], { smallestCachedPrompt: 10, now: () => now });
  };

  const plain = { model: "claude-opus-5-5", max_tokens: 10, messages: [{ role: "user", content: "a" }] };

  async function post(body: unknown, headers: Record<string, string> = { "anthropic-version": "2026-10-21" }): Promise<{ status: number; body: Answer }> {
    const response = await fetch(`${api.url}/v1/messages`, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Answer };
  }

  interface Answer {
    readonly error?: { readonly message: string };
    readonly usage?: Readonly<Record<string, unknown>>;
  }

  const use = { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "f", input: {} }] };
  const result = { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "x" }] };
  const user = { role: "user", content: "a" };
  const mark = { cache_control: { type: "ephemeral" } };
  const format = (schema: unknown): unknown => ({ output_config: { format: { type: "json_schema", schema } } });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ["an unknown field", { no_such: 1 }, /no_such: Extra inputs/],
    ["a missing limit", { max_tokens: undefined }, /max_tokens: Field required/],
    ["no messages", { messages: [] }, /at least one message/],
    ["temperature", { temperature: 0 }, /temperature/],
    ["a forced tool", { tool_choice: { type: "tool", name: "f" } }, /forced tool use/],
    ["a thinking budget", { thinking: { type: "enabled", budget_tokens: 2000 } }, /adaptive/],
    ["adaptive thinking of an old model", { model: "claude-haiku-4-5", thinking: { type: "adaptive" } }, /not supported/],
    ["effort of an old model", { model: "claude-sonnet-4-5", output_config: { effort: "low" } }, /effort/],
    ["a wrong effort", { output_config: { effort: "enormous" } }, /effort/],
    ["an unknown output option", { output_config: { style: "x" } }, /output_config\.style/],
    ["an open object", format({ type: "object", properties: {} }), /additionalProperties/],
    ["oneOf deep in a schema", format({ type: "object", additionalProperties: false, properties: { a: { type: "array", items: { oneOf: [] } } } }), /schema\.a\.items: .*oneOf/],
    ["a bound in a schema", format({ type: "integer", minimum: 1 }), /minimum/],
    ["a tool without a schema", { tools: [{ name: "f" }] }, /input_schema/],
    ["two tools of one name", { tools: [1, 2].map(() => ({ name: "f", input_schema: { type: "object" } })) }, /unique/],
    ["an assistant's first message", { messages: [{ role: "assistant", content: "a" }] }, /first message/],
    ["a prefill", { messages: [user, { role: "assistant", content: "a" }] }, /prefill/],
    ["empty content", { messages: [user, { role: "assistant", content: [] }, user] }, /non-empty/],
    ["blank text", { messages: [{ role: "user", content: [{ type: "text", text: " \n" }] }] }, /non-whitespace/],
    ["a call without its result", { messages: [user, use, user] }, /without `tool_result`.*t1/],
    ["a result without its call", { messages: [user, { role: "assistant", content: "b" }, result] }, /unexpected `tool_use_id`/],
    ["a result after text", { messages: [user, use, { role: "user", content: [{ type: "text", text: "b" }, ...result.content] }] }, /must come first/],
    ["a repeated call id", { messages: [user, use, result, use, result] }, /must be unique/],
    ["a call whose input is no object", { messages: [user, { role: "assistant", content: [{ ...use.content[0], input: "x" }] }, result] }, /valid dictionary/],
    ["forged thinking", { messages: [user, { role: "assistant", content: [{ type: "thinking", thinking: "a", signature: "b" }] }, user] }, /signature/],
    ["five marks", { system: [1, 2, 3, 4, 5].map(() => ({ type: "text", text: "a", ...mark })) }, /maximum of 4 .* Found 5/],
  ];
  for (const [what, change, message] of refused) {
    it(`refuses ${what}`, async () => {
      await start();
      const { status, body } = await post({ ...plain, ...(change as object) });
      assert.equal(status, 400);
      assert.match(body.error?.message ?? "", message);
    });
  }

  it("accepts what the real API accepts", async () => {
    await start();
    const second = JSON.parse(JSON.stringify([use, result]).replaceAll("t1", "t2")) as unknown[];
    const messages = [user, use, result, ...second, { role: "user", content: "and" }];
    const body = { ...plain, messages, thinking: { type: "adaptive" }, system: [{ type: "text", text: "s", ...mark }], tools: [{ name: "f", input_schema: { type: "object" } }] };
    assert.equal((await post({ ...body, ...(format({ type: "object", properties: {}, additionalProperties: false }) as object) })).status, 200);
  });

  it("wants to know the version, and a known key where there are keys", async () => {
    await start();
    assert.equal((await post(plain, {})).status, 400);
    await api.close();
    api = await FakeModelApi.start([{ text: "hi" }], { keys: ["right"] });
    const asked = (headers: Record<string, string>): Promise<{ status: number }> => post(plain, { "anthropic-version": "1", ...headers });
    const statuses = await Promise.all([asked({}), asked({ authorization: "Bearer wrong" }), asked({ authorization: "Bearer right" }), asked({ "x-api-key": "right" })]);
    assert.deepEqual(statuses.map(({ status }) => status), [401, 401, 200, 200]);
  });

  describe("its prompt cache", () => {
    const system = (text: string, ttl?: string): unknown => [{ type: "text", text, cache_control: { type: "ephemeral", ...(ttl === undefined ? {} : { ttl }) } }];
    const usage = async (change: object): Promise<readonly unknown[]> => {
      const { body } = await post({ ...plain, ...change });
      const { input_tokens: input, cache_read_input_tokens: read, cache_creation: written } = body.usage ?? {};
      const { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long } = written as Readonly<Record<string, unknown>>;
      return [input, read, short, long];
    };

    it("writes a marked prefix and reads it until its time is up, which each read puts off", async () => {
      now = 0;
      await start();
      const body = { system: system("s".repeat(400)) };
      assert.deepEqual(await usage(body), [1, 0, 100, 0]);
      now = 299_000;
      assert.deepEqual(await usage(body), [1, 100, 0, 0]);
      now = 598_000;
      assert.deepEqual(await usage(body), [1, 100, 0, 0]);
      now = 900_000;
      assert.deepEqual(await usage(body), [1, 0, 100, 0]);
    });

    it("keeps one-hour writes for an hour and counts them apart", async () => {
      now = 0;
      await start();
      const body = { system: system("s".repeat(400), "1h") };
      assert.deepEqual(await usage(body), [1, 0, 0, 100]);
      now = 3_500_000;
      assert.deepEqual(await usage(body), [1, 100, 0, 0]);
    });

    it("finds nothing after a change before the mark, nor for another model", async () => {
      await start();
      await usage({ system: system("s".repeat(400)) });
      assert.deepEqual(await usage({ system: system(`x${"s".repeat(399)}`) }), [1, 0, 100, 0]);
      assert.deepEqual(await usage({ system: system("s".repeat(400)), model: "claude-sonnet-5-5" }), [1, 0, 100, 0]);
    });

    it("looks back 20 blocks from a mark and no further", async () => {
      await start();
      const blocks = (count: number, marked: boolean): unknown[] =>
        Array.from({ length: count }, (_, index) => ({ type: "text", text: "b".repeat(40), ...(marked && index === count - 1 ? mark : {}) }));
      const asked = (count: number): Promise<readonly unknown[]> => usage({ messages: [{ role: "user", content: blocks(count, true) }] });
      assert.deepEqual(await asked(5), [0, 0, 50, 0]);
      assert.deepEqual(await asked(24), [0, 50, 190, 0]);
      assert.deepEqual(await asked(44), [0, 0, 440, 0]);
    });

    it("does not cache a prompt that is too short", async () => {
      await start();
      assert.deepEqual(await usage({ system: system("s".repeat(20)) }), [6, 0, 0, 0]);
    });
  });

  it("counts tokens and lists models", async () => {
    await start();
    const get = async (path: string, init?: RequestInit): Promise<unknown> => (await fetch(api.url + path, { headers: { "anthropic-version": "1" }, ...init })).json();
    const counted = get("/v1/messages/count_tokens", { method: "POST", headers: { "anthropic-version": "1" }, body: JSON.stringify({ ...plain, system: "s".repeat(79) }) });
    assert.deepEqual(await counted, { input_tokens: 20 });
    const { data } = (await get("/v1/models")) as { data: { id: string }[] };
    assert.ok(data.some(({ id }) => id === "claude-opus-5-5"));
  });

  it("records what it was asked and when", async () => {
    await start();
    await post(plain);
    await post({ ...plain, system: [{ type: "text", text: "s".repeat(400), ...mark }] });
    assert.deepEqual(api.requests.map(({ index, billed }) => [index, billed]), [[0, 1], [1, 1 + 125]]);
    assert.equal(api.gaps.length, 1);
    assert.ok((api.gaps[0] ?? -1) > 0);
  });
});
