import { strict as assert } from "node:assert";
import type { ModelFailureCode } from "../../src/core/ports/modelClient";
import { NO_USAGE } from "../../src/core/domain/usage";
import type { Review } from "../../src/core/engine/agentSession";
import { aSession } from "../builders/sessionBuilder";
import { A_USAGE, FakeModel, answers, call, callsTools, failsWith, says, saysJson, type Answer } from "../fakes/fakeModel";

const GOOD = saysJson({ answer: "55" });
const COMPLETED = { outcome: "completed", value: { answer: "55" } };
const look = (id = "a") => callsTools(call(id, "look"));

/** What the user's side said in each request after the first message. */
function saidTo(model: FakeModel, request: number): string {
  const last = model.requests[request]?.messages.at(-1)?.content ?? [];
  return last.map((block) => (block.kind === "text" ? block.text : block.kind === "toolResult" ? block.content : "")).join("\n");
}

describe("runSession", () => {
  it("completes with the validated answer, on record from its start to its end", async () => {
    const model = new FakeModel(look(), GOOD);
    const { run, events, recorder, transcripts } = await aSession(model);
    assert.deepEqual(await run(), COMPLETED);
    assert.deepEqual(events.slice(1).map((e) => e.kind), ["sessionStarted", "toolCalled", "toolFinished", "turnCompleted", "turnCompleted", "sessionEnded"]);
    const [session] = recorder.view.sessions;
    assert.deepEqual([session?.outcome, session?.turns, session?.toolCalls, session?.usage.input], ["completed", 2, 1, 200]);
    assert.equal(transcripts.closed, 1);
    assert.equal(transcripts.durable, transcripts.entries.length, "the conversation is on disk before the session counts as ended");
  });

  it("sends the same beginning with every request, so that the cache holds", async () => {
    const model = new FakeModel(look("a"), look("b"), GOOD);
    await (await aSession(model)).run();
    const fixed = model.requests.map((request) => JSON.stringify({ ...request, messages: [] }));
    assert.equal(new Set(fixed).size, 1);
    for (const [index, { messages }] of model.requests.entries()) {
      const before = model.requests[index - 1]?.messages ?? [];
      assert.deepEqual(messages.slice(0, before.length), before);
    }
    assert.deepEqual(model.requests[0]?.purpose, { role: "generator", attempt: 1, session: "generator-1-test" });
  });

  it("tells of each response's text and each call, and streams both", async () => {
    const model = new FakeModel(answers([{ kind: "text", text: "I look." }, call("a", "look")], "toolUse"), GOOD);
    const { run, trace, lives } = await aSession(model);
    await run();
    assert.deepEqual(trace.filter((line) => /^(said|told)/.test(line)), ["said I look.", "told of a", 'said {"answer":"55"}']);
    assert.deepEqual(lives.map((e) => e.kind === "textStreamed" && e.text), ["I look.", '{"answer":"55"}']);
  });

  it("accepts an answer in one code block, and none within prose", async () => {
    assert.deepEqual(await (await aSession(new FakeModel(says('```json\n{"answer": "55"}\n```\n')))).run(), COMPLETED);
    const model = new FakeModel(says('Here it is: {"answer": "55"}'), GOOD);
    assert.deepEqual(await (await aSession(model)).run(), COMPLETED);
    assert.equal(model.requests.length, 2);
  });
});

