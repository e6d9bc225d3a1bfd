// The journal as a file of one line an event. This module opens it, owns it and adds to it; journalReader.ts reads it.
import { appendFile } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import type { EventBody, JournalEvent } from "../../core/domain/event";
import type { TaskId } from "../../core/domain/task";
import type { Clock } from "../../core/ports/clock";
import type { Journal } from "../../core/ports/journal";
import type { Logger } from "../../core/ports/logger";
import { FileRemoved, openAppendFile, type AppendFile } from "./appendFile";
import { ioError } from "./ioError";
import { encodeLine, type JournalMark } from "./journalLine";
import { JournalReader, type EventBatch, type JournalSource } from "./journalReader";
import { acquireLock, currentOwner, type OwnerLock } from "./ownerLock";
import { ownIdentity } from "./processIdentity";
import { ensureFolder, syncFolder } from "./storeFolder";

const JOURNAL_FILE = "journal.ndjson";
const LOCK_FILE = "owner.lock";

export interface JournalOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Follows the journal without owning it: nothing is locked, created or repaired, and `append` throws `locked`. */
  readonly readOnly?: boolean;
}

/** A journal that a projection can be built from, place by place. */
export interface SourceJournal extends Journal, JournalSource {
  readonly readOnly: boolean;
  /** How often what had been read was found to be gone: the file was removed, or is another one. */
  readonly forgotten: number;
}

export async function openJournal(stateDir: string, options: JournalOptions): Promise<SourceJournal> {
  const reader = new JournalReader(path.join(stateDir, JOURNAL_FILE));
  if (options.readOnly === true) {
    await reader.refresh();
    return new FollowedJournal(reader);
  }
  await ensureFolder(stateDir);
  const lock = await lockFolder(stateDir, options);
  try {
    const torn = await reader.refresh();
    if (torn.length > 0) await setAside(torn, reader, options.logger);
    const kept = reader.end;
    const failure = (cause: unknown, lines: number): CountersignError => failureOf(reader.file, kept.seq + lines, cause);
    const file = await openAppendFile(reader.file, kept.offset, { failure });
    await syncFolder(stateDir);
    return new FileJournal(reader, file, lock, options.clock);
  } catch (error) {
    await lock.release();
    throw ioError(error, { what: `The journal ${reader.file} could not be opened`, kept: "Nothing was changed." });
  }
}

class FileJournal implements SourceJournal {
  readonly readOnly = false;
  #end: JournalMark;
  #closed: Promise<void> | null = null;

  constructor(
    private readonly reader: JournalReader,
    private readonly file: AppendFile,
    private readonly lock: OwnerLock,
    private readonly clock: Clock,
  ) {
    this.#end = reader.end;
    lock.guard(() => file.fail(lostOwnership(reader.file)));
  }

  get lastSeq(): number {
    return this.#end.seq;
  }

  get forgotten(): number {
    return this.reader.forgotten;
  }

  append(task: TaskId, body: EventBody): JournalEvent {
    this.file.assertOpen();
    const event = { seq: this.#end.seq + 1, time: new Date(this.clock.now()).toISOString(), task, ...body };
    const { line, mark } = encodeLine(event, this.#end);
    this.file.append(line);
    this.#end = mark;
    this.reader.note(mark);
    return event;
  }

  flush(): Promise<void> {
    return this.file.flush();
  }

  async *events(fromSeq = 1): AsyncIterable<JournalEvent> {
    const last = this.lastSeq;
    await this.file.drain();
    yield* this.reader.range(fromSeq, last);
  }

  holds(mark: JournalMark): Promise<boolean> {
    return this.reader.holds(mark);
  }

  async *after(mark: JournalMark): AsyncIterable<EventBatch> {
    await this.file.drain();
    yield* this.reader.after(mark);
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    try {
      await this.file.close();
    } finally {
      await this.lock.release();
    }
  }
}

/** The journal of another process, as far as it is written. */
class FollowedJournal implements SourceJournal {
  readonly readOnly = true;

  constructor(private readonly reader: JournalReader) {}

  get lastSeq(): number {
    return this.reader.end.seq;
  }

  get forgotten(): number {
    return this.reader.forgotten;
  }

  append(): never {
    throw new CountersignError(
      "locked",
      "This journal was opened read-only because another process owns it. Nothing was recorded. Do it there, or close it first.",
    );
  }

  async flush(): Promise<void> {
    await Promise.resolve();
  }

  async *events(fromSeq = 1): AsyncIterable<JournalEvent> {
    await this.reader.refresh();
    yield* this.reader.range(fromSeq, this.lastSeq);
  }

  holds(mark: JournalMark): Promise<boolean> {
    return this.reader.holds(mark);
  }

  after(mark: JournalMark): AsyncIterable<EventBatch> {
    return this.reader.after(mark);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

async function lockFolder(stateDir: string, { clock, logger }: JournalOptions): Promise<OwnerLock> {
  try {
    return await acquireLock(path.join(stateDir, LOCK_FILE), { own: ownIdentity(), clock, logger });
  } catch (error) {
    throw ioError(error, { what: `The folder ${stateDir} could not be locked`, kept: "Nothing was changed." });
  }
}

/** The files whose change tells that there are new events or another owner. */
export function journalFiles(stateDir: string): readonly string[] {
  return [path.join(stateDir, JOURNAL_FILE), path.join(stateDir, LOCK_FILE)];
}

/** The living process that owns the journal, for a person; null when nobody does. It only looks. */
export async function journalOwner(stateDir: string, clock: Clock): Promise<string | null> {
  return currentOwner(path.join(stateDir, LOCK_FILE), ownIdentity(), clock.now());
}

/** The torn line never counted, but whoever looks for the cause of a crash may want it. */
async function setAside(torn: Buffer, { file, end }: JournalReader, logger: Logger): Promise<void> {
  const aside = `${file}.torn`;
  await appendFile(aside, Buffer.concat([torn, Buffer.from("\n")]), { mode: 0o600 });
  logger.warn("dropped a torn last line of the journal", { file, line: end.seq + 1, bytes: torn.length, aside });
}

function failureOf(file: string, kept: number, cause: unknown): CountersignError {
  if (cause instanceof FileRemoved) {
    return new CountersignError(
      "io",
      `The journal ${file} was removed while it was in use: what was recorded there is gone. The work itself is kept, in the worktrees and on ` +
        "their branches. Nothing goes on here. Start again to continue with a new journal.",
      { cause },
    );
  }
  const words = `Events up to number ${kept} are kept; what came after may be lost, so nothing goes on.`;
  return ioError(cause, { what: `The journal ${file} could not be written`, kept: words });
}

function lostOwnership(file: string): CountersignError {
  return new CountersignError(
    "io",
    `The journal ${file} is no longer owned by this process: its lock file was removed or taken over. ` +
      "What was recorded so far is kept; nothing goes on here. Start again to continue.",
  );
}
