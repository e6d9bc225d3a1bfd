import { strict as assert } from "node:assert";
import { INTERRUPTED } from "../../src/core/engine/toolCalls";
import type { ToolResultBlock } from "../../src/core/domain/conversation";
import type { ModelEvent } from "../../src/core/ports/modelClient";
import type { TranscriptEntry } from "../../src/core/ports/transcripts";
import type { ToolOutcome } from "../../src/core/tools/tool";
import { aSession, type SessionOptions } from "../builders/sessionBuilder";
import { FakeModel, answers, call, callsTools, retrying, saysJson } from "../fakes/fakeModel";

const DONE = saysJson({ answer: "done" });
const at = (id: string, name: "look" | "change" = "look") => call(id, name, { at: id });
const ok = (text: string): ToolOutcome => ({ ok: true, text, summary: "ok" });

/** Tools that wait until they are let go, by name. */
class Gates {
  private readonly waiting = new Map<string, () => void>();
  readonly work = (name: string): Promise<ToolOutcome> => new Promise((resolve) => this.waiting.set(name, () => resolve(ok(`${name} done`))));

  async open(name: string): Promise<void> {
    for (let tries = 0; !this.waiting.has(name); tries += 1) {
      assert.ok(tries < 100, `${name} never began; waiting: ${[...this.waiting.keys()].join(", ")}`);
      await new Promise(setImmediate);
    }
    this.waiting.get(name)?.();
    this.waiting.delete(name);
    await new Promise(setImmediate);
  }

  get names(): readonly string[] {
    return [...this.waiting.keys()];
  }
}

/** A response whose first events come at once and whose others wait. */
function heldBack(events: readonly ModelEvent[], first = 1) {
  let finish: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (finish = resolve));
  const streaming = async function* (): AsyncGenerator<ModelEvent> {
    yield* events.slice(0, first);
    await held;
    yield* events.slice(first);
  };
  return { streaming, finish: () => finish() };
}

async function settled(): Promise<void> {
  for (let n = 0; n < 5; n += 1) await new Promise(setImmediate);
}

/** The results that the second request carries. */
function resultsIn(model: FakeModel): readonly ToolResultBlock[] {
  return (model.requests[1]?.messages.at(-1)?.content ?? []).flatMap((block) => (block.kind === "toolResult" ? [block] : []));
}

async function ran(model: FakeModel, options: SessionOptions = {}) {
  const session = await aSession(model, options);
  const end = await session.run();
  assert.deepEqual(end, { outcome: "completed", value: { answer: "done" } });
  return { ...session, results: resultsIn(model) };
}

