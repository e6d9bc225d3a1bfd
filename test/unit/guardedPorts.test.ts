import { strict as assert } from "node:assert";
import type { AssistantMessage } from "../../src/core/domain/conversation";
import type { SessionId, TaskId } from "../../src/core/domain/task";
import type { ModelClient, ModelEvent, ModelRequest } from "../../src/core/ports/modelClient";
import type { Transcript, TranscriptEntry } from "../../src/core/ports/transcripts";
import { guardedLogger, guardedModel, guardedTranscripts } from "../../src/core/secrets/guardedPorts";
import { SecretLedger } from "../../src/core/secrets/ledger";
import { Redactor } from "../../src/core/secrets/redactor";
import { aRequest } from "../builders/modelRequest";
import { SOME_USAGE } from "../builders/samples";
import { SilentLogger } from "../fakes/silentLogger";

const KEY = "a-configured-key-0042";
const TASK = "task-1" as TaskId;
const SESSION = "generator-1-abcd" as SessionId;
const NEVER = new AbortController().signal;

describe("guardedModel", () => {
  const asked: ModelRequest[] = [];
  const answer: AssistantMessage = { role: "assistant", content: [{ kind: "text", text: `I know ${KEY}.` }] };
  const events: readonly ModelEvent[] = [
    { kind: "textDelta", text: "I know a-conf" },
    { kind: "textDelta", text: "igured-key-00" },
    { kind: "textDelta", text: "42." },
    { kind: "finished", message: answer, stop: "endTurn", usage: SOME_USAGE },
  ];
  const inner: ModelClient = {
    async *stream(request) {
      asked.push(request);
      yield* await Promise.resolve(events);
    },
  };
  const model = guardedModel(inner, new Redactor([KEY]));
  const all = async (request: ModelRequest): Promise<readonly ModelEvent[]> => {
    const seen: ModelEvent[] = [];
    for await (const event of model.stream(request, NEVER)) seen.push(event);
    return seen;
  };

  it("sends no key in what the engine says, and what the model said as it said it", async () => {
    const first = { role: "user", content: [{ kind: "text", text: `Use ${KEY}.` }] } as const;
    const result = { role: "user", content: [{ kind: "toolResult", callId: "t", content: `key=${KEY}`, isError: false }] } as const;
    await all(aRequest({ messages: [first, answer, result] }));
    const [said, own, told] = asked.at(-1)?.messages ?? [];
    assert.deepEqual(said?.content, [{ kind: "text", text: "Use [redacted: configured key]." }]);
    assert.equal(own, answer);
    assert.deepEqual(told?.content, [{ kind: "toolResult", callId: "t", content: "key=[redacted: configured key]", isError: false }]);
    const before = asked.at(-1)?.messages;
    await all(aRequest({ messages: [first, answer, result] }));
    assert.ok(asked.at(-1)?.messages.every((message, index) => message === before?.[index]), "the same messages, for the provider's cache");
  });

  it("asks as it was asked where there is nothing to hide", async () => {
    const request = aRequest();
    await all(request);
    assert.equal(asked.at(-1), request);
  });

  it("shows no key that streams in pieces, and leaves the finished message whole", async () => {
    const seen = await all(aRequest());
    const shown = seen.map((event) => (event.kind === "textDelta" ? event.text : "")).join("");
    assert.equal(shown, "I know [redacted: configured key].");
    assert.deepEqual(seen.at(-1), events.at(-1));
  });
});

describe("guardedTranscripts", () => {
  it("keeps calls and thoughts without secrets: a provider's own block is left out as a whole", async () => {
    const kept: TranscriptEntry[] = [];
    const inner: Transcript = { recovered: [], append: (entry) => void kept.push(entry), flush: () => Promise.resolve(), close: () => Promise.resolve() };
    const ledger = new SecretLedger();
    const transcript = await guardedTranscripts({ open: () => Promise.resolve(inner) }, new Redactor([KEY]), ledger).open(TASK, SESSION);
    const thought = { kind: "opaque", provider: "p", block: { thinking: "plain", signature: "s" } } as const;
    const content = [thought, { ...thought, block: { thinking: KEY } }, { kind: "toolCall", id: "t", name: "write_file", input: { path: "a", content: `k = ${KEY}` } }] as const;
    transcript.append({ kind: "assistant", message: { role: "assistant", content }, stop: "toolUse", usage: SOME_USAGE });
    transcript.append({ kind: "toolStarted", call: "t" });
    const [entry] = kept;
    assert.deepEqual(entry?.kind === "assistant" && entry.message.content, [
      thought,
      { kind: "text", text: "[redacted: configured key]" },
      { kind: "toolCall", id: "t", name: "write_file", input: { path: "a", content: "k = [redacted: configured key]" } },
    ]);
    assert.deepEqual(ledger.take(TASK), [{ kind: "secretsRedacted", where: `sessions/${SESSION}.ndjson`, kinds: ["configured key"], count: 2 }]);
    transcript.append({ kind: "toolResult", result: { kind: "toolResult", callId: "t", content: KEY, isError: false } });
    assert.deepEqual([kept.length, ledger.take(TASK)], [3, []], "told once a place");
  });
});

describe("guardedLogger", () => {
  it("logs messages and data without keys", () => {
    const logger = new SilentLogger();
    guardedLogger(logger, new Redactor([KEY])).warn(`no ${KEY}`, { file: `/x/${KEY}`, n: 1 });
    assert.deepEqual(logger.lines, [{ level: "warn", message: "no [redacted: configured key]", data: { file: "/x/[redacted: configured key]", n: 1 } }]);
  });
});
