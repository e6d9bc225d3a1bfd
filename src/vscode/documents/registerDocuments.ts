// Puts the read-only documents together: transcripts, cost reports, exports.
import { MarkdownString, languages, workspace, type Disposable } from "vscode";
import type { Host } from "../host";
import { command } from "../run";
import { exportCostReport, openCostReport } from "./costCommands";
import { CostReports, costLenses } from "./costReports";
import { REPORT_SCHEME } from "./costUri";
import { exportTask } from "./exportTask";
import { openSessionFile } from "./sessionFile";
import { showTranscript } from "./showTranscript";
import { TranscriptFiles } from "./transcriptFiles";
import { OPEN_SESSION_FILE, TRANSCRIPT_LANGUAGE, transcriptFolding, transcriptLinks, transcriptSymbols } from "./transcriptLanguage";
import { TranscriptReading } from "./transcriptReading";
import { TranscriptShading } from "./transcriptShading";
import { TRANSCRIPT_SCHEME } from "./transcriptUri";

export function registerDocuments(host: Host): readonly Disposable[] {
  return [...transcripts(host), ...costs(host), command(host, "exportTask", (argument, options) => exportTask(host, argument, options))];
}

function transcripts(host: Host): readonly Disposable[] {
  const transcript = new TranscriptFiles(host);
  const reading = new TranscriptReading((error) => host.log.warn(`A transcript could not be folded: ${String(error)}`));
  const of = { scheme: TRANSCRIPT_SCHEME, language: TRANSCRIPT_LANGUAGE };
  const isReadonly = new MarkdownString("A transcript is a record and cannot be edited.");
  return [
    transcript,
    reading,
    new TranscriptShading(),
    workspace.registerFileSystemProvider(TRANSCRIPT_SCHEME, transcript.files, { isReadonly, isCaseSensitive: true }),
    languages.registerFoldingRangeProvider(of, transcriptFolding),
    languages.registerDocumentSymbolProvider(of, transcriptSymbols),
    languages.registerDocumentLinkProvider(of, transcriptLinks),
    command(host, "showTranscript", (argument) => showTranscript(host, reading, argument)),
    command(host, OPEN_SESSION_FILE, (argument) => openSessionFile(host, argument)),
  ];
}

function costs(host: Host): readonly Disposable[] {
  const reports = new CostReports(host.desks);
  const isReadonly = new MarkdownString("A cost report says what the journal says. Export it to have a copy of your own.");
  return [
    reports,
    workspace.registerFileSystemProvider(REPORT_SCHEME, reports.files, { isReadonly, isCaseSensitive: true }),
    languages.registerCodeLensProvider({ scheme: REPORT_SCHEME }, costLenses),
    command(host, "costReport", (argument) => openCostReport(host, reports, argument)),
    command(host, "exportCostReport", (report, format, to) => exportCostReport(host, report, format, to)),
  ];
}
