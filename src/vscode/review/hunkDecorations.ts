// Shows in the text what was decided: marks in gutter and overview ruler, rejected lines dimmed, and on every hunk a
// hover with what can be done, which works in every editor whatever its settings are.
import { MarkdownString, OverviewRulerLane, Range, ThemeColor, Uri, window, type DecorationOptions, type Disposable, type TextEditor, type TextEditorDecorationType } from "vscode";
import { documentAt } from "./attemptDocument";
import type { Decision, FileReview, FileReviews, ReviewedHunk } from "./fileReviews";
import { hunkArgument } from "./hunkArguments";
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
      { type: window.createTextEditorDecorationType({}), applies: () => true, extent: "hunk" },
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
    for (const { type, applies, extent } of this.#layers) {
      const hunks = review?.hunks.filter((hunk) => applies(hunk, review.document.side)) ?? [];
      editor.setDecorations(type, review === null ? [] : hunks.map((hunk) => decorationOf(review, hunk, { extent, lineCount: editor.document.lineCount })));
    }
  }
}

function decorationOf(review: FileReview, reviewed: ReviewedHunk, { extent, lineCount }: { readonly extent: Layer["extent"]; readonly lineCount: number }): DecorationOptions {
  const { first, last } = rowsOf(reviewed.hunk, review.document.side, lineCount);
  if (extent === "firstRow") return { range: new Range(first, 0, first, Number.MAX_SAFE_INTEGER) };
  return { range: new Range(first, 0, last, Number.MAX_SAFE_INTEGER), hoverMessage: hoverOf(review, reviewed) };
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

const SAYS: Readonly<Record<Decision, string>> = {
  undecided: "Not decided yet",
  accepted: "$(pass-filled) Accepted",
  rejected: "$(circle-slash) Rejected",
};

function hoverOf(review: FileReview, { hunk, decision }: ReviewedHunk): MarkdownString {
  const argument = encodeURIComponent(JSON.stringify([hunkArgument(review, [hunk.id])]));
  const accept = `[$(check) Accept hunk](command:countersign.acceptHunk?${argument} "Merge these lines into your file")`;
  const reject = `[$(close) Reject hunk](command:countersign.rejectHunk?${argument} "Leave these lines out of your file")`;
  const offers = review.isOpen ? [...(decision === "accepted" ? [] : [accept]), ...(decision === "rejected" ? [] : [reject])] : [];
  const text = new MarkdownString([SAYS[decision], ...offers].join("  ·  "), true);
  text.isTrusted = { enabledCommands: ["countersign.acceptHunk", "countersign.rejectHunk"] };
  return text;
}
