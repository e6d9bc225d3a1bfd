// Reads a session's transcript while somebody may be writing it, piece by piece: following a long session must not read
// it from its beginning each time, and reading one must not hold the process up.
import { open, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import type { SessionId, TaskId } from "../../core/domain/task";
import type { TranscriptChunk, TranscriptEntry } from "../../core/ports/transcripts";
import { confinedName } from "./confinedPath";
import { errnoOf, ioError } from "./ioError";
import { entryOf } from "./transcriptLine";

/** Parsing takes about 10 ms a megabyte. */
export const CHUNK_BYTES = 1024 * 1024;

const NEWLINE = 10;

/** As `DeskFiles.transcript` says. */
export async function readTranscript(plansDir: string, of: { readonly task: TaskId; readonly session: SessionId }, from = 0): Promise<TranscriptChunk> {
  const file = path.join(plansDir, confinedName(of.task), "sessions", `${confinedName(of.session)}.ndjson`);
  try {
    const handle = await open(file, "r");
    try {
      return await readChunk(handle, file, from);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return { entries: [], next: 0, more: false };
    throw ioError(error, { what: `The conversation ${file} could not be read`, kept: "Nothing was changed." });
  }
}

async function readChunk(handle: FileHandle, file: string, from: number): Promise<TranscriptChunk> {
  const { size } = await handle.stat();
  if (size < from) return { entries: [], next: 0, more: size > 0 };
  const bytes = await wholeLines(handle, from, size);
  const { entries, length } = entriesIn(bytes);
  if (length === 0 && bytes.length > 0) throw damaged(file, from);
  const next = from + length;
  return { entries, next, more: bytes.length > length || (bytes.length > 0 && next < size) };
}

/** At least one whole line, where there is one; never a part of one. */
async function wholeLines(handle: FileHandle, from: number, size: number): Promise<Buffer> {
  for (let length = CHUNK_BYTES; ; length *= 4) {
    const wanted = Math.min(length, size - from);
    const buffer = Buffer.alloc(wanted);
    const { bytesRead } = await handle.read(buffer, 0, wanted, from);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
    if (end > 0 || wanted === size - from) return buffer.subarray(0, end);
  }
}

/** The entries up to the first damaged line, and how many bytes they take. */
function entriesIn(bytes: Buffer): { readonly entries: readonly TranscriptEntry[]; readonly length: number } {
  const entries: TranscriptEntry[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    const entry = entryOf(bytes.toString("utf8", start, end));
    if (entry === null) break;
    entries.push(entry);
    start = end + 1;
  }
  return { entries, length: start };
}

function damaged(file: string, offset: number): CountersignError {
  return new CountersignError("damaged", `The conversation ${file} is damaged at byte ${offset}: what stands there is no entry of ours. Nothing was changed; what comes before it is shown.`);
}
