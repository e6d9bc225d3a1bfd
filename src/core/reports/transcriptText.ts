// The text of a transcript that grows with its session: what cannot change any more is printed once and forgotten, so
// that following a long session costs as little as following a short one.
import { toolCallsOf } from "../domain/conversation";
import type { JournalEvent, LiveEvent } from "../domain/event";
import type { SessionId } from "../domain/task";
import type { TranscriptEntry } from "../ports/transcripts";
import type { SessionView, TaskView } from "../projections/taskView";
import { ConversationParts, type ConversationPart } from "./conversationParts";
import { printNote, printPart, printThinking, printTranscriptHeader, type SessionState, type TranscriptOptions } from "./printTranscript";
import { SessionRecord } from "./sessionRecord";
import { saidText } from "./shownText";

/** The last parts are printed anew each time: the journal may tell of them a moment after the transcript does. */
const OPEN_PARTS = 3;
/** Of a running command's output. */
const OUTPUT_CHARACTERS = 4000;

export interface TranscriptPieces {
  /** Title and sums, which change with every turn; always the same number of lines. */
  readonly header: string;
  /** Parts that do not change any more; there are only ever more of them. */
  readonly settled: readonly string[];
  /** What comes behind them, and may be another thing next time. */
  readonly open: string;
}

export function textOf({ header, settled, open }: TranscriptPieces): string {
  return `${header}${settled.join("")}${open}`;
}

export class TranscriptText {
  readonly #conversation: ConversationParts;
  readonly #record: SessionRecord;
  readonly #settled: string[] = [];
  /** What streams in now, and of which turn. */
  #live = { turn: 0, thinking: "", text: "" };
  #output = "";

  constructor(
    private readonly session: SessionId,
    private readonly options: TranscriptOptions,
  ) {
    this.#conversation = new ConversationParts();
    this.#record = new SessionRecord(session);
  }

  /** Turns whose response has been read. */
  get turns(): number {
    return this.#conversation.turns;
  }

  /** Turns that the journal tells of. */
  get recordedTurns(): number {
    return this.#record.turns.size;
  }

  add(entries: readonly TranscriptEntry[]): void {
    for (const entry of entries) this.#conversation.add(entry);
  }

  /** True when the event changes the text. */
  apply(event: JournalEvent): boolean {
    if (!this.#record.apply(event)) return false;
    if (event.kind === "modelRetried" || event.kind === "callFailed" || event.kind === "sessionEnded") this.#live = { turn: 0, thinking: "", text: "" };
    if (event.kind === "toolCalled" || event.kind === "toolFinished") this.#output = "";
    return true;
  }

  /** True when the event changes the text. */
  stream(event: LiveEvent): boolean {
    if (event.kind === "outputStreamed") {
      if (event.source !== this.session) return false;
      this.#output = `${this.#output}${event.text}`.slice(-OUTPUT_CHARACTERS);
      return true;
    }
    if (event.session !== this.session) return false;
    const turn = this.#record.turns.size + 1;
    if (this.#live.turn !== turn) this.#live = { turn, thinking: "", text: "" };
    if (event.kind === "thinkingStreamed") this.#live.thinking += event.text;
    else this.#live.text += event.text;
    return true;
  }

  pieces(task: TaskView, session: SessionView, state: SessionState): TranscriptPieces {
    const header = `${printTranscriptHeader(task, session, state, this.options)}\n\n`;
    for (const part of this.#conversation.takeAllBut(OPEN_PARTS)) this.#settled.push(`${this.#print(part, false)}\n\n`);
    return { header, settled: this.#settled, open: `${this.#open(state)}${this.#end(session, state)}` };
  }

  #open(state: SessionState): string {
    const open = this.#conversation.parts;
    return open.map((part, index) => `${this.#print(part, state === "live" && index === open.length - 1)}\n\n`).join("");
  }

  #print(part: ConversationPart, isRunning: boolean): string {
    return printPart(part, { record: this.#record, options: this.options, isRunning, outputTail: this.#output });
  }

  /** What comes after the last whole part: a response on its way, or how it ended. */
  #end(session: SessionView, state: SessionState): string {
    const notes = this.#record.notes.filter((note) => note.afterTurn === this.turns).map((note) => printNote(note, this.options));
    if (state === "live") return this.#inProgress(notes);
    const ended = session.endedAt === null ? [] : [`## End · ${this.options.stamp(session.endedAt)}`];
    const pieces = [...ended, ...notes];
    return pieces.length === 0 ? "" : `${pieces.join("\n\n")}\n`;
  }

  #inProgress(notes: readonly string[]): string {
    const { turn, thinking, text } = this.#live;
    const isStreaming = turn > this.turns && thinking + text !== "";
    if (!isStreaming && !this.#isWaiting()) return "";
    const streamed = isStreaming ? [thinking === "" ? "" : printThinking(thinking), text === "" ? "" : saidText(text)] : [];
    const pieces = [`## Turn ${this.turns + 1} · ${isStreaming ? "in progress" : "waiting for the model"}`, ...notes, ...streamed];
    return `${pieces.filter((piece) => piece !== "").join("\n\n")}\n`;
  }

  /** Everything that was said to the model has its answer still to come. */
  #isWaiting(): boolean {
    const last = this.#conversation.parts.at(-1);
    if (last === undefined || last.kind === "instructions") return false;
    if (last.kind === "message") return true;
    const calls = toolCallsOf(last.message);
    return calls.length > 0 && calls.every((call) => last.results.has(call.id));
  }
}
