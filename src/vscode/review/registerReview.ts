// Puts the review together: documents of attempts, diffs, hunks, comments, accepting and sending back.
import { EventEmitter, MarkdownString, languages, window, workspace, type Disposable } from "vscode";
import type { JournalEvent } from "../../core/domain/event";
import type { Host } from "../host";
import { command, report } from "../run";
import { AcceptCommands } from "./acceptChanges";
import { ATTEMPT_SCHEME } from "./attemptDocument";
import { AttemptFiles } from "./attemptFiles";
import { chooseAttempt } from "./chooseAttempt";
import { commitAcceptedOf } from "./commitAccepted";
import { ConflictEditors } from "./conflicts";
import { HunkCommands } from "./decideHunks";
import { FileReviews } from "./fileReviews";
import { HunkDecorations } from "./hunkDecorations";
import { HunkHovers } from "./hunkHovers";
import { HunkLenses } from "./hunkLenses";
import { offerLenses } from "./lensOffer";
import { compareAttempts, openAttemptFile, openChange, reviewChanges } from "./openChanges";
import { RequestCommands } from "./requestChanges";
import { REQUEST_SCHEME, RequestDocuments } from "./requestDocuments";
import { RequestHint } from "./requestHint";
import { ReviewComments } from "./reviewComments";
import { ReviewContext } from "./reviewContext";
import { undoAccept } from "./undoAccept";

/** After these a document of a review may look different. */
const CHANGES: ReadonlySet<JournalEvent["kind"]> = new Set(["taskPassed", "attemptChosen", "taskEscalated", "runStarted", "hunksDecided", "changesAccepted", "acceptUndone", "changesRequested", "changesDiscarded", "taskDone"]);

/** After these nothing can be requested any more. */
const ENDS: ReadonlySet<JournalEvent["kind"]> = new Set(["changesDiscarded", "taskDone"]);

export function registerReview(host: Host): readonly Disposable[] {
  const reviews = new FileReviews(host.desks);
  const comments = new ReviewComments(host);
  return [comments, ...documents(host), ...surfaces(host, reviews, comments), ...openCommands(host), ...decisions(host, reviews), ...commentCommands(host, comments)];
}

function documents(host: Host): readonly Disposable[] {
  const isReadonly = new MarkdownString("What agents did cannot be edited here. Accept it, reject parts of it, or request changes.");
  return [
    workspace.registerFileSystemProvider(ATTEMPT_SCHEME, new AttemptFiles(host.desks), { isReadonly, isCaseSensitive: true }),
    workspace.registerFileSystemProvider(REQUEST_SCHEME, new RequestDocuments(host.context.workspaceState), { isCaseSensitive: true }),
    new RequestHint(host.drafts),
  ];
}

/** What is seen in documents of a review, and kept up to date there. */
function surfaces(host: Host, reviews: FileReviews, comments: ReviewComments): readonly Disposable[] {
  const changed = new EventEmitter<void>();
  const onError = (error: unknown): void => host.log.warn(`A review could not be shown in full: ${String(error)}`);
  const decorations = new HunkDecorations(host.context.extensionUri, reviews);
  const context = new ReviewContext(host.desks, reviews, onError);
  const show = (): void => {
    const editors = window.visibleTextEditors;
    decorations.show(editors).catch(onError);
    comments.showSent(editors.map(({ document }) => document)).catch(onError);
  };
  const refresh = (): void => {
    changed.fire();
    context.refresh();
    show();
  };
  show();
  return [
    changed,
    decorations,
    context,
    languages.registerCodeLensProvider({ scheme: ATTEMPT_SCHEME }, new HunkLenses(reviews, changed.event)),
    languages.registerHoverProvider({ scheme: ATTEMPT_SCHEME }, new HunkHovers(reviews)),
    window.onDidChangeVisibleTextEditors(show),
    host.desks.onDidChange(({ desk, change }) => {
      if (change.kind === "event" ? CHANGES.has(change.event.kind) : change.kind === "reset" || change.kind === "ownership") refresh();
      if (change.kind === "event" && ENDS.has(change.event.kind)) host.drafts.dropAll({ root: desk.root, task: change.event.task }).catch(onError);
    }),
    host.desks.onDidChangeFolders(refresh),
  ];
}

function openCommands(host: Host): readonly Disposable[] {
  const offered = async (open: Promise<void>): Promise<void> => {
    await open;
    offerLenses(host.context.globalState).catch((error: unknown) => report(host, error));
  };
  return [
    command(host, "reviewChanges", (argument) => offered(reviewChanges(host, argument))),
    command(host, "openChange", (argument) => offered(openChange(host, argument))),
    command(host, "openAttemptFile", (argument) => openAttemptFile(host, argument)),
    command(host, "chooseAttempt", (argument) => chooseAttempt(host, argument)),
    command(host, "compareAttempts", (argument) => compareAttempts(host, argument)),
  ];
}

function decisions(host: Host, reviews: FileReviews): readonly Disposable[] {
  const conflicts = new ConflictEditors();
  const accepting = new AcceptCommands(host, conflicts);
  const hunks = new HunkCommands(host, reviews, accepting);
  return [
    command(host, "acceptAll", (argument) => accepting.all(argument)),
    command(host, "acceptFile", (argument) => accepting.file(argument)),
    command(host, "acceptHunk", (argument) => hunks.run("accept", argument)),
    command(host, "rejectHunk", (argument) => hunks.run("reject", argument)),
    command(host, "undoAccept", (argument) => undoAccept(host, conflicts, argument)),
    command(host, "commitAccepted", (argument) => commitAcceptedOf(host, argument)),
  ];
}

function commentCommands(host: Host, comments: ReviewComments): readonly Disposable[] {
  const requests = new RequestCommands(host);
  return [
    command(host, "requestChanges", (argument) => requests.request(argument)),
    command(host, "sendRequest", () => requests.sendWritten()),
    command(host, "addComment", (argument) => comments.add(argument)),
    command(host, "editComment", (argument) => comments.edit(argument)),
    command(host, "saveComment", (argument) => comments.save(argument)),
    command(host, "cancelComment", (argument) => comments.cancel(argument)),
    command(host, "deleteComment", (argument) => comments.remove(argument)),
  ];
}
