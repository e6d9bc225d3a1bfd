// Merges an attempt into the user's working tree, three-way and file by file. It writes working tree files only; what
// was there before is a commit first. Called again after a crash it comes to the same end.
//
// A conflict never costs anybody's work: two texts get conflict markers; where markers cannot stand (binary files,
// links, a file the user deleted, a folder in the way) the user's side stays and the attempt's is put beside it as
// `<name>.countersign`; a file that the user changed and the attempt deleted stays.
import { copyFile, chmod } from "node:fs/promises";
import type { Stats } from "node:fs";
import type { AcceptResult } from "../../core/domain/workspace";
import { ioError } from "../store/ioError";
import { actionFor, isSubmodule, same, type Action, type ThreeWay } from "./acceptPlan";
import { readAcceptState, writeAcceptState, type AcceptState, type Handled } from "./acceptState";
import { entryChanges, type Entry, type EntryChange } from "./diff";
import type { Repository } from "./locate";
import type { TaskNames } from "./names";
import type { Git, Place } from "./runGit";
import { commitTree, resolveNames, stageUsersTree, userPlace } from "./snapshot";
import { sameContent, StagedVersions } from "./stagedVersions";
import { UserFiles } from "./userFiles";

const WORDS = { what: "The changes could not be accepted", kept: "Your files were not touched." };

export interface AcceptRequest {
  readonly names: TaskNames;
  readonly base: string;
  readonly commit: string;
  /** null: all. */
  readonly files: readonly string[] | null;
}

interface PathPlan extends ThreeWay {
  readonly path: string;
  readonly seen: Stats | null;
  readonly action: Action;
}

