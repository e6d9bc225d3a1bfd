import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { AssistantMessage, Message } from "../../src/core/domain/conversation";
import { ConversationLog } from "../../src/core/engine/conversationLog";
import type { TranscriptEntry } from "../../src/core/ports/transcripts";
import { A_USAGE, assertTakable, call } from "../fakes/fakeModel";
import { TracedTranscripts } from "../fakes/tracedTranscripts";

const asks: AssistantMessage = { role: "assistant", content: [{ kind: "text", text: "I look." }, call("a", "look"), call("b", "change")] };
const user = (text: string): Message & { role: "user" } => ({ role: "user", content: [{ kind: "text", text }] });
const result = (callId: string, content = "done") => ({ kind: "toolResult" as const, callId, content, isError: false });

async function aLog(recovered: readonly TranscriptEntry[] = []) {
  const trace: string[] = [];
  const transcripts = new TracedTranscripts(recovered, (line) => trace.push(line));
  const log = new ConversationLog(await transcripts.open());
  return { log, transcripts, trace };
}

describe("ConversationLog", () => {
  it("is new until something was said, a header alone included", async () => {
    const header = { kind: "header", session: "s", role: "planner", attempt: 0, model: "m", system: "", tools: [] } as unknown as TranscriptEntry;
    assert.equal((await aLog()).log.isNew, true);
    assert.equal((await aLog([header])).log.isNew, true);
    assert.equal((await aLog([header, { kind: "user", message: user("x") }])).log.isNew, false);
  });

  it("keeps what it writes: reopened, it is where it was", async () => {
    const { log, transcripts } = await aLog();
    log.user(user("Do it."));
    log.assistant(asks, "toolUse", A_USAGE);
    await log.toolStarts("b");
    log.toolResult(result("a"));
    const { log: again } = await aLog(transcripts.entries);
    assert.deepEqual(again.messages, log.messages);
    assert.deepEqual([again.lastStop, again.turns, again.toolCalls, again.bytes], ["toolUse", 1, 2, log.bytes]);
    assert.deepEqual(again.resultOf("a"), result("a"));
    assert.deepEqual([again.resultOf("b"), again.wasStarted("b"), again.wasStarted("a")], [undefined, true, false]);
  });

  it("answers calls in the order of the calls, whatever came first", async () => {
    const { log } = await aLog();
    log.user(user("Do it."));
    log.assistant(asks, "toolUse", A_USAGE);
    log.toolResult(result("b"));
    log.toolResult(result("a"));
    log.answerCalls();
    assert.deepEqual(log.messages.at(-1), { role: "user", content: [result("a"), result("b")] });
    assertTakable(log.messages);
  });

  it("forgets the results of a turn with the next response: servers number calls anew", async () => {
    const { log } = await aLog();
    log.user(user("Do it."));
    log.assistant(asks, "toolUse", A_USAGE);
    log.toolResult(result("a"));
    await log.toolStarts("b");
    log.toolResult(result("b"));
    log.answerCalls();
    log.assistant(asks, "toolUse", A_USAGE);
    assert.equal(log.resultOf("a"), undefined);
    assert.equal(log.wasStarted("b"), false);
    assert.deepEqual([log.turns, log.toolCalls], [2, 4]);
  });

  it("has a started call on disk before it goes on", async () => {
    const { log, transcripts, trace } = await aLog();
    log.user(user("Do it."));
    log.assistant(asks, "toolUse", A_USAGE);
    await log.toolStarts("b");
    assert.deepEqual(trace, ["user", "assistant", "toolStarted b", "flushed"]);
    assert.equal(transcripts.durable, 3);
  });

  it("counts the bytes of its messages as they are sent", async () => {
    const { log } = await aLog();
    log.user(user("日本語"));
    assert.equal(log.bytes, Buffer.byteLength(JSON.stringify(user("日本語"))));
  });

  it("keeps provider blocks and malformed input as they came", async () => {
    const message: AssistantMessage = {
      role: "assistant",
      content: [
        { kind: "opaque", provider: "anthropic", block: { type: "thinking", thinking: "…", signature: "x==" } },
        { ...call("a", "look", {}), malformed: '{"at": ' },
      ],
    };
    const { log, transcripts } = await aLog();
    log.user(user("Do it."));
    log.assistant(message, "maxTokens", A_USAGE);
    assert.deepEqual((await aLog(transcripts.entries)).log.messages[1], message);
  });

  it("never loses or reorders a message, wherever the file was cut", async () => {
    const turn = fc.record({ calls: fc.integer({ min: 1, max: 3 }), text: fc.string() });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 4 }), fc.nat(100), async (turns, cut) => {
        const { log, transcripts } = await aLog();
        log.user(user("Do it."));
        for (const { calls, text } of turns) {
          const blocks = Array.from({ length: calls }, (_, n) => call(`c${n}`, "look"));
          log.assistant({ role: "assistant", content: [{ kind: "text", text }, ...blocks] }, "toolUse", A_USAGE);
          for (const block of blocks.toReversed()) log.toolResult(result(block.id, text));
          log.answerCalls();
        }
        const kept = transcripts.entries.slice(0, Math.min(cut, transcripts.entries.length));
        const { log: again } = await aLog(kept);
        assert.deepEqual(again.messages, log.messages.slice(0, again.messages.length));
        if (kept.length === transcripts.entries.length) assert.equal(again.messages.length, log.messages.length);
      }),
    );
  });
});
