// Puts what is only looked up out of the foreground: marks of headings, and the figures behind them. A theme has a
// colour for that, but no grammar has a name for it. Only what is in view is shaded, however long the transcript is.
import { Disposable, Range, ThemeColor, window, workspace, type TextEditor } from "vscode";
import { TRANSCRIPT_LANGUAGE, outlineOf } from "./transcriptLanguage";

/** Lines around the view, for scrolling. */
const AROUND = 200;

export class TranscriptShading extends Disposable {
  readonly #aside = window.createTextEditorDecorationType({ color: new ThemeColor("descriptionForeground") });
  readonly #subscriptions: readonly Disposable[];

  constructor() {
    super(() => {
      for (const subscription of this.#subscriptions) subscription.dispose();
      this.#aside.dispose();
    });
    this.#subscriptions = [
      window.onDidChangeVisibleTextEditors((editors) => this.#shade(editors)),
      window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#shade([textEditor])),
      workspace.onDidChangeTextDocument(({ document }) => this.#shade(window.visibleTextEditors.filter((editor) => editor.document === document))),
    ];
    this.#shade(window.visibleTextEditors);
  }

  #shade(editors: readonly TextEditor[]): void {
    for (const editor of editors) {
      if (editor.document.languageId === TRANSCRIPT_LANGUAGE) editor.setDecorations(this.#aside, asideIn(editor));
    }
  }
}

function asideIn({ document, visibleRanges }: TextEditor): Range[] {
  const isNear = (line: number): boolean => visibleRanges.some(({ start, end }) => start.line - AROUND <= line && line <= end.line + AROUND);
  const headings = outlineOf(document).sections.flatMap((section) => [section, ...section.children]);
  return headings.filter(({ start }) => isNear(start)).flatMap(({ start, detail }) => {
    const { text } = document.lineAt(start);
    const marks = new Range(start, 0, start, text.indexOf(" "));
    return detail === "" ? [marks] : [marks, new Range(start, text.length - detail.length - " · ".length, start, text.length)];
  });
}
