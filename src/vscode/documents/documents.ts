// What the read-only documents say, and their commands: transcripts, cost reports, exports. A bundle of its own, loaded
// with the first of them.
import { languages, type Disposable, type Uri } from "vscode";
import type { Host } from "../host";
import { exportCostReport, openCostReport } from "./costCommands";
import { CostReports, costLenses } from "./costReports";
import { exportTask } from "./exportTask";
import type { MadeFile, ReadonlyFiles } from "./readonlyFiles";
import { REPORT_SCHEME, TRANSCRIPT_SCHEME } from "./schemes";
import { openSessionFile } from "./sessionFile";
import { showTranscript } from "./showTranscript";
import { TranscriptFiles } from "./transcriptFiles";
import { TRANSCRIPT_LANGUAGE, transcriptFolding, transcriptLinks, transcriptSymbols } from "./transcriptLanguage";
import { TranscriptReading } from "./transcriptReading";
import { TranscriptShading } from "./transcriptShading";

export interface DocumentFiles {
  readonly transcripts: ReadonlyFiles;
  readonly costs: ReadonlyFiles;
}

export class Documents implements Disposable {
  readonly #transcripts: TranscriptFiles;
  readonly #reading: TranscriptReading;
  readonly #reports: CostReports;
  readonly #disposables: readonly Disposable[];

  constructor(
    private readonly host: Host,
    files: DocumentFiles,
  ) {
    this.#transcripts = new TranscriptFiles(host, files.transcripts);
    this.#reading = new TranscriptReading((error) => host.log.warn(`A transcript could not be folded: ${String(error)}`));
    this.#reports = new CostReports(host.desks, files.costs);
    const of = { scheme: TRANSCRIPT_SCHEME, language: TRANSCRIPT_LANGUAGE };
    this.#disposables = [
      this.#transcripts,
      this.#reading,
      this.#reports,
      new TranscriptShading(),
      languages.registerFoldingRangeProvider(of, transcriptFolding),
      languages.registerDocumentSymbolProvider(of, transcriptSymbols),
      languages.registerDocumentLinkProvider(of, transcriptLinks),
      languages.registerCodeLensProvider({ scheme: REPORT_SCHEME }, costLenses),
    ];
  }

  transcript(uri: Uri): Promise<MadeFile> {
    return this.#transcripts.read(uri);
  }

  costs(uri: Uri): Promise<MadeFile> {
    return this.#reports.print(uri);
  }

  showTranscript(argument: unknown): Promise<void> {
    return showTranscript(this.host, this.#reading, argument);
  }

  openSessionFile(argument: unknown): Promise<unknown> {
    return openSessionFile(this.host, argument);
  }

  openCostReport(argument: unknown): Promise<void> {
    return openCostReport(this.host, this.#reports, argument);
  }

  exportCostReport(report: unknown, format: unknown, to: unknown): Promise<unknown> {
    return exportCostReport(this.host, report, format, to);
  }

  exportTask(argument: unknown, options: unknown): Promise<unknown> {
    return exportTask(this.host, argument, options);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
