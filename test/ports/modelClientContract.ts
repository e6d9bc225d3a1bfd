// What every ModelClient must do. `create` gives a client whose model says the turns of a script's one session.
import { strict as assert } from "node:assert";
import { textOf, toolCallsOf, type Message } from "../../src/core/domain/conversation";
import { totalTokens } from "../../src/core/domain/usage";
import type { ModelClient } from "../../src/core/ports/modelClient";
import { parseScript, type Script, type ScriptInput } from "../../src/adapters/model/script";
import { aRequest, collect, failureOf, finishOf, resultsFor } from "../builders/modelRequest";

export interface ModelUnderTest {
  readonly client: ModelClient;
  readonly close: () => Promise<void>;
}

export interface ModelFactory {
  readonly saying: (script: Script) => Promise<ModelUnderTest>;
  /** A model that begins to answer and never ends. */
  readonly hanging: () => Promise<ModelUnderTest>;
  /** A model that fails for good. */
  readonly failing: () => Promise<ModelUnderTest>;
  /** False where the API shows no thinking; true when left out. */
  readonly showsThinking?: boolean;
}

type Turns = ScriptInput["sessions"][number]["turns"];

export function modelClientContract(create: ModelFactory): void {
  let subject: ModelUnderTest | null = null;
  afterEach(async () => {
    await subject?.close();
    subject = null;
  });

  async function saying(turns: Turns): Promise<ModelClient> {
    subject = await create.saying(parseScript({ version: 1, sessions: [{ role: "generator", attempt: 1, turns }] }, "contract"));
    return subject.client;
  }

  it("streams text that adds up to the message, which ends the stream", async () => {
    const text = "Fibonacci: 0, 1, 1, 2, 3 – ünd so weiter 🙂. ".repeat(20);
    const events = await collect(await saying([{ text }]), aRequest());
    const { message, stop } = finishOf(events);
    assert.deepEqual([message, stop], [{ role: "assistant", content: [{ kind: "text", text }] }, "endTurn"]);
    const deltas = events.flatMap((event) => (event.kind === "textDelta" ? [event.text] : []));
    assert.equal(deltas.join(""), text);
    assert.ok(deltas.length > 1, "text comes in pieces");
  });

  it("streams thinking apart from text", async () => {
    const events = await collect(await saying([{ thinking: "What is asked?", text: "Done." }]), aRequest());
    const thinking = events.flatMap((event) => (event.kind === "thinkingDelta" ? [event.text] : []));
    assert.equal(thinking.join(""), create.showsThinking === false ? "" : "What is asked?");
    assert.equal(textOf(finishOf(events).message), "Done.");
  });

  it("announces each tool call once, in order, as it stands in the message", async () => {
    const toolCalls = ["a", "b", "c"].map((path) => ({ name: "read_file", input: { path, deep: [{ n: 1.5, t: null }] } }));
    const events = await collect(await saying([{ text: "I look.", toolCalls }]), aRequest());
    const { message, stop } = finishOf(events);
    const announced = events.flatMap((event) => (event.kind === "toolCallReady" ? [event.call] : []));
    assert.equal(stop, "toolUse");
    assert.deepEqual(announced, toolCallsOf(message));
    assert.deepEqual(announced.map(({ name, input }) => ({ name, input })), toolCalls);
    assert.equal(new Set(announced.map(({ id }) => id)).size, 3);
  });

  it("goes on with a conversation, whose calls never share an id", async () => {
    const call = { name: "read_file", input: { path: "a" } };
    const client = await saying([{ thinking: "hm", toolCalls: [call, call] }, { text: "more", toolCalls: [call] }, { text: "done" }]);
    let messages: readonly Message[] = aRequest().messages;
    const ids: string[] = [];
    const said: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const { message } = finishOf(await collect(client, aRequest({ messages })));
      ids.push(...toolCallsOf(message).map(({ id }) => id));
      said.push(textOf(message));
      messages = [...messages, message, resultsFor(message)];
    }
    assert.deepEqual(said, ["", "more", "done"]);
    assert.equal(new Set(ids).size, 3);
  });

  it("reports what was used, whole tokens of every kind", async () => {
    const { usage } = finishOf(await collect(await saying([{ text: "x".repeat(400) }]), aRequest()));
    assert.deepEqual(Object.keys(usage).toSorted(), ["cacheRead", "cacheWrite1h", "cacheWrite5m", "input", "output"]);
    assert.ok(Object.values(usage).every((tokens: number) => Number.isInteger(tokens) && tokens >= 0));
    assert.ok(usage.output >= 90 && totalTokens(usage) > usage.output);
  });

  it("answers structured output as text", async () => {
    const outputSchema = { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"], additionalProperties: false };
    const { message } = finishOf(await collect(await saying([{ json: { ok: true } }]), aRequest({ outputSchema })));
    assert.deepEqual(JSON.parse(textOf(message)), { ok: true });
  });

  it("serves requests at the same time", async () => {
    const client = await saying([{ text: "same ".repeat(50) }]);
    const all = await Promise.all([1, 2, 3].map(() => collect(client, aRequest())));
    assert.deepEqual(all.map((events) => textOf(finishOf(events).message)), Array(3).fill("same ".repeat(50)));
  });

  it("ends with cancelled, and nothing else, when it is cancelled mid-answer", async () => {
    subject = await create.hanging();
    const controller = new AbortController();
    const events: string[] = [];
    for await (const event of subject.client.stream(aRequest(), controller.signal)) {
      events.push(event.kind === "failed" ? event.failure.code : event.kind);
      controller.abort();
    }
    assert.equal(events.at(-1), "cancelled");
    assert.equal(events.filter((kind) => kind === "cancelled").length, 1);
  });

  it("ends with cancelled when it was cancelled before", async () => {
    const events = await collect(await saying([{ text: "x" }]), aRequest(), AbortSignal.abort());
    assert.deepEqual(events.map((event) => event.kind), ["failed"]);
    assert.equal(failureOf(events).failure.code, "cancelled");
  });

  it("never throws: a failure is the last event, in words", async () => {
    subject = await create.failing();
    const { failure } = failureOf(await collect(subject.client, aRequest()));
    assert.deepEqual([failure.retryable, failure.retryAfterMs], [false, null]);
    assert.match(failure.message, /\w+ \w+/);
  });

  it("can be left in the middle", async () => {
    const client = await saying([{ text: "long ".repeat(200) }]);
    for await (const event of client.stream(aRequest(), new AbortController().signal)) {
      assert.equal(event.kind, "textDelta");
      break;
    }
    finishOf(await collect(client, aRequest()));
  });
}
