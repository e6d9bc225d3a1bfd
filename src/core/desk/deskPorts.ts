// What a desk is given by the composition root: a way to follow the journal, a way to own it, and reads beside both.
import type { FileChange } from "../domain/workspace";
import type { TaskBase } from "../domain/workspace";
import type { SessionId, TaskId } from "../domain/task";
import type { JournalEvent } from "../domain/event";
import type { EngineDeps } from "../engine/engineDeps";
import type { Harness } from "../engine/harness";
import type { Listeners } from "../engine/recorder";
import type { Clock } from "../ports/clock";
import type { Logger } from "../ports/logger";
import type { TaskStore } from "../ports/taskStore";
import type { TranscriptChunk } from "../ports/transcripts";

/** The journal's owner at work: what only one process at a time may have. */
export interface DeskEngine {
  readonly harness: Harness;
  /** Sequence number of the last event when the journal was taken; 0 for a new one. */
  readonly lastSeq: number;
  /** Kills every command that still runs, without waiting. */
  readonly endAll: () => void;
  /** Saves the snapshot and gives the journal up. */
  readonly close: () => Promise<void>;
}

/**
 * Contract: nothing here writes into the user's folder. `events` yields what is on disk from `fromSeq` on, in order;
 * `forgotten` counts how often it found another journal than before (removed, replaced): then all is to be read anew.
 * `watch` calls back soon after the journal has grown, was made, or changed hands; disposing ends it. `owner` names the
 * living process that owns the journal, or is null.
 */
export interface DeskReader {
  readonly store: TaskStore;
  events(fromSeq: number): AsyncIterable<JournalEvent>;
  forgotten(): number;
  watch(onChange: () => void): { dispose(): void };
  owner(): Promise<string | null>;
  close(): Promise<void>;
}

export interface WorktreeUse {
  readonly task: TaskId;
  readonly path: string;
  readonly bytes: number;
}

/** Reads of what tasks left in git and in their folders; none needs the journal's owner. */
export interface DeskFiles {
  changes(base: TaskBase, from: string, to: string): Promise<readonly FileChange[]>;
  fileAt(base: TaskBase, commit: string, path: string): Promise<string | null>;
  bytesAt(base: TaskBase, commit: string, path: string): Promise<Uint8Array | null>;
  /** Both sides of a changed file; rejects with `notAllowed` for one that can only be accepted as a whole. */
  lines(base: TaskBase, from: string, to: string, path: string): Promise<{ readonly from: string | null; readonly to: string | null }>;
  diff(base: TaskBase, from: string, to: string): Promise<string>;
  worktreeSize(base: TaskBase): Promise<number>;
  /** Files that a new task would see, relative to the root, sorted: everything that git does not ignore. */
  visible(): Promise<readonly string[]>;
  /** Absolute path of a file in a task's folder of handoff files. */
  planFile(task: TaskId, file: string): string;
  /**
   * What is on disk from byte `from` on: 0, or `next` of an earlier read. Nothing for a session without a transcript.
   * Rejects with `damaged` once `from` has come to a line that is no entry.
   */
  transcript(task: TaskId, session: SessionId, from: number): Promise<TranscriptChunk>;
}

export interface DeskDeps {
  /** Absolute path of the workspace folder's repository. */
  readonly root: string;
  /** Takes the journal; rejects with `locked`, naming the owner, while another living process has it. */
  readonly own: (listeners: Listeners, approvePlan: EngineDeps["approvePlan"]) => Promise<DeskEngine>;
  readonly reader: DeskReader;
  readonly files: DeskFiles;
  /** Asked whenever a run could start. */
  readonly maxConcurrentTasks: () => number;
  readonly clock: Clock;
  readonly logger: Logger;
}
