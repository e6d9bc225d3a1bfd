// Comments on lines of a review, in the editor's own comment threads: drafts until they are sent, afterwards kept as they
// were sent, resolved. What is sent is in the journal; drafts are kept with the workspace.
import {
  CommentMode,
  CommentThreadCollapsibleState,
  CommentThreadState,
  Range,
  Uri,
  comments,
  type Comment,
  type CommentController,
  type CommentThread,
  type Disposable,
  type TextDocument,
} from "vscode";
import { randomUUID } from "node:crypto";
import type { ReviewComment } from "../../core/domain/review";
import { CountersignError } from "../../core/domain/errors";
import type { TaskView } from "../../core/projections/taskView";
import type { Host } from "../host";
import type { TaskRef } from "../taskRef";
import { documentAt, type AttemptDocument } from "./attemptDocument";
import type { DraftComment } from "./draftComments";

const AUTHOR = { name: "You" };
const ENDED: ReadonlySet<TaskView["status"]> = new Set(["accepted", "discarded", "done"]);

export class ReviewComments implements Disposable {
  readonly #controller: CommentController;
  readonly #listening: { dispose(): void };
  readonly #drafts = new Map<string, ShownDraft>();
  /** By document. */
  readonly #sent = new Map<string, readonly CommentThread[]>();

  constructor(private readonly host: Host) {
    this.#controller = comments.createCommentController("countersign.review", "Countersign review");
    this.#controller.options = { prompt: "Comment for the next attempt", placeHolder: "What should be different here? It is sent with Request Changes." };
    this.#controller.commentingRangeProvider = { provideCommentingRanges: (document) => this.#rangesIn(document) };
    this.#listening = host.drafts.onDidChange((ref) => this.#forgetGone(ref));
    for (const ref of host.drafts.tasks()) for (const draft of host.drafts.of(ref)) this.#showDraft(ref, draft);
  }

  dispose(): void {
    this.#listening.dispose();
    this.#controller.dispose();
  }

  /** The button below a new comment, whose argument it takes. */
  async add(argument: unknown): Promise<void> {
    const { thread, text } = replyIn(argument);
    const document = documentAt(thread.uri);
    if (document === undefined || document.side === "reference" || thread.range === undefined) throw new CountersignError("badRequest", "A comment belongs to lines of an attempt under review.");
    const [line, endLine] = [thread.range.start.line + 1, thread.range.end.line + 1];
    const { path, side, attempt } = document;
    const quote = await this.#quote(document, line, endLine);
    const draft: DraftComment = { id: randomUUID(), uri: thread.uri.toString(), path, side, attempt, line, endLine, quote, text: text.trim() };
    if (draft.text === "") return;
    await this.host.drafts.keep(document, draft);
    this.#fill(thread, document, draft);
  }

  edit(argument: unknown): Promise<void> {
    this.#change(argument, (comment) => ({ ...comment, mode: CommentMode.Editing }));
    return Promise.resolve();
  }

  /** While it is edited, the editor writes into the comment's body. */
  async save(argument: unknown): Promise<void> {
    const shown = this.#draftOf(argument);
    const text = bodyOf(argument).trim();
    if (text === "") return this.remove(argument);
    const draft = { ...shown.draft, text };
    await this.host.drafts.keep(shown.ref, draft);
    this.#fill(shown.thread, shown.ref, draft);
  }

  cancel(argument: unknown): Promise<void> {
    const { draft } = this.#draftOf(argument);
    this.#change(argument, (comment) => ({ ...comment, body: draft.text, mode: CommentMode.Preview }));
    return Promise.resolve();
  }

  async remove(argument: unknown): Promise<void> {
    const { ref, draft } = this.#draftOf(argument);
    await this.host.drafts.drop(ref, draft.id);
  }

