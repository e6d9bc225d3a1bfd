// A journal in memory, with a disk that can be told to fail.
import { CountersignError } from "../../src/core/domain/errors";
import type { EventBody, JournalEvent } from "../../src/core/domain/event";
import type { TaskId } from "../../src/core/domain/task";
import type { Clock } from "../../src/core/ports/clock";
import type { Journal } from "../../src/core/ports/journal";
import { FixedClock } from "./manualClock";

export class MemoryJournal implements Journal {
  #lines: string[] = [];
  #durable = 0;
  #failure: CountersignError | null = null;
  #closed = false;
  /** Flushes that found something to write. */
  syncs = 0;

  constructor(
    private readonly clock: Clock = new FixedClock(),
    earlier: readonly JournalEvent[] = [],
  ) {
    this.#lines = earlier.map((event) => JSON.stringify(event));
    this.#durable = earlier.length;
  }

  get lastSeq(): number {
    return this.#lines.length;
  }

  append(task: TaskId, body: EventBody): JournalEvent {
    if (this.#closed) throw new CountersignError("conflict", "The journal is closed");
    if (this.#failure !== null) throw this.#failure;
    const event = { seq: this.#lines.length + 1, time: new Date(this.clock.now()).toISOString(), task, ...body };
    this.#lines.push(JSON.stringify(event));
    return event;
  }

  async flush(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (this.#durable < this.#lines.length) this.syncs += 1;
    this.#durable = this.#lines.length;
  }

  async *events(fromSeq = 1): AsyncIterable<JournalEvent> {
    for (const line of this.#lines.slice(Math.max(0, fromSeq - 1))) yield JSON.parse(line) as JournalEvent;
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.flush();
  }

  /** Everything appended so far, for assertions. */
  get appended(): readonly JournalEvent[] {
    return this.#lines.map((line) => JSON.parse(line) as JournalEvent);
  }

  /** What a crash at this moment would leave. */
  get durable(): readonly JournalEvent[] {
    return this.appended.slice(0, this.#durable);
  }

  /** From now on nothing can be written, as when the disk is full. */
  fail(): void {
    this.#failure ??= new CountersignError("io", `The disk is full. Events up to no. ${this.#durable} are kept.`);
  }
}
