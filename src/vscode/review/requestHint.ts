// Says in an empty request what belongs there and how it is sent.
import { Range, ThemeColor, window, workspace, type Disposable, type TextEditor } from "vscode";
import { counted } from "../../shared/figures";
import type { DraftComments } from "./draftComments";
import { requestAt } from "./requestDocuments";

export class RequestHint implements Disposable {
  readonly #type = window.createTextEditorDecorationType({});
  readonly #subscriptions: readonly Disposable[];

  constructor(private readonly drafts: DraftComments) {
    this.#subscriptions = [
      drafts.onDidChange(() => this.#show(window.visibleTextEditors)),
      window.onDidChangeVisibleTextEditors((editors) => this.#show(editors)),
      workspace.onDidChangeTextDocument(({ document }) => this.#show(window.visibleTextEditors.filter((editor) => editor.document === document))),
    ];
    this.#show(window.visibleTextEditors);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#type.dispose();
  }

  #show(editors: readonly TextEditor[]): void {
    for (const editor of editors) {
      const ref = requestAt(editor.document.uri);
      if (ref === undefined) continue;
      const count = this.drafts.pending(ref);
      const along = count === 0 ? "" : ` ${counted(count, "comment")} ${count === 1 ? "goes" : "go"} along.`;
      const contentText = `What should the next attempt do differently?${along} Send it with the button above.`;
      const hint = { range: new Range(0, 0, 0, 0), renderOptions: { after: { contentText, color: new ThemeColor("input.placeholderForeground"), fontStyle: "italic" } } };
      editor.setDecorations(this.#type, editor.document.getText() === "" ? [hint] : []);
    }
  }
}
