// Keeps a transcript readable while it grows: what is over is folded once, and who looks at the end stays at the end.
// The reader's own folds and place are never touched.
import { Disposable, Range, TextEditorRevealType, commands, window, workspace, type TextDocument, type TextEditor } from "vscode";
import { foldedAtFirst, outlineOf } from "./transcriptLanguage";
import { TRANSCRIPT_SCHEME, refAt } from "./transcriptUri";

interface Reading {
  /** How many of the ranges that are folded at first have been. */
  folded: number;
  /** New text is brought into view. */
  isFollowing: boolean;
  /** First line in view, to tell scrolling up from growing. */
  top: number;
}

export class TranscriptReading extends Disposable {
  readonly #readings = new WeakMap<TextDocument, Reading>();
  readonly #subscriptions: readonly Disposable[];
  #folding: Promise<void> = Promise.resolve();

  constructor(private readonly onTrouble: (error: unknown) => void) {
    super(() => {
      for (const subscription of this.#subscriptions) subscription.dispose();
    });
    this.#subscriptions = [
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#grown(document);
      }),
      window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#scrolled(textEditor)),
      window.onDidChangeActiveTextEditor((editor) => {
        if (editor !== undefined) this.#fold(editor);
      }),
    ];
  }

  /** Begins to look after a transcript that has just been opened: folds what is over, goes to the end of a live one. */
  async begin(editor: TextEditor, isLive: boolean): Promise<void> {
    this.#readings.set(editor.document, { folded: 0, isFollowing: isLive, top: 0 });
    this.#fold(editor);
    await this.#folding;
    if (isLive) showEnd(editor);
  }

  #grown(document: TextDocument): void {
    const reading = this.#readings.get(document);
    if (reading === undefined) return;
    for (const editor of window.visibleTextEditors) {
      if (editor.document !== document) continue;
      if (reading.isFollowing) showEnd(editor);
      this.#fold(editor);
    }
  }

  #scrolled(editor: TextEditor): void {
    const reading = this.#readingOf(editor);
    const [first, last] = [editor.visibleRanges[0], editor.visibleRanges.at(-1)];
    if (reading === undefined || first === undefined || last === undefined) return;
    // Growing never moves the first line up, so that is the reader's doing.
    if (last.end.line >= editor.document.lineCount - 2) reading.isFollowing = true;
    else if (first.start.line < reading.top) reading.isFollowing = false;
    reading.top = first.start.line;
  }

  /** A document that was there before this window was reloaded keeps the folds that the editor has kept. */
  #readingOf({ document }: TextEditor): Reading | undefined {
    if (document.uri.scheme !== TRANSCRIPT_SCHEME) return undefined;
    const known = this.#readings.get(document);
    const ref = refAt(document.uri);
    if (known !== undefined || ref === undefined || "call" in ref) return known;
    const reading = { folded: foldedAtFirst(outlineOf(document)).length, isFollowing: false, top: 0 };
    this.#readings.set(document, reading);
    return reading;
  }

  /** Folding is a command of the active editor: elsewhere it waits until the reader comes back. */
  #fold(editor: TextEditor): void {
    this.#folding = this.#folding
      .then(async () => {
        const reading = this.#readings.get(editor.document);
        if (reading === undefined || window.activeTextEditor !== editor) return;
        const ranges = foldedAtFirst(outlineOf(editor.document));
        const selectionLines = ranges.slice(reading.folded).map(({ start }) => start);
        reading.folded = ranges.length;
        if (selectionLines.length > 0) await commands.executeCommand("editor.fold", { levels: 1, direction: "up", selectionLines });
      })
      .catch(this.onTrouble);
  }
}

function showEnd(editor: TextEditor): void {
  const last = editor.document.lineCount - 1;
  editor.revealRange(new Range(last, 0, last, 0), TextEditorRevealType.Default);
}
