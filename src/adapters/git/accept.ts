// Merges a change into the user's working tree, three-way and file by file: an attempt, some hunks of it, or an accept
// backwards. It writes working tree files only; what was there before is a commit first, and what is there after it is
// one, too, so that it can be taken back. Called again after a crash it comes to the same end.
//
// A conflict never costs anybody's work: two texts get conflict markers; where markers cannot stand (binary files,
// links, a file the user deleted, a folder in the way) the user's side stays and the attempt's is put beside it as
// `<name>.countersign`; a file that the user changed and the attempt deleted stays.
import type { Stats } from "node:fs";
import { CountersignError } from "../../core/domain/errors";
import type { WorkspaceChange } from "../../core/ports/workspace";
import { AcceptPaths, type PathPlan, type Result } from "./acceptPaths";
import { actionFor, isSubmodule, same } from "./acceptPlan";
import { readAcceptState, writeAcceptState, type AcceptState, type Handled } from "./acceptState";
import { entryChanges, type Entry, type EntryChange } from "./diff";
import type { Repository } from "./locate";
import type { TaskNames } from "./names";
import { PrivateIndex } from "./privateIndex";
import type { Git, Place } from "./runGit";
import { commitTree, resolveNames, stageUsersTree, userPlace } from "./snapshot";
import { StagedVersions } from "./stagedVersions";
import { UserFiles } from "./userFiles";
import { refuseWaysOut } from "./waysOut";

const WORDS = { what: "The changes could not be accepted", kept: "Your files were not touched." };

export interface AcceptRequest extends WorkspaceChange {
  readonly names: TaskNames;
  /** What `from` and `to` are, in conflict markers. */
  readonly labels: readonly [from: string, to: string];
  /** Commit whose links may be put where they were, wherever they lead: the user's own. null: every one may be. */
  readonly ownLinks: string | null;
  /** Refs of the task that point to `to` when all is done. */
  readonly keep: readonly string[];
}

/** `before` and `after` differ in what was done, and in nothing else. */
export interface Accepted {
  readonly applied: readonly string[];
  readonly conflicts: readonly string[];
  readonly before: string;
  readonly after: string;
}

export class Accept {
  private readonly place: Place;
  private readonly files: UserFiles;

  constructor(
    private readonly git: Git,
    private readonly repository: Repository,
    private readonly temporary: string,
    private readonly request: AcceptRequest,
  ) {
    this.place = userPlace(repository);
    this.files = new UserFiles(repository.root);
  }

  async run(): Promise<Accepted> {
    const { from, to, keep, names } = this.request;
    // A submodule is a repository of its own; attempts never change one.
    const changes = (await entryChanges(this.git, this.place, from, to)).filter(
      (change) => !isSubmodule(change.from) && !isSubmodule(change.to),
    );
    await refuseWaysOut(this.git, this.place, { ...this.request, changes });
    await this.files.sweep(changes.map((change) => change.path));
    const known = await readAcceptState(this.git, this.place, names);
    const { state, plans } = await this.recordBefore(changes, known);
    const { results, beside } = await this.apply(plans, state, known);
    const before = state.unfinished[0] ?? "";
    const after = await this.recordAfter(before, plans, beside);
    const refs = [[names.afterRef, after] as const, ...keep.map((ref) => [ref, to] as const)];
    await writeAcceptState(this.git, this.place, names, { state: finished(state, plans, results), refs });
    const pathsWith = (result: Result): readonly string[] =>
      plans.map((plan) => plan.path).filter((file) => results.get(file) === result);
    return { applied: pathsWith("applied"), conflicts: pathsWith("conflict"), before, after };
  }

