import { strict as assert } from "node:assert";
import type { Message } from "../../src/core/domain/conversation";
import { CountersignError } from "../../src/core/domain/errors";
import { promptTokens } from "../../src/core/domain/usage";
import { retryingModel } from "../../src/core/engine/retryingModel";
import { DEFAULT_RETRIES } from "../../src/core/engine/retryPolicy";
import { parseScript, type ScriptInput } from "../../src/adapters/model/script";
import { ScriptedModel } from "../../src/adapters/model/scriptedModel";
import { aRequest, collect, failureOf, finishOf, resultsFor, userSays } from "../builders/modelRequest";
import { FixedClock } from "../fakes/manualClock";

type Turns = ScriptInput["sessions"][number]["turns"];

function scripted(turns: Turns, chunkDelayMs = 0, clock = new FixedClock()): ScriptedModel {
  const script = parseScript({ version: 1, sessions: [{ role: "generator", attempt: 1, turns }] }, "test");
  return new ScriptedModel(script, { clock, chunkDelayMs });
}

function after(messages: readonly Message[], answer: Message): readonly Message[] {
  return [...messages, answer, userSays("go on")];
}

describe("ScriptedModel", () => {
  it("streams thinking, text and tool calls, then finishes with all of it", async () => {
    const model = scripted([{ thinking: "hm", text: "I read it.", toolCalls: [{ name: "read_file", input: { path: "a" } }] }]);
    const events = await collect(model, aRequest());
    assert.deepEqual(events.map((event) => event.kind), ["thinkingDelta", "textDelta", "toolCallReady", "finished"]);
    const { message, stop } = finishOf(events);
    assert.equal(stop, "toolUse");
    assert.deepEqual(message.content, [
      { kind: "text", text: "I read it." },
      { kind: "toolCall", id: "call_generator_1_1_1", name: "read_file", input: { path: "a" } },
    ]);
  });

  it("answers by role, attempt and number of answers alone, so another instance goes on where one stopped", async () => {
    const turns: Turns = [{ text: "one" }, { text: "two" }];
    const request = aRequest();
    const first = finishOf(await collect(scripted(turns), request));
    const second = { ...request, messages: after(request.messages, first.message) };
    assert.deepEqual(finishOf(await collect(scripted(turns), second)).message.content, [{ kind: "text", text: "two" }]);
  });

  it("gives the calls of all turns different ids, and each the same one every time", async () => {
    const turns: Turns = [1, 2].map(() => ({ toolCalls: [{ name: "read_file" }, { name: "read_file" }] }));
    const first = finishOf(await collect(scripted(turns), aRequest())).message;
    const again = finishOf(await collect(scripted(turns), aRequest())).message;
    const second = aRequest({ messages: [userSays("a"), first, resultsFor(first)] });
    const ids = [first, finishOf(await collect(scripted(turns), second)).message].flatMap((message) =>
      message.content.map((block) => (block.kind === "toolCall" ? block.id : "")),
    );
    assert.equal(new Set(ids).size, 4);
    assert.deepEqual(again, first);
  });

  it("prints json as the text of the turn", async () => {
    const { message } = finishOf(await collect(scripted([{ json: { verdict: "PASS" } }]), aRequest()));
    assert.deepEqual(message.content, [{ kind: "text", text: '{\n  "verdict": "PASS"\n}' }]);
  });

  it("fills in the task's id and its deliverables folder, read off the first message", async () => {
    const first = userSays("Reports go to .countersign/plans/add-fib-7k2m/deliverables/.");
    const turns: Turns = [{ text: "{{taskId}}", toolCalls: [{ name: "write_file", input: { files: [{ path: "{{deliverables}}/$&.md" }] } }] }];
    const { message } = finishOf(await collect(scripted(turns), aRequest({ messages: [first] })));
    assert.deepEqual(message.content, [
      { kind: "text", text: "add-fib-7k2m" },
      {
        kind: "toolCall",
        id: "call_generator_1_1_1",
        name: "write_file",
        input: { files: [{ path: ".countersign/plans/add-fib-7k2m/deliverables/$&.md" }] },
      },
    ]);
  });

  it("leaves the words alone where the first message names no folder", async () => {
    const { message } = finishOf(await collect(scripted([{ text: "{{taskId}}" }]), aRequest()));
    assert.deepEqual(message.content, [{ kind: "text", text: "{{taskId}}" }]);
  });

  it("keeps characters of more than one unit whole, and streams exactly the text", async () => {
    const text = "🙂".repeat(500);
    const deltas = (await collect(scripted([{ text }]), aRequest())).flatMap((event) => (event.kind === "textDelta" ? [event.text] : []));
    assert.equal(deltas.join(""), text);
    assert.ok(deltas.length > 10 && deltas.length <= 25 && deltas.every((delta) => !/^[\uDC00-\uDFFF]/.test(delta)));
  });

  it("waits a little between chunks, and not at all at a delay of 0", async () => {
    const clock = new FixedClock();
    await collect(scripted([{ text: "x".repeat(100), delayMs: 50 }], 4, clock), aRequest());
    assert.deepEqual(clock.slept, [50, 4, 4, 4, 4, 4, 4, 4]);
    const still = new FixedClock();
    await collect(scripted([{ text: "x".repeat(100) }], 0, still), aRequest());
    assert.deepEqual(still.slept, []);
  });

  it("counts the earlier prompt as read from the cache, the rest as written", async () => {
    const turns: Turns = [{ text: "a" }, { text: "b" }];
    const request = aRequest({ system: "s".repeat(8000) });
    const first = finishOf(await collect(scripted(turns), request));
    const second = finishOf(await collect(scripted(turns), { ...request, messages: after(request.messages, first.message) }));
    assert.equal(first.usage.cacheRead, 0);
    assert.equal(second.usage.cacheRead, promptTokens(first.usage));
    assert.ok(second.usage.cacheWrite5m > 0 && second.usage.output > 0);
  });

  it("uses the script's usage and stop reason where they are given", async () => {
    const usage = { input: 1, output: 2, cacheRead: 3, cacheWrite5m: 4, cacheWrite1h: 5 };
    const end = finishOf(await collect(scripted([{ text: "no", stop: "refusal", usage }]), aRequest()));
    assert.deepEqual([end.stop, end.usage], ["refusal", usage]);
  });

  it("fails as often as the script says and answers then", async () => {
    const model = scripted([{ text: "here", failure: { code: "overloaded", times: 2, midStream: true } }]);
    const events = await collect(retryingModel(model, { ...DEFAULT_RETRIES, random: () => 0 }, new FixedClock()), aRequest());
    assert.deepEqual(events.map((event) => event.kind), ["textDelta", "retrying", "textDelta", "retrying", "textDelta", "finished"]);
  });

  it("fails always where the turn has nothing else", async () => {
    const model = scripted([{ failure: { code: "spendLimit" } }]);
    for (let i = 0; i < 3; i += 1) assert.equal(failureOf(await collect(model, aRequest())).failure.code, "spendLimit");
  });

  it("says which session is missing, and which there are", async () => {
    const request = aRequest({ purpose: { role: "evaluator", attempt: 2, session: "s" } });
    const { failure } = failureOf(await collect(scripted([{ text: "x" }]), request));
    assert.deepEqual([failure.code, failure.retryable], ["outOfScript", false]);
    assert.equal(failure.message, "The script has no session for evaluator, attempt 2. It holds: generator, attempt 1.");
  });

  it("says which turn is missing", async () => {
    const request = aRequest({ messages: after([userSays("a")], { role: "assistant", content: [{ kind: "text", text: "b" }] }) });
    const { failure } = failureOf(await collect(scripted([{ text: "x" }]), request));
    assert.equal(failure.message, "The script's session for generator, attempt 1 ends after turn 1; turn 2 was asked for.");
  });

  it("keeps a malformed tool input", async () => {
    const { message } = finishOf(await collect(scripted([{ toolCalls: [{ name: "read_file", malformed: '{"pa' }] }]), aRequest()));
    assert.deepEqual(message.content, [{ kind: "toolCall", id: "call_generator_1_1_1", name: "read_file", input: {}, malformed: '{"pa' }]);
  });
});

describe("parseScript", () => {
  const session = (turns: unknown, role = "planner"): unknown => ({ version: 1, sessions: [{ role, attempt: 0, turns }] });
  const rows: readonly (readonly [string, unknown, RegExp])[] = [
    ["another version", { version: 2, sessions: [] }, /version/],
    ["an unknown role", session([], "boss"), /sessions\.0\.role/],
    ["a turn that says nothing", session([{}]), /sessions\.0\.turns\.0: the turn says nothing/],
    ["a misspelt field", session([{ txt: "x" }]), /txt/],
    ["two sessions for one role and attempt", { version: 1, sessions: [1, 2].map(() => ({ role: "planner", attempt: 0, turns: [] })) }, /same role, attempt and node/],
  ];
  for (const [what, data, message] of rows) {
    it(`refuses ${what} and says where`, () => {
      const isIt = (error: unknown): boolean => CountersignError.is(error, "badRequest") && error.message.startsWith("The script f.json ") && message.test(error.message);
      assert.throws(() => parseScript(data, "f.json"), isIt);
    });
  }
});
