// Reading a transcript piece by piece while it is written.
import { strict as assert } from "node:assert";
import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { CHUNK_BYTES, readTranscript } from "../../src/adapters/store/readTranscript";
import { CountersignError } from "../../src/core/domain/errors";
import type { SessionId, TaskId } from "../../src/core/domain/task";
import type { TranscriptEntry } from "../../src/core/ports/transcripts";
import { tempFolder } from "../builders/tempFolder";
import { ENTRIES } from "./transcriptsContract";

const of = { task: "add-fibonacci-7k2m" as TaskId, session: "generator-1-0001" as SessionId };
const LINES = ENTRIES.map((entry) => `${JSON.stringify(entry)}\n`);

describe("readTranscript", () => {
  const folder = tempFolder();
  const file = (): string => {
    const sessions = path.join(folder(), of.task, "sessions");
    mkdirSync(sessions, { recursive: true });
    return path.join(sessions, `${of.session}.ndjson`);
  };

  async function rest(from = 0): Promise<{ readonly entries: readonly TranscriptEntry[]; readonly next: number; readonly reads: number }> {
    const entries: TranscriptEntry[] = [];
    let next = from;
    for (let reads = 1; ; reads += 1) {
      const chunk = await readTranscript(folder(), of, next);
      entries.push(...chunk.entries);
      next = chunk.next;
      if (!chunk.more) return { entries, next, reads };
    }
  }

  it("has nothing of a session without a transcript", async () => {
    assert.deepEqual(await readTranscript(folder(), of), { entries: [], next: 0, more: false });
  });

  it("reads on where it left off, and leaves a line alone that is still being written", async () => {
    const bytes = Buffer.from(LINES.join(""));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
        writeFileSync(file(), "");
        const read: TranscriptEntry[] = [];
        let [next, written] = [0, 0];
        for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
          appendFileSync(file(), bytes.subarray(written, cut));
          written = cut;
          const found = await rest(next);
          read.push(...found.entries);
          next = found.next;
        }
        assert.deepEqual(read, ENTRIES);
        assert.equal(next, bytes.length);
      }),
    );
  });

  it("reads a long one in pieces, and a line that is longer than a piece whole", async () => {
    const said = (text: string): string => `${JSON.stringify({ kind: "user", message: { role: "user", content: [{ kind: "text", text }] } })}\n`;
    const long = said("ä".repeat(CHUNK_BYTES));
    const many = Array.from({ length: 40 }, (_, index) => said(`${index} ${"x".repeat(CHUNK_BYTES / 10)}`));
    writeFileSync(file(), [...many, long, ...LINES].join(""));
    const { entries, reads } = await rest();
    assert.deepEqual(entries, [...many, long, ...LINES].map((line) => JSON.parse(line) as unknown));
    assert.ok(reads > 4, `${reads} reads`);
  });

  it("says to begin anew when the file has become shorter", async () => {
    writeFileSync(file(), LINES.join(""));
    const { next } = await rest();
    truncateSync(file(), Buffer.byteLength(LINES[0] ?? ""));
    assert.deepEqual(await readTranscript(folder(), of, next), { entries: [], next: 0, more: true });
    assert.deepEqual((await rest()).entries, ENTRIES.slice(0, 1));
  });

  it("gives what comes before a damaged line, then refuses, and changes nothing", async () => {
    writeFileSync(file(), [...LINES.slice(0, 2), "no entry\n", ...LINES.slice(2)].join(""));
    const first = await readTranscript(folder(), of);
    assert.deepEqual(first.entries, ENTRIES.slice(0, 2));
    assert.equal(first.more, true);
    await assert.rejects(readTranscript(folder(), of, first.next), (error) => {
      return CountersignError.is(error, "damaged") && error.message.includes(`${file()} is damaged at byte ${first.next}`);
    });
  });

  it("refuses names that lead elsewhere", async () => {
    await assert.rejects(readTranscript(folder(), { ...of, task: "../other" as TaskId }), (error) => CountersignError.is(error, "notAllowed"));
  });
});
