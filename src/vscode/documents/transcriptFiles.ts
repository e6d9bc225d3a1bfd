// The transcripts that are open in this window, and single inputs and results in full.
import { Disposable, workspace, type Uri } from "vscode";
import { CountersignError } from "../../core/domain/errors";
import type { TaskDesk } from "../../core/desk/taskDesk";
import type { TranscriptEntry } from "../../core/ports/transcripts";
import { wholeText } from "../../core/reports/findCall";
import type { Host } from "../host";
import { LiveTranscript } from "./liveTranscript";
import type { MadeFile, ReadonlyFiles } from "./readonlyFiles";
import { refAt, type CallRef, type TranscriptRef } from "./transcriptUri";

const CLOCK = {
  monotonic: () => performance.now(),
  after(ms: number, callback: () => void): Disposable {
    const timer = setTimeout(callback, ms);
    return new Disposable(() => clearTimeout(timer));
  },
};

interface Open {
  readonly transcript: LiveTranscript;
  readonly opened: Promise<void>;
}

export class TranscriptFiles {
  readonly #open = new Map<string, Open>();
  readonly #subscription: Disposable;

  constructor(
    private readonly host: Host,
    private readonly files: ReadonlyFiles,
  ) {
    this.#subscription = workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri.toString()));
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const key of this.#open.keys()) this.#forget(key);
  }

  async read(uri: Uri): Promise<MadeFile> {
    const ref = refAt(uri);
    if (ref === undefined) throw new CountersignError("notFound", "There is no such transcript.");
    if ("call" in ref) return this.#call(ref);
    const { transcript, opened } = this.#open.get(uri.toString()) ?? this.#begin(uri, ref);
    await opened;
    return transcript.file;
  }

  #begin(uri: Uri, ref: TranscriptRef): Open {
    this.#forgetClosed();
    const key = uri.toString();
    const onTrouble = (error: unknown): void => this.host.log.warn(`A transcript could not be read on: ${String(error)}`);
    const transcript = new LiveTranscript(ref, { desks: this.host.desks, clock: CLOCK, onChange: () => this.files.changed(uri), onTrouble });
    const open = { transcript, opened: transcript.open() };
    this.#open.set(key, open);
    // It is tried again when it is opened again.
    open.opened.catch(() => this.#forget(key));
    return open;
  }

  async #call(ref: CallRef): Promise<MadeFile> {
    const { desk } = await this.host.desks.find(ref);
    const found = wholeText(await entriesOf(desk, ref), ref.call);
    if (found === null) throw new CountersignError("notFound", "The transcript has no such call any more.");
    return { bytes: Buffer.from(found.text), modified: 0 };
  }

  /** Somebody may have read a file that no editor ever showed. */
  #forgetClosed(): void {
    const shown = new Set(workspace.textDocuments.map(({ uri }) => uri.toString()));
    for (const key of this.#open.keys()) if (!shown.has(key)) this.#forget(key);
  }

  #forget(key: string): void {
    this.#open.get(key)?.transcript.dispose();
    this.#open.delete(key);
  }
}

/** A session's whole conversation. Rejects with `damaged`. */
export async function entriesOf(desk: TaskDesk, { task, session }: TranscriptRef): Promise<readonly TranscriptEntry[]> {
  const entries: TranscriptEntry[] = [];
  for (let [next, more] = [0, true]; more; ) {
    const chunk = await desk.files.transcript(task, session, next);
    entries.push(...chunk.entries);
    [next, more] = [chunk.next, chunk.more];
  }
  return entries;
}
