// A file that only grows, line by line: order kept, writes batched, one fsync for all who wait. It knows nothing of
// what the lines mean, and after the first failure it never writes again.
import { close, constants, fdatasync, fstatSync, ftruncateSync, open, writeSync } from "node:fs";
import { promisify } from "node:util";
import { CountersignError } from "../../core/domain/errors";
import type { Clock } from "../../core/ports/clock";

const openFd = promisify(open);
const closeFd = promisify(close);
const syncFd = promisify(fdatasync);

export interface AppendOptions {
  /** The error that everyone gets after `cause`; `kept` lines are known to be on disk. */
  readonly failure: (cause: unknown, kept: number) => CountersignError;
  /** Fsyncs by itself this long after an append, so that little is lost where nobody flushes. */
  readonly background?: { readonly clock: Clock; readonly ms: number };
}

/** The file was removed, or replaced by another one, while it was open here. */
export class FileRemoved extends Error {
  constructor() {
    super("the file was removed while it was in use");
  }
}

interface Waiter {
  /** Lines that must be on disk. */
  readonly lines: number;
  resolve(): void;
  reject(error: CountersignError): void;
}

/** Opens for appending, creating the file, and cuts it to `length` bytes. A symbolic link is not followed. */
export async function openAppendFile(file: string, length: number, options: AppendOptions): Promise<AppendFile> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
  const fd = await openFd(file, flags, 0o600);
  try {
    if (Number.isFinite(length)) ftruncateSync(fd, length);
  } catch (error) {
    await closeFd(fd);
    throw error;
  }
  return new AppendFile(fd, options);
}

export class AppendFile {
  #queue: string[] = [];
  #appended = 0;
  #written = 0;
  #synced = 0;
  #waiters: Waiter[] = [];
  #pumping: Promise<void> | null = null;
  #failure: CountersignError | null = null;
  #closed: Promise<void> | null = null;
  #timer: { dispose(): void } | null = null;

  constructor(
    private readonly fd: number,
    private readonly options: AppendOptions,
  ) {}

  /** Queues a line (which must end with a newline) and returns; throws after a failure or a close. */
  append(line: string): void {
    this.assertOpen();
    this.#queue.push(line);
    this.#appended += 1;
    this.#pump();
    if (this.options.background !== undefined) this.#syncLater(this.options.background);
  }

  assertOpen(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#closed !== null) throw new CountersignError("conflict", "The file was closed: nothing can be added to it");
  }

  /** Resolves when everything appended so far is on disk. */
  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      if (this.#synced === this.#appended) return resolve();
      this.#waiters.push({ lines: this.#appended, resolve, reject });
      this.#pump();
    });
  }

  /** Resolves when everything appended so far was handed to the operating system; rejects after a failure. */
  async drain(): Promise<void> {
    while (this.#written < this.#appended && this.#failure === null) await this.#pumping;
    if (this.#failure !== null) throw this.#failure;
  }

  /** Flushes and closes; idempotent. The file is closed even where the flush fails. */
  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.#timer?.dispose();
      await this.#pumping;
      await closeFd(this.fd);
    }
  }

  /** Ends writing for good: whoever waits, and everything after, gets the error. */
  fail(cause: unknown): void {
    this.#failure ??= this.options.failure(cause, this.#synced);
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#failure);
  }

  #pump(): void {
    this.#pumping ??= this.#work();
  }

  async #work(): Promise<void> {
    // Lines appended in one go leave in one write.
    await Promise.resolve();
    try {
      while (this.#failure === null && (this.#queue.length > 0 || this.#waiters.length > 0)) {
        if (this.#queue.length > 0) this.#writeQueue();
        // Not before somebody waits for it.
        if ((this.#waiters[0]?.lines ?? Infinity) <= this.#written) await this.#sync();
      }
    } catch (error) {
      this.fail(error);
    }
    // In the same breath as the last look at the queue: a line appended from here on starts a new round.
    this.#pumping = null;
  }

  #writeQueue(): void {
    const lines = this.#queue;
    this.#queue = [];
    const bytes = Buffer.from(lines.length === 1 ? (lines[0] ?? "") : lines.join(""));
    writeAll(this.fd, bytes);
    this.#written += lines.length;
  }

  async #sync(): Promise<void> {
    const covered = this.#written;
    if (covered > this.#synced) {
      await syncFd(this.fd);
      // Nobody will ever read what is written to a file without a name.
      if (fstatSync(this.fd).nlink === 0) throw new FileRemoved();
    }
    this.#synced = Math.max(this.#synced, covered);
    const served = this.#waiters.filter((waiter) => waiter.lines <= covered);
    this.#waiters = this.#waiters.filter((waiter) => waiter.lines > covered);
    for (const waiter of served) waiter.resolve();
  }

  #syncLater({ clock, ms }: { readonly clock: Clock; readonly ms: number }): void {
    this.#timer ??= clock.after(ms, () => {
      this.#timer = null;
      // A failure is kept and thrown at the next append or flush.
      this.flush().catch((error: unknown) => this.fail(error));
    });
  }
}

/**
 * A disk that fills up may take a part and refuse the rest only at the next call. Not through the thread pool: the
 * system's cache takes a few lines in a hundredth of the time that the way there and back costs.
 */
function writeAll(fd: number, bytes: Buffer): void {
  for (let from = 0; from < bytes.length; ) from += writeSync(fd, bytes, from, bytes.length - from);
}
