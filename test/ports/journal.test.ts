// Runs the contract of Journal on the file and on the one in memory, and the file's own promises about damage.
import { strict as assert } from "node:assert";
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { openJournal } from "../../src/adapters/store/fileJournal";
import { JOURNAL_START, type JournalMark } from "../../src/adapters/store/journalLine";
import { CountersignError } from "../../src/core/domain/errors";
import type { EventBody, JournalEvent } from "../../src/core/domain/event";
import type { TaskId } from "../../src/core/domain/task";
import type { Clock } from "../../src/core/ports/clock";
import type { Journal } from "../../src/core/ports/journal";
import { SAMPLES, histories } from "../builders/eventBuilder";
import { tempFolder } from "../builders/tempFolder";
import { ManualClock } from "../fakes/manualClock";
import { MemoryJournal } from "../fakes/memoryJournal";
import { RecordingLogger } from "../fakes/recordingLogger";
import { eventsOf, journalContract } from "./journalContract";

const TASK = "add-fibonacci-7k2m" as TaskId;

describe("MemoryJournal", () => {
  journalContract(() => {
    let earlier: MemoryJournal | null = null;
    const open = async (clock: Clock): Promise<Journal> => (earlier = new MemoryJournal(clock, earlier?.appended ?? []));
    return { open, reopen: open };
  });

  it("keeps what was flushed apart from what a crash would take", async () => {
    const journal = new MemoryJournal();
    journal.append(TASK, SAMPLES.runStarted);
    await journal.flush();
    journal.append(TASK, SAMPLES.taskPassed);
    assert.deepEqual(journal.durable.map(({ kind }) => kind), ["runStarted"]);
  });

  it("refuses everything once its disk has failed", async () => {
    const journal = new MemoryJournal();
    journal.fail();
    assert.throws(() => journal.append(TASK, SAMPLES.runStarted), (error) => CountersignError.is(error, "io"));
    await assert.rejects(journal.flush(), (error) => CountersignError.is(error, "io"));
  });
});

