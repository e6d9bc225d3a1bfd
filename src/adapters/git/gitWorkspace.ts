// The user's repository behind the Workspace port. It puts the parts of this folder together and holds no logic of git
// itself.
import { realpath, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { TaskId } from "../../core/domain/task";
import { CountersignError } from "../../core/domain/errors";
import type { UndoResult } from "../../core/domain/review";
import type { AcceptResult, AcceptStep, FileChange, FileVersion, MergedCommit, TaskBase } from "../../core/domain/workspace";
import type { Logger } from "../../core/ports/logger";
import type { CleanRoom, CommitChange, Workspace, WorkspaceChange } from "../../core/ports/workspace";
import { Accept } from "./accept";
import { commitAttempt } from "./attempt";
import { baseFromCommit, createTaskBase } from "./taskBase";
import { CleanRooms, taskOfCheckout } from "./cleanRooms";
import { commitForUser } from "./commitForUser";
import { composeCommit, linesOfChange } from "./compose";
import { bytesAt, fileChanges, textAt, unifiedDiff } from "./diff";
import { makeFolder } from "./folders";
import { mergeCommits } from "./mergeCommits";
import { locateRepository, type Repository } from "./locate";
import { commitName, folderKey, isWorktreePath, namesOfBranch, taskNames, worktreePath } from "./names";
import { sweepOld, treeSize } from "./removeTree";
import { Git, zeroSeparated, type Environment, type Place } from "./runGit";
import { SettingsGuard } from "./settingsGuard";
import { ensureShadowRepository, refuseHugeRoots, shadowGitDir } from "./shadowRepository";
import { resolveNames, userPlace } from "./snapshot";
import { undoAccepts } from "./undoAccept";
import { Worktrees } from "./worktrees";

export interface GitWorkspaceOptions {
  /** Absolute; made when it is missing. */
  readonly cacheDir: string;
  readonly logger: Logger;
  /** The host's environment, by default this process's; what must not reach git is left out. */
  readonly environment?: Environment;
  /** Git's path or name; default `git`. */
  readonly gitProgram?: string;
}

/** Opens the repository that `dir` lies in; a folder without one is given a shadow repository in the cache folder. */
export async function openWorkspace(dir: string, options: GitWorkspaceOptions): Promise<GitWorkspace> {
  const git = new Git(options.gitProgram ?? "git", options.environment ?? process.env);
  await makeFolder(options.cacheDir);
  const [found, cacheDir] = await Promise.all([locateRepository(git, dir), realpath(options.cacheDir)]);
  if (found !== null) return new GitWorkspace(git, found, { cacheDir, shadow: false });
  const root = await realpath(dir);
  refuseHugeRoots(root, homedir());
  const gitDir = shadowGitDir(cacheDir, root);
  options.logger.info("the folder is in no git repository: a shadow repository is used", { root, gitDir });
  return new GitWorkspace(git, { root, gitDir, commonDir: gitDir }, { cacheDir, shadow: true });
}

export class GitWorkspace implements Workspace {
  readonly root: string;
  private readonly place: Place;
  private readonly worktrees: Worktrees;
  private readonly rooms: CleanRooms;
  private readonly temporary: string;
  private readonly worktreesFolder: string;
  private readonly taskFolder: string;
  private readonly settings: SettingsGuard;
  private readonly git: Git;
  private shadowReady: Promise<void> | null = null;

  constructor(
    git: Git,
    private readonly repository: Repository,
    private readonly where: { readonly cacheDir: string; readonly shadow: boolean },
  ) {
    const key = folderKey(repository.commonDir);
    this.root = repository.root;
    this.temporary = path.join(where.cacheDir, "tmp");
    this.place = { cwd: repository.commonDir, gitDir: repository.gitDir };
    this.settings = new SettingsGuard(git);
    this.git = git.guardedBy(this.settings);
    const rooms = path.join(where.cacheDir, "rooms", key);
    this.worktrees = new Worktrees(this.git, repository, this.temporary, (dir) => this.recordOf(taskOfCheckout(dir, rooms)));
    this.rooms = new CleanRooms(this.worktrees, rooms);
    this.worktreesFolder = path.join(where.cacheDir, "worktrees");
    this.taskFolder = path.join(this.worktreesFolder, key);
  }

  /** Where what belongs to this repository lies; absolute real paths. */
  get folders(): { readonly cacheDir: string; readonly key: string; readonly gitFolders: readonly string[]; readonly checkoutsIn: readonly string[] } {
    const { gitDir, commonDir } = this.repository;
    const key = folderKey(commonDir);
    return { cacheDir: this.where.cacheDir, key, gitFolders: [...new Set([commonDir, gitDir])], checkoutsIn: [this.taskFolder, path.join(this.where.cacheDir, "rooms", key)] };
  }

  async tracked(file: string): Promise<readonly string[]> {
    if (this.where.shadow) return [];
    const words = { what: "The repository's list of files cannot be read", kept: "Nothing was changed." };
    return zeroSeparated(await this.git.run(this.place, ["ls-files", "-z", "--", file], words));
  }

  async createBase(task: TaskId, signal: AbortSignal, from?: Pick<TaskBase, "commit" | "head">): Promise<TaskBase> {
    await this.ready();
    const names = taskNames(task);
    const worktree = path.join(this.taskFolder, names.id);
    const { git, repository, temporary } = this;
    const recorded = this.settings.record(this.place, this.recordOf(names.id));
    // Whoever awaits it gets the failure.
    recorded.catch(() => undefined);
    const deps = { git, repository, temporary, shadow: this.where.shadow };
    const { commit, head } = await (from === undefined ? createTaskBase(deps, names, signal) : baseFromCommit(deps, names, { commit: commitName(from.commit), head: headOf(from) }));
    await recorded;
    await this.worktrees.ensure({ dir: worktree, branch: names.branch, head }, signal);
    return {
      commit,
      head,
      branch: names.branch,
      worktree,
      gitDir: repository.commonDir,
      root: this.root,
      shadow: this.where.shadow,
    };
  }

  async restoreWorktree(base: TaskBase, signal: AbortSignal): Promise<boolean> {
    await this.ready();
    const { branch } = namesOfBranch(base.branch);
    await this.rooms.sweep();
    const dir = this.worktreeOf(base);
    const remade = await this.worktrees.ensure({ dir, branch, head: headOf(base) }, signal);
    if (!remade) await this.worktrees.sweepTemporaries(dir);
    return remade;
  }

  async commitAttempt(base: TaskBase, message: string, extraPaths: readonly string[]): Promise<string> {
    await this.ready();
    const worktree = this.worktreeOf(base);
    const names = namesOfBranch(base.branch);
    const [place] = await Promise.all([this.worktrees.place(worktree), this.worktrees.refuseUsersBranch(names.branch)]);
    const indexFile = this.worktrees.indexFile(worktree);
    return commitAttempt(this.git, { names, place, indexFile, message, extraPaths, temporary: this.temporary });
  }

  async changedSettings(base: TaskBase): Promise<readonly string[]> {
    await this.ready();
    const place = await this.worktrees.place(this.worktreeOf(base));
    return (await this.settings.changes(place)).toSorted();
  }

  async openCleanRoom(base: TaskBase, commit: string, signal: AbortSignal): Promise<CleanRoom> {
    await this.ready();
    await sweepOld(this.temporary, /^(?:index|accept)-/);
    return this.rooms.open(namesOfBranch(base.branch).id, commitName(commit), headOf(base), signal);
  }

  changes(_base: TaskBase, from: string, to: string): Promise<readonly FileChange[]> {
    return this.whenReady(() => fileChanges(this.git, this.place, commitName(from), commitName(to)));
  }

  diff(base: TaskBase, from: string, to: string, paths?: readonly string[]): Promise<string> {
    const end = (): string => (to === base.branch ? namesOfBranch(to).branchRef : commitName(to));
    const range = (): { from: string; to: string } => ({ from: commitName(from), to: end() });
    return this.whenReady(() => unifiedDiff(this.git, this.place, range(), paths ?? null));
  }

  fileAt(_base: TaskBase, commit: string, file: string): Promise<string | null> {
    return this.whenReady(() => textAt(this.git, this.place, commitName(commit), file));
  }

  bytesAt(_base: TaskBase, commit: string, file: string): Promise<Uint8Array | null> {
    return this.whenReady(() => bytesAt(this.git, this.place, commitName(commit), file));
  }

  lines(_base: TaskBase, from: string, to: string, file: string): Promise<{ readonly from: string | null; readonly to: string | null }> {
    const range = (): { from: string; to: string } => ({ from: commitName(from), to: commitName(to) });
    return this.whenReady(() => linesOfChange(this.git, this.place, range(), file));
  }

  compose(_base: TaskBase, onto: string, files: readonly FileVersion[]): Promise<string> {
    const { temporary, repository } = this;
    return this.whenReady(() => composeCommit(this.git, userPlace(repository), { onto: commitName(onto), files, temporary }));
  }

  merge(base: TaskBase, { onto, from, to, message }: CommitChange): Promise<MergedCommit> {
    const { temporary, repository } = this;
    const commits = (): { onto: string; from: string; to: string } => ({ onto: commitName(onto), from: commitName(from), to: commitName(to) });
    const labels = ["work that was merged before", "before both", base.branch] as const;
    return this.whenReady(() => mergeCommits(this.git, userPlace(repository), { ...commits(), message, labels, temporary }));
  }

  async moveBranch(base: TaskBase, move: { readonly expected: string; readonly to: string }): Promise<boolean> {
    await this.ready();
    const { branchRef, branch } = namesOfBranch(base.branch);
    await this.worktrees.refuseUsersBranch(branch);
    const [expected, to] = [commitName(move.expected), commitName(move.to)];
    const [now] = await resolveNames(this.git, this.place, [branchRef], { what: `The branch ${branch} cannot be read` });
    if (now !== expected && now !== to) return false;
    if (now === expected && expected !== to) {
      // Compare and set: whoever came in between wins.
      const { exitCode } = await this.git.attempt(this.place, ["update-ref", branchRef, to, expected]);
      if (exitCode !== 0) return false;
    }
    await this.worktrees.reset(this.worktreeOf(base));
    return true;
  }

  async accept(task: TaskId, change: WorkspaceChange): Promise<AcceptResult> {
    await this.ready();
    const names = taskNames(task);
    const [from, to] = [commitName(change.from), commitName(change.to)];
    const labels = ["before the task", names.branch] as const;
    const request = { names, from, to, labels, onConflict: change.onConflict, ownLinks: names.baseRef, keep: [names.mergedRef] };
    return { ...(await new Accept(this.git, this.recorded(names.id), this.temporary, request).run()), merged: to };
  }

  async undoAccept(task: TaskId, steps: readonly AcceptStep[]): Promise<UndoResult> {
    await this.ready();
    const { git, temporary } = this;
    return undoAccepts(git, this.recorded(taskNames(task).id), { names: taskNames(task), temporary, steps });
  }

  async commitForUser(
    base: TaskBase,
    paths: readonly string[],
    message: string,
    signal: AbortSignal,
  ): Promise<{ readonly commit: string; readonly files: readonly string[] }> {
    if (base.shadow) throw new CountersignError("notAllowed", `${this.root} is no git repository: there is nothing to commit to. Nothing was changed.`);
    return commitForUser(this.git, this.repository, { paths, message, temporary: this.temporary, signal });
  }

  async removeWorktree(base: TaskBase, options: { readonly deleteBranch: boolean }): Promise<void> {
    await this.ready();
    const names = namesOfBranch(base.branch);
    const worktree = this.ownWorktreeOf(base);
    await Promise.all([worktree === null ? null : this.worktrees.remove(worktree), this.rooms.removeAllOf(names.id)]);
    if (!options.deleteBranch) return;
    await rm(this.recordOf(names.id), { force: true });
    await this.worktrees.refuseUsersBranch(names.branch);
    // The state before an accept stays: it may hold the only copy of something of the user's.
    const input = [names.branchRef, names.baseRef, names.headRef].map((ref) => `delete ${ref}\n`).join("");
    await this.git.run(
      this.place,
      ["update-ref", "--stdin"],
      { what: `The branch ${names.branch} could not be deleted` },
      { input },
    );
  }

  async worktreeSize(base: TaskBase): Promise<number> {
    const worktree = this.ownWorktreeOf(base);
    return worktree === null ? 0 : treeSize(worktree);
  }

  /** Beside the worktree, where no agent in a sandbox gets. It stays as long as the task's branch. */
  private recordOf(task: string): string {
    return path.join(this.taskFolder, `${task}.settings.json`);
  }

  private recorded(task: string): Repository {
    return { ...this.repository, record: this.recordOf(task) };
  }

  private worktreeOf(base: TaskBase): string {
    return worktreePath(this.worktreesFolder, base.worktree);
  }

  /** null for one in another cache folder, or anywhere else: it is not this workspace's to remove. */
  private ownWorktreeOf(base: TaskBase): string | null {
    return isWorktreePath(this.worktreesFolder, base.worktree) ? path.resolve(base.worktree) : null;
  }

  private async whenReady<T>(work: () => Promise<T>): Promise<T> {
    await this.ready();
    return work();
  }

  /** A shadow repository is made when it is first needed, not when a folder is looked at. */
  private ready(): Promise<void> {
    if (!this.where.shadow) return Promise.resolve();
    this.shadowReady ??= ensureShadowRepository(this.git, this.root, this.repository.gitDir);
    return this.shadowReady;
  }
}

function headOf(base: Pick<TaskBase, "head">): string | null {
  return base.head === null ? null : commitName(base.head);
}
