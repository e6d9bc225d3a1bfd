// Puts the read-only documents together: transcripts, cost reports, exports. What they say is loaded with the first one.
import { MarkdownString, workspace, type Disposable } from "vscode";
import type { Host } from "../host";
import { command } from "../run";
import type { Documents } from "./documents";
import { ReadonlyFiles } from "./readonlyFiles";
import { OPEN_SESSION_FILE, REPORT_SCHEME, TRANSCRIPT_SCHEME } from "./schemes";

export function registerDocuments(host: Host): readonly Disposable[] {
  const lazy = new LazyDocuments(host);
  const { transcripts, costs } = lazy.files;
  const isRecord = new MarkdownString("A transcript is a record and cannot be edited.");
  const isReport = new MarkdownString("A cost report says what the journal says. Export it to have a copy of your own.");
  return [
    lazy,
    transcripts,
    costs,
    workspace.registerFileSystemProvider(TRANSCRIPT_SCHEME, transcripts, { isReadonly: isRecord, isCaseSensitive: true }),
    workspace.registerFileSystemProvider(REPORT_SCHEME, costs, { isReadonly: isReport, isCaseSensitive: true }),
    command(host, "showTranscript", async (argument) => (await lazy.get()).showTranscript(argument)),
    command(host, OPEN_SESSION_FILE, async (argument) => (await lazy.get()).openSessionFile(argument)),
    command(host, "costReport", async (argument) => (await lazy.get()).openCostReport(argument)),
    command(host, "exportCostReport", async (report, format, to) => (await lazy.get()).exportCostReport(report, format, to)),
    command(host, "exportTask", async (argument, options) => (await lazy.get()).exportTask(argument, options)),
  ];
}

class LazyDocuments implements Disposable {
  readonly files = {
    transcripts: new ReadonlyFiles(async (uri) => (await this.get()).transcript(uri)),
    costs: new ReadonlyFiles(async (uri) => (await this.get()).costs(uri)),
  };
  #documents: Promise<Documents> | null = null;
  #loaded: Documents | null = null;

  constructor(private readonly host: Host) {}

  get(): Promise<Documents> {
    this.#documents ??= this.#load();
    return this.#documents;
  }

  dispose(): void {
    this.#loaded?.dispose();
  }

  async #load(): Promise<Documents> {
    const { Documents: Loaded } = await import("./documents");
    this.#loaded = new Loaded(this.host, this.files);
    return this.#loaded;
  }
}
