import { strict as assert } from "node:assert";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message } from "../../src/core/domain/conversation";
import { CountersignError } from "../../src/core/domain/errors";
import { DEFAULT_RETRIES } from "../../src/core/engine/retryPolicy";
import { retryingModel } from "../../src/core/engine/retryingModel";
import type { ModelClient, ModelEvent } from "../../src/core/ports/modelClient";
import { createAnthropicModel } from "../../src/adapters/model/anthropicModel";
import { recordingModel, type ScriptSink } from "../../src/adapters/model/recordingModel";
import { loadScript, parseScript, printScript, type Script } from "../../src/adapters/model/script";
import { ScriptFile } from "../../src/adapters/model/scriptFile";
import { ScriptedModel } from "../../src/adapters/model/scriptedModel";
import { aRequest, collect, endOf, finishOf, resultsFor, userSays } from "../builders/modelRequest";
import { FakeModelApi, type FakeReply } from "../fakes/fakeModelApi";
import { FixedClock } from "../fakes/manualClock";
import { RecordingLogger } from "../fakes/recordingLogger";

class LastScript implements ScriptSink {
  script: Script = { version: 1, description: "", sessions: [] };

  save(script: Script): void {
    // What is written must be readable at any time.
    this.script = parseScript(JSON.parse(printScript(script)), "recording");
  }
}

/** Events as a replay can repeat them: pieces joined, what only one provider reads left out. */
function replayable(events: readonly ModelEvent[]): readonly unknown[] {
  const joined = (kind: "textDelta" | "thinkingDelta"): string => events.flatMap((event) => (event.kind === kind ? [event.text] : [])).join("");
  const end = endOf(events);
  const content = end.kind === "finished" ? end.message.content.filter((block) => block.kind !== "opaque") : [];
  const calls = events.filter((event) => event.kind === "toolCallReady");
  return [joined("textDelta"), joined("thinkingDelta"), calls, content, end.kind === "finished" ? [end.stop, end.usage] : end.failure.code];
}

async function talk(model: ModelClient, turns: number, change: Parameters<typeof aRequest>[0] = {}): Promise<ModelEvent[][]> {
  let messages: readonly Message[] = [userSays("Reports go to .countersign/plans/fib-7k2m/deliverables/.")];
  const all: ModelEvent[][] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const events = await collect(model, aRequest({ ...change, messages }));
    all.push(events);
    const end = endOf(events);
    if (end.kind === "failed") continue;
    const results = resultsFor(end.message);
    messages = [...messages, end.message, results.content.length > 0 ? results : userSays("Go on.")];
  }
  return all;
}

function replay(script: Script): ModelClient {
  return new ScriptedModel(script, { clock: new FixedClock(), chunkDelayMs: 0 });
}