describe("ToolCalls", () => {
  it("runs calls that only read side by side and answers them in the order of the calls", async () => {
    const gates = new Gates();
    const model = new FakeModel(callsTools(at("a"), at("b"), at("c")), DONE);
    const session = await aSession(model, { work: gates.work });
    const end = session.run();
    await settled();
    assert.deepEqual(gates.names, ["look a", "look b", "look c"]);
    for (const name of ["look c", "look a", "look b"]) await gates.open(name);
    assert.equal((await end).outcome, "completed");
    assert.deepEqual(resultsIn(model).map((r) => `${r.callId} ${r.content}`), ["a look a done", "b look b done", "c look c done"]);
  });

  it("begins to read while the response still streams", async () => {
    const gates = new Gates();
    const { streaming, finish } = heldBack(callsTools(at("a")));
    const model = new FakeModel(streaming, DONE);
    const session = await aSession(model, { work: gates.work });
    const end = session.run();
    await gates.open("look a");
    assert.deepEqual(session.trace.slice(-3), ["user", "look a begins", "look a ends"]);
    finish();
    assert.equal((await end).outcome, "completed");
    assert.equal(session.trace.filter((line) => line === "look a begins").length, 1);
  });

  it("runs calls with side effects one after the other, each on record before it begins", async () => {
    const { trace } = await ran(new FakeModel(callsTools(at("a", "change"), at("b", "change")), DONE));
    const from = trace.indexOf("assistant");
    assert.deepEqual(trace.slice(from, trace.indexOf("user", from)), [
      "assistant", "toolStarted a", "flushed", "change a begins", "change a ends", "toolResult a", "told of a",
      "toolStarted b", "flushed", "change b begins", "change b ends", "toolResult b", "told of b",
    ]);
  });

  it("lets no read overtake a change that stands before it, nor a change a read", async () => {
    const gates = new Gates();
    const model = new FakeModel(callsTools(at("a"), at("b", "change"), at("c"), at("d", "change")), DONE);
    const session = await aSession(model, { work: gates.work });
    const end = session.run();
    for (const name of ["look a", "change b", "look c", "change d"]) {
      await settled();
      assert.deepEqual(gates.names, [name]);
      await gates.open(name);
    }
    assert.equal((await end).outcome, "completed");
  });

  it("answers a call of a tool that is not there with the tools that are", async () => {
    const { results, trace } = await ran(new FakeModel(callsTools(at("a"), call("x", "rm_rf"), at("b", "change")), DONE));
    assert.deepEqual(results.map((r) => r.isError), [false, true, false]);
    assert.equal(results[1]?.content, "There is no tool rm_rf. Your tools: look, change.");
    assert.ok(trace.includes("change b ends"));
  });

  it("answers malformed input without running anything", async () => {
    const broken = { ...at("a", "change"), malformed: '{"at": "a' };
    const { results, trace } = await ran(new FakeModel(callsTools(broken, { ...at("b"), malformed: "{" }), DONE));
    assert.deepEqual(results.map((r) => r.isError), [true, true]);
    assert.match(results[0]?.content ?? "", /no valid JSON.*Nothing was done/);
    assert.equal(trace.some((line) => line.includes("begins")), false);
  });

  it("hands a tool's failure to the model as an error, and records it", async () => {
    const work = (): ToolOutcome => ({ ok: false, text: "no such file", summary: "missing" });
    const { results, events } = await ran(new FakeModel(callsTools(at("a")), DONE), { work });
    assert.deepEqual(results, [{ kind: "toolResult", callId: "a", content: "no such file", isError: true }]);
    const finished = events.flatMap((e) => (e.kind === "toolFinished" ? [e] : []));
    assert.deepEqual(finished.map(({ ok: good, summary }) => [good, summary]), [[false, "missing"]]);
  });

  it("records each call before and after, with what it is about", async () => {
    const { events } = await ran(new FakeModel(callsTools(at("a"), at("b", "change")), DONE));
    const of = (kind: string) => events.filter((e) => e.kind === kind);
    assert.deepEqual(of("toolCalled").map((e) => e.kind === "toolCalled" && [e.call, e.tool, e.summary]), [["a", "look", "look something"], ["b", "change", "change something"]]);
    assert.equal(of("toolFinished").length, 2);
  });

  it("voids what a response had begun when it is asked for again", async () => {
    let looks = 0;
    const work = (name: string): ToolOutcome => ok(`${name} ${(looks += 1)}`);
    const again = [...callsTools(at("a")).slice(0, 1), retrying(), ...callsTools(at("a"))];
    const { results, events } = await ran(new FakeModel(again, DONE), { work });
    assert.deepEqual(results.map((r) => r.content), ["look a 2"]);
    assert.equal(events.filter((e) => e.kind === "modelRetried").length, 1);
  });

  it("does not hold back reads of the response that follows a voided one with a change", async () => {
    const gates = new Gates();
    const voided = [...callsTools(at("w", "change")).slice(0, 1), retrying(), ...callsTools(at("a")).slice(0, 1)];
    const { streaming, finish } = heldBack([...voided, ...callsTools(at("a")).slice(1)], voided.length);
    const session = await aSession(new FakeModel(streaming, DONE), { work: gates.work });
    const end = session.run();
    await gates.open("look a");
    assert.ok(!session.trace.includes("assistant"), "it began while the response still streamed");
    finish();
    assert.equal((await end).outcome, "completed");
    assert.equal(session.trace.includes("change w begins"), false);
  });

  it("takes nothing a voided response had read for the answer to a call of the next one, whose ids may be the same", async () => {
    const again = [...callsTools(call("a", "look", { at: "old" })).slice(0, 1), retrying(), ...callsTools(at("w", "change"), call("a", "look", { at: "new" }))];
    const { results } = await ran(new FakeModel(again, DONE));
    assert.deepEqual(results.map((r) => r.content), ["change w done", "look new done"]);
  });

  it("waits for what it began before the session ends, whatever ended it", async () => {
    const gates = new Gates();
    const refusing = [...answers([at("a")], "toolUse").slice(0, 1), ...answers([at("a")], "refusal").slice(1)];
    const session = await aSession(new FakeModel(refusing), { work: gates.work });
    const end = session.run();
    await settled();
    assert.equal(session.events.some((e) => e.kind === "sessionEnded"), false);
    await gates.open("look a");
    assert.equal((await end).outcome, "refused");
    const kinds = session.events.map((e) => e.kind);
    assert.ok(kinds.indexOf("toolFinished") < kinds.indexOf("sessionEnded"));
  });

  it("fails with the journal's error when a call that began early can no longer be recorded", async () => {
    const gates = new Gates();
    const { streaming, finish } = heldBack(callsTools(at("a")));
    const session = await aSession(new FakeModel(streaming), { work: gates.work });
    const failed = assert.rejects(session.run(), /disk is full/);
    await settled();
    session.journal.fail();
    // An unhandled rejection here would take the process down before the run could say what happened.
    await gates.open("look a");
    await settled();
    finish();
    await failed;
  });
});

