// Conversations, verbatim, one file a session. Written as they happen so that a session can go on after a crash.
import type { AssistantMessage, StopReason, ToolResultBlock, UserMessage } from "../domain/conversation";
import type { Role, SessionId, TaskId } from "../domain/task";
import type { Usage } from "../domain/usage";

export type TranscriptEntry =
  | {
      readonly kind: "header";
      readonly session: SessionId;
      readonly role: Role;
      readonly attempt: number;
      readonly model: string;
      readonly system: string;
      readonly tools: readonly string[];
    }
  | { readonly kind: "user"; readonly message: UserMessage }
  | { readonly kind: "assistant"; readonly message: AssistantMessage; readonly stop: StopReason; readonly usage: Usage }
  /** Written (and flushed) before a tool with side effects starts. */
  | { readonly kind: "toolStarted"; readonly call: string }
  | { readonly kind: "toolResult"; readonly result: ToolResultBlock };

/**
 * Contract: `append` returns at once and keeps order, and throws `io` after an earlier write failed; `flush` resolves
 * once all of it is fsynced and rejects with CountersignError `io`; `close` flushes; idempotent.
 */
export interface Transcript {
  /** What the file held when it was opened; a torn last line is left out. */
  readonly recovered: readonly TranscriptEntry[];
  append(entry: TranscriptEntry): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Contract: `open` creates or continues the session's file; rejects with `io`, or `damaged` before a torn last line. */
export interface Transcripts {
  open(task: TaskId, session: SessionId): Promise<Transcript>;
}

/** Part of a transcript that is read while it may still be written. */
export interface TranscriptChunk {
  /** Whole lines only; one that is being written belongs to the next chunk. */
  readonly entries: readonly TranscriptEntry[];
  /** Where to read on. Smaller than where this read began: the file was cut or replaced, and has to be read from 0. */
  readonly next: number;
  /** There are more whole lines already. */
  readonly more: boolean;
}
