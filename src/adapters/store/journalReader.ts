// Reads a journal file line by line and verifies every line on the way. It never writes, needs no lock, and takes a
// last line without its newline for one that is still being written.
import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { CountersignError } from "../../core/domain/errors";
import type { JournalEvent } from "../../core/domain/event";
import { errnoOf, ioError } from "./ioError";
import { JOURNAL_START, SUFFIX_BYTES, decodeLine, suffixOf, verifyLine, type JournalMark } from "./journalLine";

const CHUNK_BYTES = 256 * 1024;
/** A place is remembered at least so many lines after the one before, so that reading can start near any event. */
const INDEX_STEP = 256;

export interface EventBatch {
  readonly events: readonly JournalEvent[];
  /** The place behind the last of them. */
  readonly mark: JournalMark;
}

/**
 * Where a projection gets its events. Contract: `after` yields, in order, batches of everything that stood in the
 * journal when it was called, and rejects with `damaged` or `io`; `holds` tells whether a place noted earlier belongs
 * to this journal.
 */
export interface JournalSource {
  holds(mark: JournalMark): Promise<boolean>;
  after(mark: JournalMark): AsyncIterable<EventBatch>;
}

/** Verified lines in a row. */
interface Stretch {
  readonly lines: readonly Buffer[];
  readonly mark: JournalMark;
}

export class JournalReader implements JournalSource {
  #index: JournalMark[] = [JOURNAL_START];
  #end = JOURNAL_START;
  #forgotten = 0;

  constructor(readonly file: string) {}

  /** How often what had been read was found to be gone: the file was removed, or is another one. */
  get forgotten(): number {
    return this.#forgotten;
  }

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
      this.note(step.value.mark);
    }
  }

  /** Takes notice of what was read or added up to a place. */
  note(mark: JournalMark): void {
    if (mark.seq - (this.#index.at(-1)?.seq ?? 0) >= INDEX_STEP) this.#index.push(mark);
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

  async *after(mark: JournalMark): AsyncGenerator<EventBatch, void> {
    yield* this.#events(mark, Infinity);
  }

  /** Events from `fromSeq` to `last`, both inclusive. */
  async *range(fromSeq: number, last: number): AsyncGenerator<JournalEvent, void> {
    if (fromSeq > last) return;
    const near = this.#index.findLast(({ seq }) => seq < fromSeq) ?? JOURNAL_START;
    for await (const { events } of this.#events(near, last)) {
      for (const event of events) if (event.seq >= fromSeq) yield event;
    }
  }

  async *#events(from: JournalMark, lastSeq: number): AsyncGenerator<EventBatch, void> {
    let seq = from.seq;
    for await (const { lines, mark } of this.#scan(from, lastSeq)) {
      const events = lines.map((line) => this.#decode(line, ++seq));
      yield { events, mark };
    }
  }

  /** Verified lines behind `mark`, a chunk at a time; returns the unterminated rest. */
  async *#scan(mark: JournalMark, lastSeq: number): AsyncGenerator<Stretch, Buffer> {
    const handle = await this.#open();
    if (handle === null) return Buffer.alloc(0);
    try {
      const size = (await handle.stat()).size;
      let place = mark;
      // The pieces of a line that is longer than a chunk are joined once, when its end has come.
      let pieces: Buffer[] = [];
      for (let position = mark.offset; position < size && place.seq < lastSeq; ) {
        const chunk = await readChunk(handle, position, size);
        if (chunk.length === 0) break;
        position += chunk.length;
        pieces.push(chunk);
        if (!chunk.includes(10)) continue;
        const found = this.#verify(Buffer.concat(pieces), place, lastSeq);
        [place, pieces] = [found.mark, [found.rest]];
        yield found;
      }
      return Buffer.concat(pieces);
    } catch (error) {
      throw this.#unreadable(error);
    } finally {
      await handle.close();
    }
  }

  #verify(bytes: Buffer, before: JournalMark, lastSeq: number): Stretch & { readonly rest: Buffer } {
    const lines: Buffer[] = [];
    let [start, seq, sum] = [0, before.seq, before.sum];
    for (let end = bytes.indexOf(10); end !== -1 && seq < lastSeq; end = bytes.indexOf(10, start)) {
      const line = bytes.subarray(start, end);
      const next = verifyLine(line, sum);
      if (next === null) throw this.#damaged(seq + 1);
      lines.push(line);
      [start, seq, sum] = [end + 1, seq + 1, next];
    }
    return { lines, mark: { seq, offset: before.offset + start, sum }, rest: bytes.subarray(start) };
  }

  #decode(line: Buffer, seq: number): JournalEvent {
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
    this.#forgotten += 1;
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
