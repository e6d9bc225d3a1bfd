// Who owns the journal, with real processes: refused, killed, taken over, raced for.
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { openJournal } from "../../src/adapters/store/fileJournal";
import { HEARTBEAT_MS, STALE_MS } from "../../src/adapters/store/ownerLock";
import { livenessOf, ownIdentity, type ProcessIdentity } from "../../src/adapters/store/processIdentity";
import { CountersignError } from "../../src/core/domain/errors";
import type { TaskId } from "../../src/core/domain/task";
import type { Clock } from "../../src/core/ports/clock";
import { bundled } from "../builders/bundled";
import { TalkingChild } from "../builders/childProcess";
import { SAMPLES } from "../builders/eventBuilder";
import { tempFolder } from "../builders/tempFolder";
import { FixedClock, ManualClock } from "../fakes/manualClock";
import { RecordingLogger } from "../fakes/recordingLogger";
import { SystemClock } from "../../src/adapters/clock/systemClock";

const TASK = "add-fibonacci-7k2m" as TaskId;

/** Says `ready`; at each line tries to own the journal in that folder and says what came of it; ends with its input. */
const CHILD = [
  'import { createInterface } from "node:readline";',
  'import { SystemClock } from "src/adapters/clock/systemClock";',
  'import { openJournal } from "src/adapters/store/fileJournal";',
  "const nothing = () => undefined;",
  "const logger = { debug: nothing, info: nothing, warn: nothing };",
  'const input = createInterface({ input: process.stdin }).on("close", () => process.exit(0));',
  'input.on("line", (stateDir) => {',
  "  openJournal(stateDir, { clock: new SystemClock(), logger }).then(",
  '    async (journal) => { journal.append("child-0000", { kind: "runStarted", resumed: false, version: "1" });',
  '      await journal.flush(); console.log("owner"); },',
  "    (error) => console.log(error.code + \" \" + error.message),",
  "  );",
  "});",
  'console.log("ready");',
];

