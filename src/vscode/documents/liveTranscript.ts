// One session's transcript as a document that follows the session: read once, then read on, and printed anew at most
// four times a second. Knows no editor but for the folders' desks.
import type { Disposable } from "vscode";
import type { DeskFiles } from "../../core/desk/deskPorts";
import { CountersignError, messageOf } from "../../core/domain/errors";
import type { JournalEvent } from "../../core/domain/event";
import type { DeskChange, TaskDesk } from "../../core/desk/taskDesk";
import type { Clock } from "../../core/ports/clock";
import type { SessionView, TaskView } from "../../core/projections/taskView";
import type { SessionState } from "../../core/reports/printTranscript";
import { TranscriptText, type TranscriptPieces } from "../../core/reports/transcriptText";
import type { TaskRef } from "../taskRef";
import { localStamp } from "./localTime";
import type { MadeFile } from "./readonlyFiles";
import type { TranscriptRef } from "./transcriptUri";

type Desk = Pick<TaskDesk, "root" | "events" | "task" | "isInterrupted"> & { readonly files: Pick<DeskFiles, "transcript"> };

/** What a transcript asks of the window's desks. */
export interface TranscriptDesks {
  onDidChange(listener: (event: { readonly desk: Pick<TaskDesk, "root">; readonly change: DeskChange }) => void): Disposable;
  find(ref: TaskRef): Promise<{ readonly desk: Desk; readonly view: TaskView }>;
}

export interface TranscriptDeps {
  readonly desks: TranscriptDesks;
  readonly clock: Pick<Clock, "monotonic" | "after">;
  /** There is something new to be shown. */
  readonly onChange: () => void;
  /** It could not be read on. */
  readonly onTrouble: (error: unknown) => void;
}

export const GAP_MS = 250;
/** The journal tells of an entry a moment before it is on disk. */
const SETTLE_MS = 30;
/** Of one input or result, bytes. */
const SHOWN_BYTES = 20 * 1024;
/** Looks for an entry that the journal tells of, until it counts as gone. */
const MOST_LOOKS = 20;
/** Each megabyte that is shown makes updates so much rarer: everybody has to read all of it again. */
const MS_A_MEGABYTE = 250;

export class LiveTranscript implements Disposable {
  #text: TranscriptText;
  #desk: Desk | null = null;
  /** Where to read on in the conversation's file. */
  #next = 0;
  #lastSeq = 0;
  /** Events that came while the journal was being read; null when it has been. */
  #early: JournalEvent[] | null = [];
  #problem = "";
  #shown = { header: "", settled: 0, open: "" };
  /** Settled parts as they go into the file. */
  #settled: Uint8Array[] = [];
  #file: MadeFile = { bytes: new Uint8Array(), modified: 0 };
  #timer: Disposable | null = null;
  #updating: Promise<void> = Promise.resolve();
  #lastUpdate = -Infinity;
  /** The body is shown, and its header is not yet. */
  #isHalf = false;
  /** In a row, for an entry that is not there. */
  #looks = 0;
  readonly #subscription: Disposable;

  constructor(
    private readonly ref: TranscriptRef,
    private readonly deps: TranscriptDeps,
  ) {
    this.#text = new TranscriptText(ref.session, { stamp: localStamp, maxBytes: SHOWN_BYTES });
    this.#subscription = deps.desks.onDidChange((event) => this.#heard(event));
  }

  get file(): MadeFile {
    return this.#file;
  }

