// What tells a follower that there is something to read, and whose the journal is: by looking only.
import { strict as assert } from "node:assert";
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { SystemClock } from "../../src/adapters/clock/systemClock";
import { journalFiles, journalOwner, openJournal } from "../../src/adapters/store/fileJournal";
import { HEARTBEAT_MS, STALE_MS } from "../../src/adapters/store/ownerLock";
import { ownIdentity } from "../../src/adapters/store/processIdentity";
import { watchFiles } from "../../src/adapters/store/watchedFile";
import type { TaskId } from "../../src/core/domain/task";
import { SAMPLES } from "../builders/eventBuilder";
import { tempFolder } from "../builders/tempFolder";
import { ManualClock } from "../fakes/manualClock";
import { RecordingLogger } from "../fakes/recordingLogger";

describe("watchFiles", function () {
  this.timeout(20_000);
  const folder = tempFolder();
  let calls: number;
  let told: () => void;
  let watch: { dispose(): void };
  const files = (): readonly string[] => journalFiles(path.join(folder(), "state"));

  function next(): Promise<void> {
    return new Promise((resolve) => {
      told = resolve;
    });
  }

  beforeEach(() => {
    [calls, told] = [0, () => undefined];
    watch = watchFiles(files(), () => {
      calls += 1;
      told();
    });
  });
  afterEach(() => watch.dispose());

  it("tells that a file appeared, in a folder that was not there either, grew, and vanished", async () => {
    const [journal = "", lock = ""] = files();
    mkdirSync(path.dirname(journal));
    await growsUntil(journal, () => calls > 0);
    const steps: readonly (() => void)[] = [
      () => appendFileSync(journal, "two\n"),
      () => writeFileSync(lock, "owner"),
      () => utimesSync(lock, 1_700_000_000, 1_700_000_000),
      () => rmSync(lock),
      () => rmSync(path.dirname(journal), { recursive: true }),
    ];
    for (const step of steps) {
      const seen = next();
      step();
      await seen;
    }
    assert.ok(calls > steps.length);
  });

  it("tells nothing after its end", async () => {
    const [journal = ""] = files();
    watch.dispose();
    const seen: string[] = [];
    const other = watchFiles([journal], () => seen.push("seen"));
    mkdirSync(path.dirname(journal));
    await growsUntil(journal, () => seen.length > 0);
    other.dispose();
    assert.equal(calls, 0);
  });
});

/** The first look of all, which happens some time, only tells how things are: what changes before it is not seen. */
async function growsUntil(file: string, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    appendFileSync(file, "line\n");
    await new Promise(setImmediate);
  }
}

describe("journalOwner", () => {
  const folder = tempFolder();
  const clock = new SystemClock();
  const stateDir = (): string => path.join(folder(), "state");

  function lockBy(change: object, touchedAt = Date.now()): void {
    mkdirSync(stateDir(), { recursive: true });
    const record = { ...ownIdentity(), token: "0badf00d", since: "2026-01-01T00:00:00.000Z", ...change };
    const [, lock = ""] = journalFiles(stateDir());
    writeFileSync(lock, `${JSON.stringify(record)}\n`);
    utimesSync(lock, touchedAt / 1000, touchedAt / 1000);
  }

  it("is nobody where there is no journal, and makes none", async () => {
    assert.equal(await journalOwner(stateDir(), clock), null);
    assert.ok(!existsSync(stateDir()));
  });

  it("names the process that has it, as long as it has it", async () => {
    const logger = new RecordingLogger();
    const journal = await openJournal(stateDir(), { clock, logger });
    journal.append("a-0001" as TaskId, SAMPLES.taskPassed);
    assert.match((await journalOwner(stateDir(), clock)) ?? "", new RegExp(`^process ${process.pid} on `));
    await journal.close();
    assert.equal(await journalOwner(stateDir(), clock), null);
  });

  it("is nobody when its process is gone, and changes nothing about that", async () => {
    lockBy({ pid: 2 ** 22 + 1 });
    assert.equal(await journalOwner(stateDir(), clock), null);
    assert.deepEqual(readdirSync(stateDir()), ["owner.lock"]);
  });

  it("believes a lock of another machine while that shows signs of life", async () => {
    const now = new ManualClock(Date.now());
    lockBy({ host: "elsewhere" }, now.now());
    assert.match((await journalOwner(stateDir(), now)) ?? "", /on elsewhere$/);
    await now.advance(STALE_MS - 1000);
    assert.notEqual(await journalOwner(stateDir(), now), null);
    await now.advance(1000 + HEARTBEAT_MS);
    assert.equal(await journalOwner(stateDir(), now), null);
  });

  it("cannot name who is just taking it", async () => {
    mkdirSync(stateDir());
    const [, lock = ""] = journalFiles(stateDir());
    writeFileSync(lock, "");
    assert.equal(await journalOwner(stateDir(), clock), "another process");
  });
});