describe("ownership of the journal", () => {
  const folder = tempFolder();
  const children: TalkingChild[] = [];
  const logger = new RecordingLogger();
  let place = 0;
  const stateDir = (): string => path.join(folder(), `state-${place}`);
  const lockFile = (): string => path.join(stateDir(), "owner.lock");

  afterEach(async () => {
    for (const child of children.splice(0)) await child.kill();
  });

  async function contender(script: string): Promise<TalkingChild> {
    const child = new TalkingChild(process.execPath, [script]);
    children.push(child);
    assert.equal(await child.line(), "ready");
    return child;
  }

  const childScript = (): Promise<string> => bundled(folder(), "ownerChild.ts", CHILD);
  const open = (clock: Clock = new SystemClock()): ReturnType<typeof openJournal> => openJournal(stateDir(), { clock, logger });
  const isLocked = (error: unknown): boolean => CountersignError.is(error, "locked");

  function lockBy(owner: Partial<ProcessIdentity>, touchedAt = Date.now()): void {
    mkdirSync(stateDir(), { recursive: true });
    const record = { ...ownIdentity(), pid: deadPid(), token: "0badf00d", since: "2026-01-01T00:00:00.000Z", ...owner };
    writeFileSync(lockFile(), `${JSON.stringify(record)}\n`);
    utimesSync(lockFile(), touchedAt / 1000, touchedAt / 1000);
  }

  /** A number that no process has: the highest that Linux gives out is 2^22. */
  function deadPid(): number {
    return 2 ** 22 + 1;
  }

  it("refuses a second process while the first lives, naming it", async () => {
    const child = await contender(await childScript());
    child.say(stateDir());
    assert.equal(await child.line(), "owner");
    await assert.rejects(open(), (error) => {
      assert.ok(isLocked(error));
      const { message } = error as Error;
      assert.ok(message.includes(`process ${child.pid} on ${hostname()}`), message);
      assert.match(message, /Nothing was changed\. Wait until it ends or close it/);
      return true;
    });
  });

  it("refuses to open twice in one process", async () => {
    const journal = await open();
    await assert.rejects(open(), (error) => isLocked(error) && /open already/.test((error as Error).message));
    await journal.close();
    await (await open()).close();
  });

  it("takes over at once from an owner that was killed, and keeps what it flushed", async () => {
    const child = await contender(await childScript());
    child.say(stateDir());
    assert.equal(await child.line(), "owner");
    await child.kill();
    assert.ok(existsSync(lockFile()), "a killed owner leaves its lock");
    const journal = await open(new ManualClock());
    assert.equal(journal.lastSeq, 1);
    await journal.close();
    assert.deepEqual(readdirSync(stateDir()), ["journal.ndjson"], "nothing of the takeover stays behind");
  });

  for (const [name, prepare] of [
    ["have a journal that nobody owned", () => undefined],
    ["take over from a dead owner", () => lockBy({})],
    ["take over from one who died while taking over from one who died while taking over", claimsOfTheDead],
  ] as const) {
    it(`lets exactly one of many ${name}`, async () => {
      const script = await childScript();
      const racers = await Promise.all(Array.from({ length: 5 }, () => contender(script)));
      for (place = 1; place <= 30; place += 1) {
        prepare();
        for (const racer of racers) racer.say(stateDir());
        const answers = await Promise.all(racers.map((racer) => racer.line()));
        assert.equal(answers.filter((answer) => answer === "owner").length, 1, answers.join("\n"));
        assert.equal(answers.filter((answer) => answer?.startsWith("locked ")).length, 4, answers.join("\n"));
        assert.deepEqual(readdirSync(stateDir()).toSorted(), ["journal.ndjson", "owner.lock"]);
        const reader = await openJournal(stateDir(), { clock: new ManualClock(), logger, readOnly: true });
        assert.equal(reader.lastSeq, 1);
      }
    });
  }

  function claimsOfTheDead(): void {
    lockBy({});
    const dead = readFileSync(lockFile(), "utf8");
    writeFileSync(`${lockFile()}.0badf00d`, dead.replace("0badf00d", "deadbeef"));
    writeFileSync(`${lockFile()}.0badf00d.deadbeef`, dead.replace("0badf00d", "feedc0de"));
  }

  it("sees through a process number that was given out again", async function () {
    if (process.platform !== "linux") this.skip();
    const sleeper = new TalkingChild("sleep", ["60"]);
    children.push(sleeper);
    lockBy({ pid: sleeper.pid, started: "1" });
    await (await open()).close();
  });

  it("takes a process that only waits to be reaped for dead", async function () {
    if (process.platform !== "linux") this.skip();
    const parent = new TalkingChild("sh", ["-c", 'sleep 0.01 & echo "$!"; exec sleep 60']);
    children.push(parent);
    const pid = Number(await parent.line());
    const own = ownIdentity();
    const stat = (): string => readFileSync(`/proc/${pid}/stat`, "utf8");
    const started = stat().split(" ")[21] ?? "";
    while (!stat().includes(") Z ")) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(livenessOf({ ...own, pid, started }, own), "dead");
  });

  describe("by another machine or container", () => {
    it("is respected while it shows signs of life", async () => {
      lockBy({ host: "elsewhere" }, Date.now() - STALE_MS + 5_000);
      await assert.rejects(open(), (error) => isLocked(error) && /60 s after its last sign of life/.test((error as Error).message));
      lockBy({ place: "another boot" }, Date.now() - STALE_MS + 5_000);
      await assert.rejects(open(), isLocked);
    });

    it("ends after 60 s of silence", async () => {
      lockBy({ host: "elsewhere" }, Date.now() - STALE_MS - 1_000);
      await (await open()).close();
    });
  });

  describe("by a process whose start time is unknown", () => {
    const clock = (): FixedClock => new FixedClock();

    it("is respected while it shows signs of life", async () => {
      const now = clock();
      lockBy({ pid: process.ppid, started: null }, now.now() - 30_000);
      await assert.rejects(open(now), isLocked);
    });

    it("is given up only after a silent owner had the time to wake up", async () => {
      const now = clock();
      lockBy({ pid: process.ppid, started: null }, now.now() - STALE_MS - 1);
      await (await open(now)).close();
      assert.deepEqual(now.slept, [2 * HEARTBEAT_MS]);
    });

    it("is respected when the silent owner wakes up in that time", async () => {
      const now = clock();
      lockBy({ pid: process.ppid, started: null }, now.now() - STALE_MS - 1);
      const waking: Clock = {
        now: () => now.now(),
        monotonic: () => now.monotonic(),
        after: (ms, callback) => now.after(ms, callback),
        sleep: async (ms, signal) => {
          await now.sleep(ms, signal);
          utimesSync(lockFile(), now.now() / 1000, now.now() / 1000);
        },
      };
      await assert.rejects(open(waking), isLocked);
    });
  });

  it("waits for a lock file that is still being written, and gives up one that stays unreadable", async () => {
    mkdirSync(stateDir(), { recursive: true });
    writeFileSync(lockFile(), '{"pid":');
    await assert.rejects(open(), isLocked);
    const old = Date.now() / 1000 - STALE_MS / 1000 - 1;
    utimesSync(lockFile(), old, old);
    await (await open()).close();
  });

  describe("while it lasts", () => {
    async function until(condition: () => boolean): Promise<void> {
      for (let tries = 0; !condition(); tries += 1) {
        assert.ok(tries < 2_000, "it never came");
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }

    it("touches the lock every few seconds", async () => {
      const clock = new ManualClock();
      const journal = await open(clock);
      for (const beat of [1, 2, 3]) {
        await until(() => clock.waiting > 0);
        await clock.advance(HEARTBEAT_MS);
        await until(() => Math.round(statSync(lockFile()).mtimeMs) === clock.now());
        assert.equal(clock.monotonic(), beat * HEARTBEAT_MS);
      }
      await journal.close();
      assert.equal(existsSync(lockFile()), false);
      await until(() => clock.waiting === 0);
    });

    for (const [name, change] of [
      ["removed", () => rmSync(lockFile())],
      ["taken over", () => lockBy({ host: "elsewhere" })],
    ] as const) {
      it(`records nothing more once its lock was ${name}, and leaves the other's lock alone`, async () => {
        const clock = new ManualClock();
        const journal = await open(clock);
        change();
        const left = existsSync(lockFile()) ? readFileSync(lockFile(), "utf8") : null;
        await clock.advance(HEARTBEAT_MS);
        const appends = (): boolean => {
          try {
            journal.append(TASK, SAMPLES.runStarted);
            return true;
          } catch (error) {
            assert.ok(CountersignError.is(error, "io") && /no longer owned/.test(error.message));
            return false;
          }
        };
        await until(() => !appends());
        await assert.rejects(journal.close(), /no longer owned/);
        assert.equal(existsSync(lockFile()) ? readFileSync(lockFile(), "utf8") : null, left);
      });
    }
  });
});
