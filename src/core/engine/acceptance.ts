// What a person takes of finished work into their files: as a whole, by file or by hunk; and taking that back. Commits
// are merged, never the worktree: it may be gone.
import { decidedText, hunksOf } from "../domain/hunks";
import { CountersignError } from "../domain/errors";
import type { HunkId, UndoResult } from "../domain/review";
import type { AcceptResult, FileVersion, TaskBase } from "../domain/workspace";
import type { Workspace } from "../ports/workspace";
import { decisionsOf } from "../projections/hunkDecisions";
import { reviewedAttempt } from "../projections/reviewedAttempt";
import { withDecisions, type HunkDecisions } from "../projections/reviewView";
import type { TaskView } from "../projections/taskView";
import type { Recorder } from "./recorder";

/** What is decided about hunks of a file; each of the two may be empty. */
export interface HunkChoice {
  readonly accept: readonly HunkId[];
  readonly reject: readonly HunkId[];
}

/** The attempt of a task that is in review, and what of it is in the user's tree. */
export class Acceptance {
  private readonly base: TaskBase;
  private readonly commit: string;

  private constructor(
    private readonly workspace: Workspace,
    private readonly recorder: Recorder,
    reviewed: { readonly base: TaskBase; readonly commit: string },
    /** Commit: the base with what of the task's work is in the user's tree. */
    private readonly merged: string,
  ) {
    this.base = reviewed.base;
    this.commit = reviewed.commit;
  }

  /** Rejects with `conflict` for a task that is not in review. */
  static async of(workspace: Workspace, recorder: Recorder): Promise<Acceptance> {
    const reviewed = reviewable(recorder.view);
    return new Acceptance(workspace, recorder, reviewed, await mergedIn(workspace, recorder.view, reviewed.base));
  }

  /** Files as wholes, but for hunks that were rejected; null: all. */
  async acceptFiles(files: readonly string[] | null): Promise<AcceptResult> {
    const changed = await this.changedPaths();
    const unknown = (files ?? []).filter((file) => !changed.includes(file));
    if (unknown.length > 0) throw notChanged(unknown, changed);
    const chosen = await Promise.all((files ?? changed).map((path) => this.butRejected(path)));
    const decided = chosen.flatMap(({ version, now }) => (now === null ? [] : [[version.path, now] as const]));
    return this.take(chosen.map(({ version }) => version), Object.fromEntries(decided), "mark");
  }

  /** null when the working tree was not concerned. */
  async decide(path: string, choice: HunkChoice): Promise<AcceptResult | null> {
    const { from, to } = await this.workspace.lines(this.base, this.base.commit, this.commit, path);
    const file = { base: from, attempt: to, merged: await this.workspace.fileAt(this.base, this.merged, path) };
    const hunks = hunksOf(file.base, file.attempt);
    assertChoice(path, choice, hunks.map(({ id }) => id));
    const { view } = this.recorder;
    const now = withDecisions(decisionsOf(view, path, hunks), { accepted: choice.accept, rejected: choice.reject });
    const text = decidedText(file, now);
    const isLast = (await this.remaining(this.merged, { ...view.hunks, [path]: now })).length === 0;
    if (text === file.merged && !isLast) {
      await this.recorder.commit({ kind: "hunksDecided", path, ...now });
      return null;
    }
    const there = hunksOf(file.base, file.merged).map(({ id }) => id);
    const takesOut = choice.reject.some((id) => there.includes(id));
    return this.take([this.versionOf(path, file, text)], { [path]: now }, takesOut ? "refuse" : "mark");
  }

  /** Merges what is wanted now into the user's tree, and puts it on record with what is left to decide. */
  private async take(
    versions: readonly FileVersion[],
    decided: Readonly<Record<string, HunkDecisions>>,
    onConflict: "mark" | "refuse",
  ): Promise<AcceptResult> {
    const { recorder, workspace, base, merged } = this;
    const to = await workspace.compose(base, merged, versions);
    const result = await workspace.accept(recorder.task, { from: merged, to, onConflict });
    const remaining = await this.remaining(to, { ...recorder.view.hunks, ...decided });
    // With the accept, after it: no decision is on record without its effect.
    for (const [path, { accepted, rejected }] of Object.entries(decided)) recorder.note({ kind: "hunksDecided", path, accepted, rejected });
    await recorder.commit({ kind: "changesAccepted", result, remaining });
    return result;
  }

  /** Paths that are still to be decided about when `merged` is in the user's tree. */
  private async remaining(merged: string, hunks: TaskView["hunks"]): Promise<readonly string[]> {
    const [changed, taken, missing] = await Promise.all([
      this.changedPaths(),
      this.pathsBetween(this.base.commit, merged),
      this.pathsBetween(merged, this.commit),
    ]);
    // Of a task of which nothing was taken nothing is settled: it is the user's to discard.
    if (taken.length === 0) return changed;
    const isOpen = async (path: string): Promise<boolean> => missing.includes(path) && (!Object.hasOwn(hunks, path) || (await this.hasOpenHunks(path, hunks)));
    const open = await Promise.all(changed.map(isOpen));
    return changed.filter((_, at) => open[at] === true);
  }

  private async hasOpenHunks(path: string, hunks: TaskView["hunks"]): Promise<boolean> {
    const { from, to } = await this.workspace.lines(this.base, this.base.commit, this.commit, path);
    return decisionsOf({ hunks, acceptedPaths: [] }, path, hunksOf(from, to)).open.length > 0;
  }

