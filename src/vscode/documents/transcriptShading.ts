// Puts what is only looked up out of the foreground: marks of headings, and the figures behind them. A theme has a
// colour for that, but no grammar has a name for it.
import { Disposable, Range, ThemeColor, window, workspace, type TextEditor } from "vscode";
import { TRANSCRIPT_LANGUAGE, outlineOf } from "./transcriptLanguage";

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

function asideIn({ document }: TextEditor): Range[] {
  const { sections } = outlineOf(document);
  return sections.flatMap((section) => [section, ...section.children]).flatMap(({ start, detail }) => {
    const { text } = document.lineAt(start);
    const marks = new Range(start, 0, start, text.indexOf(" "));
    return detail === "" ? [marks] : [marks, new Range(start, text.length - detail.length - " · ".length, start, text.length)];
  });
}
