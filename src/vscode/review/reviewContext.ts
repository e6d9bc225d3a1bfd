// Tells menus and keys what the active editor is: `countersign.inReview` a document that can be decided about,
// `countersign.hunkAtCursor` the decision about the hunk at the cursor, if there is one.
import { commands, window, type Disposable } from "vscode";
import type { Desks } from "../desks";
import { activeDocument, activeEditor } from "./activeReview";
import { isDecidable, type FileReviews } from "./fileReviews";
import { hunksAt } from "./hunkRows";

export class ReviewContext implements Disposable {
  readonly #values = new Map<string, unknown>();
  readonly #subscriptions: Disposable[];
  #round = 0;

  constructor(
    private readonly desks: Desks,
    private readonly reviews: FileReviews,
    private readonly onError: (error: unknown) => void,
  ) {
    const refresh = (): void => this.refresh();
    this.#subscriptions = [window.onDidChangeActiveTextEditor(refresh), window.tabGroups.onDidChangeTabs(refresh), window.tabGroups.onDidChangeTabGroups(refresh), window.onDidChangeTextEditorSelection(refresh)];
  }

  refresh(): void {
    this.#round += 1;
    this.#update(this.#round).catch(this.onError);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #update(round: number): Promise<void> {
    const [inReview, hunk] = await Promise.all([this.#inReview(), this.#hunkAtCursor()]);
    // The user has moved on meanwhile: a later look tells.
    if (round !== this.#round) return;
    await Promise.all([this.#set("countersign.inReview", inReview), this.#set("countersign.hunkAtCursor", hunk)]);
  }

  async #inReview(): Promise<boolean> {
    const document = activeDocument();
    if (document === undefined || document.side === "reference") return false;
    const desk = (await this.desks.all()).find((one) => one.root === document.root);
    const view = desk?.task(document.task);
    return desk !== undefined && view !== undefined && isDecidable(desk, view, document.attempt);
  }

  async #hunkAtCursor(): Promise<string | null> {
    const active = activeEditor();
    const review = active === undefined ? null : await this.reviews.at(active.editor.document.uri);
    if (active === undefined || review === null || !review.isOpen) return null;
    const { start, end } = active.editor.selection;
    const [hunk] = hunksAt(review.hunks, review.document.side, { first: start.line, last: end.line });
    return hunk?.decision ?? null;
  }

  async #set(key: string, value: unknown): Promise<void> {
    if (this.#values.get(key) === value) return;
    this.#values.set(key, value);
    await commands.executeCommand("setContext", key, value);
  }
}