describe("recordingModel", () => {
  const REPLIES: readonly FakeReply[] = [
    { thinking: "Let me see.", text: "I look – ünd 🙂.", toolCalls: [{ name: "read_file", input: { path: "a" } }, { name: "read_file", rawInput: '{"pa' }] },
    { toolCalls: [{ name: "write_file", input: { path: ".countersign/plans/fib-7k2m/deliverables/r.md", text: "fib-7k2m" } }] },
    { text: "cut", stop: "max_tokens" },
    { text: '{\n  "verdict": "PASS"\n}' },
  ];

  async function recorded(replies: readonly FakeReply[], turns: number): Promise<{ readonly live: ModelEvent[][]; readonly script: Script }> {
    const api = await FakeModelApi.start(replies);
    try {
      const sink = new LastScript();
      const model = recordingModel(createAnthropicModel({ apiKey: "k", baseUrl: api.url, logger: new RecordingLogger() }), sink);
      return { live: await talk(model, turns), script: sink.script };
    } finally {
      await api.close();
    }
  }

  it("records a live conversation so that its replay says the same", async () => {
    const { live, script } = await recorded(REPLIES, 4);
    const again = await talk(replay(script), 4);
    assert.deepEqual(again.map(replayable), live.map(replayable));
    assert.deepEqual(live.map((events) => endOf(events).kind), Array(4).fill("finished"));
  });

  it("changes no event", async () => {
    const { script } = await recorded(REPLIES, 4);
    assert.deepEqual(await talk(recordingModel(replay(script), new LastScript()), 4), await talk(replay(script), 4));
  });

  it("writes the task's own paths as words, so that another task can replay it", async () => {
    const { script } = await recorded(REPLIES, 2);
    const input = script.sessions[0]?.turns[1]?.toolCalls[0]?.input;
    assert.deepEqual(input, { path: "{{deliverables}}/r.md", text: "{{taskId}}" });
  });

  it("keeps structured output readable where that loses nothing", async () => {
    const { script } = await recorded(REPLIES, 4);
    assert.deepEqual(script.sessions[0]?.turns[3]?.json, { verdict: "PASS" });
    assert.equal(script.sessions[0]?.turns[3]?.text, undefined);
  });

  it("keeps sessions apart by role and attempt", async () => {
    const sink = new LastScript();
    const model = recordingModel(replay(parseScript({ version: 1, sessions: [1, 2].map((attempt) => ({ role: "generator", attempt, turns: [{ text: `${attempt}` }] })) }, "t")), sink);
    for (const attempt of [2, 1]) await talk(model, 1, { purpose: { role: "generator", attempt, session: `s${attempt}` } });
    assert.deepEqual(sink.script.sessions.map(({ attempt, turns }) => [attempt, turns.map((turn) => turn.text)]), [[2, ["2"]], [1, ["1"]]]);
  });

  it("starts a session anew when another one takes its place", async () => {
    const sink = new LastScript();
    const source = parseScript({ version: 1, sessions: [{ role: "generator", attempt: 1, turns: [{ text: "a", toolCalls: [{ name: "f" }] }, { text: "b" }] }] }, "t");
    const model = recordingModel(replay(source), sink);
    await talk(model, 2, { purpose: { role: "generator", attempt: 1, session: "first" } });
    await talk(model, 1, { purpose: { role: "generator", attempt: 1, session: "second" } });
    assert.deepEqual(sink.script.sessions[0]?.turns.map((turn) => turn.text), ["a"]);
  });

  it("goes on with the script of the run that it resumes", async () => {
    const { script } = await recorded(REPLIES, 1);
    const sink = new LastScript();
    const rest = replay(parseScript({ version: 1, sessions: [{ role: "generator", attempt: 1, turns: [{ text: "x" }, { text: "later" }] }] }, "t"));
    const answer = finishOf(await collect(replay(script), aRequest())).message;
    await collect(recordingModel(rest, sink, script), aRequest({ messages: [userSays("a"), answer, resultsFor(answer)] }));
    assert.deepEqual(sink.script.sessions[0]?.turns.map((turn) => turn.text), ["I look – ünd 🙂.", "later"]);
  });

  it("records only the try that counted", async () => {
    const sink = new LastScript();
    const source = parseScript({ version: 1, sessions: [{ role: "generator", attempt: 1, turns: [{ thinking: "hm", text: "a", failure: { code: "overloaded", midStream: true } }] }] }, "t");
    const retrying = retryingModel(replay(source), { ...DEFAULT_RETRIES, random: () => 0 }, new FixedClock());
    await collect(recordingModel(retrying, sink), aRequest());
    const [turn] = sink.script.sessions[0]?.turns ?? [];
    assert.deepEqual([turn?.thinking, turn?.text, turn?.failure], ["hm", "a", undefined]);
  });

  it("records a failure that ended a request, and the answer it got later, but no cancel", async () => {
    const sink = new LastScript();
    const source = parseScript({ version: 1, sessions: [{ role: "generator", attempt: 1, turns: [{ text: "a", failure: { code: "spendLimit" } }] }] }, "t");
    const model = recordingModel(replay(source), sink);
    await collect(model, aRequest(), AbortSignal.abort());
    assert.equal(sink.script.sessions.length, 0);
    await collect(model, aRequest());
    const again = replay(sink.script);
    assert.deepEqual(replayable(await collect(again, aRequest())).at(-1), "spendLimit");
    await collect(model, aRequest());
    const [turn] = sink.script.sessions[0]?.turns ?? [];
    assert.deepEqual([turn?.text, turn?.failure?.code], ["a", "spendLimit"]);
  });
});

describe("ScriptFile", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "recording-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const script = (text: string): Script => parseScript({ version: 1, sessions: [{ role: "planner", attempt: 0, turns: [{ text }] }] }, "t");

  it("holds the newest script once it is closed, and no other file", async () => {
    const path = join(folder, "run.json");
    const file = new ScriptFile(path);
    for (let i = 0; i < 50; i += 1) file.save(script(`${i}`));
    await file.close();
    assert.equal((await loadScript(path)).sessions[0]?.turns[0]?.text, "49");
    assert.deepEqual(await readdir(folder), ["run.json"]);
  });

  it("is valid at every moment", async () => {
    const path = join(folder, "run.json");
    const file = new ScriptFile(path);
    file.save(script("first"));
    await file.close();
    const long = script("x".repeat(200_000));
    file.save(long);
    for (let i = 0; i < 20; i += 1) parseScript(JSON.parse(await readFile(path, "utf8")), path);
    await file.close();
    assert.deepEqual(await loadScript(path), long);
  });

  it("says on closing that it could not be written", async () => {
    const file = new ScriptFile(join(folder, "none", "run.json"));
    file.save(script("x"));
    await assert.rejects(file.close(), (error) => CountersignError.is(error, "io") && /run\.json could not be written/.test(error.message));
  });
});

describe("loadScript", () => {
  it("says that a file is missing, and that one is no JSON", async () => {
    await assert.rejects(loadScript("/no/such/script.json"), (error) => CountersignError.is(error, "notFound"));
    await assert.rejects(loadScript("package-lock.json"), (error) => CountersignError.is(error, "badRequest"));
    await assert.rejects(loadScript("LICENSE"), (error) => CountersignError.is(error, "badRequest") && /is no JSON/.test(error.message));
  });
});