  /** Takes away what is no draft any more: it was deleted or sent, or its task is over. */
  #forgetGone(ref: TaskRef): void {
    const kept = new Set(this.host.drafts.of(ref).map(({ id }) => id));
    for (const [id, { ref: other, thread }] of this.#drafts) {
      if (!isSame(ref, other) || kept.has(id)) continue;
      this.#drafts.delete(id);
      thread.dispose();
    }
  }

  /** Shows in these documents what was sent earlier; one that is gone from the window is forgotten. */
  async showSent(documents: readonly TextDocument[]): Promise<void> {
    const open = new Set(documents.map(({ uri }) => uri.toString()));
    for (const [uri, threads] of this.#sent) {
      if (open.has(uri)) continue;
      for (const thread of threads) thread.dispose();
      this.#sent.delete(uri);
    }
    for (const { uri } of documents) await this.#showSentIn(uri);
  }

  async #showSentIn(uri: Uri): Promise<void> {
    const document = documentAt(uri);
    if (document === undefined || document.side === "reference") return;
    const view = (await this.host.desks.all()).find(({ root }) => root === document.root)?.task(document.task);
    const earlier = this.#sent.get(uri.toString()) ?? [];
    const said = view === undefined ? [] : view.rounds.flatMap((round) => round.request.comments.filter((one) => isAt(one, document)).map((one) => ({ comment: one, afterAttempt: round.afterAttempt })));
    if (said.length === earlier.length) return;
    for (const thread of earlier) thread.dispose();
    this.#sent.set(uri.toString(), said.map(({ comment, afterAttempt }) => this.#showOne(uri, comment, `Sent after attempt ${afterAttempt}`)));
  }

  #showOne(uri: Uri, { line, endLine, text }: ReviewComment, label: string): CommentThread {
    const thread = this.#controller.createCommentThread(uri, new Range(line - 1, 0, endLine - 1, 0), [{ author: AUTHOR, body: text, mode: CommentMode.Preview, contextValue: "sent" }]);
    thread.label = label;
    thread.canReply = false;
    thread.contextValue = "sent";
    thread.state = CommentThreadState.Resolved;
    thread.collapsibleState = CommentThreadCollapsibleState.Collapsed;
    return thread;
  }

  #showDraft(ref: TaskRef, draft: DraftComment): void {
    const thread = this.#controller.createCommentThread(Uri.parse(draft.uri), new Range(draft.line - 1, 0, draft.endLine - 1, 0), []);
    this.#fill(thread, ref, draft);
  }

  #fill(thread: CommentThread, ref: TaskRef, draft: DraftComment): void {
    const comment: DraftBody = { author: AUTHOR, body: draft.text, mode: CommentMode.Preview, contextValue: "draft", label: "not sent yet", draft: draft.id };
    thread.comments = [comment];
    thread.label = `Draft · attempt ${draft.attempt}`;
    thread.canReply = false;
    thread.contextValue = "draft";
    thread.state = CommentThreadState.Unresolved;
    thread.collapsibleState = CommentThreadCollapsibleState.Expanded;
    this.#drafts.set(draft.id, { ref: { root: ref.root, task: ref.task }, draft, thread });
  }

  /** Lines can be commented on while the task can still be asked for something; what runs now is asked next. */
  async #rangesIn(document: TextDocument): Promise<Range[]> {
    const shown = documentAt(document.uri);
    if (shown === undefined || shown.side === "reference") return [];
    const view = (await this.host.desks.all()).find(({ root }) => root === shown.root)?.task(shown.task);
    return view === undefined || ENDED.has(view.status) ? [] : [new Range(0, 0, Math.max(0, document.lineCount - 1), 0)];
  }

  async #quote(document: AttemptDocument, line: number, endLine: number): Promise<string> {
    const { desk, view } = await this.host.desks.find(document);
    const text = view.base === null ? null : await desk.files.fileAt(view.base, document.commit, document.path);
    return (text ?? "").split(/\r?\n/).slice(line - 1, endLine).join("\n");
  }

  #change(argument: unknown, change: (comment: Comment) => Comment): void {
    const { thread } = this.#draftOf(argument);
    thread.comments = thread.comments.map(change);
  }

  #draftOf(argument: unknown): ShownDraft {
    const id = typeof argument === "object" && argument !== null && "draft" in argument ? argument.draft : undefined;
    const shown = typeof id === "string" ? this.#drafts.get(id) : undefined;
    if (shown === undefined) throw new CountersignError("notFound", "This comment is no draft (any more): it was sent or deleted.");
    return shown;
  }
}

interface ShownDraft {
  readonly ref: TaskRef;
  readonly draft: DraftComment;
  readonly thread: CommentThread;
}

interface DraftBody extends Comment {
  /** Which one it is: the editor hands the comment itself to commands. */
  readonly draft: string;
}

function isAt(comment: ReviewComment, { path, side, attempt }: AttemptDocument): boolean {
  return comment.path === path && comment.side === side && comment.attempt === attempt;
}

function isSame(one: TaskRef, other: TaskRef): boolean {
  return one.root === other.root && one.task === other.task;
}

function replyIn(argument: unknown): { readonly thread: CommentThread; readonly text: string } {
  const reply = argument as { readonly thread?: CommentThread; readonly text?: unknown } | undefined;
  if (reply?.thread === undefined || typeof reply.text !== "string") throw new CountersignError("badRequest", "Write a comment on a line of the diff first.");
  return { thread: reply.thread, text: reply.text };
}

/** Plain text: what was typed. */
function bodyOf(argument: unknown): string {
  const body = (argument as { readonly body?: string | { readonly value: string } } | undefined)?.body;
  return typeof body === "string" ? body : (body?.value ?? "");
}
