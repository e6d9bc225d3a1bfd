// The journal: the one record of what happened. Everything else is a projection of it.
import type { EventBody, JournalEvent } from "../domain/event";
import type { TaskId } from "../domain/task";

/**
 * Contract:
 * - `append` numbers and times the event, hands its line to the operating system in order, and returns at once.
 *   It throws CountersignError `io` when an earlier write failed: nothing may go on after that.
 * - `flush` resolves once everything appended before the call is on disk (fsync); rejects with `io` (disk full,
 *   read-only folder …). Concurrent calls share one fsync. Not cancellable.
 * - `events` yields what is on disk and what was appended, in order, from `fromSeq` on (default 1).
 * - A torn last line is dropped on opening. Damage before it: opening fails with `damaged`, naming file and line,
 *   and nothing is overwritten.
 * - Opening for writing fails with `locked` while another live process owns the journal.
 * - `close` flushes and gives up ownership; idempotent.
 */
export interface Journal {
  append(task: TaskId, body: EventBody): JournalEvent;
  /** Events that have to follow what was appended: what was redacted in it, or elsewhere for this task. Given once. */
  pending?(task: TaskId): readonly EventBody[];
  flush(): Promise<void>;
  events(fromSeq?: number): AsyncIterable<JournalEvent>;
  /** Sequence number of the last event; 0 when empty. */
  readonly lastSeq: number;
  close(): Promise<void>;
}
