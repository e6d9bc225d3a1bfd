// Runs the contract of Transcripts on files and on the ones in memory, and the files' own promises.
import { strict as assert } from "node:assert";
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FileTranscripts } from "../../src/adapters/store/fileTranscripts";
import { CountersignError } from "../../src/core/domain/errors";
import type { SessionId, TaskId } from "../../src/core/domain/task";
import { tempFolder } from "../builders/tempFolder";
import { ManualClock } from "../fakes/manualClock";
import { MemoryTranscripts } from "../fakes/memoryTranscripts";
import { RecordingLogger } from "../fakes/recordingLogger";
import { ENTRIES, transcriptsContract } from "./transcriptsContract";

const TASK = "add-fibonacci-7k2m" as TaskId;
const SESSION = "generator-1-0001" as SessionId;

describe("MemoryTranscripts", () => {
  transcriptsContract(() => new MemoryTranscripts());

  it("shows a session's entries to the test", async () => {
    const transcripts = new MemoryTranscripts();
    (await transcripts.open(TASK, SESSION)).append(ENTRIES[0]!);
    assert.deepEqual(transcripts.entries(TASK, SESSION), [ENTRIES[0]]);
  });
});

describe("FileTranscripts", () => {
  const folder = tempFolder();
  const logger = new RecordingLogger();
  const plansDir = (): string => path.join(folder(), ".countersign", "plans");
  const fileOf = (): string => path.join(plansDir(), TASK, "sessions", `${SESSION}.ndjson`);
  const create = (): FileTranscripts => new FileTranscripts({ plansDir: plansDir(), clock: new ManualClock(), logger });

  async function written(): Promise<readonly string[]> {
    const transcript = await create().open(TASK, SESSION);
    for (const entry of ENTRIES) transcript.append(entry);
    await transcript.close();
    return readFileSync(fileOf(), "utf8").split("\n").slice(0, -1);
  }

  transcriptsContract(create);

  it("writes one line of JSON an entry beside the task's handoff files, out of git's sight", async () => {
    assert.deepEqual((await written()).map((line) => JSON.parse(line) as unknown), ENTRIES);
    assert.equal(readFileSync(path.join(folder(), ".countersign", ".gitignore"), "utf8"), "*\n");
  });

  it("leaves out a torn last line, wherever it is torn, and writes on behind the last whole one", async () => {
    const bytes = Buffer.from(`${(await written()).join("\n")}\n`);
    for (let length = 0; length <= bytes.length; length += 1) {
      writeFileSync(fileOf(), bytes.subarray(0, length));
      const transcript = await create().open(TASK, SESSION);
      const whole = bytes.subarray(0, length).toString("latin1").split("\n").length - 1;
      assert.deepEqual(transcript.recovered, ENTRIES.slice(0, whole));
      transcript.append(ENTRIES[3]!);
      await transcript.close();
      const lines = readFileSync(fileOf(), "utf8").split("\n");
      assert.deepEqual([lines.length, lines.at(-2)], [whole + 2, JSON.stringify(ENTRIES[3])]);
    }
  }).timeout(60_000);

  it("says that it dropped a torn line", async () => {
    await written();
    appendFileSync(fileOf(), '{"kind":"us');
    await (await create().open(TASK, SESSION)).close();
    assert.match(logger.text, /torn last line of a transcript/);
  });

  for (const [name, line] of [
    ["no JSON", '{"kind":"user"'],
    ["no entry", '{"role":"user"}'],
    ["of an unknown kind", '{"kind":"constructor"}'],
    ["empty", ""],
  ] as const) {
    it(`refuses a line before the last that is ${name}, naming file and line, and changes nothing`, async () => {
      const content = `${(await written()).with(1, line).join("\n")}\n`;
      writeFileSync(fileOf(), content);
      await assert.rejects(create().open(TASK, SESSION), (error) => {
        return CountersignError.is(error, "damaged") && error.message.includes(`${fileOf()} is damaged at line 2`);
      });
      assert.equal(readFileSync(fileOf(), "utf8"), content);
    });
  }

  it("refuses names that are no plain names", async () => {
    for (const [task, session] of [["../x", SESSION], [TASK, "../x"], ["", SESSION], [TASK, "a/b"], [TASK, "."]] as const) {
      await assert.rejects(create().open(task as TaskId, session as SessionId), (error) => CountersignError.is(error, "notAllowed"));
    }
  });

  it("does not write through a symbolic link", async () => {
    const target = path.join(folder(), "target");
    writeFileSync(target, "as it was");
    mkdirSync(path.dirname(fileOf()), { recursive: true });
    symlinkSync(target, fileOf());
    await assert.rejects(create().open(TASK, SESSION), CountersignError);
    assert.equal(readFileSync(target, "utf8"), "as it was");
  });

  it("says what stands in the way", async () => {
    writeFileSync(path.join(folder(), ".countersign"), "a file");
    await assert.rejects(create().open(TASK, SESSION), (error) => CountersignError.is(error, "io"));
  });
});
