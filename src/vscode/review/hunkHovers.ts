// What can be done with a hunk, where the pointer rests on it: in every editor, whatever its settings are.
import { Hover, MarkdownString, Range, type HoverProvider, type Position, type TextDocument } from "vscode";
import type { Decision, FileReview, FileReviews, ReviewedHunk } from "./fileReviews";
import { hunkArgument } from "./hunkArguments";
import { hunksAt, rowsOf } from "./hunkRows";

const SAYS: Readonly<Record<Decision, string>> = {
  undecided: "Not decided yet",
  accepted: "$(pass-filled) Accepted",
  rejected: "$(circle-slash) Rejected",
};

export class HunkHovers implements HoverProvider {
  constructor(private readonly reviews: FileReviews) {}

  async provideHover(document: TextDocument, { line }: Position): Promise<Hover | undefined> {
    const review = await this.reviews.at(document.uri);
    const [hunk] = review === null ? [] : hunksAt(review.hunks, review.document.side, { first: line, last: line });
    // Of an attempt that was never up for a decision there is nothing to say.
    if (review === null || hunk === undefined || (!review.isOpen && hunk.decision === "undecided")) return undefined;
    const { first, last } = rowsOf(hunk.hunk, review.document.side, document.lineCount);
    return new Hover(textOf(review, hunk), new Range(first, 0, last, Number.MAX_SAFE_INTEGER));
  }
}

function textOf(review: FileReview, { hunk, decision }: ReviewedHunk): MarkdownString {
  const argument = encodeURIComponent(JSON.stringify([hunkArgument(review, [hunk.id])]));
  const accept = `[$(check) Accept hunk](command:countersign.acceptHunk?${argument} "Merge these lines into your file")`;
  const reject = `[$(close) Reject hunk](command:countersign.rejectHunk?${argument} "Leave these lines out of your file")`;
  const offers = review.isOpen ? [...(decision === "accepted" ? [] : [accept]), ...(decision === "rejected" ? [] : [reject])] : [];
  const text = new MarkdownString([SAYS[decision], ...offers].join("  ·  "), true);
  text.isTrusted = { enabledCommands: ["countersign.acceptHunk", "countersign.rejectHunk"] };
  return text;
}