  /** Commits the working tree as it is, ignored files that are in the way included, and decides what to do. */
  private async recordBefore(
    changes: readonly EntryChange[],
    known: AcceptState,
  ): Promise<{ readonly state: AcceptState; readonly plans: readonly PathPlan[] }> {
    const { from, names } = this.request;
    const looks = changes.map(async (change) => [change.path, await this.files.look(change.path)] as const);
    const seen = new Map(await Promise.all(looks));
    const index = await stageUsersTree(this.git, this.repository, this.temporary, { words: WORDS });
    let tree: string;
    try {
      const present = changes.map((change) => change.path).filter((file) => isStorable(seen.get(file)));
      await index.heedAgain(present, WORDS);
      await index.stagePaths(present, WORDS);
      tree = await index.writeTree(WORDS);
    } finally {
      await index.dispose();
    }
    const [head, previous, previousTree] = await resolveNames(
      this.git,
      this.place,
      ["HEAD", names.beforeRef, `${names.beforeRef}^{tree}`],
      WORDS,
    );
    const isRecorded =
      previous !== null && previous !== undefined && previousTree === tree && known.unfinished.at(-1) === previous;
    const parents = [head, previous].flatMap((parent) => parent ?? []);
    const message = `Working tree before accepting ${names.id}`;
    const before = isRecorded ? previous : await commitTree(this.git, this.place, { tree, parents, message }, WORDS);
    const state = isRecorded ? known : { ...known, unfinished: [...known.unfinished, before] };
    await writeAcceptState(this.git, this.place, names, { state, refs: [[names.beforeRef, before]] });
    return { state, plans: await this.plansFor(changes, await this.oursIn(from, tree), seen) };
  }

  /** Where the user's tree differs from `from`. */
  private async oursIn(from: string, tree: string): Promise<ReadonlyMap<string, Entry | null>> {
    return new Map((await entryChanges(this.git, this.place, from, tree)).map((change) => [change.path, change.to]));
  }

  private async plansFor(
    changes: readonly EntryChange[],
    ours: ReadonlyMap<string, Entry | null>,
    seen: ReadonlyMap<string, Stats | null>,
  ): Promise<readonly PathPlan[]> {
    const trustsModes = await this.git.attempt(this.place, ["config", "--type=bool", "--get", "core.fileMode"]);
    const ignoreModes = trustsModes.stdout.toString("utf8").trim() === "false";
    return changes.map((change) => {
      const changed = ours.get(change.path);
      const own = changed === undefined ? change.from : changed;
      const isOnlyMode = ignoreModes && own !== null && change.from?.oid === own.oid;
      const sides = { base: change.from, ours: isOnlyMode ? change.from : own, theirs: change.to };
      return { path: change.path, seen: seen.get(change.path) ?? null, ...sides, action: actionFor(sides) };
    });
  }

  private async apply(
    plans: readonly PathPlan[],
    state: AcceptState,
    known: AcceptState,
  ): Promise<{ readonly results: ReadonlyMap<string, Result>; readonly beside: readonly string[] }> {
    const versions = await StagedVersions.create(this.git, this.place, this.temporary);
    try {
      const paths = await this.pathsWith(versions, plans, state);
      if (this.request.onConflict === "refuse") await this.refuseConflicts(paths, plans, known);
      const results = new Map<string, Result>();
      // Removals first: a file may come where a folder was, and the other way round.
      for (const plan of [...plans.filter(removes), ...plans.filter((p) => !removes(p))]) {
        const settled = settledBefore(plan, state.handled[plan.path]);
        results.set(plan.path, settled ?? (await paths.apply(plan)));
      }
      return { results, beside: paths.beside };
    } finally {
      await versions.dispose();
    }
  }

  private async pathsWith(
    versions: StagedVersions,
    plans: readonly PathPlan[],
    state: AcceptState,
  ): Promise<AcceptPaths> {
    const { git, place, files } = this;
    const { from, to, labels } = this.request;
    await versions.stage(
      to,
      plans.filter((plan) => plan.theirs !== null && plan.action.kind !== "nothing").map((plan) => plan.path),
    );
    await versions.stage(
      from,
      plans.filter((plan) => plan.action.kind === "merge" && plan.base !== null).map((plan) => plan.path),
    );
    const earlierVersions = (plan: PathPlan): Promise<string[]> => this.earlierVersions(plan, versions, state.unfinished);
    return new AcceptPaths({ git, place, files, versions, from, to, labels, earlierVersions });
  }

