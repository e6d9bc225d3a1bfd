import { strict as assert } from "node:assert";
import { Deadline, stopCause } from "../../src/core/engine/deadline";
import { INTERRUPTED } from "../../src/core/engine/toolCalls";
import type { TranscriptEntry } from "../../src/core/ports/transcripts";
import type { ToolOutcome } from "../../src/core/tools/tool";
import { aSession } from "../builders/sessionBuilder";
import { answers, call, callsTools, conversation, FakeModel, says, saysJson } from "../fakes/fakeModel";
import { ManualClock } from "../fakes/manualClock";

const at = (id: string, name: "look" | "change") => call(id, name, { at: id });
/** Reads in parallel, a change between reads, two changes, a wrong shape, then the answer. */
const TURNS = [
  answers([{ kind: "text", text: "I look." }, at("a", "look"), at("b", "look")], "toolUse"),
  callsTools(at("c", "look"), at("d", "change"), at("e", "look"), at("f", "change")),
  says("not JSON"),
  callsTools(at("g", "change")),
  saysJson({ answer: "55" }),
];
const COMPLETED = { outcome: "completed", value: { answer: "55" } };
const CHANGES = ["d", "f", "g"];

function changesBegun(trace: readonly string[]): readonly string[] {
  return trace.flatMap((line) => /^change (\w) begins$/.exec(line)?.[1] ?? []);
}

function resultOf(entries: readonly TranscriptEntry[], id: string): string | undefined {
  const found = entries.filter((e) => e.kind === "toolResult" && e.result.callId === id);
  assert.ok(found.length <= 1, `${id} has ${found.length} results`);
  const [entry] = found;
  return entry?.kind === "toolResult" ? entry.result.content : undefined;
}

/** The conversation without what may differ after an interruption. */
function spoken(entries: readonly TranscriptEntry[]): readonly unknown[] {
  const known = entries.filter((e) => e.kind === "user" || e.kind === "assistant").map((e) => e.message);
  return JSON.parse(JSON.stringify(known).replaceAll(INTERRUPTED, "done").replaceAll(/"(look|change) \w done"/g, '"done"').replaceAll('"isError":true', '"isError":false')) as readonly unknown[];
}

async function undisturbed() {
  const session = await aSession(conversation(...TURNS));
  assert.deepEqual(await session.run(), COMPLETED);
  return session;
}

describe("a session that is opened again", () => {
  it("comes to the same end after a crash behind any entry of its conversation", async () => {
    const whole = await undisturbed();
    const { entries } = whole.transcripts;
    assert.ok(entries.length > 20);
    for (let kept = 0; kept <= entries.length; kept += 1) {
      const recovered = entries.slice(0, kept);
      const again = await aSession(conversation(...TURNS), { recovered });
      assert.deepEqual(await again.run(), COMPLETED, `after ${kept} entries`);
      assert.deepEqual(spoken(again.transcripts.entries), spoken(entries), `after ${kept} entries`);
      for (const id of CHANGES) {
        const begunBefore = recovered.some((e) => e.kind === "toolStarted" && e.call === id);
        assert.equal(changesBegun(again.trace).includes(id), !begunBefore, `${id} after ${kept} entries`);
        const interrupted = begunBefore && resultOf(recovered, id) === undefined;
        assert.equal(resultOf(again.transcripts.entries, id), interrupted ? INTERRUPTED : `change ${id} done`);
      }
    }
  });

  it("never has a change begun that a crash of the machine would forget", async () => {
    const begun: string[] = [];
    const session = await aSession(conversation(...TURNS), {
      work: (name): ToolOutcome => {
        const [tool, id] = name.split(" ");
        const durable = session.transcripts.entries.slice(0, session.transcripts.durable);
        if (tool === "change") {
          begun.push(String(id));
          assert.ok(durable.some((e) => e.kind === "toolStarted" && e.call === id), `${name} is not on disk`);
        }
        return { ok: true, text: `${name} done`, summary: "ok" };
      },
    });
    await session.run();
    assert.deepEqual(begun, CHANGES);
  });

  it("does not ask again for an answer that it has", async () => {
    const { transcripts } = await undisturbed();
    const model = new FakeModel();
    assert.deepEqual(await (await aSession(model, { recovered: transcripts.entries })).run(), COMPLETED);
    assert.equal(model.requests.length, 0);
  });

  it("asks again for a response that was cut off, with what was said before it only", async () => {
    const { transcripts } = await undisturbed();
    const upToFirstAnswer = transcripts.entries.slice(0, 2);
    const model = conversation(...TURNS);
    await (await aSession(model, { recovered: upToFirstAnswer })).run();
    assert.deepEqual(model.requests[0]?.messages, [{ role: "user", content: [{ kind: "text", text: "Do it." }] }]);
  });

  it("keeps its first message, whatever the engine would say today", async () => {
    const { transcripts } = await undisturbed();
    const again = await aSession(conversation(...TURNS), { recovered: transcripts.entries.slice(0, 2), spec: { firstMessage: "Something else." } });
    await again.run();
    assert.ok(!JSON.stringify(again.transcripts.entries).includes("Something else."));
  });

  it("counts the calls of before against its limit", async () => {
    const { transcripts } = await undisturbed();
    const again = await aSession(conversation(...TURNS), { recovered: transcripts.entries.slice(0, 7), spec: { toolCallLimit: 5 } });
    assert.deepEqual(await again.run(), { outcome: "outOfToolCalls", detail: "the session reached its limit of 5 tool calls" });
  });
});