describe("runSession with answers that cannot be used", () => {
  for (const bad of ["no JSON", '{"answer": 55}', '{"answer": ""}', '{"answer": "55", "more": 1}', "[]", "", '{"answer": "5']) {
    it(`asks once more after ${JSON.stringify(bad)}, with the schema, and takes the second`, async () => {
      const model = new FakeModel(says(bad), GOOD);
      assert.deepEqual(await (await aSession(model)).run(), COMPLETED);
      assert.match(saidTo(model, 1), /^Your last message cannot be used: .+\. It must be one JSON object of this schema, and nothing else:\n\{.*"answer".*\}$/s);
    });

    it(`gives up after ${JSON.stringify(bad)} twice`, async () => {
      const model = new FakeModel(says(bad), says(bad));
      const end = await (await aSession(model)).run();
      assert.equal(end.outcome, "invalidOutput");
      assert.match(end.outcome === "invalidOutput" ? end.detail : "", /^the model's answer has the wrong shape: ./);
    });
  }

  it("does what the review says: sends back as often as it asks, refuses, accepts", async () => {
    const reviews: Review[] = [{ kind: "sentBack", message: "Not yet." }, { kind: "sentBack", message: "Still not." }, { kind: "accepted" }];
    const model = new FakeModel(saysJson({ answer: "1" }), saysJson({ answer: "2" }), GOOD);
    const seen: string[] = [];
    const review = async ({ answer }: { answer: string }): Promise<Review> => {
      seen.push(answer);
      return reviews.shift() ?? { kind: "accepted" };
    };
    assert.deepEqual(await (await aSession(model, { spec: { review } })).run(), COMPLETED);
    assert.deepEqual([saidTo(model, 1), saidTo(model, 2)], ["Not yet.", "Still not."]);
    assert.deepEqual(seen, ["1", "2", "55"]);
    const refused = await aSession(new FakeModel(GOOD), { spec: { review: () => Promise.resolve({ kind: "refused", detail: "three times" }) } });
    assert.deepEqual(await refused.run(), { outcome: "invalidOutput", detail: "three times" });
  });

  it("has an answer that was cut at the output limit sent again, twice in a row at most", async () => {
    const cut = says('{"answer": "', "maxTokens");
    const model = new FakeModel(cut, cut, GOOD);
    assert.deepEqual(await (await aSession(model)).run(), COMPLETED);
    assert.equal(saidTo(model, 1), "Your last message was cut at the output limit of 1000 tokens. Send it again, shorter.");
    const hopeless = await aSession(new FakeModel(cut, cut, cut));
    assert.deepEqual(await hopeless.run(), { outcome: "invalidOutput", detail: "the model's answer passed its output limit of 1000 tokens 3 times" });
  });

  it("answers the calls of a cut response, the one that was cut itself as malformed", async () => {
    const cut = answers([call("a", "look"), { ...call("b", "change"), malformed: '{"at' }], "maxTokens");
    const model = new FakeModel(cut, GOOD);
    const { run, trace } = await aSession(model);
    assert.deepEqual(await run(), COMPLETED);
    assert.match(saidTo(model, 1), /^look done\n.*no valid JSON/);
    assert.ok(!trace.includes("change begins"));
  });

  it("goes on after a pause", async () => {
    const model = new FakeModel(says("Let me think.", "pause"), GOOD);
    assert.deepEqual(await (await aSession(model)).run(), COMPLETED);
    assert.equal(saidTo(model, 1), "Go on.");
  });
});

describe("runSession at its limits", () => {
  it("allows as many tool calls as given and ends with the first response beyond them, without running it", async () => {
    const within = new FakeModel(callsTools(call("a", "look"), call("b", "change")), GOOD);
    assert.deepEqual(await (await aSession(within, { spec: { toolCallLimit: 2 } })).run(), COMPLETED);
    const beyond = await aSession(new FakeModel(look(), callsTools(call("b", "change"), call("c", "change"))), { spec: { toolCallLimit: 2 } });
    assert.deepEqual(await beyond.run(), { outcome: "outOfToolCalls", detail: "the session reached its limit of 2 tool calls" });
    assert.ok(!beyond.trace.includes("change begins"));
  });

  it("allows three messages a tool call", async () => {
    const sendBack = (): Promise<Review> => Promise.resolve({ kind: "sentBack", message: "Again." });
    const model = new FakeModel(...Array.from({ length: 9 }, (): Answer => GOOD));
    const end = await (await aSession(model, { spec: { toolCallLimit: 2, review: sendBack } })).run();
    assert.deepEqual(end, { outcome: "outOfMessages", detail: "the conversation reached its limit of 6 messages" });
    assert.equal(model.requests.length, 3);
  });

  it("stops before the call that could pass the budget", async () => {
    // A call can cost a little over $0.01; the first one cost $0.005.
    const model = new FakeModel(answers([call("a", "look")], "toolUse", { ...NO_USAGE, output: 500 }), GOOD);
    const { run, events } = await aSession(model, { budget: { taskUsd: 0.0145 } });
    const end = await run();
    assert.equal(end.outcome, "outOfBudget");
    assert.equal(model.requests.length, 1, JSON.stringify(end));
    assert.deepEqual(events.at(-1)?.kind, "sessionEnded");
  });

  it("warns of the budget while it works, and goes on", async () => {
    const dear = answers([call("a", "look")], "toolUse", { ...NO_USAGE, input: 1_000_000 });
    const { run, events } = await aSession(new FakeModel(dear, GOOD), { budget: { taskUsd: 3.9 } });
    assert.deepEqual(await run(), COMPLETED);
    assert.equal(events.filter((e) => e.kind === "budgetWarned").length, 1);
  });
});

describe("runSession when the model fails", () => {
  it("ends as refused, with the model's words", async () => {
    const { run } = await aSession(new FakeModel(says("I cannot help with this.", "refusal")));
    assert.deepEqual(await run(), { outcome: "refused", detail: "the model refused: I cannot help with this." });
    assert.deepEqual(await (await aSession(new FakeModel(answers([], "refusal")))).run(), { outcome: "refused", detail: "the model refused: no reason given" });
  });

  it("ends when the context window is full, said either way", async () => {
    assert.equal((await (await aSession(new FakeModel(says("", "contextFull")))).run()).outcome, "contextFull");
    assert.deepEqual(await (await aSession(new FakeModel(failsWith("contextFull", "too long")))).run(), { outcome: "contextFull", detail: "too long" });
  });

  const outcomes: Readonly<Record<ModelFailureCode, string>> = {
    rateLimited: "modelFailed",
    overloaded: "modelFailed",
    serverError: "modelFailed",
    unreachable: "modelFailed",
    disconnected: "modelFailed",
    stalled: "modelFailed",
    invalidKey: "modelFailed",
    notPermitted: "modelFailed",
    spendLimit: "spendLimit",
    contextFull: "contextFull",
    modelNotFound: "modelFailed",
    badRequest: "modelFailed",
    unsupported: "modelFailed",
    cancelled: "cancelled",
    outOfScript: "modelFailed",
  };
  for (const [code, outcome] of Object.entries(outcomes)) {
    it(`ends as ${outcome} for ${code}`, async () => {
      const { run, recorder } = await aSession(new FakeModel(look(), failsWith(code as ModelFailureCode, `what ${code} means`)));
      const end = await run();
      assert.deepEqual(end, { outcome, detail: code === "cancelled" ? "cancelled" : `what ${code} means` });
      assert.deepEqual(recorder.view.sessions.map((s) => ({ outcome: s.outcome, detail: s.detail })), [end]);
    });
  }

  it("records what failed calls were billed, also where the price is unknown", async () => {
    const { run, recorder } = await aSession(new FakeModel(failsWith("disconnected", "cut", { ...NO_USAGE, input: 500_000 })));
    await run();
    assert.deepEqual([recorder.view.cost.usd, recorder.view.usage.input], [1, 500_000]);
    const settings = { model: "mystery", maxOutputTokens: 1000, effort: "medium" } as const;
    const unknown = await aSession(new FakeModel(failsWith("disconnected", "cut", A_USAGE)), { spec: { settings } });
    await unknown.run();
    assert.deepEqual(unknown.recorder.view.cost, { usd: 0, unpricedCalls: 1 });
    const free = await aSession(new FakeModel(failsWith("unreachable")));
    await free.run();
    assert.equal(free.events.some((e) => e.kind === "callFailed"), false);
  });

  it("does not ask for ever when an answer has no end", async () => {
    const model = new FakeModel([{ kind: "textDelta", text: "and" }], []);
    assert.equal((await (await aSession(model)).run()).outcome, "modelFailed");
    assert.equal(model.requests.length, 1);
  });

  it("passes an error of the journal on and closes the conversation", async () => {
    const { run, journal, transcripts } = await aSession(new FakeModel(look(), GOOD));
    journal.fail();
    await assert.rejects(run(), /disk is full/);
    assert.equal(transcripts.closed, 0, "it was not opened yet");
  });
});