type Result = Handled["result"];

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
    const changes = all.filter((change) => (wanted?.has(change.path) ?? true) && !isSubmodule(change.from) && !isSubmodule(change.to));
    await this.files.sweep(changes.map((change) => change.path));
    const known = await readAcceptState(this.git, this.place, names);
    const { state, plans } = await this.recordBefore(changes, known);
    const results = await this.apply(plans, state);
    await writeAcceptState(this.git, this.place, names, { state: finished(state, plans, results), before: null });
    const pathsWith = (result: Result): readonly string[] => plans.map((plan) => plan.path).filter((file) => results.get(file) === result);
    return { applied: pathsWith("applied"), conflicts: pathsWith("conflict"), before: state.unfinished[0] ?? "" };
  }

  /** Commits the working tree as it is, ignored files that are in the way included, and decides what to do. */
  private async recordBefore(changes: readonly EntryChange[], known: AcceptState): Promise<{ readonly state: AcceptState; readonly plans: readonly PathPlan[] }> {
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
    const [head, previous, previousTree] = await resolveNames(this.git, this.place, ["HEAD", names.beforeRef, `${names.beforeRef}^{tree}`], WORDS);
    const isRecorded = previous !== null && previous !== undefined && previousTree === tree && known.unfinished.at(-1) === previous;
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

  private async plansFor(changes: readonly EntryChange[], ours: ReadonlyMap<string, Entry | null>, seen: ReadonlyMap<string, Stats | null>): Promise<readonly PathPlan[]> {
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
      await versions.stage(commit, plans.filter((plan) => plan.theirs !== null && plan.action.kind !== "nothing").map((plan) => plan.path));
      await versions.stage(base, plans.filter((plan) => plan.action.kind === "merge" && plan.base !== null).map((plan) => plan.path));
      const results = new Map<string, Result>();
      // Removals first: a file may come where a folder was, and the other way round.
      for (const plan of [...plans.filter(removes), ...plans.filter((p) => !removes(p))]) {
        const settled = settledBefore(plan, state.handled[plan.path]);
        results.set(plan.path, settled ?? (await this.applyOne(plan, versions, state)));
      }
      return results;
    } finally {
      await versions.dispose();
    }
  }

  private async applyOne(plan: PathPlan, versions: StagedVersions, state: AcceptState): Promise<Result> {
    switch (plan.action.kind) {
      case "nothing":
        return "applied";
      case "keep":
        return "conflict";
      case "remove":
        await this.files.remove(plan.path, plan.seen);
        return "applied";
      case "beside":
        return this.putBeside(plan, versions);
      case "write":
        if ((await this.files.blocker(plan.path)) !== null) return this.putBeside(plan, versions);
        await this.files.put(plan.path, versions.pathOf(this.request.commit, plan.path), plan.seen);
        return "applied";
      case "merge":
        return this.merge(plan, plan.action.executable, { versions, state });
    }
  }

  private async merge(plan: PathPlan, executable: boolean, at: { readonly versions: StagedVersions; readonly state: AcceptState }): Promise<Result> {
    const { versions, state } = at;
    const onDisk = this.files.pathOf(plan.path);
    for (const earlier of state.unfinished) {
      const done = await this.mergedBefore(plan, earlier, versions);
      if (done !== null && (await sameContent(done.file, onDisk))) return done.result;
    }
    const merged = await this.mergeTexts(plan, onDisk, versions);
    if (merged === null) return this.putBeside(plan, versions);
    await chmod(merged.file, executable ? 0o755 : 0o644);
    await this.files.put(plan.path, merged.file, plan.seen);
    return merged.result;
  }

  /** What an accept that was cut off would have written: what is on disk may be just that. */
  private async mergedBefore(plan: PathPlan, earlier: string, versions: StagedVersions): Promise<Merged | null> {
    const [now = null] = await resolveNames(this.git, this.place, [`${earlier}^{tree}`], WORDS);
    const before = now === null ? undefined : (await this.oursIn(this.request.base, now)).get(plan.path);
    if (before === undefined || before === null || same(before, plan.ours)) return null;
    await versions.stage(earlier, [plan.path]);
    return this.mergeTexts(plan, versions.pathOf(earlier, plan.path), versions);
  }

  /** null when the files are no texts. */
  private async mergeTexts(plan: PathPlan, ours: string, versions: StagedVersions): Promise<Merged | null> {
    const { base, commit, names } = this.request;
    const file = versions.scratch("merged");
    try {
      await copyFile(ours, file);
    } catch (error) {
      throw ioError(error, { what: `${plan.path} could not be read`, kept: "It was left as it is." });
    }
    const ancestor = plan.base === null ? await versions.empty() : versions.pathOf(base, plan.path);
    const labels = ["-L", `${plan.path} (yours)`, "-L", `${plan.path} (before the task)`, "-L", `${plan.path} (${names.branch})`];
    const { exitCode } = await this.git.attempt(this.place, ["merge-file", "-q", ...labels, file, ancestor, versions.pathOf(commit, plan.path)]);
    // 1…127 counts conflicts; beyond that git could not merge.
    if (exitCode < 0 || exitCode > 127) return null;
    return { file, result: exitCode === 0 ? "applied" : "conflict" };
  }

  private async putBeside(plan: PathPlan, versions: StagedVersions): Promise<Result> {
    const source = versions.pathOf(this.request.commit, plan.path);
    const blocker = (await this.files.blocker(plan.path)) ?? plan.path;
    const rest = plan.path.slice(blocker.length);
    for (let number = 1; ; number++) {
      const candidate = `${blocker}.countersign${number === 1 ? "" : `-${number}`}${rest}`;
      if ((await this.files.blocker(candidate)) !== null) continue;
      const seen = await this.files.look(candidate);
      if (seen === null) await this.files.put(candidate, source, null);
      else if (!(await sameContent(this.files.pathOf(candidate), source))) continue;
      return "conflict";
    }
  }
}

interface Merged {
  readonly file: string;
  readonly result: Result;
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
    const now = { result: results.get(plan.path) ?? "applied", theirs: plan.theirs?.oid ?? null, ours: plan.ours?.oid ?? null };
    const settled = settledBefore(plan, state.handled[plan.path]) !== null;
    return [plan.path, settled ? (state.handled[plan.path] ?? now) : now];
  });
  return { version: 1, unfinished: [], handled: { ...state.handled, ...Object.fromEntries(handled) } };
}

