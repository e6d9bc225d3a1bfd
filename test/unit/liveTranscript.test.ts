import { strict as assert } from "node:assert";
import { CountersignError } from "../../src/core/domain/errors";
import type { JournalEvent } from "../../src/core/domain/event";
import type { SessionId } from "../../src/core/domain/task";
import type { TranscriptEntry } from "../../src/core/ports/transcripts";
import { TranscriptText, textOf } from "../../src/core/reports/transcriptText";
import { LiveTranscript } from "../../src/vscode/documents/liveTranscript";
import { localStamp } from "../../src/vscode/documents/localTime";
import { GENERATOR, sampleEntries, sampleEvents, sampleView, sessionIn } from "../builders/sampleRun";
import { FakeDesk } from "../fakes/fakeDesk";
import { ManualClock } from "../fakes/manualClock";

const EVENTS = sampleEvents();
const ENTRIES = sampleEntries(GENERATOR);
const TASK = sampleView().request.id;
/** Everything up to the second of the generator's turns. */
const SECOND_TURN = EVENTS.findIndex((event) => event.kind === "turnCompleted" && event.session === GENERATOR && event.turn === 2);

/** A desk on which the recorded sample is played again, and a transcript that follows its generator. */
class Bench {
  readonly desk = new FakeDesk();
  readonly clock = new ManualClock();
  readonly changes: number[] = [];
  readonly troubles: unknown[] = [];
  readonly transcript: LiveTranscript;
  /** What stands in the session's file; null: there is none. */
  entries: TranscriptEntry[] | null = [];
  damagedAt = Infinity;
  #replayed = 0;