describe("ToolCalls after a crash", () => {
  const user: TranscriptEntry = { kind: "user", message: { role: "user", content: [{ kind: "text", text: "Do it." }] } };
  const asked = (...calls: readonly ReturnType<typeof at>[]): TranscriptEntry => ({
    kind: "assistant",
    message: { role: "assistant", content: calls },
    stop: "toolUse",
    usage: { input: 1, output: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
  });
  const had = (id: string, content = "from before"): TranscriptEntry => ({ kind: "toolResult", result: { kind: "toolResult", callId: id, content, isError: false } });

  async function reopened(recovered: readonly TranscriptEntry[]) {
    const model = new FakeModel(DONE);
    const session = await aSession(model, { recovered });
    assert.equal((await session.run()).outcome, "completed");
    const results = (model.requests[0]?.messages.at(-1)?.content ?? []).flatMap((b) => (b.kind === "toolResult" ? [b] : []));
    return { results, begun: session.trace.filter((line) => line.endsWith("begins")) };
  }

  it("does not repeat a call that has its result", async () => {
    const { results, begun } = await reopened([user, asked(at("a", "change"), at("b")), { kind: "toolStarted", call: "a" }, had("a"), had("b")]);
    assert.deepEqual(begun, []);
    assert.deepEqual(results.map((r) => r.content), ["from before", "from before"]);
  });

  it("answers a call that had begun without a result as interrupted, and does not repeat it", async () => {
    const { results, begun } = await reopened([user, asked(at("a", "change"), at("b", "change")), { kind: "toolStarted", call: "a" }]);
    assert.deepEqual(begun, ["change b begins"]);
    assert.deepEqual(results.map((r) => [r.content, r.isError]), [[INTERRUPTED, true], ["change b done", false]]);
  });

  it("runs a call that never began, and reads again what only reads", async () => {
    const { results, begun } = await reopened([user, asked(at("a"), at("b", "change"))]);
    assert.deepEqual(begun, ["look a begins", "change b begins"]);
    assert.deepEqual(results.map((r) => r.content), ["look a done", "change b done"]);
  });

  it("answers a finished turn whose answer was not written yet", async () => {
    const { results, begun } = await reopened([user, asked(at("a"), at("b")), had("b", "B"), had("a", "A")]);
    assert.deepEqual(begun, []);
    assert.deepEqual(results.map((r) => r.content), ["A", "B"]);
  });
});
