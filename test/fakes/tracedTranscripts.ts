// Transcripts that begin with given entries and keep a trace of what was written and flushed, in order.
import { CountersignError } from "../../src/core/domain/errors";
import type { Transcript, TranscriptEntry, Transcripts } from "../../src/core/ports/transcripts";

export class TracedTranscripts implements Transcripts {
  /** All entries of the session, the recovered ones first. */
  readonly entries: TranscriptEntry[];
  /** Entries that a crash of the machine would leave. */
  durable: number;
  closed = 0;

  constructor(
    recovered: readonly TranscriptEntry[] = [],
    private readonly trace: (line: string) => void = () => undefined,
  ) {
    this.entries = structuredClone([...recovered]);
    this.durable = this.entries.length;
  }

  async open(): Promise<Transcript> {
    const recovered = structuredClone(this.entries);
    let isClosed = false;
    return {
      recovered,
      append: (entry) => {
        if (isClosed) throw new CountersignError("conflict", "The transcript is closed");
        this.trace(entry.kind === "toolResult" ? `toolResult ${entry.result.callId}` : entry.kind === "toolStarted" ? `toolStarted ${entry.call}` : entry.kind);
        this.entries.push(structuredClone(entry));
      },
      flush: async () => {
        const reached = this.entries.length;
        await new Promise(setImmediate);
        this.durable = reached;
        this.trace("flushed");
      },
      close: async () => {
        isClosed = true;
        this.closed += 1;
      },
    };
  }
}
