// What the journal says about one session: when its turns and calls were, how long they took, what they cost. The
// conversation itself is in its transcript.
import { duration } from "../../shared/figures";
import type { JournalEvent } from "../domain/event";
import type { SessionId } from "../domain/task";
import type { Usage } from "../domain/usage";
import { costText, tokensText } from "./figures";

export interface TurnRecord {
  /** When the model was asked; ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly usage: Usage;
  /** Dollars; null when the model has no known price. */
  readonly usd: number | null;
}

export interface CallRecord {
  /** What it is about, in one line, as the tool says. */
  readonly description: string;
  /** null while it runs, or when it was cut off. */
  readonly end: { readonly ok: boolean; readonly summary: string; readonly durationMs: number } | null;
}

/** Something that happened between two turns. */
export interface SessionNote {
  /** The turn that came before it; 0 before the first. */
  readonly afterTurn: number;
  readonly time: string;
  readonly text: string;
}

export class SessionRecord {
  readonly turns = new Map<number, TurnRecord>();
  readonly calls = new Map<string, CallRecord>();
  readonly notes: SessionNote[] = [];
  #started = false;
  #lastTurn = 0;

  constructor(private readonly session: SessionId) {}

  /** Takes an event in; true when it is about this session. */
  apply(event: JournalEvent): boolean {
    if (!("session" in event) || event.session !== this.session) return false;
    switch (event.kind) {
      case "sessionStarted":
        if (this.#started) this.#note(event.time, "Went on after an interruption.");
        this.#started = true;
        break;
      case "turnCompleted": {
        const { turn, durationMs, usage, usd } = event;
        this.#lastTurn = turn;
        this.turns.set(turn, { startedAt: new Date(Date.parse(event.time) - durationMs).toISOString(), durationMs, usage, usd });
        break;
      }
      case "callFailed": {
        const cost = costText({ usd: event.usd ?? 0, unpricedCalls: event.usd === null ? 1 : 0 });
        this.#note(event.time, `No answer: ${event.reason} Billed all the same: ${tokensText(event.usage)} · ${cost}.`);
        break;
      }
      case "modelRetried":
        this.#note(event.time, `${event.reason} Asked again after ${duration(event.delayMs)}.`);
        break;
      case "toolCalled":
        this.calls.set(event.call, { description: event.summary, end: null });
        break;
      case "toolFinished": {
        const { ok, summary, durationMs } = event;
        this.calls.set(event.call, { description: this.calls.get(event.call)?.description ?? "", end: { ok, summary, durationMs } });
        break;
      }
      case "sessionEnded":
        break;
    }
    return true;
  }

  #note(time: string, text: string): void {
    this.notes.push({ afterTurn: this.#lastTurn, time, text });
  }
}
