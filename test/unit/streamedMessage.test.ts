import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { StreamedMessage } from "../../src/adapters/model/streamedMessage";

const start = (usage: object): Record<string, unknown> => ({ type: "message_start", message: { usage } });
const block = (index: number, content_block: object): Record<string, unknown> => ({ type: "content_block_start", index, content_block });
const delta = (index: number, change: object): Record<string, unknown> => ({ type: "content_block_delta", index, delta: change });
const text = (index: number, said: string): Record<string, unknown> => delta(index, { type: "text_delta", text: said });
const ended = (stop_reason: string, usage: object = {}): Record<string, unknown> => ({ type: "message_delta", delta: { stop_reason }, usage });

function message(...events: readonly Record<string, unknown>[]): StreamedMessage {
  const streamed = new StreamedMessage(() => new Set());
  for (const event of events) streamed.take(event);
  return streamed;
}

describe("StreamedMessage", () => {
  it("takes the last report of each kind of token, whatever came first", () => {
    const { usage } = message(
      start({ input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 5, cache_creation_input_tokens: 30, cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 } }),
      ended("end_turn", { input_tokens: 12, output_tokens: 40, cache_read_input_tokens: null }),
      ended("end_turn", { output_tokens: 44 }),
    );
    assert.deepEqual(usage, { input: 12, output: 44, cacheRead: 5, cacheWrite5m: 20, cacheWrite1h: 10 });
  });

  it("counts cache writes without a lifetime as five-minute ones", () => {
    assert.deepEqual(message(start({ cache_creation_input_tokens: 7, cache_creation: null })).usage.cacheWrite5m, 7);
  });

  it("gives the part of a later, larger total that has no lifetime to the five-minute ones", () => {
    const { usage } = message(start({ cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 2 } }), ended("end_turn", { cache_creation_input_tokens: 10 }));
    assert.deepEqual([usage.cacheWrite5m, usage.cacheWrite1h], [8, 2]);
  });

  it("finishes a block at its stop, once, and not before", () => {
    const streamed = message(block(0, { type: "tool_use", id: "a", name: "f", input: {} }));
    assert.deepEqual(streamed.take(delta(0, { type: "input_json_delta", partial_json: '{"x":1}' })), []);
    const stop = { type: "content_block_stop", index: 0 };
    assert.deepEqual(streamed.take(stop), [{ kind: "toolCallReady", call: { kind: "toolCall", id: "a", name: "f", input: { x: 1 } } }]);
    assert.deepEqual(streamed.take(stop), []);
  });

  it("takes an input that came whole with the start", () => {
    const streamed = message(block(0, { type: "tool_use", id: "a", name: "f", input: { x: 1 } }), ended("tool_use"));
    assert.deepEqual(streamed.end()?.message.content, [{ kind: "toolCall", id: "a", name: "f", input: { x: 1 } }]);
  });

  it("makes an id for a call that has none or one that is taken", () => {
    const streamed = new StreamedMessage(() => new Set(["old"]));
    const ids = ["", "old", "same", "same"].map((id, index) => {
      streamed.take(block(index, { type: "tool_use", id, name: "f", input: {} }));
      const [ready] = streamed.take({ type: "content_block_stop", index });
      return ready?.kind === "toolCallReady" ? ready.call.id : "";
    });
    assert.equal(ids[2], "same");
    assert.equal(new Set([...ids, "old", ""]).size, 6);
  });

  it("drops thinking that was cut before its signature", () => {
    const streamed = message(block(0, { type: "thinking", thinking: "", signature: "" }), delta(0, { type: "thinking_delta", thinking: "hm" }), ended("max_tokens"));
    assert.deepEqual(streamed.end()?.message.content, []);
  });

  it("takes text whose block was never opened", () => {
    assert.deepEqual(message(text(0, "hi"), ended("end_turn")).end()?.message.content, [{ kind: "text", text: "hi" }]);
  });

  it("orders blocks by index, not by arrival", () => {
    const streamed = message(block(1, { type: "text", text: "b" }), block(0, { type: "text", text: "a" }), ended("end_turn"));
    assert.deepEqual(streamed.end()?.message.content.map((part) => (part.kind === "text" ? part.text : "")), ["a", "b"]);
  });

  it("tells by the content what a wrong stop reason means", () => {
    const call = block(0, { type: "tool_use", id: "a", name: "f", input: {} });
    assert.equal(message(call, ended("stop")).end()?.stop, "toolUse");
    assert.equal(message(text(0, "x"), ended("tool_use")).end()?.stop, "endTurn");
  });

  it("has no end where nothing was said", () => {
    assert.equal(message(start({}), ended("end_turn")).end(), null);
    assert.equal(message(start({}), ended("max_tokens")).end()?.stop, "maxTokens");
  });

  it("stands whatever is sent", () => {
    const junk = fc.record({
      type: fc.constantFrom("message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop", "ping", "x"),
      index: fc.oneof(fc.nat({ max: 2 }), fc.jsonValue()),
      message: fc.jsonValue(),
      content_block: fc.oneof(fc.jsonValue(), fc.record({ type: fc.constantFrom("text", "tool_use", "thinking", "y"), text: fc.jsonValue(), input: fc.jsonValue(), id: fc.jsonValue() })),
      delta: fc.oneof(fc.jsonValue(), fc.record({ type: fc.constantFrom("text_delta", "thinking_delta", "input_json_delta", "z"), text: fc.jsonValue(), partial_json: fc.jsonValue() })),
      usage: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 12 }), (events) => {
        const end = message(...events).end();
        for (const part of end?.message.content ?? []) {
          if (part.kind === "toolCall") assert.ok(typeof part.input === "object" && part.input !== null && part.id !== "");
        }
      }),
    );
  });
});