  /** Resolves when the document says what is on record now. Rejects with `notFound`. */
  async open(): Promise<void> {
    const { desk, view } = await this.deps.desks.find(this.ref);
    if (!view.sessions.some(({ id }) => id === this.ref.session)) {
      throw new CountersignError("notFound", `Task "${view.request.title}" has no session ${this.ref.session}. It may have been removed with its journal.`);
    }
    this.#desk = desk;
    for (const event of await desk.events(this.ref.task)) this.#apply(event);
    for (const event of this.#early ?? []) this.#apply(event);
    this.#early = null;
    await this.#readOn(desk);
    this.#print();
    this.#lookAgain();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#timer?.dispose();
  }

  #heard({ desk, change }: Parameters<Parameters<TranscriptDesks["onDidChange"]>[0]>[0]): void {
    if (desk.root !== this.ref.root) return;
    switch (change.kind) {
      case "event":
        if (change.event.task !== this.ref.task) return;
        if (this.#early !== null) this.#early.push(change.event);
        else if (this.#apply(change.event)) this.#schedule();
        return;
      case "live":
        if (this.#early === null && change.event.task === this.ref.task && this.#text.stream(change.event)) this.#schedule();
        return;
      case "reset":
        this.#begin();
        return;
      case "queue":
      case "ownership":
        this.#schedule();
        return;
      case "trouble":
        return;
    }
  }

  #apply(event: JournalEvent): boolean {
    if (event.seq <= this.#lastSeq) return false;
    this.#lastSeq = event.seq;
    return this.#text.apply(event);
  }

  /** The journal may be another one: everything is read anew. */
  #begin(): void {
    if (this.#early !== null) return;
    this.#text = new TranscriptText(this.ref.session, { stamp: localStamp, maxBytes: SHOWN_BYTES });
    [this.#next, this.#lastSeq, this.#early, this.#settled] = [0, 0, [], []];
    this.#updating = this.#updating.then(() => this.open()).then(this.deps.onChange, this.deps.onTrouble);
  }

  #schedule(): void {
    if (this.#early !== null || this.#timer !== null) return;
    const gap = Math.max(GAP_MS, (this.#file.bytes.length / 1_000_000) * MS_A_MEGABYTE);
    const wait = Math.max(SETTLE_MS, this.#lastUpdate + gap - this.deps.clock.monotonic());
    this.#timer = this.deps.clock.after(wait, () => {
      this.#updating = this.#updating.then(() => this.#update()).catch(this.deps.onTrouble);
    });
  }

  async #update(): Promise<void> {
    const desk = this.#desk;
    if (desk !== null && this.#early === null) await this.#readOn(desk);
    this.#timer = null;
    // It may have begun anew meanwhile.
    if (desk === null || this.#early !== null) return;
    if (this.#print()) this.deps.onChange();
    this.#lastUpdate = this.deps.clock.monotonic();
    this.#lookAgain();
  }

  /** Only the body has been shown so far, or the journal tells of a turn that is not in the conversation's file yet. */
  #lookAgain(): void {
    const isBehind = this.#text.turns < this.#text.recordedTurns && this.#problem === "";
    this.#looks = isBehind ? this.#looks + 1 : 0;
    if (this.#isHalf || (isBehind && this.#looks <= MOST_LOOKS)) this.#schedule();
  }

  async #readOn(desk: Desk): Promise<void> {
    try {
      for (let more = true; more; ) {
        const chunk = await desk.files.transcript(this.ref.task, this.ref.session, this.#next);
        if (chunk.next < this.#next) return this.#begin();
        this.#text.add(chunk.entries);
        this.#next = chunk.next;
        more = chunk.more;
      }
      this.#problem = "";
    } catch (error) {
      this.#problem = messageOf(error);
    }
  }

  /** True when the document has changed. */
  #print(): boolean {
    const view = this.#desk?.task(this.ref.task);
    const session = view?.sessions.find(({ id }) => id === this.ref.session);
    if (view === undefined || session === undefined) return false;
    const state = this.#stateOf(view, session);
    const fresh = this.#text.pieces(view, session, state);
    return this.#show({ ...fresh, open: fresh.open + this.#remark(session, state) });
  }

  #show({ header, settled, open }: TranscriptPieces): boolean {
    const before = this.#shown;
    const isBodyNew = settled.length !== before.settled || open !== before.open;
    this.#isHalf = false;
    if (!isBodyNew && header === before.header) return false;
    // One at a time: an edit that spans both would carry a reader away who is in between.
    this.#isHalf = isBodyNew && before.header !== "" && header !== before.header;
    this.#shown = { header: this.#isHalf ? before.header : header, settled: settled.length, open };
    for (const part of settled.slice(this.#settled.length)) this.#settled.push(Buffer.from(part));
    const bytes = Buffer.concat([Buffer.from(this.#shown.header), ...this.#settled, Buffer.from(open)]);
    this.#file = { bytes, modified: Math.max(Date.now(), this.#file.modified + 1) };
    return true;
  }

  #stateOf(view: TaskView, session: SessionView): SessionState {
    if (session.endedAt !== null) return "ended";
    return view.status === "running" && this.#desk?.isInterrupted(view) === false ? "live" : "interrupted";
  }

  #remark(session: SessionView, state: SessionState): string {
    if (this.#problem !== "") return `## Not all of it can be shown\n\n${this.#problem}\n`;
    const isGone = this.#text.turns === 0 && session.turns > 0 && (state !== "live" || this.#looks >= MOST_LOOKS);
    return isGone ? "## The conversation is gone\n\nIts file is not in the task's folder any more. What the journal says about it stands above.\n" : "";
  }
}
