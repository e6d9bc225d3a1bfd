// What every Journal must do.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { CountersignError } from "../../src/core/domain/errors";
import type { JournalEvent } from "../../src/core/domain/event";
import type { TaskId } from "../../src/core/domain/task";
import type { Clock } from "../../src/core/ports/clock";
import type { Journal } from "../../src/core/ports/journal";
import { SAMPLES, histories } from "../builders/eventBuilder";
import { ManualClock } from "../fakes/manualClock";

export interface JournalUnderTest {
  open(clock: Clock): Promise<Journal>;
  /** Opens again what the journal's earlier life left. */
  reopen(clock: Clock): Promise<Journal>;
}

const TASK = "add-fibonacci-7k2m" as TaskId;

export async function eventsOf(journal: Journal, fromSeq?: number): Promise<readonly JournalEvent[]> {
  const events: JournalEvent[] = [];
  for await (const event of journal.events(fromSeq)) events.push(event);
  return events;
}

export function journalContract(create: () => JournalUnderTest): void {
  it("is empty at first", async () => {
    const journal = await create().open(new ManualClock());
    assert.equal(journal.lastSeq, 0);
    assert.deepEqual(await eventsOf(journal), []);
    await journal.flush();
    await journal.close();
  });

  it("numbers events from 1 without gaps, and times them by its clock", async () => {
    const clock = new ManualClock(Date.UTC(2026, 4, 1));
    const journal = await create().open(clock);
    const first = journal.append(TASK, SAMPLES.runStarted);
    await clock.advance(1500);
    const second = journal.append("other-0000" as TaskId, SAMPLES.taskPassed);
    assert.deepEqual(first, { seq: 1, time: "2026-05-01T00:00:00.000Z", task: TASK, ...SAMPLES.runStarted });
    assert.deepEqual(second, { seq: 2, time: "2026-05-01T00:00:01.500Z", task: "other-0000", ...SAMPLES.taskPassed });
    assert.equal(journal.lastSeq, 2);
    await journal.close();
  });

  it("gives back every kind of event as it was appended, flushed or not", async () => {
    const journal = await create().open(new ManualClock());
    const appended = Object.values(SAMPLES).map((body) => journal.append(TASK, body));
    assert.deepEqual(await eventsOf(journal), appended);
    await journal.flush();
    assert.deepEqual(await eventsOf(journal), appended);
    await journal.close();
  });

  it("yields what was appended just before, however long it takes to write", async () => {
    const journal = await create().open(new ManualClock());
    for (let count = 1; count <= 3; count += 1) {
      journal.append(TASK, { kind: "singleAgentAnswered", text: "x".repeat(8_000_000) });
      assert.equal((await eventsOf(journal)).length, count);
    }
    await journal.close();
  });

  it("yields from a given number on, and nothing beyond the last", async () => {
    const journal = await create().open(new ManualClock());
    for (let attempt = 1; attempt <= 600; attempt += 1) journal.append(TASK, { kind: "attemptStarted", attempt });
    for (const from of [1, 2, 255, 256, 257, 258, 512, 513, 600]) {
      const seqs = (await eventsOf(journal, from)).map(({ seq }) => seq);
      assert.deepEqual(seqs, Array.from({ length: 601 - from }, (_, index) => from + index));
    }
    assert.deepEqual(await eventsOf(journal, 601), []);
    await journal.close();
  });

  it("lets many wait for the disk at once", async () => {
    const journal = await create().open(new ManualClock());
    const flushes: Promise<void>[] = [];
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      journal.append(TASK, { kind: "attemptStarted", attempt });
      flushes.push(journal.flush());
    }
    await Promise.all(flushes);
    await journal.close();
  });

  it("refuses events once closed, and closes twice without harm", async () => {
    const journal = await create().open(new ManualClock());
    journal.append(TASK, SAMPLES.runStarted);
    await journal.close();
    await journal.close();
    assert.throws(() => journal.append(TASK, SAMPLES.taskPassed), CountersignError);
  });

  it("goes on where an earlier life ended, whatever was recorded (property)", async () => {
    await fc.assert(
      fc.asyncProperty(histories, histories, async (before, after) => {
        const [clock, place] = [new ManualClock(), create()];
        const record = async (journal: Journal, steps: typeof before): Promise<JournalEvent[]> => {
          const events: JournalEvent[] = [];
          for (const { task, body, afterMs } of steps) {
            clock.jump(afterMs);
            events.push(journal.append(task, body));
          }
          return events;
        };
        const first = await place.open(clock);
        const expected = await record(first, before);
        await first.close();
        const second = await place.reopen(clock);
        assert.equal(second.lastSeq, before.length);
        expected.push(...(await record(second, after)));
        assert.deepEqual(await eventsOf(second), expected);
        await second.close();
      }),
      { numRuns: 40 },
    );
  });
}
