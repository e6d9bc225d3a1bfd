import assert from "node:assert/strict";
import { textOf, type Message } from "../../src/core/domain/conversation";
import { NO_USAGE } from "../../src/core/domain/usage";
import type { ModelFailureCode } from "../../src/core/ports/modelClient";
import { parseScript, type ScriptInput } from "../../src/adapters/model/script";
import { editorModelClient, type EditorChat } from "../../src/vscode/models/editorModelClient";
import { aRequest, collect, failureOf, finishOf, resultsFor, userSays } from "../builders/modelRequest";
import { arriving, hangingChat, ScriptedChat } from "../fakes/scriptedChat";

type Turns = ScriptInput["sessions"][number]["turns"];

describe("editorModelClient", () => {
  const MODEL = "vscode:acme/swift-1";

  function chatSaying(turns: Turns): ScriptedChat {
    return new ScriptedChat(parseScript({ version: 1, sessions: [{ role: "generator", attempt: 1, turns }] }, "test").sessions[0]?.turns ?? []);
  }

  function clientOver(chat: EditorChat | null, idleMs = 60_000): { readonly client: ReturnType<typeof editorModelClient>; readonly asked: string[] } {
    const asked: string[] = [];
    const find = (id: string): Promise<EditorChat | null> => {
      asked.push(id);
      return Promise.resolve(chat);
    };
    return { client: editorModelClient({ find, idleMs: () => idleMs }), asked };
  }

  it("asks the editor for the model that the id names, without its prefix", async () => {
    const { client, asked } = clientOver(chatSaying([{ text: "hi" }]));
    finishOf(await collect(client, aRequest({ model: MODEL })));
    assert.deepEqual(asked, ["acme/swift-1"]);
  });

  it("says the system prompt and the shape of the answer in front of the first message, and once", async () => {
    const chat = chatSaying([{ toolCalls: [{ name: "read_file", input: { path: "a" } }] }, { text: "done" }]);
    const { client } = clientOver(chat);
    const outputSchema = { type: "object", properties: { ok: { type: "boolean" } } };
    const first = aRequest({ model: MODEL, system: "You are the planner.", outputSchema });
    const { message } = finishOf(await collect(client, first));
    finishOf(await collect(client, { ...first, messages: [...first.messages, message, resultsFor(message)] }));
    const [one, two] = chat.sent;
    const texts = one?.messages[0]?.parts.map((part) => (part.kind === "text" ? part.text : part.kind)) ?? [];
    assert.equal(texts[0], "You are the planner.");
    assert.match(texts[1] ?? "", /one JSON object of this JSON Schema and nothing else.*\n\{"type":"object","properties":\{"ok":\{"type":"boolean"\}\}\}$/s);
    assert.equal(texts[2], "Add a Fibonacci command.");
    assert.deepEqual(two?.messages[0], one?.messages[0], "the prefix never changes");
    assert.deepEqual(two?.messages.map(({ role }) => role), ["user", "assistant", "user"]);
    assert.deepEqual(one?.tools.map(({ name }) => name), ["read_file"]);
  });

  it("tells a failed tool call in words, and leaves out what it does not understand", async () => {
    const chat = chatSaying([{ text: "1" }, { text: "2" }]);
    const messages: Message[] = [
      userSays("Go."),
      {
        role: "assistant",
        content: [
          { kind: "opaque", provider: "anthropic", block: { type: "thinking" } },
          { kind: "text", text: "  " },
          { kind: "toolCall", id: "t1", name: "read_file", input: {}, malformed: "{" },
        ],
      },
      { role: "user", content: [{ kind: "toolResult", callId: "t1", content: "no such file", isError: true }] },
    ];
    finishOf(await collect(clientOver(chat).client, aRequest({ model: MODEL, messages })));
    assert.deepEqual(chat.sent[0]?.messages.slice(1), [
      { role: "assistant", parts: [{ kind: "toolCall", id: "t1", name: "read_file", input: {} }] },
      { role: "user", parts: [{ kind: "toolResult", callId: "t1", text: "Error: no such file" }] },
    ]);
  });

  it("keeps an input that is no object as it came, for the engine to refuse", async () => {
    const chat: EditorChat = { countTokens: () => Promise.resolve(1), send: () => Promise.resolve(arriving([{ kind: "toolCall" as const, id: "", name: "read_file", input: ["a"] }])) };
    const { message } = finishOf(await collect(clientOver(chat).client, aRequest({ model: MODEL })));
    const [call] = message.content;
    assert.ok(call?.kind === "toolCall" && call.id !== "");
    assert.deepEqual([call.input, call.malformed], [{}, '["a"]']);
  });

  it("counts what it sent and got with the model's own counter, every message once", async () => {
    const chat = chatSaying([{ text: "a".repeat(40), toolCalls: [{ name: "read_file", input: {} }] }, { text: "b".repeat(80) }]);
    const { client } = clientOver(chat);
    const request = aRequest({ model: MODEL });
    const first = finishOf(await collect(client, request));
    const messages = [...request.messages, first.message, resultsFor(first.message, "c".repeat(400))];
    const second = finishOf(await collect(client, { ...request, messages }));
    assert.equal(second.usage.output, 20);
    assert.equal(second.usage.input, first.usage.input + first.usage.output + 100, "the answer and the result came on top");
    assert.deepEqual([second.usage.cacheRead, second.usage.cacheWrite5m], [0, 0]);
    assert.equal(new Set(chat.counted).size, chat.counted.length);
  });

  it("never reports nothing for an answer: a counter that fails is replaced by the length", async () => {
    const chat: EditorChat = { countTokens: () => Promise.reject(new Error("no counter")), send: () => Promise.resolve(arriving([{ kind: "text" as const, text: "x".repeat(400) }])) };
    const { usage } = finishOf(await collect(clientOver(chat).client, aRequest({ model: MODEL })));
    assert.ok(usage.input > 0);
    assert.equal(usage.output, 100);
  });

  it("says which model is gone and what to do", async () => {
    const { failure, usage } = failureOf(await collect(clientOver(null).client, aRequest({ model: MODEL })));
    assert.equal(failure.code, "modelNotFound");
    assert.match(failure.message, /acme\/swift-1 now\..*Countersign: Choose Models/);
    assert.deepEqual(usage, NO_USAGE);
  });

  it("gives a silent model up, and may ask again", async () => {
    const { failure } = failureOf(await collect(clientOver(hangingChat(), 5).client, aRequest({ model: MODEL })));
    assert.deepEqual([failure.code, failure.retryable], ["stalled", true]);
  });

  it("ends the editor's request when it is cancelled or left", async () => {
    const cancelled = hangingChat();
    const controller = new AbortController();
    for await (const event of clientOver(cancelled).client.stream(aRequest({ model: MODEL }), controller.signal)) {
      if (event.kind === "textDelta") controller.abort();
    }
    assert.equal(cancelled.ended(), true);
    const left = hangingChat();
    for await (const event of clientOver(left).client.stream(aRequest({ model: MODEL }), new AbortController().signal)) {
      assert.equal(event.kind, "textDelta");
      break;
    }
    assert.equal(left.ended(), true);
  });

  it("takes an answer of nothing for a failure that may pass", async () => {
    const chat: EditorChat = { countTokens: () => Promise.resolve(7), send: () => Promise.resolve(arriving([{ kind: "text" as const, text: " \n" }])) };
    const { failure, usage } = failureOf(await collect(clientOver(chat).client, aRequest({ model: MODEL })));
    assert.deepEqual([failure.code, failure.retryable], ["serverError", true]);
    assert.ok(usage.input > 0, "what was sent counts");
  });

  const coded = (code: string, message: string, cause?: unknown): Error => Object.assign(new Error(message, { cause }), { code });
  const FAILURES: readonly (readonly [what: string, error: unknown, code: ModelFailureCode, retryable: boolean, says: RegExp])[] = [
    ["no permission", coded("NoPermissions", "denied"), "notPermitted", false, /allow it when the editor asks/],
    ["a used-up quota", coded("Blocked", "quota exceeded"), "spendLimit", false, /quota is used up.*quota exceeded/],
    ["a model that went away", coded("NotFound", "gone"), "modelNotFound", false, /Choose Models/],
    ["a rate limit", coded("Unknown", "Request failed: 429 Too Many Requests"), "rateLimited", true, /429/],
    ["an overloaded provider", coded("Unknown", "failed", new Error("overloaded_error")), "overloaded", true, /failed \(overloaded_error\)/],
    ["a full context", new Error("prompt is too long: 210000 tokens"), "contextFull", false, /prompt is too long/],
    ["a lost sign-in", new Error("401 unauthorized"), "invalidKey", false, /unauthorized/],
    ["no network", new Error("getaddrinfo ENOTFOUND api.acme.example"), "unreachable", true, /ENOTFOUND/],
    ["a refused request", new Error("400 invalid_request_error: tools"), "badRequest", false, /tools/],
    ["anything else", "odd", "serverError", true, /acme\/swift-1 failed: odd/],
  ];
  for (const [what, error, code, retryable, says] of FAILURES) {
    it(`translates ${what}`, async () => {
      const chat: EditorChat = { countTokens: () => Promise.resolve(1), send: () => Promise.reject(error) };
      const { failure } = failureOf(await collect(clientOver(chat).client, aRequest({ model: MODEL })));
      assert.deepEqual([failure.code, failure.retryable], [code, retryable]);
      assert.match(failure.message, says);
    });
  }

  it("translates a failure in the middle of an answer, after what was streamed", async () => {
    async function* broken(): AsyncGenerator<{ readonly kind: "text"; readonly text: string }> {
      yield { kind: "text", text: "I beg" };
      await Promise.resolve();
      throw new Error("socket hang up");
    }
    const chat: EditorChat = { countTokens: () => Promise.resolve(3), send: () => Promise.resolve(broken()) };
    const events = await collect(clientOver(chat).client, aRequest({ model: MODEL }));
    assert.deepEqual(events.map(({ kind }) => kind), ["textDelta", "failed"]);
    assert.ok(failureOf(events).usage.input > 0);
  });

  it("says what it heard", async () => {
    const { message, stop } = finishOf(await collect(clientOver(chatSaying([{ text: "Hello there." }])).client, aRequest({ model: MODEL })));
    assert.deepEqual([textOf(message), stop], ["Hello there.", "endTurn"]);
  });
});