describe("a session that is stopped", () => {
  it("ends cleanly at every moment, and goes on from there without repeating a change", async () => {
    const whole = await undisturbed();
    const outcomes = new Set<string>();
    for (let moment = 1; moment < whole.moments(); moment += 1) {
      const stopped = await aSession(conversation(...TURNS), { onMoment: (n, controller) => n === moment && controller.abort() });
      const end = await stopped.run();
      outcomes.add(end.outcome);
      if (end.outcome !== "completed") assert.deepEqual(end, { outcome: "cancelled", detail: "cancelled" });
      assert.equal(stopped.events.at(-1)?.kind, "sessionEnded", `moment ${moment}`);
      assert.equal(stopped.transcripts.closed, 1);
      const again = await aSession(conversation(...TURNS), { recovered: stopped.transcripts.entries });
      assert.deepEqual(await again.run(), COMPLETED, `moment ${moment}`);
      assert.deepEqual([...changesBegun(stopped.trace), ...changesBegun(again.trace)], CHANGES, `moment ${moment}`);
      assert.deepEqual(spoken(again.transcripts.entries), spoken(whole.transcripts.entries), `moment ${moment}`);
    }
    assert.deepEqual([...outcomes].toSorted(), ["cancelled", "completed"]);
  });

  it("begins nothing when it is stopped from the start", async () => {
    const model = conversation(...TURNS);
    const session = await aSession(model, { onMoment: (n, controller) => n === 0 && controller.abort() });
    assert.equal((await session.run()).outcome, "cancelled");
    assert.deepEqual([model.requests.length, changesBegun(session.trace).length], [0, 0]);
  });

  it("says that its time is over when a deadline stopped it, and waits for the tool that runs", async () => {
    const clock = new ManualClock();
    const deadline = new Deadline(1000, clock, new AbortController().signal);
    const work = async (): Promise<ToolOutcome> => {
      await clock.advance(2000);
      return { ok: false, text: "cancelled", summary: "cancelled" };
    };
    const model = new FakeModel(callsTools(at("a", "change"), at("b", "change")));
    const session = await aSession(model, { work, spec: { signal: deadline.signal } });
    assert.deepEqual(await session.run(), { outcome: "timedOut", detail: "the phase reached its time limit" });
    assert.equal(stopCause(deadline.signal), "timedOut");
    assert.deepEqual(changesBegun(session.trace), ["a"]);
    assert.equal(model.requests.length, 1);
    deadline.dispose();
  });

  it("passes the stop to the model at once", async () => {
    let stop: () => void = () => undefined;
    const hanging = new FakeModel(async function* (_, signal) {
      stop();
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      yield* [{ kind: "failed", failure: { code: "cancelled", retryable: false, retryAfterMs: null, message: "cancelled" }, usage: { input: 7, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 } } as const];
    });
    const session = await aSession(hanging);
    stop = () => setImmediate(() => session.controller.abort());
    assert.equal((await session.run()).outcome, "cancelled");
    assert.equal(session.recorder.view.usage.input, 7, "what was billed until then is on record");
  });
});
