// Transcripts in memory. Closing one keeps its entries, so that a session can be opened again as after a crash.
import { CountersignError } from "../../src/core/domain/errors";
import type { SessionId, TaskId } from "../../src/core/domain/task";
import type { Transcript, TranscriptEntry, Transcripts } from "../../src/core/ports/transcripts";

export class MemoryTranscripts implements Transcripts {
  readonly #files = new Map<string, string[]>();

  async open(task: TaskId, session: SessionId): Promise<Transcript> {
    const key = `${task}/${session}`;
    const lines = this.#files.get(key) ?? [];
    this.#files.set(key, lines);
    return new MemoryTranscript(lines);
  }

  /** What a session's file holds, for assertions. */
  entries(task: TaskId, session: SessionId): readonly TranscriptEntry[] {
    return (this.#files.get(`${task}/${session}`) ?? []).map(parse);
  }
}

class MemoryTranscript implements Transcript {
  readonly recovered: readonly TranscriptEntry[];
  #closed = false;

  constructor(private readonly lines: string[]) {
    this.recovered = lines.map(parse);
  }

  append(entry: TranscriptEntry): void {
    if (this.#closed) throw new CountersignError("conflict", "The transcript is closed");
    this.lines.push(JSON.stringify(entry));
  }

  async flush(): Promise<void> {
    await Promise.resolve();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.resolve();
  }
}

function parse(line: string): TranscriptEntry {
  return JSON.parse(line) as TranscriptEntry;
}
