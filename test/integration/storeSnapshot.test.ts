// The snapshot of the task database: used when it fits the journal, made anew whenever there is any doubt.
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { openJournal, type SourceJournal } from "../../src/adapters/store/fileJournal";
import type { JournalMark } from "../../src/adapters/store/journalLine";
import { latestVersion } from "../../src/adapters/store/migrations";
import { readSnapshot, writeSnapshot } from "../../src/adapters/store/snapshot";
import { loadSql, type SqlDatabase, type SqlEngine } from "../../src/adapters/store/sqlDatabase";
import { openTaskStore, type FollowedSource } from "../../src/adapters/store/sqlTaskStore";
import { CountersignError } from "../../src/core/domain/errors";
import type { TaskId } from "../../src/core/domain/task";
import type { TaskStore } from "../../src/core/ports/taskStore";
import { SAMPLES, histories, type HistoryStep } from "../builders/eventBuilder";
import { aCheckResult } from "../builders/samples";
import { aTask } from "../builders/taskBuilder";
import { tempFolder } from "../builders/tempFolder";
import { ManualClock } from "../fakes/manualClock";
import { MemoryTaskStore } from "../fakes/memoryTaskStore";
import { RecordingLogger } from "../fakes/recordingLogger";
import { record } from "../ports/taskStoreContract";

