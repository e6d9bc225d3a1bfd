// Shows in the text what was decided: marks in gutter and overview ruler, a word behind the line, rejected lines dimmed.
import { OverviewRulerLane, Range, ThemeColor, Uri, window, type Disposable, type TextEditor, type TextEditorDecorationType } from "vscode";
import { documentAt } from "./attemptDocument";
import type { FileReviews, ReviewedHunk } from "./fileReviews";
import { linesOn, rowsOf } from "./hunkRows";

/** One kind of decoration and which hunks have it on which side. */
interface Layer {
  readonly type: TextEditorDecorationType;
  readonly applies: (reviewed: ReviewedHunk, side: "base" | "attempt") => boolean;
  readonly extent: "hunk" | "firstRow";
}

export class HunkDecorations implements Disposable {
  readonly #layers: readonly Layer[];

  constructor(
    extension: Uri,
    private readonly reviews: FileReviews,
  ) {
    this.#layers = [
      ...decided("accepted", { extension, ruler: new ThemeColor("editorGutter.addedBackground") }),
      ...decided("rejected", { extension, ruler: new ThemeColor("editorGutter.deletedBackground") }),
      // What the user does not want steps back.
      { type: window.createTextEditorDecorationType({ isWholeLine: true, opacity: "0.45" }), applies: isLeftOut, extent: "hunk" },
    ];
  }

  async show(editors: readonly TextEditor[]): Promise<void> {
    await Promise.all(editors.map((editor) => this.#decorate(editor)));
  }

  dispose(): void {
    for (const { type } of this.#layers) type.dispose();
  }

  async #decorate(editor: TextEditor): Promise<void> {
    const { uri } = editor.document;
    if (documentAt(uri) === undefined) return;
    const review = await this.reviews.at(uri);
    // It may be gone meanwhile.
    if (!window.visibleTextEditors.includes(editor)) return;
    for (const { type, applies, extent } of this.#layers) {
      const hunks = review?.hunks.filter((hunk) => applies(hunk, review.document.side)) ?? [];
      const rows = review === null ? [] : hunks.map(({ hunk }) => rowsOf(hunk, review.document.side, editor.document.lineCount));
      editor.setDecorations(type, rows.map(({ first, last }) => new Range(first, 0, extent === "hunk" ? last : first, Number.MAX_SAFE_INTEGER)));
    }
  }
}

/** Lines of the attempt that stay out of the user's file. */
function isLeftOut({ hunk, decision }: ReviewedHunk, side: "base" | "attempt"): boolean {
  return decision === "rejected" && side === "attempt" && linesOn(hunk, side) > 0;
}

/** On the attempt's side always a mark; what has no lines there has its word beside the lines that it removes. */
function decided(decision: "accepted" | "rejected", { extension, ruler }: { readonly extension: Uri; readonly ruler: ThemeColor }): readonly Layer[] {
  const icon = (theme: "light" | "dark"): Uri => Uri.joinPath(extension, "media", "review", `${decision}-${theme}.svg`);
  const mark = window.createTextEditorDecorationType({
    light: { gutterIconPath: icon("light") },
    dark: { gutterIconPath: icon("dark") },
    gutterIconSize: "70%",
    overviewRulerColor: ruler,
    overviewRulerLane: OverviewRulerLane.Left,
  });
  const word = window.createTextEditorDecorationType({
    after: { contentText: decision, margin: "0 0 0 3em", color: new ThemeColor("editorCodeLens.foreground"), fontStyle: "italic" },
  });
  const hasPlace = ({ hunk }: ReviewedHunk, side: "base" | "attempt"): boolean => (side === "attempt" ? hunk.attemptLines > 0 : hunk.attemptLines === 0);
  return [
    { type: mark, applies: (one, side) => one.decision === decision && (side === "attempt" || hasPlace(one, side)), extent: "firstRow" },
    { type: word, applies: (one, side) => one.decision === decision && hasPlace(one, side), extent: "firstRow" },
  ];
}
