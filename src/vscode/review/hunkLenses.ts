// Accept and Reject above each hunk, and what was decided about it. In diff editors they show where
// `diffEditor.codeLens` is on.
import { CodeLens, Range, type CodeLensProvider, type Event, type TextDocument } from "vscode";
import { hunkArgument } from "./hunkArguments";
import { rowsOf } from "./hunkRows";
import { idsOf, type FileReview, type FileReviews, type ReviewedHunk } from "./fileReviews";

export class HunkLenses implements CodeLensProvider {
  constructor(
    private readonly reviews: FileReviews,
    readonly onDidChangeCodeLenses: Event<void>,
  ) {}

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    const review = await this.reviews.at(document.uri);
    if (review === null || review.document.side !== lensSide(review)) return [];
    return [...fileLenses(review), ...review.hunks.flatMap((hunk) => hunkLenses(review, hunk, document.lineCount))];
  }
}

/** The attempt, unless it has no such file. */
function lensSide({ view, document }: FileReview): "base" | "attempt" {
  const attempt = view.attempts.find((one) => one.attempt === document.attempt);
  return attempt?.files.find((file) => file.path === document.path)?.status === "deleted" ? "base" : "attempt";
}

function fileLenses(review: FileReview): readonly CodeLens[] {
  const { hunks, isOpen } = review;
  const undecided = hunks.filter((hunk) => hunk.decision === "undecided");
  if (!isOpen || hunks.length < 2 || undecided.length === 0) return [];
  const what = undecided.length === hunks.length ? `all ${hunks.length}` : `the other ${undecided.length}`;
  return [lens(0, `$(check-all) Accept ${what} hunks`, { command: "countersign.acceptHunk", argument: hunkArgument(review, idsOf(undecided)) })];
}

function hunkLenses(review: FileReview, { hunk, decision }: ReviewedHunk, lineCount: number): readonly CodeLens[] {
  const row = rowsOf(hunk, review.document.side, lineCount).first;
  const argument = hunkArgument(review, [hunk.id]);
  const accept = (title: string): CodeLens => lens(row, title, { command: "countersign.acceptHunk", argument });
  const reject = (title: string): CodeLens => lens(row, title, { command: "countersign.rejectHunk", argument });
  const offers = (...lenses: readonly CodeLens[]): readonly CodeLens[] => (review.isOpen ? lenses : []);
  switch (decision) {
    case "undecided":
      return offers(accept("$(check) Accept hunk"), reject("$(close) Reject hunk"));
    case "accepted":
      return [lens(row, "$(pass-filled) Accepted"), ...offers(reject("Reject instead"))];
    case "rejected":
      return [lens(row, "$(circle-slash) Rejected"), ...offers(accept("Accept instead"))];
  }
}

function lens(row: number, title: string, does?: { readonly command: string; readonly argument: unknown }): CodeLens {
  const range = new Range(row, 0, row, 0);
  return new CodeLens(range, does === undefined ? { title, command: "" } : { title, command: does.command, arguments: [does.argument] });
}
