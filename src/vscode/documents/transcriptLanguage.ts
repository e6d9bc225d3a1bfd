// What makes a transcript more than text: folds, outline and bread crumbs, links to files and to what was cut.
import {
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  FoldingRangeKind,
  Range,
  SymbolKind,
  Uri,
  type DocumentLinkProvider,
  type DocumentSymbolProvider,
  type FoldingRangeProvider,
  type TextDocument,
} from "vscode";
import { transcriptOutline, type LineRange, type OutlineCall, type OutlineSection, type TranscriptOutline } from "../../core/reports/transcriptOutline";
import { callUri, refAt } from "./transcriptUri";
import { OPEN_SESSION_FILE } from "./schemes";

export const TRANSCRIPT_LANGUAGE = "countersign-transcript";

/** The outline of a document, read once for each of its versions. */
const outlines = new WeakMap<TextDocument, { readonly version: number; readonly outline: TranscriptOutline }>();

export function outlineOf(document: TextDocument): TranscriptOutline {
  const known = outlines.get(document);
  if (known?.version === document.version) return known.outline;
  const outline = transcriptOutline(document.getText());
  outlines.set(document, { version: document.version, outline });
  return outline;
}

/** What is folded until somebody wants to see it, in the order of the text: prompts, thoughts, and calls that are over. */
export function foldedAtFirst({ sections }: TranscriptOutline): readonly LineRange[] {
  return sections.flatMap((section) => [...(isPrompt(section) ? [section] : []), ...section.children.filter((child) => isOver(child, section))]).filter(({ start, end }) => end > start);
}

function isPrompt({ kind }: OutlineSection): boolean {
  return kind === "instructions" || kind === "request";
}

function isOver({ kind, title }: OutlineCall, section: OutlineSection): boolean {
  return kind === "call" ? !title.startsWith("●") : kind === "thinking" && section.detail !== "in progress";
}

export const transcriptFolding: FoldingRangeProvider = {
  provideFoldingRanges(document) {
    const outline = outlineOf(document);
    const regions = outline.sections.flatMap((section) => [
      new FoldingRange(section.start, section.end, ...(isPrompt(section) ? [FoldingRangeKind.Region] : [])),
      ...section.children.map((child, index, all) => new FoldingRange(child.start, foldEnd(child, all[index + 1]), FoldingRangeKind.Region)),
    ]);
    return [...regions, ...outline.blocks.map(({ start, end }) => new FoldingRange(start, end))];
  },
};

/** Calls that follow one another stand line below line when they are folded: the blank lines between them are hidden. */
function foldEnd(child: OutlineCall, next: OutlineCall | undefined): number {
  return child.kind === "call" && next?.kind === "call" ? next.start - 1 : child.end;
}

const SECTION_KINDS: Readonly<Record<OutlineSection["kind"], SymbolKind>> = {
  instructions: SymbolKind.Key,
  request: SymbolKind.Key,
  remark: SymbolKind.Event,
  turn: SymbolKind.Class,
  other: SymbolKind.Null,
};

const CHILD_KINDS: Readonly<Record<OutlineCall["kind"], SymbolKind>> = {
  call: SymbolKind.Method,
  thinking: SymbolKind.Property,
  said: SymbolKind.String,
};

export const transcriptSymbols: DocumentSymbolProvider = {
  provideDocumentSymbols(document) {
    return outlineOf(document).sections.map((section) => {
      const symbol = symbolOf(document, section, SECTION_KINDS[section.kind]);
      symbol.children = section.children.map((child) => symbolOf(document, child, CHILD_KINDS[child.kind]));
      return symbol;
    });
  },
};

function symbolOf(document: TextDocument, of: OutlineSection | OutlineCall, kind: SymbolKind): DocumentSymbol {
  const { start, end, title, detail } = of;
  const whole = new Range(start, 0, end, document.lineAt(end).text.length);
  return new DocumentSymbol(title.replaceAll("`", "") || "–", detail, kind, whole, document.lineAt(start).range);
}

/** The command of the links to files. */

export const transcriptLinks: DocumentLinkProvider = {
  provideDocumentLinks(document) {
    const ref = refAt(document.uri);
    if (ref === undefined) return [];
    const outline = outlineOf(document);
    const files = outline.paths.map(({ line, from, to, path }) => {
      const link = new DocumentLink(new Range(line, from, line, to), commandUri(OPEN_SESSION_FILE, { ...ref, path }));
      link.tooltip = "Open the file as the agent left it";
      return link;
    });
    const wholes = outline.wholes.map(({ line, ordinal, part }) => {
      const link = new DocumentLink(document.lineAt(line).range, callUri(document.uri, { ordinal, part }));
      link.tooltip = `Open the whole ${part}`;
      return link;
    });
    return [...files, ...wholes];
  },
};

function commandUri(command: string, argument: unknown): Uri {
  return Uri.parse(`command:countersign.${command}?${encodeURIComponent(JSON.stringify([argument]))}`);
}
