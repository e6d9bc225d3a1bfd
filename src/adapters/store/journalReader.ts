// Reads a journal file line by line and verifies every line on the way. It never writes, needs no lock, and takes a
// last line without its newline for one that is still being written.
import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { CountersignError } from "../../core/domain/errors";
import type { JournalEvent } from "../../core/domain/event";
import { errnoOf, ioError } from "./ioError";
import { JOURNAL_START, SUFFIX_BYTES, decodeLine, suffixOf, verifyLine, type JournalMark } from "./journalLine";

const CHUNK_BYTES = 256 * 1024;
/** One place in so many lines is remembered, so that reading can start near any event. */
const INDEX_STEP = 256;

export interface MarkedEvent {
  readonly event: JournalEvent;
  /** The place behind it. */
  readonly mark: JournalMark;
}

/**
 * Where a projection gets its events. Contract: `after` yields, in order, batches of everything that stood in the
 * journal when it was called, and rejects with `damaged` or `io`; `holds` tells whether a place noted earlier belongs
 * to this journal.
 */
export interface JournalSource {
  holds(mark: JournalMark): Promise<boolean>;
  after(mark: JournalMark): AsyncIterable<readonly MarkedEvent[]>;
}

interface VerifiedLine {
  readonly line: Buffer;
  readonly mark: JournalMark;
}

export class JournalReader implements JournalSource {
  #index: JournalMark[] = [JOURNAL_START];
  #end = JOURNAL_START;

  constructor(readonly file: string) {}

  /** The place behind the last whole line known. */
  get end(): JournalMark {
    return this.#end;
  }

  /** Reads on from the last known line and returns what follows the last whole one: the bytes of a torn line. */
  async refresh(): Promise<Buffer> {
    if (!(await this.holds(this.#end))) this.#forget();
    const scan = this.#scan(this.#end, Infinity);
    for (let step = await scan.next(); ; step = await scan.next()) {
      if (step.done === true) return step.value;
      for (const { mark } of step.value) this.note(mark);
    }
  }

  /** Takes notice of a line that the owner has added. */
  note(mark: JournalMark): void {
    if (mark.seq % INDEX_STEP === 0) this.#index.push(mark);
    this.#end = mark;
  }

  async holds(mark: JournalMark): Promise<boolean> {
    if (mark.seq === 0) return true;
    const handle = await this.#open();
    if (handle === null) return false;
    try {
      const expected = `${suffixOf(mark.sum)}\n`;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(SUFFIX_BYTES + 1), 0, SUFFIX_BYTES + 1, mark.offset - SUFFIX_BYTES - 1);
      return buffer.toString("latin1", 0, bytesRead) === expected;
    } catch (error) {
      throw this.#unreadable(error);
    } finally {
      await handle.close();
    }
  }

  async *after(mark: JournalMark): AsyncGenerator<readonly MarkedEvent[], void> {
    yield* this.#events(mark, Infinity);
  }

  /** Events from `fromSeq` to `last`, both inclusive. */
  async *range(fromSeq: number, last: number): AsyncGenerator<JournalEvent, void> {
    if (fromSeq > last) return;
    const near = this.#index[Math.floor((Math.max(fromSeq, 1) - 1) / INDEX_STEP)] ?? JOURNAL_START;
    for await (const batch of this.#events(near, last)) {
      for (const { event } of batch) if (event.seq >= fromSeq) yield event;
    }
  }

  async *#events(mark: JournalMark, lastSeq: number): AsyncGenerator<readonly MarkedEvent[], void> {
    for await (const lines of this.#scan(mark, lastSeq)) {
      yield lines.map(({ line, mark: behind }) => ({ event: this.#decode(line, behind), mark: behind }));
    }
  }

  /** Verified lines behind `mark`, a chunk at a time; returns the unterminated rest. */
  async *#scan(mark: JournalMark, lastSeq: number): AsyncGenerator<readonly VerifiedLine[], Buffer> {
    const handle = await this.#open();
    let rest: Buffer = Buffer.alloc(0);
    if (handle === null) return rest;
    try {
      const size = (await handle.stat()).size;
      let [place, position] = [mark, mark.offset];
      while (position < size && place.seq < lastSeq) {
        const chunk = await readChunk(handle, position, size);
        if (chunk.length === 0) break;
        position += chunk.length;
        const found = this.#verify(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), place, lastSeq);
        [place, rest] = [found.lines.at(-1)?.mark ?? place, found.rest];
        if (found.lines.length > 0) yield found.lines;
      }
      return rest;
    } catch (error) {
      throw this.#unreadable(error);
    } finally {
      await handle.close();
    }
  }

  #verify(bytes: Buffer, before: JournalMark, lastSeq: number): { readonly lines: VerifiedLine[]; readonly rest: Buffer } {
    const lines: VerifiedLine[] = [];
    let [start, place] = [0, before];
    for (let end = bytes.indexOf(10); end !== -1 && place.seq < lastSeq; end = bytes.indexOf(10, start)) {
      const line = bytes.subarray(start, end);
      const mark = verifyLine(line, place);
      if (mark === null) throw this.#damaged(place.seq + 1);
      lines.push({ line, mark });
      [start, place] = [end + 1, mark];
    }
    return { lines, rest: bytes.subarray(start) };
  }

  #decode(line: Buffer, { seq }: JournalMark): JournalEvent {
    try {
      return decodeLine(line);
    } catch (error) {
      throw this.#damaged(seq, error);
    }
  }

  async #open(): Promise<FileHandle | null> {
    try {
      return await open(this.file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return null;
      throw this.#unreadable(error);
    }
  }

  #forget(): void {
    this.#index = [JOURNAL_START];
    this.#end = JOURNAL_START;
  }

  #damaged(line: number, cause?: unknown): CountersignError {
    const message =
      `The journal ${this.file} is damaged at line ${line}: it is not what was written there. ` +
      `Nothing was changed; the ${line - 1} events before it are intact. Put back a copy of the file from a backup, or ` +
      `move the file away and keep only its first ${line - 1} lines in its place to go on from there.`;
    return new CountersignError("damaged", message, { cause });
  }

  #unreadable(cause: unknown): CountersignError {
    return ioError(cause, { what: `The journal ${this.file} could not be read`, kept: "Nothing was changed." });
  }
}

async function readChunk(handle: FileHandle, position: number, size: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - position));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
  return buffer.subarray(0, bytesRead);
}
