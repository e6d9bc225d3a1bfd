// Merges an attempt into the user's working tree, three-way and file by file. It writes working tree files only; what
// was there before is a commit first. Called again after a crash it comes to the same end.
//
// A conflict never costs anybody's work: two texts get conflict markers; where markers cannot stand (binary files,
// links, a file the user deleted, a folder in the way) the user's side stays and the attempt's is put beside it as
// `<name>.countersign`; a file that the user changed and the attempt deleted stays.
import type { Stats } from "node:fs";
import type { AcceptResult } from "../../core/domain/workspace";
import { AcceptPaths, type PathPlan, type Result } from "./acceptPaths";
import { actionFor, isSubmodule, same } from "./acceptPlan";
import { readAcceptState, writeAcceptState, type AcceptState, type Handled } from "./acceptState";
import { entryChanges, type Entry, type EntryChange } from "./diff";
import type { Repository } from "./locate";
import type { TaskNames } from "./names";
import type { Git, Place } from "./runGit";
import { commitTree, resolveNames, stageUsersTree, userPlace } from "./snapshot";
import { StagedVersions } from "./stagedVersions";
import { UserFiles } from "./userFiles";

const WORDS = { what: "The changes could not be accepted", kept: "Your files were not touched." };

export interface AcceptRequest {
  readonly names: TaskNames;
  readonly base: string;
  readonly commit: string;
  /** null: all. */
  readonly files: readonly string[] | null;
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

  async run(): Promise<AcceptResult> {
    const { base, commit, files, names } = this.request;
    const all = await entryChanges(this.git, this.place, base, commit);
    const wanted = files === null ? null : new Set(files);
    // A submodule is a repository of its own; attempts never change one.
    const changes = all.filter(
      (change) => (wanted?.has(change.path) ?? true) && !isSubmodule(change.from) && !isSubmodule(change.to),
    );
    await this.files.sweep(changes.map((change) => change.path));
    const known = await readAcceptState(this.git, this.place, names);
    const { state, plans } = await this.recordBefore(changes, known);
    const results = await this.apply(plans, state);
    await writeAcceptState(this.git, this.place, names, { state: finished(state, plans, results), before: null });
    const pathsWith = (result: Result): readonly string[] =>
      plans.map((plan) => plan.path).filter((file) => results.get(file) === result);
    return { applied: pathsWith("applied"), conflicts: pathsWith("conflict"), before: state.unfinished[0] ?? "" };
  }

  /** Commits the working tree as it is, ignored files that are in the way included, and decides what to do. */
  private async recordBefore(
    changes: readonly EntryChange[],
    known: AcceptState,
  ): Promise<{ readonly state: AcceptState; readonly plans: readonly PathPlan[] }> {
    const { base, names } = this.request;
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
    await writeAcceptState(this.git, this.place, names, { state, before });
    return { state, plans: await this.plansFor(changes, await this.oursIn(base, tree), seen) };
  }

  /** Where the user's tree differs from the base. */
  private async oursIn(base: string, tree: string): Promise<ReadonlyMap<string, Entry | null>> {
    return new Map((await entryChanges(this.git, this.place, base, tree)).map((change) => [change.path, change.to]));
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

  private async apply(plans: readonly PathPlan[], state: AcceptState): Promise<ReadonlyMap<string, Result>> {
    const versions = await StagedVersions.create(this.git, this.place, this.temporary);
    try {
      const { base, commit } = this.request;
      await versions.stage(
        commit,
        plans.filter((plan) => plan.theirs !== null && plan.action.kind !== "nothing").map((plan) => plan.path),
      );
      await versions.stage(
        base,
        plans.filter((plan) => plan.action.kind === "merge" && plan.base !== null).map((plan) => plan.path),
      );
      const paths = new AcceptPaths({
        git: this.git,
        place: this.place,
        files: this.files,
        versions,
        base,
        commit,
        label: this.request.names.branch,
        earlierVersions: (plan) => this.earlierVersions(plan, versions, state.unfinished),
      });
      const results = new Map<string, Result>();
      // Removals first: a file may come where a folder was, and the other way round.
      for (const plan of [...plans.filter(removes), ...plans.filter((p) => !removes(p))]) {
        const settled = settledBefore(plan, state.handled[plan.path]);
        results.set(plan.path, settled ?? (await paths.apply(plan)));
      }
      return results;
    } finally {
      await versions.dispose();
    }
  }

  /** Where an accept that was cut off has left its traces: the user's side of a path as it was before each of its tries. */
  private async earlierVersions(
    plan: PathPlan,
    versions: StagedVersions,
    unfinished: readonly string[],
  ): Promise<string[]> {
    const files: string[] = [];
    for (const earlier of unfinished) {
      const before = (await this.oursIn(this.request.base, earlier)).get(plan.path);
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