describe("openJournal", () => {
  const folder = tempFolder();
  let places = 0;
  const freshPlace = (): string => path.join(folder(), `${++places}`, ".countersign", "state");
  const fileIn = (stateDir: string): string => path.join(stateDir, "journal.ndjson");
  const options = { clock: new ManualClock(), logger: new RecordingLogger() };
  const damaged = (error: unknown): boolean => CountersignError.is(error, "damaged");

  journalContract(() => {
    const stateDir = freshPlace();
    const open = (clock: Clock): Promise<Journal> => openJournal(stateDir, { ...options, clock });
    return { open, reopen: open };
  });

  async function written(stateDir: string, count = 5): Promise<readonly string[]> {
    const journal = await openJournal(stateDir, options);
    for (let attempt = 1; attempt <= count; attempt += 1) journal.append(TASK, { kind: "attemptStarted", attempt });
    await journal.close();
    return readFileSync(fileIn(stateDir), "utf8").trimEnd().split("\n");
  }

  it("writes one line of JSON an event, which a person can read", async () => {
    const [line = ""] = await written(freshPlace(), 1);
    const { sum, ...event } = JSON.parse(line) as Record<string, unknown>;
    const time = "2026-01-05T09:00:00.000Z";
    assert.deepEqual(event, { seq: 1, time, task: TASK, kind: "attemptStarted", attempt: 1 });
    assert.match(String(sum), /^[0-9a-f]{8}$/);
  });

  it("creates the folder, and keeps it out of git once and for all", async () => {
    const stateDir = freshPlace();
    await written(stateDir);
    const ignore = path.resolve(stateDir, "../.gitignore");
    assert.equal(readFileSync(ignore, "utf8"), "*\n");
    writeFileSync(ignore, "state/\n");
    await (await openJournal(stateDir, options)).close();
    assert.equal(readFileSync(ignore, "utf8"), "state/\n");
  });

  it("makes no .gitignore in a .countersign folder that was there", async () => {
    const stateDir = freshPlace();
    mkdirSync(path.dirname(stateDir), { recursive: true });
    await written(stateDir);
    assert.deepEqual(readdirSync(path.dirname(stateDir)), ["state"]);
  });

  it("waits for no disk when it appends", async () => {
    const stateDir = freshPlace();
    const journal = await openJournal(stateDir, options);
    journal.append(TASK, SAMPLES.runStarted);
    assert.equal(statSync(fileIn(stateDir)).size, 0);
    await journal.flush();
    assert.ok(statSync(fileIn(stateDir)).size > 0);
    await journal.close();
  });

  it("opens to the longest whole prefix wherever the file was cut (property)", async () => {
    const stateDir = freshPlace();
    await fc.assert(
      fc.asyncProperty(histories, fc.double({ min: 0, max: 1, noNaN: true }), async (steps, cut) => {
        writeFileSync(fileIn(await made(stateDir)), "");
        const whole = await openJournal(stateDir, options);
        for (const { task, body } of steps) whole.append(task, body);
        const events = await eventsOf(whole);
        await whole.close();
        const bytes = readFileSync(fileIn(stateDir));
        const length = Math.floor(cut * bytes.length);
        truncateSync(fileIn(stateDir), length);
        const survivors = bytes.subarray(0, length).toString("latin1").split("\n").length - 1;
        const reopened = await openJournal(stateDir, options);
        assert.deepEqual(await eventsOf(reopened), events.slice(0, survivors));
        assert.equal(reopened.append(TASK, SAMPLES.runStarted).seq, survivors + 1);
        await reopened.close();
        const again = await openJournal(stateDir, options);
        assert.equal(again.lastSeq, survivors + 1);
        await again.close();
      }),
      { numRuns: 60 },
    );
  });

  async function made(stateDir: string): Promise<string> {
    mkdirSync(stateDir, { recursive: true });
    return stateDir;
  }

  it("opens to the longest whole prefix at every single byte of a cut", async () => {
    const stateDir = freshPlace();
    await written(stateDir, 3);
    const bytes = readFileSync(fileIn(stateDir));
    for (let length = 0; length <= bytes.length; length += 1) {
      writeFileSync(fileIn(stateDir), bytes.subarray(0, length));
      const journal = await openJournal(stateDir, { ...options, readOnly: true });
      assert.equal(journal.lastSeq, bytes.subarray(0, length).toString().split("\n").length - 1, `cut at ${length}`);
    }
  });

  it("drops a torn last line, keeps it aside and says so", async () => {
    const stateDir = freshPlace();
    await written(stateDir, 2);
    appendFileSync(fileIn(stateDir), '{"seq":3,"time":"20');
    const logger = new RecordingLogger();
    const journal = await openJournal(stateDir, { ...options, logger });
    assert.equal(journal.lastSeq, 2);
    await journal.close();
    assert.equal(readFileSync(`${fileIn(stateDir)}.torn`, "utf8"), '{"seq":3,"time":"20\n');
    assert.equal(readFileSync(fileIn(stateDir), "utf8").split("\n").length, 3);
    assert.match(logger.text, /torn last line/);
  });

  it("takes a rest of NUL bytes, as a power failure leaves, for a torn line", async () => {
    const stateDir = freshPlace();
    await written(stateDir, 2);
    appendFileSync(fileIn(stateDir), Buffer.alloc(5000));
    const journal = await openJournal(stateDir, options);
    assert.equal(journal.lastSeq, 2);
    await journal.close();
  });

  const DAMAGES: readonly (readonly [name: string, line: number, change: (lines: string[]) => string[]])[] = [
    ["a changed character", 2, (lines) => lines.with(1, lines[1]!.replace("attemptStarted", "attemptStartex"))],
    ["a changed number", 3, (lines) => lines.with(2, lines[2]!.replace('"attempt":3', '"attempt":4'))],
    ["a changed checksum", 2, (lines) => lines.with(1, lines[1]!.replace(/"sum":"."?/, '"sum":"g'))],
    ["a missing line", 2, (lines) => lines.toSpliced(1, 1)],
    ["a missing first line", 1, (lines) => lines.slice(1)],
    ["a doubled line", 3, (lines) => lines.toSpliced(1, 0, lines[1]!)],
    ["swapped lines", 2, (lines) => [lines[0]!, lines[2]!, lines[1]!, ...lines.slice(3)]],
    ["an empty line", 2, (lines) => lines.toSpliced(1, 0, "")],
    ["a line of something else", 4, (lines) => lines.toSpliced(3, 0, "hello")],
    ["a changed last line that is whole", 5, (lines) => lines.with(4, lines[4]!.replace('"attempt":5', '"attempt":6'))],
    ["a torn line that others were written behind", 2, (lines) => lines.with(1, lines[1]!.slice(0, 30))],
  ];

  for (const [name, line, change] of DAMAGES) {
    it(`refuses ${name}, naming file and line, and overwrites nothing`, async () => {
      const stateDir = freshPlace();
      const lines = await written(stateDir);
      const content = `${change([...lines]).join("\n")}\n`;
      writeFileSync(fileIn(stateDir), content);
      for (const readOnly of [false, true]) {
        const says = (error: unknown): boolean => {
          assert.ok(CountersignError.is(error, "damaged"));
          assert.ok(error.message.includes(fileIn(stateDir)) && error.message.includes(`line ${line}:`), error.message);
          return true;
        };
        await assert.rejects(openJournal(stateDir, { ...options, readOnly }), says);
        assert.equal(readFileSync(fileIn(stateDir), "utf8"), content);
      }
      assert.deepEqual(readdirSync(stateDir), ["journal.ndjson"], "the lock is given back");
    });
  }

  it("sees any single changed byte but in a torn line (property)", async () => {
    const stateDir = freshPlace();
    await written(stateDir, 4);
    const bytes = readFileSync(fileIn(stateDir));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 2), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        writeFileSync(fileIn(stateDir), changed);
        await assert.rejects(openJournal(stateDir, options), damaged);
      }),
      { numRuns: 100 },
    );
  });

  it("does not follow a symbolic link in the journal's place, nor touch what it points to", async () => {
    const stateDir = await made(freshPlace());
    const target = path.join(folder(), "profile");
    writeFileSync(target, "no newline at the end");
    symlinkSync(target, fileIn(stateDir));
    await assert.rejects(openJournal(stateDir, options), (error) => CountersignError.is(error, "io"));
    assert.equal(readFileSync(target, "utf8"), "no newline at the end");
  });

  it("handles a line far longer than what is read at once", async () => {
    const stateDir = freshPlace();
    const journal = await openJournal(stateDir, options);
    const text = "ü🙂\n".repeat(400_000);
    journal.append(TASK, { kind: "singleAgentAnswered", text });
    journal.append(TASK, SAMPLES.taskPassed);
    await journal.close();
    const [answered, passed] = await eventsOf(await openJournal(stateDir, { ...options, readOnly: true }));
    assert.ok(answered?.kind === "singleAgentAnswered" && answered.text === text);
    assert.equal(passed?.kind, "taskPassed");
  });

  describe("read-only", () => {
    it("creates nothing where nothing is", async () => {
      const stateDir = freshPlace();
      const journal = await openJournal(stateDir, { ...options, readOnly: true });
      assert.equal(journal.lastSeq, 0);
      assert.deepEqual(await eventsOf(journal), []);
      assert.equal(existsSync(path.dirname(stateDir)), false);
    });

    it("follows the owner, passing over a line that is still being written", async () => {
      const stateDir = freshPlace();
      const owner = await openJournal(stateDir, options);
      const reader = await openJournal(stateDir, { ...options, readOnly: true });
      owner.append(TASK, SAMPLES.runStarted);
      await owner.flush();
      assert.deepEqual((await eventsOf(reader)).map(({ seq }) => seq), [1]);
      appendFileSync(fileIn(stateDir), '{"seq":2,"ti');
      assert.deepEqual((await eventsOf(reader)).map(({ seq }) => seq), [1]);
      assert.match(readFileSync(fileIn(stateDir), "utf8"), /"ti$/, "the line in flight is left alone");
      await owner.close();
    });

    it("refuses to append, and says who may", async () => {
      const journal = await openJournal(freshPlace(), { ...options, readOnly: true });
      assert.throws(
        () => journal.append(TASK, SAMPLES.runStarted),
        (error) => CountersignError.is(error, "locked") && /another process owns it/.test(error.message),
      );
    });

    it("starts anew when the journal was replaced by another one", async () => {
      const stateDir = freshPlace();
      await written(stateDir, 3);
      const reader = await openJournal(stateDir, { ...options, readOnly: true });
      assert.equal((await eventsOf(reader)).length, 3);
      writeFileSync(fileIn(stateDir), "");
      const other = await openJournal(stateDir, options);
      for (let i = 0; i < 4; i += 1) other.append("other-0000" as TaskId, SAMPLES.taskPassed);
      await other.close();
      assert.deepEqual((await eventsOf(reader)).map(({ task }) => task), Array(4).fill("other-0000"));
    });
  });

  it("resumes behind any place it has given, and knows a place that is not its own", async () => {
    const stateDir = freshPlace();
    const journal = await openJournal(stateDir, options);
    const marks: JournalMark[] = [];
    const long: EventBody = { kind: "singleAgentAnswered", text: "x".repeat(8_000_000) };
    for (const body of [long, ...Object.values(SAMPLES)]) {
      journal.append(TASK, body);
      for await (const { mark } of journal.after(marks.at(-1) ?? JOURNAL_START)) marks.push(mark);
    }
    const all = await eventsOf(journal);
    assert.deepEqual(marks.map(({ seq }) => seq), all.map(({ seq }) => seq));
    for (const mark of marks) {
      assert.ok(await journal.holds(mark));
      assert.equal(await journal.holds({ ...mark, sum: mark.sum ^ 1 }), false);
      assert.equal(await journal.holds({ ...mark, offset: mark.offset + 1 }), false);
      const rest: JournalEvent[] = [];
      for await (const { events } of journal.after(mark)) rest.push(...events);
      assert.deepEqual(rest, all.slice(mark.seq));
    }
    await journal.close();
  });
});