  constructor(session: SessionId = GENERATOR) {
    const { desk, clock } = this;
    const files = { transcript: (_task: unknown, _session: unknown, from: number) => this.#read(from) };
    const shown = { root: desk.root, events: desk.events.bind(desk), task: desk.task.bind(desk), isInterrupted: desk.isInterrupted.bind(desk), files };
    this.transcript = new LiveTranscript(
      { root: desk.root, task: TASK, session },
      {
        desks: {
          onDidChange: (listener) => desk.onChange((change) => listener({ desk, change })),
          find: async () => {
            await Promise.resolve();
            const view = desk.task(TASK);
            if (view === undefined) throw new CountersignError("notFound", "no such task");
            return { desk: shown, view };
          },
        },
        clock,
        onChange: () => this.changes.push(clock.monotonic()),
        onTrouble: (error) => this.troubles.push(error),
      },
    );
  }

  /** Events of the recording up to this many. */
  replayTo(count: number): void {
    for (const event of EVENTS.slice(this.#replayed, count)) this.desk.replay(event);
    this.#replayed = Math.max(this.#replayed, count);
    this.desk.setRunning(TASK, this.desk.task(TASK)?.status === "running");
  }

  replay(event: JournalEvent): void {
    this.desk.replay(event);
  }

  get text(): string {
    return Buffer.from(this.transcript.file.bytes).toString("utf8");
  }

  /** The file's lines stand for its bytes. */
  async #read(from: number): Promise<{ readonly entries: readonly TranscriptEntry[]; readonly next: number; readonly more: boolean }> {
    await Promise.resolve();
    const { entries } = this;
    if (entries === null || entries.length < from) return { entries: [], next: 0, more: (entries?.length ?? 0) > 0 };
    if (from >= this.damagedAt) throw new CountersignError("damaged", "The conversation is damaged at byte 7.");
    const next = Math.min(entries.length, from + 3, this.damagedAt);
    return { entries: entries.slice(from, next), next, more: next < entries.length };
  }
}

function recorded(): string {
  const text = new TranscriptText(GENERATOR, { stamp: localStamp, maxBytes: 20 * 1024 });
  for (const event of EVENTS) text.apply(event);
  text.add(ENTRIES);
  const view = sampleView();
  return textOf(text.pieces(view, sessionIn(view, GENERATOR), "ended"));
}

const stream = (text: string) => ({ kind: "textStreamed", task: TASK, session: GENERATOR, text }) as const;

describe("LiveTranscript", () => {
  it("says what is on record of a session that is over", async () => {
    const bench = new Bench();
    bench.replayTo(EVENTS.length);
    bench.entries = [...ENTRIES];
    await bench.transcript.open();
    assert.equal(bench.text, recorded());
    assert.equal(bench.clock.waiting, 0, "nothing is looked for any more");
  });

  it("follows a session to its end, at most four times a second, and changes header and body one after the other", async () => {
    const bench = new Bench();
    bench.replayTo(EVENTS.findIndex((event) => event.kind === "sessionStarted" && event.session === GENERATOR) + 1);
    await bench.transcript.open();
    let before = bench.text;
    for (const [index, entry] of ENTRIES.entries()) {
      bench.entries?.push(entry);
      bench.replayTo(Math.round((EVENTS.length * (index + 1)) / ENTRIES.length));
      for (let tick = 0; tick < 4; tick += 1) {
        await bench.clock.advance(30);
        const [header, body] = split(bench.text);
        const [oldHeader, oldBody] = split(before);
        assert.ok(header === oldHeader || body === oldBody, "an edit spans both");
        before = bench.text;
      }
    }
    await bench.clock.advance(2000);
    assert.equal(bench.text, recorded());
    const gaps = bench.changes.slice(1).map((time, index) => time - (bench.changes[index] ?? 0));
    assert.ok(bench.changes.length > 5 && gaps.every((gap) => gap >= 250), gaps.join(" "));
  });

  it("shows what streams in, and gathers many pieces into one update", async () => {
    const bench = new Bench();
    bench.replayTo(SECOND_TURN + 1);
    bench.entries = ENTRIES.slice(0, 4);
    await bench.transcript.open();
    for (let piece = 0; piece < 200; piece += 1) {
      bench.desk.live(stream(`${piece} `));
      await bench.clock.advance(5);
    }
    await bench.clock.advance(250);
    assert.ok(bench.changes.length <= 6, `${bench.changes.length} updates in a second and a quarter`);
    assert.match(bench.text, / 198 199\n$/);
  });

  it("looks again for a turn that the journal tells of before it is on disk", async () => {
    const bench = new Bench();
    const second = ENTRIES.findLastIndex((entry, index) => entry.kind === "assistant" && ENTRIES.slice(0, index).filter(({ kind }) => kind === "assistant").length === 1);
    bench.replayTo(SECOND_TURN);
    bench.entries = ENTRIES.slice(0, second);
    await bench.transcript.open();
    bench.replayTo(SECOND_TURN + 1);
    await bench.clock.advance(300);
    assert.doesNotMatch(bench.text, /Now the command, its registration/);
    bench.entries.push(...ENTRIES.slice(second, second + 1));
    await bench.clock.advance(600);
    assert.match(bench.text, /## Turn 2 · [^]*Now the command, its registration/);
  });

  it("shows what comes before damage, says what is wrong, and does not look again and again", async () => {
    const bench = new Bench();
    bench.replayTo(EVENTS.length);
    bench.entries = [...ENTRIES];
    bench.damagedAt = 7;
    await bench.transcript.open();
    assert.match(bench.text, /## Turn 1 · [^]*\n## Not all of it can be shown\n\nThe conversation is damaged at byte 7\.\n$/);
    await bench.clock.advance(5000);
    assert.equal(bench.clock.waiting, 0);
  });

  it("says that the conversation is gone when its file is, while it runs and afterwards", async () => {
    const bench = new Bench();
    bench.replayTo(SECOND_TURN + 1);
    bench.entries = ENTRIES.slice(0, 9);
    await bench.transcript.open();
    bench.entries = null;
    bench.desk.live(stream("still at it"));
    await bench.clock.advance(10_000);
    assert.match(bench.text, /\n## The conversation is gone\n/);
    bench.replayTo(EVENTS.length);
    await bench.clock.advance(10_000);
    assert.match(bench.text, /- Outcome: completed\n[^]*\n## The conversation is gone\n/);
    assert.equal(bench.clock.waiting, 0);
    assert.deepEqual(bench.troubles, []);
  });

  it("begins anew when the file has become another one", async () => {
    const bench = new Bench();
    bench.replayTo(EVENTS.length);
    bench.entries = [...ENTRIES];
    await bench.transcript.open();
    bench.entries = ENTRIES.slice(0, 3);
    bench.desk.setOwnership({ kind: "theirs", owner: "another window" });
    await bench.clock.advance(1000);
    assert.match(bench.text, /## Turn 1 /);
    assert.doesNotMatch(bench.text, /## Turn 2/);
  });

  it("tells a session that was cut off from one that is at work", async () => {
    const bench = new Bench();
    bench.replayTo(SECOND_TURN + 1);
    bench.entries = ENTRIES.slice(0, 4);
    await bench.transcript.open();
    assert.match(bench.text, /- Outcome: running\n/);
    bench.desk.setRunning(TASK, false);
    await bench.clock.advance(600);
    assert.match(bench.text, /- Outcome: interrupted; it goes on when the task is resumed\n/);
    assert.doesNotMatch(bench.text, /●|in progress|waiting for the model/);
  });

  it("rejects for a session that is not there, and hears nothing once it is disposed of", async () => {
    const other = new Bench("generator-9-zzzz" as SessionId);
    other.replayTo(EVENTS.length);
    await assert.rejects(other.transcript.open(), (error) => CountersignError.is(error, "notFound"));
    const bench = new Bench();
    bench.replayTo(SECOND_TURN + 1);
    await bench.transcript.open();
    bench.transcript.dispose();
    bench.desk.live(stream("x"));
    await bench.clock.advance(1000);
    assert.deepEqual(bench.changes, []);
  });
});

function split(text: string): readonly [header: string, body: string] {
  const at = text.indexOf("\n## ");
  return at === -1 ? [text.trimEnd(), ""] : [text.slice(0, at).trimEnd(), text.slice(at)];
}
