// What the store does on a disk that fills up, fails or loses its process: real limits, real devices, real kills.
import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openAppendFile } from "../../src/adapters/store/appendFile";
import { openJournal } from "../../src/adapters/store/fileJournal";
import { FileTranscripts } from "../../src/adapters/store/fileTranscripts";
import { ioError } from "../../src/adapters/store/ioError";
import { CountersignError } from "../../src/core/domain/errors";
import type { SessionId, TaskId } from "../../src/core/domain/task";
import { bundled } from "../builders/bundled";
import { TalkingChild } from "../builders/childProcess";
import { SAMPLES } from "../builders/eventBuilder";
import { tempFolder } from "../builders/tempFolder";
import { ManualClock } from "../fakes/manualClock";
import { RecordingLogger } from "../fakes/recordingLogger";
import { eventsOf } from "../ports/journalContract";

const TASK = "add-fibonacci-7k2m" as TaskId;
const SESSION = "generator-1-0001" as SessionId;
const QUIET = ["const nothing = () => undefined;", "const logger = { debug: nothing, info: nothing, warn: nothing };"];
const IMPORTS = [
  'import { SystemClock } from "src/adapters/clock/systemClock";',
  'import { openJournal } from "src/adapters/store/fileJournal";',
  'import { FileTranscripts } from "src/adapters/store/fileTranscripts";',
  'import { ManualClock } from "test/fakes/manualClock";',
];

