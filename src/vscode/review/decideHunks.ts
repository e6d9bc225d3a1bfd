// Accepts and rejects hunks: of a lens or hover, or those at the cursor. Accepted ones are in the user's file at once.
import { Selection, TextEditorRevealType, window, type TextEditor } from "vscode";
import { CountersignError } from "../../core/domain/errors";
import type { HunkId } from "../../core/domain/review";
import type { Host } from "../host";
import type { PickedTask } from "../pickTask";
import type { AcceptCommands } from "./acceptChanges";
import { activeEditor, documentOfMenu } from "./activeReview";
import { uriOf } from "./attemptDocument";
import { idsOf, isDecidable, type FileReview, type FileReviews } from "./fileReviews";
import { hunkArgumentIn } from "./hunkArguments";
import { hunksAt, rowsOf, type Rows } from "./hunkRows";
import { saveBefore } from "./unsavedFiles";

export type Choice = "accept" | "reject";

interface Deciding extends PickedTask {
  readonly path: string;
  readonly hunks: readonly HunkId[];
}

export class HunkCommands {
  constructor(
    private readonly host: Host,
    private readonly reviews: FileReviews,
    private readonly accepting: AcceptCommands,
  ) {}

  async run(choice: Choice, argument: unknown): Promise<void> {
    const named = hunkArgumentIn(argument);
    if (named === undefined) return this.#atCursor(choice, argument);
    const { root, task, path, attempt } = named.target;
    const { desk, view } = await this.host.desks.find({ root, task });
    if (!isDecidable(desk, view, attempt)) throw undecidable(view.request.title, attempt);
    await this.#decide(choice, { desk, view, path, hunks: named.hunks });
  }

  /** Those that a selection or the clicked line touches; then the cursor goes on to the next open one. */
  async #atCursor(choice: Choice, argument: unknown): Promise<void> {
    const place = placeOf(argument);
    const review = place === undefined ? null : await this.reviews.at(place.editor.document.uri);
    if (place === undefined || review === null) {
      throw new CountersignError("badRequest", "There is no hunk here: open the changes of a task that waits for your review first.");
    }
    const { desk, view, document } = review;
    if (!review.isOpen) throw undecidable(view.request.title, document.attempt);
    const hunks = place.rows.flatMap((rows) => hunksAt(review.hunks, document.side, rows));
    if (hunks.length === 0) throw new CountersignError("badRequest", "The cursor is in no hunk. Go to Next Difference (F7) leads to the next one.");
    await this.#decide(choice, { desk, view, path: document.path, hunks: [...new Set(idsOf(hunks))] });
    await this.#goOn(place.editor, idsOf(hunks));
  }

  async #decide(choice: Choice, { desk, view, path, hunks }: Deciding): Promise<void> {
    if (!(await saveBefore(choice === "accept" ? "Accept" : "Reject", desk.root, [path]))) return;
    const { result, view: now } = await desk.act(view.request.id, (harness, current) =>
      harness.decideHunks(current, path, { accept: choice === "accept" ? hunks : [], reject: choice === "reject" ? hunks : [] }),
    );
    const isNews = result !== null && (result.conflicts.length > 0 || now.status === "accepted");
    if (isNews) await this.accepting.tell({ desk, view: now }, result);
  }

  async #goOn(editor: TextEditor, done: readonly HunkId[]): Promise<void> {
    const review = await this.reviews.at(editor.document.uri);
    if (review === null) return;
    const last = review.hunks.findLastIndex(({ hunk }) => done.includes(hunk.id));
    const next = nextOpen(review, last);
    if (next === undefined) return;
    const { first } = rowsOf(next.hunk, review.document.side, editor.document.lineCount);
    editor.selection = new Selection(first, 0, first, 0);
    editor.revealRange(editor.selection, TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** The first one after `index` that is not decided, from the top again behind the last. */
function nextOpen({ hunks }: FileReview, index: number): FileReview["hunks"][number] | undefined {
  return [...hunks.slice(index + 1), ...hunks.slice(0, index + 1)].find(({ decision }) => decision === "undecided");
}

/** Where the menu was opened, else the selections of the editor with the cursor. */
function placeOf(argument: unknown): { readonly editor: TextEditor; readonly rows: readonly Rows[] } | undefined {
  const clicked = documentOfMenu(argument);
  const editors = [window.activeTextEditor, ...window.visibleTextEditors].flatMap((editor) => editor ?? []);
  const editor = clicked === undefined ? activeEditor()?.editor : editors.find(({ document }) => document.uri.toString() === uriOf(clicked).toString());
  if (editor === undefined) return undefined;
  const line = lineIn(argument);
  if (line !== undefined) return { editor, rows: [{ first: line - 1, last: line - 1 }] };
  return { editor, rows: editor.selections.map(({ start, end }) => ({ first: start.line, last: end.line })) };
}

/** The menu of the line numbers says which one it was opened on. */
function lineIn(argument: unknown): number | undefined {
  const line = typeof argument === "object" && argument !== null && "lineNumber" in argument ? argument.lineNumber : undefined;
  return typeof line === "number" ? line : undefined;
}

function undecidable(title: string, attempt: number): CountersignError {
  return new CountersignError("conflict", `Attempt ${attempt} of “${title}” can be looked at only: it is not the one that waits for your review. Nothing was changed.`);
}