  /** What was begun is over then: nothing was done that a later accept would have to go on with. */
  private async refuseConflicts(paths: AcceptPaths, plans: readonly PathPlan[], known: AcceptState): Promise<void> {
    const foreseen = await Promise.all(plans.map(async (plan) => ({ plan, result: await paths.foresee(plan) })));
    const refused = foreseen.filter(({ result }) => result === "conflict").map(({ plan }) => plan.path);
    if (refused.length === 0) return;
    await writeAcceptState(this.git, this.place, this.request.names, { state: known, refs: [] });
    throw new CountersignError(
      "conflict",
      `Your own changes in ${refused.join(", ")} touch the same lines. Nothing was changed. ` +
        "Edit the file by hand, or undo the whole accept: what you have changed is kept then, too.",
    );
  }

  /** Commits what is there now where the accept had something to do; everything else stays as it was before. */
  private async recordAfter(before: string, plans: readonly PathPlan[], beside: readonly string[]): Promise<string> {
    const { names } = this.request;
    const index = await PrivateIndex.copyOf(this.git, this.place, null, this.temporary);
    let tree: string;
    try {
      await index.readTree(before, WORDS);
      const wanted = [...plans.map((plan) => plan.path), ...beside];
      const looks = await Promise.all(wanted.map(async (file) => ({ file, stats: await this.files.look(file) })));
      const present = new Set(looks.filter(({ stats }) => isStorable(stats)).map(({ file }) => file));
      const gone = plans.filter((plan) => plan.theirs === null && !present.has(plan.path)).map((plan) => plan.path);
      await index.forget(gone, WORDS);
      await index.stagePaths([...present], WORDS);
      tree = await index.writeTree(WORDS);
    } finally {
      await index.dispose();
    }
    const [previous] = await resolveNames(this.git, this.place, [names.afterRef], WORDS);
    const parents = [before, previous].flatMap((parent) => parent ?? []);
    const message = `Working tree after accepting ${names.id}`;
    return commitTree(this.git, this.place, { tree, parents, message }, WORDS);
  }

  /** Where an accept that was cut off has left its traces: the user's side of a path as it was before each of its tries. */
  private async earlierVersions(
    plan: PathPlan,
    versions: StagedVersions,
    unfinished: readonly string[],
  ): Promise<string[]> {
    const files: string[] = [];
    for (const earlier of unfinished) {
      const before = (await this.oursIn(this.request.from, earlier)).get(plan.path);
      if (before === undefined || before === null || same(before, plan.ours)) continue;
      await versions.stage(earlier, [plan.path]);
      files.push(versions.pathOf(earlier, plan.path));
    }
    return files;
  }
}

function removes(plan: PathPlan): boolean {
  return plan.action.kind === "remove";
}

function isStorable(stats: Stats | null | undefined): boolean {
  return stats?.isFile() === true || stats?.isSymbolicLink() === true;
}

/** Merged by an earlier accept and changed since, by hand: the user's word stands. */
function settledBefore(plan: PathPlan, handled: Handled | undefined): Result | null {
  const isOpen = plan.action.kind === "nothing" || plan.action.kind === "write" || plan.action.kind === "remove";
  if (isOpen || handled === undefined || handled.theirs !== (plan.theirs?.oid ?? null)) return null;
  return handled.ours === (plan.ours?.oid ?? null) ? null : handled.result;
}

function finished(state: AcceptState, plans: readonly PathPlan[], results: ReadonlyMap<string, Result>): AcceptState {
  const handled = plans.map((plan): readonly [string, Handled] => {
    const now = {
      result: results.get(plan.path) ?? "applied",
      theirs: plan.theirs?.oid ?? null,
      ours: plan.ours?.oid ?? null,
    };
    const settled = settledBefore(plan, state.handled[plan.path]) !== null;
    return [plan.path, settled ? (state.handled[plan.path] ?? now) : now];
  });
  return { version: 1, unfinished: [], handled: { ...state.handled, ...Object.fromEntries(handled) } };
}
