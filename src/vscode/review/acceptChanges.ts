// Merges an attempt's work into the user's files: all of it, or a file. What was done is said, with the way back.
import { ProgressLocation, Uri, commands, window } from "vscode";
import { CountersignError } from "../../core/domain/errors";
import type { AcceptResult } from "../../core/domain/workspace";
import { reviewedAttempt } from "../../core/projections/reviewedAttempt";
import type { TaskView } from "../../core/projections/taskView";
import { counted } from "../../shared/figures";
import type { Host } from "../host";
import { pickTask, type PickedTask } from "../pickTask";
import { report } from "../run";
import { targetOrActive } from "./activeReview";
import { commitAccepted, isCommittable } from "./commitAccepted";
import type { ConflictEditors } from "./conflicts";
import { saveBefore } from "./unsavedFiles";
import { messageText } from "../messageText";

const UNDO = "Undo";
const COMMIT = "Commit…";

export class AcceptCommands {
  constructor(
    private readonly host: Host,
    private readonly conflicts: ConflictEditors,
  ) {}

  async all(argument: unknown): Promise<void> {
    const picked = await this.#pick(argument, "Accept the changes of which task?");
    if (picked !== undefined) await this.#accept(picked, null);
  }

  async file(argument: unknown): Promise<void> {
    const picked = await this.#pick(argument, "Accept a file of which task?");
    if (picked === undefined) return;
    const file = targetOrActive(argument)?.path ?? (await pickFile(picked.view));
    if (file !== undefined) await this.#accept(picked, [file]);
  }

  /** Opens conflicts, says what was done and what is left, and offers the next step. Does not wait for an answer. */
  async tell(picked: PickedTask, result: AcceptResult): Promise<void> {
    if (result.conflicts.length > 0) return this.#tellConflicts(picked, result);
    const { view } = picked;
    if (view.status !== "accepted") {
      offer(this.host, picked, { text: `${listed(result.applied)} ${leftToDecide(view)}` });
      return;
    }
    const when = this.host.config.commitOnAccept(Uri.file(picked.desk.root));
    if (when === "always" && isCommittable(view)) return commitAccepted(this.host, picked, { ask: false });
    const text = `Accepted “${view.request.title}”: ${counted(view.accepted?.applied.length ?? 0, "file")} merged into your working tree.`;
    offer(this.host, picked, { text, commits: when === "ask" && isCommittable(view) });
  }

  async #pick(argument: unknown, title: string): Promise<PickedTask | undefined> {
    const target = targetOrActive(argument);
    const picked = await pickTask(this.host, target, { title, fits: (view) => view.status === "review", none: "No task waits for your review." });
    const reviewed = picked === undefined ? undefined : reviewedAttempt(picked.view)?.attempt;
    if (picked !== undefined && target?.attempt !== undefined && target.attempt !== reviewed) {
      const { title: name } = picked.view.request;
      throw new CountersignError("conflict", `Attempt ${target.attempt} of “${name}” can be looked at, but attempt ${reviewed} is the one in review. Nothing was changed. If it passed, put it into review first: Go Back to an Earlier Attempt.`);
    }
    return picked;
  }

  async #accept({ desk, view }: PickedTask, files: readonly string[] | null): Promise<void> {
    const { id, title } = view.request;
    if (!(await saveBefore("Accept", desk.root, files ?? touched(view)))) return;
    const done = await window.withProgress({ location: ProgressLocation.Notification, title: `Accepting “${title}”` }, () =>
      desk.act(id, (harness, current) => harness.accept(current, files)),
    );
    await this.tell({ desk, view: done.view }, done.result);
  }

  async #tellConflicts(picked: PickedTask, result: AcceptResult): Promise<void> {
    const { desk, view } = picked;
    const attempt = reviewedAttempt(view);
    const theirs = result.merged ?? attempt?.commit ?? null;
    if (view.base === null || attempt === undefined || theirs === null) throw new CountersignError("internal", "What was accepted has no commit.");
    const sides = { from: view.base.commit, yours: result.before, theirs };
    const { texts, others } = await this.conflicts.open({ root: desk.root, task: view.request.id, base: view.base, attempt: attempt.attempt, ...sides, files: result.conflicts });
    const said = [
      ...(result.applied.length === 0 ? [] : [`${counted(result.applied.length, "file")} merged.`]),
      ...(texts.length === 0 ? [] : [`You have changed the same lines of ${texts.join(", ")}: solve the conflict in the editor, then save.`]),
      ...(others.length === 0 ? [] : [`${others.join(", ")} cannot be merged: yours stays, and the attempt’s stands beside it as .countersign, unless it was deleted there.`]),
    ];
    offer(this.host, picked, { text: [...said, "Nothing is lost: undo puts your files back."].join(" "), isWarning: true });
  }
}

async function pickFile(view: TaskView): Promise<string | undefined> {
  const items = (reviewedAttempt(view)?.files ?? []).map((file) => ({ label: file.path, description: file.status }));
  return (await window.showQuickPick(items, { title: `Accept which file of “${view.request.title}”?` }))?.label;
}

/** Files that an accept of everything may write: of this attempt, and what of an earlier one it takes away again. */
function touched(view: TaskView): readonly string[] {
  const { accepted } = view;
  return [...new Set([...(reviewedAttempt(view)?.files ?? []).map((file) => file.path), ...(accepted?.applied ?? []), ...(accepted?.conflicts ?? [])])];
}

interface Offer {
  readonly text: string;
  readonly commits?: boolean;
  readonly isWarning?: boolean;
}

/** Returns at once: a message does not hold up the command that shows it. */
function offer(host: Host, { desk, view }: PickedTask, { text, commits = false, isWarning = false }: Offer): void {
  const target = { root: desk.root, task: view.request.id };
  const show = isWarning ? window.showWarningMessage : window.showInformationMessage;
  show<string>(messageText(text), ...(commits ? [COMMIT] : []), UNDO).then(
    async (chosen) => {
      if (chosen === UNDO) await commands.executeCommand("countersign.undoAccept", target);
      if (chosen === COMMIT) await commands.executeCommand("countersign.commitAccepted", target);
    },
    (error: unknown) => report(host, error),
  );
}

function leftToDecide(view: TaskView): string {
  const attempt = reviewedAttempt(view);
  const left = (attempt?.files ?? []).filter((file) => !view.acceptedPaths.includes(file.path)).length;
  return left === 0 ? "Some hunks are still to be decided." : `${counted(left, "file")} of “${view.request.title}” ${left === 1 ? "is" : "are"} still to be decided.`;
}

function listed(files: readonly string[]): string {
  return files.length <= 3 ? `Accepted ${files.join(", ")}.` : `Accepted ${counted(files.length, "file")}.`;
}