  /** A file as the attempt left it, without the hunks that were rejected; `now`: what is decided about its hunks then. */
  private async butRejected(path: string): Promise<{ readonly version: FileVersion; readonly now: HunkDecisions | null }> {
    const { view } = this.recorder;
    if (!Object.hasOwn(view.hunks, path)) return { version: { path, commit: this.commit }, now: null };
    const { from, to } = await this.workspace.lines(this.base, this.base.commit, this.commit, path);
    const { accepted, rejected, open } = decisionsOf(view, path, hunksOf(from, to));
    const now = { accepted: [...accepted, ...open], rejected };
    const file = { base: from, attempt: to, merged: from };
    return { version: this.versionOf(path, file, decidedText(file, now)), now };
  }

  private versionOf(path: string, file: { readonly base: string | null; readonly attempt: string | null }, text: string | null): FileVersion {
    if (text === file.attempt) return { path, commit: this.commit };
    if (text === file.base || text === null) return { path, commit: this.base.commit };
    return { path, commit: file.attempt === null ? this.base.commit : this.commit, text };
  }

  /** What the attempt changed, and what of an earlier one is in the user's tree and not in this. */
  private async changedPaths(): Promise<readonly string[]> {
    const [own, left] = await Promise.all([this.pathsBetween(this.base.commit, this.commit), this.pathsBetween(this.merged, this.commit)]);
    return [...new Set([...own, ...left])];
  }

  private async pathsBetween(from: string, to: string): Promise<readonly string[]> {
    return from === to ? [] : (await this.workspace.changes(this.base, from, to)).map((change) => change.path);
  }
}

/** Takes back everything that was accepted. Rejects with `conflict` where nothing was, or where it was not recorded what. */
export async function undoAccept(workspace: Workspace, recorder: Recorder): Promise<UndoResult> {
  const { view } = recorder;
  const { id } = view.request;
  if (view.accepted === null) throw new CountersignError("conflict", `Nothing of task ${id} was accepted: there is nothing to undo.`);
  const steps = view.acceptSteps.flatMap(({ before, after }) => (after === null ? [] : [{ before, after }]));
  if (steps.length < view.acceptSteps.length) {
    const before = view.accepted.before;
    throw new CountersignError(
      "conflict",
      `Task ${id} was accepted by version 0.1, which did not record what it changed. Nothing was changed. Your files as they were ` +
        `before are in the commit ${before}: git restore --source ${before.slice(0, 10)} -- FILE puts one back.`,
    );
  }
  const result = await workspace.undoAccept(recorder.task, steps);
  await recorder.commit({ kind: "acceptUndone", result });
  return result;
}

/** Commits what was accepted, and nothing else, as the user would. */
export async function commitAccepted(
  workspace: Workspace,
  recorder: Recorder,
  message: string,
  signal: AbortSignal,
): Promise<{ readonly commit: string; readonly files: readonly string[] }> {
  const { view } = recorder;
  const { base } = view;
  if (base === null || view.accepted === null) {
    throw new CountersignError("conflict", `Nothing of task ${view.request.id} was accepted: there is nothing to commit. Accept it first.`);
  }
  if (message.trim() === "") throw new CountersignError("badRequest", "A commit needs a message. Nothing was committed.");
  const taken = await workspace.changes(base, base.commit, await mergedIn(workspace, view, base));
  const done = await workspace.commitForUser(base, taken.map((change) => change.path), message, signal);
  await recorder.commit({ kind: "changesCommitted", ...done });
  return done;
}

/** Commit: the base with what of the task's work is in the user's tree. */
async function mergedIn(workspace: Workspace, { accepted, attempts }: TaskView, base: TaskBase): Promise<string> {
  if (accepted === null) return base.commit;
  if (accepted.merged !== undefined) return accepted.merged;
  // By version 0.1, which took files as wholes, of the only attempt there was to take.
  const commit = attempts.at(-1)?.commit ?? base.commit;
  return workspace.compose(base, base.commit, [...accepted.applied, ...accepted.conflicts].map((path) => ({ path, commit })));
}

function reviewable(view: TaskView): { readonly base: TaskBase; readonly commit: string } {
  const commit = reviewedAttempt(view)?.commit ?? null;
  if (view.base !== null && commit !== null && view.status === "review") return { base: view.base, commit };
  const advice = view.status === "accepted" ? " Undo the accept to decide anew." : "";
  throw new CountersignError("conflict", `Task ${view.request.id} is ${view.status}: only a task in review can be accepted.${advice}`);
}

function notChanged(unknown: readonly string[], changed: readonly string[]): CountersignError {
  return new CountersignError("notFound", `The task did not change ${unknown.join(", ")}. It changed: ${changed.join(", ") || "nothing"}.`);
}

function assertChoice(path: string, { accept, reject }: HunkChoice, known: readonly HunkId[]): void {
  if (accept.length + reject.length === 0) throw new CountersignError("badRequest", `No change of ${path} was named. Nothing was done.`);
  if (accept.some((id) => reject.includes(id))) throw new CountersignError("badRequest", `A change of ${path} cannot be both accepted and rejected. Nothing was done.`);
  if ([...accept, ...reject].every((id) => known.includes(id))) return;
  throw new CountersignError("notFound", `${path} has no such change in the attempt under review. Nothing was done. Look at the file's diff again.`);
}
