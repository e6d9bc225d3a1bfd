// Keeps a transcript readable while it grows: what is over is folded once, and who looks at the end stays at the end.
// The reader's own folds and place are never touched.
import { Disposable, Range, TextEditorRevealType, commands, window, workspace, type TextDocument, type TextDocumentChangeEvent, type TextEditor } from "vscode";
import { foldedAtFirst, outlineOf } from "./transcriptLanguage";
import { refAt } from "./transcriptUri";
import { TRANSCRIPT_SCHEME } from "./schemes";

interface Reading {
  /** How many of the ranges that are folded at first have been. */
  folded: number;
  /** Until then the end is on its way into view, though the editor does not say so yet. */
  comingUntil: number;
}

/** An editor takes some frames to show what it is told to, and says so once; on a busy machine that takes seconds. */
const COMING_MS = 5000;

export class TranscriptReading extends Disposable {
  readonly #readings = new WeakMap<TextDocument, Reading>();
  readonly #subscriptions: readonly Disposable[];
  #folding: Promise<void> = Promise.resolve();

  constructor(private readonly onTrouble: (error: unknown) => void) {
    super(() => {
      for (const subscription of this.#subscriptions) subscription.dispose();
    });
    this.#subscriptions = [
      workspace.onDidChangeTextDocument((change) => {
        if (change.contentChanges.length > 0) this.#grown(change);
      }),
      window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        const reading = this.#readings.get(textEditor.document);
        if (reading !== undefined && showsLine(textEditor, lastLine(textEditor.document))) reading.comingUntil = 0;
      }),
      window.onDidChangeActiveTextEditor((editor) => {
        if (editor !== undefined) this.#fold(editor);
      }),
    ];
  }

  /** Begins to look after a transcript that has just been opened: folds what is over, goes to the end of a live one. */
  async begin(editor: TextEditor, isLive: boolean): Promise<void> {
    const reading = { folded: 0, comingUntil: 0 };
    this.#readings.set(editor.document, reading);
    if (isLive) showEnd(editor, reading);
    this.#fold(editor);
    await this.#folding;
  }

  #grown({ document, contentChanges }: TextDocumentChangeEvent): void {
    const reading = this.#readingOf(document);
    if (reading === undefined) return;
    const added = contentChanges.reduce((sum, { range, text }) => sum + text.split("\n").length - 1 - (range.end.line - range.start.line), 0);
    for (const editor of window.visibleTextEditors) {
      if (editor.document !== document) continue;
      // What is in view is still told as it was before.
      if (isAtEnd(editor, reading, lastLine(document) - added)) showEnd(editor, reading);
      this.#fold(editor);
    }
  }

  /** A document that was there before this window was reloaded keeps the folds that the editor has kept. */
  #readingOf(document: TextDocument): Reading | undefined {
    if (document.uri.scheme !== TRANSCRIPT_SCHEME) return undefined;
    const known = this.#readings.get(document);
    const ref = refAt(document.uri);
    if (known !== undefined || ref === undefined || "call" in ref) return known;
    const reading = { folded: foldedAtFirst(outlineOf(document)).length, comingUntil: 0 };
    this.#readings.set(document, reading);
    return reading;
  }

  /** Folding is a command of the active editor: elsewhere it waits until the reader comes back. */
  #fold(editor: TextEditor): void {
    this.#folding = this.#folding
      .then(async () => {
        const { document } = editor;
        const reading = this.#readings.get(document);
        if (reading === undefined || window.activeTextEditor !== editor) return;
        const ranges = foldedAtFirst(outlineOf(document));
        const selectionLines = ranges.slice(reading.folded).map(({ start }) => start);
        reading.folded = ranges.length;
        if (selectionLines.length === 0) return;
        const follows = isAtEnd(editor, reading, lastLine(document));
        await commands.executeCommand("editor.fold", { levels: 1, direction: "up", selectionLines });
        if (!follows) return;
        reading.comingUntil = Date.now() + COMING_MS;
        showEnd(editor, reading);
      })
      .catch(this.onTrouble);
  }
}

function lastLine({ lineCount }: TextDocument): number {
  return lineCount - 1;
}

function showsLine({ visibleRanges }: TextEditor, line: number): boolean {
  // The very last line is empty.
  return (visibleRanges.at(-1)?.end.line ?? 0) >= line - 1;
}

function isAtEnd(editor: TextEditor, { comingUntil }: Reading, line: number): boolean {
  return showsLine(editor, line) || Date.now() < comingUntil;
}

function showEnd(editor: TextEditor, reading: Reading): void {
  const line = lastLine(editor.document);
  if (!showsLine(editor, line)) reading.comingUntil = Date.now() + COMING_MS;
  editor.revealRange(new Range(line, 0, line, 0), TextEditorRevealType.Default);
}