describe("a store on a troubled disk", () => {
  const folder = tempFolder();
  const options = { clock: new ManualClock(), logger: new RecordingLogger() };
  const stateDir = (): string => path.join(folder(), "state");
  const isIo = (error: unknown): error is CountersignError => CountersignError.is(error, "io");
  const program = (...lines: string[]): Promise<string> => bundled(folder(), "diskChild.ts", [...IMPORTS, ...QUIET, ...lines]);

  it("says at the next flush that the journal was removed or replaced: nothing is recorded where nobody will find it", async function () {
    if (process.platform === "win32") this.skip();
    for (const replaced of [false, true]) {
      const dir = path.join(folder(), `state-${replaced}`);
      const journal = await openJournal(dir, options);
      journal.append(TASK, SAMPLES.taskCreated);
      await journal.flush();
      const file = path.join(dir, "journal.ndjson");
      if (replaced) writeFileSync(`${file}.new`, "");
      if (replaced) renameSync(`${file}.new`, file);
      else rmSync(dir, { recursive: true });
      journal.append(TASK, SAMPLES.taskDone);
      await assert.rejects(journal.flush(), (error) => isIo(error) && /was removed while it was in use/.test(error.message));
      assert.throws(() => journal.append(TASK, SAMPLES.taskDone), isIo);
      await journal.close().catch((error: unknown) => assert.ok(isIo(error)));
    }
  });

  it("keeps every flushed event when the file may not grow any more in the middle of a line", async function () {
    if (process.platform === "win32") this.skip();
    const script = await program(
      "async function main() {",
      "  const journal = await openJournal(process.argv[2], { clock: new SystemClock(), logger });",
      "  let flushed = 0;",
      "  try {",
      "    for (;;) {",
      '      for (let i = 0; i < 3; i += 1) journal.append("a-0001", { kind: "singleAgentAnswered", text: "x".repeat(1000) });',
      "      const last = journal.lastSeq;",
      "      await journal.flush();",
      "      flushed = last;",
      "    }",
      "  } catch (error) {",
      '    const append = () => { try { journal.append("a-0001", { kind: "changesDiscarded" }); } catch (e) { return e.code; } };',
      "    const close = await journal.close().then(() => null, (e) => e.code);",
      "    console.log(JSON.stringify({ flushed, code: error.code, message: error.message, append: append(), close }));",
      "  }",
      "}",
      "void main();",
    );
    // 40 blocks of 512 bytes (POSIX) or 1024 (bash): not a multiple of any line.
    const run = spawnSync("sh", ["-c", 'ulimit -f 40; exec "$0" "$@"', process.execPath, script, stateDir()], { encoding: "utf8" });
    const end = JSON.parse(run.stdout) as { flushed: number; code: string; message: string; append: string; close: string };
    assert.deepEqual([end.code, end.append, end.close], ["io", "io", "io"], run.stderr);
    assert.ok(end.message.includes(`Events up to number ${end.flushed} are kept`), end.message);
    assert.match(end.message, /may not grow any more \(EFBIG\).*Free some space/);
    const file = path.join(stateDir(), "journal.ndjson");
    assert.notEqual(readFileSync(file, "utf8").at(-1), "\n", "the last line is torn");
    const journal = await openJournal(stateDir(), options);
    assert.ok(end.flushed > 0 && journal.lastSeq >= end.flushed);
    const next = journal.append(TASK, SAMPLES.taskPassed);
    await journal.close();
    const again = await openJournal(stateDir(), { ...options, readOnly: true });
    assert.equal(again.lastSeq, next.seq);
    assert.deepEqual((await eventsOf(again, next.seq))[0], next);
  });

  describe("AppendFile", () => {
    const failure = (cause: unknown, kept: number): CountersignError =>
      ioError(cause, { what: "It could not be written", kept: `${kept} lines are kept.` });

    it("gives everyone the reason when the disk is full, then and ever after", async function () {
      if (process.platform !== "linux") this.skip();
      const file = await openAppendFile("/dev/full", Infinity, { failure });
      const full = (error: unknown): boolean => isIo(error) && /the disk is full \(ENOSPC\)\. 0 lines are kept\. Free some space/.test(error.message);
      file.append("one\n");
      await Promise.all([assert.rejects(file.flush(), full), assert.rejects(file.flush(), full), assert.rejects(file.drain(), full)]);
      assert.throws(() => file.append("two\n"), full);
      await assert.rejects(file.flush(), full);
      await assert.rejects(file.close(), full);
    });

    it("never trusts a file again whose fsync failed, even where a later one would work", async function () {
      if (process.platform !== "linux") this.skip();
      // A pipe takes what is written and refuses to be synced.
      const pipe = path.join(folder(), "pipe");
      execFileSync("mkfifo", [pipe]);
      const file = await openAppendFile(pipe, Infinity, { failure });
      file.append("one\n");
      await file.drain();
      await assert.rejects(file.flush(), isIo);
      assert.throws(() => file.append("two\n"), isIo);
      await assert.rejects(file.close(), isIo);
    });
  });

  it("says what stands in the way of a folder", async () => {
    writeFileSync(path.join(folder(), "state"), "a file");
    await assert.rejects(openJournal(stateDir(), options), (error) => isIo(error) && error.message.includes(stateDir()));
  });

  it("gives the lock back when the journal cannot be opened", async () => {
    mkdirSync(stateDir());
    symlinkSync("/dev/null", path.join(stateDir(), "journal.ndjson"));
    await assert.rejects(openJournal(stateDir(), options), (error) => isIo(error) && /symbolic link/.test(error.message));
    assert.throws(() => statSync(path.join(stateDir(), "owner.lock")), /ENOENT/);
  });

  /** Runs a program under Node's own tracing: what it asked of the file system, in order. */
  function operationsOf(script: string): readonly string[] {
    const trace = path.join(folder(), "trace.json");
    const tracing = ["--trace-event-categories", "node.fs.async", "--trace-event-file-pattern", trace];
    execFileSync(process.execPath, [...tracing, script, stateDir()], { cwd: folder() });
    const { traceEvents } = JSON.parse(readFileSync(trace, "utf8")) as { traceEvents: { name: string; ph: string }[] };
    return traceEvents.filter(({ ph }) => ph === "b").map(({ name }) => name);
  }

  const countOf = (operation: string, script: string): number => operationsOf(script).filter((name) => name === operation).length;

  it("makes the name of a new journal last", async () => {
    const script = await program(
      "openJournal(process.argv[2], { clock: new SystemClock(), logger }).then((journal) => journal.close());",
    );
    assert.equal(countOf("fsync", script), 1);
  });

  it("replaces a handoff file by one that is on disk, and makes its name last", async () => {
    const script = await program(
      'import { FilePlanFolder } from "src/adapters/store/filePlanFolder";',
      "const plans = new FilePlanFolder({ workspace: process.argv[2], logger });",
      'void plans.write("a-0001", "plan.md", "# Plan");',
    );
    const steps = operationsOf(script).filter((name) => ["write", "fsync", "rename"].includes(name));
    assert.deepEqual(steps.slice(-4), ["write", "fsync", "rename", "fsync"]);
  });

  it("serves all who wait with two fsyncs at most: the one on its way and one more", async () => {
    const script = await program(
      "async function main() {",
      "  const journal = await openJournal(process.argv[2], { clock: new SystemClock(), logger });",
      '  const one = () => { journal.append("a-0001", { kind: "changesDiscarded" }); return journal.flush(); };',
      "  const first = one();",
      "  await new Promise(setImmediate);",
      "  await Promise.all([first, ...Array.from({ length: 50 }, one)]);",
      "  process.exit(0);",
      "}",
      "void main();",
    );
    const steps = operationsOf(script).filter((name) => name === "write" || name === "fdatasync");
    const count = steps.filter((name) => name === "fdatasync").length;
    assert.ok(count === 1 || count === 2, `${count} fsyncs`);
    assert.equal(steps.at(-1), "fdatasync", "nobody was served before the fsync that covers them");
    const lines = readFileSync(path.join(stateDir(), "journal.ndjson"), "utf8").split("\n");
    assert.equal(lines.length, 52);
  });

  it("syncs a conversation by itself, many turns at a time", async () => {
    const script = await program(
      "async function main() {",
      "  const clock = new ManualClock();",
      "  const transcripts = new FileTranscripts({ plansDir: process.argv[2], clock, logger });",
      '  const transcript = await transcripts.open("a-0001", "generator-1-0001");',
      "  for (let round = 0; round < 3; round += 1) {",
      '    for (let i = 0; i < 20; i += 1) { transcript.append({ kind: "toolStarted", call: String(i) }); await clock.advance(1); }',
      "    await clock.advance(100);",
      '    while (process.getActiveResourcesInfo().includes("FSReqCallback")) await clock.advance(0);',
      "  }",
      "}",
      "void main();",
    );
    assert.equal(countOf("fdatasync", script), 3);
  });

  it("loses nothing that was flushed, whenever its process is killed", async () => {
    const script = await program(
      "async function main() {",
      "  const journal = await openJournal(process.argv[2], { clock: new SystemClock(), logger });",
      "  for (;;) {",
      '    for (let i = 0; i < 5; i += 1) journal.append("a-0001", { kind: "singleAgentAnswered", text: "x".repeat(Math.random() * 9000) });',
      "    await journal.flush();",
      "    console.log(journal.lastSeq);",
      "  }",
      "}",
      "void main();",
    );
    let earlier = 0;
    for (let round = 0; round < 8; round += 1) {
      const child = new TalkingChild(process.execPath, [script, stateDir()]);
      let acknowledged = 0;
      for (let count = 0; count <= round * 3; count += 1) acknowledged = Number(await child.line());
      await child.kill();
      for (let line = await child.line(); line !== null; line = await child.line()) acknowledged = Number(line);
      const journal = await openJournal(stateDir(), options);
      assert.ok(journal.lastSeq >= acknowledged && acknowledged > earlier, `${journal.lastSeq} of ${acknowledged}`);
      assert.equal((await eventsOf(journal)).length, journal.lastSeq);
      earlier = journal.lastSeq;
      await journal.close();
    }
  });

  it("goes on with a conversation whose process was killed while writing it", async () => {
    const plansDir = stateDir();
    const script = await program(
      "async function main() {",
      "  const transcripts = new FileTranscripts({ plansDir: process.argv[2], clock: new SystemClock(), logger });",
      `  const transcript = await transcripts.open("${TASK}", "${SESSION}");`,
      "  for (let i = 1; ; i += 1) {",
      '    transcript.append({ kind: "toolStarted", call: String(i).padEnd(5000, "x") });',
      "    await transcript.flush();",
      "    console.log(i);",
      "  }",
      "}",
      "void main();",
    );
    const child = new TalkingChild(process.execPath, [script, plansDir]);
    for (let count = 0; count < 20; count += 1) await child.line();
    await child.kill();
    const transcript = await new FileTranscripts({ plansDir, ...options }).open(TASK, SESSION);
    const numbers = transcript.recovered.map((entry) => (entry.kind === "toolStarted" ? parseInt(entry.call, 10) : null));
    assert.ok(numbers.length >= 20);
    assert.deepEqual(numbers, Array.from({ length: numbers.length }, (_, index) => index + 1));
    await transcript.close();
  });
});