describe("the snapshot of the task database", () => {
  const folder = tempFolder();
  let engine: SqlEngine;
  let places = 0;

  before(async () => {
    engine = await loadSql();
  });

  const fresh = (): string => path.join(folder(), `${++places}`, ".countersign", "state");
  const open = (stateDir: string, readOnly = false): Promise<SourceJournal> =>
    openJournal(stateDir, { clock: new ManualClock(), logger: new RecordingLogger(), readOnly });

  /** A journal with one whole task, closed, and its snapshot. */
  async function saved(stateDir: string): Promise<void> {
    const journal = await open(stateDir);
    for (const body of aTask().withSession("planner").withPlan().withContract().withAttempt("fail").withAttempt("pass").passed().bodies) {
      journal.append(aTask().request.id, body);
    }
    const store = await openTaskStore(stateDir, journal, { logger: new RecordingLogger() });
    await store.save();
    await store.close();
    await journal.close();
  }

  /** Opens the store, and tells what it answers, where it began to read and what it said. */
  async function answers(stateDir: string): Promise<{ readonly said: string; readonly began: number; readonly answer: unknown }> {
    const [journal, logger, began] = [await open(stateDir, true), new RecordingLogger(), [] as number[]];
    const source: FollowedSource = {
      readOnly: true,
      holds: (mark) => journal.holds(mark),
      after: (mark) => {
        began.push(mark.seq);
        return journal.after(mark);
      },
    };
    const store = await openTaskStore(stateDir, source, { logger });
    const answer = [store.tasks(), store.costs({})];
    const reference = new MemoryTaskStore(journal);
    await reference.sync();
    assert.deepEqual(answer, [reference.tasks(), reference.costs({})]);
    await store.close();
    return { said: logger.text, began: began[0] ?? -1, answer };
  }

  async function changed(stateDir: string, change: (database: SqlDatabase) => void): Promise<void> {
    const file = path.join(stateDir, "state.db");
    const snapshot = await readSnapshot(file);
    assert.ok(snapshot.kind === "found");
    const database = engine.open(snapshot.bytes);
    change(database);
    await writeSnapshot(file, database.export());
    database.close();
  }

  it("spares a start everything that came before it", async () => {
    const stateDir = fresh();
    await saved(stateDir);
    const { began, said } = await answers(stateDir);
    assert.ok(began > 40, `it read from event ${began} on`);
    assert.equal(said, "");
  });

  it("loses nothing when it is deleted", async () => {
    const stateDir = fresh();
    await saved(stateDir);
    const { answer } = await answers(stateDir);
    rmSync(path.join(stateDir, "state.db"));
    const again = await answers(stateDir);
    assert.deepEqual([again.answer, again.began], [answer, 0]);
  });

  it("is passed over when a single byte of it changed (property)", async () => {
    const stateDir = fresh();
    await saved(stateDir);
    const file = path.join(stateDir, "state.db");
    const bytes = readFileSync(file);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const copy = Buffer.from(bytes);
        copy[at] = (copy[at] ?? 0) ^ change;
        writeFileSync(file, copy);
        const { began, said } = await answers(stateDir);
        assert.equal(began, 0);
        assert.match(said, /is damaged/);
      }),
      { numRuns: 25 },
    );
  });

  const DOUBTS: readonly (readonly [name: string, spoil: (stateDir: string) => Promise<void> | void])[] = [
    ["is empty", (stateDir) => writeFileSync(path.join(stateDir, "state.db"), "")],
    ["is cut short", (stateDir) => truncateSync(path.join(stateDir, "state.db"), 9000)],
    ["is something else", (stateDir) => writeFileSync(path.join(stateDir, "state.db"), "hello".repeat(2000))],
    ["is no database but whole", (stateDir) => writeSnapshot(path.join(stateDir, "state.db"), Buffer.from("hello".repeat(2000)))],
    ["was made by other rules", (stateDir) => changed(stateDir, (db) => db.run("UPDATE meta SET value = '0' WHERE key = 'projection'"))],
    ["lacks its place", (stateDir) => changed(stateDir, (db) => db.run("DELETE FROM meta WHERE key = 'mark'"))],
    ["has a newer schema", (stateDir) => changed(stateDir, (db) => db.run(`PRAGMA user_version = ${latestVersion() + 1}`))],
    ["lacks a table", (stateDir) => changed(stateDir, (db) => db.run("DROP TABLE meta"))],
    [
      "is newer than the journal",
      (stateDir) => {
        const file = path.join(stateDir, "journal.ndjson");
        writeFileSync(file, readFileSync(file, "utf8").split("\n").slice(0, 7).join("\n") + "\n");
      },
    ],
    [
      "belongs to another journal",
      async (stateDir) => {
        rmSync(path.join(stateDir, "journal.ndjson"));
        const journal = await open(stateDir);
        const other = aTask({ id: "b-0002" as TaskId, title: "Another one" }).withSession("planner", 60);
        for (const body of other.bodies) journal.append(other.request.id, body);
        await journal.close();
      },
    ],
  ];

  for (const [name, spoil] of DOUBTS) {
    it(`is made anew when it ${name}`, async () => {
      const stateDir = fresh();
      await saved(stateDir);
      await spoil(stateDir);
      const { began, said } = await answers(stateDir);
      assert.ok(began === 0 || said.includes("made anew"), `began at ${began}: ${said}`);
      const journal = await open(stateDir);
      const store = await openTaskStore(stateDir, journal, { logger: new RecordingLogger() });
      await store.save();
      await store.close();
      await journal.close();
      assert.ok((await answers(stateDir)).began > 5, "the new one was saved");
    });
  }

  it("is made anew when its rows cannot be continued", async () => {
    const stateDir = fresh();
    await saved(stateDir);
    await changed(stateDir, (database) => database.run("DROP TABLE verdicts"));
    const journal = await open(stateDir);
    for (const body of aTask().withAttempt("pass").bodies.slice(2)) journal.append(aTask().request.id, body);
    await journal.close();
    const { said } = await answers(stateDir);
    assert.match(said, /cannot be continued.*\n.*made anew/);
  });

  it("and what came after equal a replay of everything, in every table (property)", async () => {
    const dump = async (stateDir: string, source: SourceJournal): Promise<unknown> => {
      const store = await openTaskStore(stateDir, source, { logger: new RecordingLogger() });
      await store.save();
      await store.close();
      const snapshot = await readSnapshot(path.join(stateDir, "state.db"));
      assert.ok(snapshot.kind === "found");
      const database = engine.open(snapshot.bytes);
      const tables = database.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").map((row) => String(row["name"]));
      const rows = tables.map((table) => [table, database.rows(`SELECT * FROM ${table}`).map((row) => JSON.stringify(row)).toSorted()]);
      database.close();
      return rows;
    };
    await fc.assert(
      fc.asyncProperty(histories, fc.array(fc.nat(60), { maxLength: 3 }), async (steps: readonly HistoryStep[], cuts) => {
        const [stateDir, clock] = [fresh(), new ManualClock()];
        const journal = await openJournal(stateDir, { clock, logger: new RecordingLogger() });
        let from = 0;
        for (const cut of [...cuts.map((n) => Math.min(n, steps.length)).toSorted((a, b) => a - b), steps.length]) {
          record(journal, clock, steps.slice(from, cut));
          from = cut;
          await dump(stateDir, journal);
        }
        const stepwise = await dump(stateDir, journal);
        rmSync(path.join(stateDir, "state.db"));
        assert.deepEqual(stepwise, await dump(stateDir, journal));
        await journal.close();
      }),
      { numRuns: 25 },
    );
  });

  it("is saved whole while the store is being synced and saved at once", async () => {
    const stateDir = fresh();
    await saved(stateDir);
    const journal = await open(stateDir);
    const store = await openTaskStore(stateDir, journal, { logger: new RecordingLogger() });
    const work: Promise<void>[] = [];
    for (let round = 1; round <= 20; round += 1) {
      journal.append(aTask().request.id, { kind: "handoffWritten", file: `deliverables/${round}.md` });
      work.push(store.sync(), store.save());
    }
    await Promise.all(work);
    assert.equal(store.task(aTask().request.id)?.handoffs.length, 21);
    await store.close();
    await journal.close();
    assert.ok((await answers(stateDir)).began === journal.lastSeq);
  });

  it("is neither made nor touched by one who only reads, who needs no folder", async () => {
    const nowhere = fresh();
    const empty = await openTaskStore(nowhere, await open(nowhere, true), { logger: new RecordingLogger() });
    assert.deepEqual(empty.tasks(), []);
    await empty.save();
    await empty.close();
    assert.equal(existsSync(path.dirname(nowhere)), false);
  });

  it("serves one who reads while the owner goes on writing", async () => {
    const stateDir = fresh();
    await saved(stateDir);
    const owner = await open(stateDir);
    const reader: TaskStore = await openTaskStore(stateDir, await open(stateDir, true), { logger: new RecordingLogger() });
    owner.append(aTask().request.id, { kind: "changesDiscarded" });
    await owner.flush();
    writeFileSync(path.join(stateDir, "journal.ndjson"), '{"seq":', { flag: "a" });
    await reader.sync();
    assert.equal(reader.task(aTask().request.id)?.status, "discarded");
    await reader.save();
    await owner.close();
    assert.deepEqual(readdirSync(stateDir).toSorted(), ["journal.ndjson", "state.db"]);
  });

  it("reports the journal's damage instead of answering from a part of it", async () => {
    const stateDir = fresh();
    const journal = await open(stateDir);
    const store = await openTaskStore(stateDir, journal, { logger: new RecordingLogger() });
    for (const body of aTask().bodies) journal.append(aTask().request.id, body);
    await journal.flush();
    const file = path.join(stateDir, "journal.ndjson");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("taskCreated", "taskCreatex"));
    await assert.rejects(store.sync(), (error) => CountersignError.is(error, "damaged"));
    assert.deepEqual(store.tasks(), []);
    writeFileSync(file, text);
    await store.sync();
    assert.equal(store.tasks().length, 1, "a later sync starts afresh");
    await store.close();
    await journal.close();
  });

  it("answers nothing once closed, and closes twice", async () => {
    const stateDir = fresh();
    const store = await openTaskStore(stateDir, await open(stateDir, true), { logger: new RecordingLogger() });
    await store.close();
    await store.close();
    assert.throws(() => store.tasks(), CountersignError);
    await assert.rejects(store.sync(), CountersignError);
  });

  it("answers without it where it can be neither read nor saved, and says so when it is to be saved", async () => {
    const stateDir = fresh();
    await saved(stateDir);
    rmSync(path.join(stateDir, "state.db"));
    mkdirSync(path.join(stateDir, "state.db", "taken"), { recursive: true });
    const journal = await open(stateDir);
    const store = await openTaskStore(stateDir, journal, { logger: new RecordingLogger() });
    assert.equal(store.tasks().length, 1);
    await assert.rejects(store.save(), (error) => CountersignError.is(error, "io") && /Nothing is lost/.test(error.message));
    await store.close();
    await journal.close();
    assert.deepEqual(readdirSync(stateDir).toSorted(), ["journal.ndjson", "state.db"], "no temporary file stays behind");
  });

  it("stands in a file that SQLite itself can read", async () => {
    const stateDir = fresh();
    await saved(stateDir);
    const content = readFileSync(path.join(stateDir, "state.db"));
    const database = engine.open(content);
    assert.equal(database.rows("PRAGMA integrity_check")[0]?.["integrity_check"], "ok");
    assert.equal(database.rows("SELECT title FROM tasks")[0]?.["title"], "Add a Fibonacci command");
    database.close();
  });

  it("drops the rows of what is no longer in the view", async () => {
    const stateDir = fresh();
    const journal = await open(stateDir);
    const store = await openTaskStore(stateDir, journal, { logger: new RecordingLogger() });
    const check = (round: number, checkId: string): void => {
      const where = { site: "base", round } as const;
      journal.append(aTask().request.id, { ...SAMPLES.checkFinished, where, result: aCheckResult({ checkId }) });
    };
    journal.append(aTask().request.id, aTask().bodies[0]!);
    check(1, "K1");
    check(1, "K2");
    await store.sync();
    check(2, "K3");
    await store.sync();
    await store.save();
    await store.close();
    await journal.close();
    await changed(stateDir, (database) => assert.deepEqual(database.rows("SELECT attempt, id FROM checks"), [{ attempt: 0, id: "K3" }]));
  });

  it("holds a row for everything that a run left", async () => {
    const stateDir = fresh();
    const journal = await open(stateDir);
    const task = aTask().withSession("planner").withAttempt("fail").withAttempt("pass").passed();
    for (const body of [...task.bodies, { kind: "notificationRaised", level: "warning", text: "Half is spent" } as const]) {
      journal.append(task.request.id, body);
    }
    const store = await openTaskStore(stateDir, journal, { logger: new RecordingLogger() });
    await store.save();
    await store.close();
    await journal.close();
    await changed(stateDir, (database) => {
      const rows = (sql: string): unknown => database.rows(sql).map((row) => Object.values(row));
      assert.deepEqual(rows("SELECT category, task_type, status, phase, generator_retries, version, round(usd, 6) FROM tasks"), [
        ["PREP", "multi_agent", "review", null, 1, journal.lastSeq, 0.06],
      ]);
      assert.deepEqual(rows("SELECT agent_role, phase, turns, tool_calls, outcome, output_tokens, usd FROM sessions ORDER BY id"), [
        ["generator", "implementation", 2, 2, "completed", 690, 0.02],
        ["generator", "implementation", 2, 2, "completed", 690, 0.02],
        ["planner", "planning", 2, 2, "completed", 690, 0.02],
      ]);
      assert.deepEqual(rows("SELECT attempt, commit_id, files, score, passed FROM attempts"), [
        [1, "c0ffee1", 1, 40, 0],
        [2, "c0ffee2", 1, 92, 1],
      ]);
      assert.deepEqual(rows("SELECT attempt, id, green, exit_code FROM checks"), [[1, "K1", 0, 1], [2, "K1", 1, 0]]);
      assert.deepEqual(rows("SELECT attempt, verdict, score FROM verdicts"), [[1, "FAIL", 40], [2, "PASS", 92]]);
      assert.deepEqual(rows("SELECT level, text FROM notifications"), [["warning", "Half is spent"]]);
      const mark = JSON.parse(String(database.rows("SELECT value FROM meta WHERE key = 'mark'")[0]?.["value"])) as JournalMark;
      assert.equal(mark.seq, journal.lastSeq);
    });
  });
});
