// The worktrees and clean rooms of one repository: made, found again after a crash, put right, removed. The contents of
// a worktree that was once complete are never thrown away here except by `remove`.
import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import { TEMPORARY_NAME } from "../files/writeAtomically";
import { exists, makeFolder, namesIn, textOf, writeText } from "./folders";
import type { Repository } from "./locate";
import { PrivateIndex } from "./privateIndex";
import { removeTree } from "./removeTree";
import { checkpointOf } from "./roomCheckpoint";
import { zeroSeparated, type Git, type InForce, type Place } from "./runGit";
import { completeSparseCheckout } from "./sparse";

export type WorktreePlace = Place & { readonly gitDir: string; readonly workTree: string; readonly inForce: InForce };

interface Checkout {
  readonly target: string;
  /** See TaskWorktree. */
  readonly head: string | null;
  readonly signal: AbortSignal;
  readonly options?: readonly string[];
}

/** A worktree as it should be. */
export interface TaskWorktree {
  readonly dir: string;
  readonly branch: string;
  /** The user's HEAD that the work began from. */
  readonly head: string | null;
}

export class Worktrees {
  /** Git trips over worktrees that another call is just making: one at a time. */
  private adding: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly git: Git,
    private readonly repository: Repository,
    /** Folder for short-lived index files. */
    private readonly temporary: string,
    /** The record of the settings that a checkout's task began with. */
    private readonly recordOf: (dir: string) => string,
  ) {}

  /**
   * Our own index of a worktree: what was last committed there. It lies beside the worktree, where no agent writes, and
   * its presence says that the worktree was once complete.
   */
  indexFile(dir: string): string {
    return `${dir}.index`;
  }

  /** Makes sure that the worktree is there, on its branch; true when it had to be made. */
  async ensure(worktree: TaskWorktree, signal: AbortSignal): Promise<boolean> {
    const { dir, branch, head } = worktree;
    const isComplete = await exists(this.indexFile(dir));
    if (isComplete && (await exists(dir))) {
      await this.repair(dir, branch, signal);
      return false;
    }
    await this.refuseUsersBranch(branch);
    await this.remove(dir);
    const place = await this.add(dir, { target: branch, head, signal });
    await this.rememberIndex(place);
    return true;
  }

  /** A worktree of its own on a commit. */
  async addDetached(dir: string, commit: string, head: string | null, signal: AbortSignal): Promise<void> {
    await this.add(dir, { target: commit, head, signal, options: ["--detach"] });
  }

  /** The place of a worktree's calls, whatever became of the `.git` file in it. */
  async place(dir: string): Promise<WorktreePlace> {
    const adminDir = await this.adminDirOf(dir);
    if (adminDir === null) throw gone(dir);
    return { cwd: dir, gitDir: adminDir, workTree: dir, inForce: { file: this.recordOf(dir), ownFiles: false } };
  }

  /** Removes what a write into the worktree left when its process was killed: it would be committed as work. */
  async sweepTemporaries(dir: string): Promise<void> {
    const words = { what: "The worktree could not be tidied up", kept: "The work in it is kept." };
    const strangers = zeroSeparated(await this.git.run(await this.place(dir), ["ls-files", "-z", "--others"], words));
    const left = strangers.filter((file) => TEMPORARY_NAME.test(path.basename(file)));
    for (const file of left) await rm(path.join(dir, file), { force: true });
  }

  /** Puts the worktree on what its branch holds now; ignored files stay. */
  async reset(dir: string): Promise<void> {
    const words = { what: `The worktree ${dir} could not be put on another commit`, kept: "What was committed is on its branch." };
    const place = await this.place(dir);
    await rm(path.join(place.gitDir, "index.lock"), { force: true });
    await this.git.run(place, ["reset", "--hard", "--quiet"], words);
    await this.git.run(place, ["clean", "-d", "--force", "--quiet"], words);
    await this.rememberIndex(place);
  }

  /** See CleanRoom. */
  async checkpoint(dir: string, commit: string): Promise<() => Promise<void>> {
    return checkpointOf(this.git, await this.place(dir), commit);
  }

  /** Idempotent. */
  async remove(dir: string): Promise<void> {
    await rm(this.indexFile(dir), { force: true });
    if (await exists(dir)) await removeTree(dir);
    for (const adminDir of await this.adminDirsOf(dir)) await removeTree(adminDir);
  }

  /** The user's branch must not move, so a task's branch may not be theirs. */
  async refuseUsersBranch(branch: string): Promise<void> {
    if ((await this.usersBranch()) !== `refs/heads/${branch}`) return;
    throw new CountersignError(
      "git",
      `The branch ${branch} is checked out in your working tree. Nothing was changed. ` +
        "Switch to another branch (`git switch -`), then try again.",
    );
  }

  /** Read from the file, which is a tenth of a git call; a repository with another way to store refs has no name there. */
  private async usersBranch(): Promise<string> {
    const head = /^ref: (\S+)$/m.exec((await textOf(path.join(this.repository.gitDir, "HEAD"))) ?? "")?.[1];
    if (head !== undefined && head !== "refs/heads/.invalid") return head;
    const place = { cwd: this.repository.commonDir, gitDir: this.repository.gitDir };
    return (await this.git.attempt(place, ["symbolic-ref", "-q", "HEAD"])).stdout.toString("utf8").trim();
  }

  private async add(dir: string, checkout: Checkout): Promise<WorktreePlace> {
    await makeFolder(path.dirname(dir));
    // Twice `--force`: a stale entry for this folder is replaced, even one that a crash left locked. The worktree is not
    // locked afterwards: after the cache folder was emptied, the user's own `git worktree prune` should tidy up.
    const { target, head, signal, options = [] } = checkout;
    const args = ["worktree", "add", "--quiet", "--force", "--force", ...options, dir, target];
    const words = { what: `A worktree could not be made in ${dir}`, kept: "Your files were not touched." };
    const from = { cwd: this.repository.commonDir, gitDir: this.repository.gitDir, inForce: { file: this.recordOf(dir), ownFiles: false } };
    await this.oneAtATime(() => this.git.run(from, args, words, { signal }));
    const place = await this.place(dir);
    if (!options.includes("--no-checkout")) await completeSparseCheckout(this.git, place, head, target);
    return place;
  }

  private oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.adding.then(work);
    // Whoever asked gets the failure; the next one begins all the same.
    this.adding = mine.catch(() => null);
    return mine;
  }

  /** Last step of making a worktree. */
  private async rememberIndex(place: WorktreePlace): Promise<void> {
    const index = await PrivateIndex.copyOf(this.git, place, path.join(place.gitDir, "index"), this.temporary);
    await index.moveTo(this.indexFile(place.workTree));
  }

  /** An agent may have removed or rewritten `.git`; the user's `git worktree prune` may then have removed the entry. */
  private async repair(dir: string, branch: string, signal: AbortSignal): Promise<void> {
    const adminDir = await this.adminDirOf(dir);
    if (adminDir === null) {
      await this.refuseUsersBranch(branch);
      await this.adopt(dir, branch, signal);
      return;
    }
    const pointer = `gitdir: ${adminDir}\n`;
    if ((await textOf(path.join(dir, ".git"))) !== pointer) {
      await removeTree(path.join(dir, ".git"));
      await writeText(path.join(dir, ".git"), pointer);
    }
    const head = `ref: refs/heads/${branch}`;
    const place = { cwd: dir, gitDir: adminDir, workTree: dir };
    const words = { what: `The worktree ${dir} could not be put right`, kept: "What is in it was kept." };
    const { stdout } = await this.git.attempt(place, ["symbolic-ref", "-q", "HEAD"]);
    if (`ref: ${stdout.toString("utf8").trim()}` !== head)
      await this.git.run(place, ["symbolic-ref", "HEAD", `refs/heads/${branch}`], words);
  }

  /** Registers a folder again whose entry is gone, with what is in it. */
  private async adopt(dir: string, branch: string, signal: AbortSignal): Promise<void> {
    const aside = `${dir}.kept`;
    await rename(dir, aside);
    try {
      await this.add(dir, { target: branch, head: null, signal, options: ["--no-checkout"] });
      await removeTree(path.join(aside, ".git"));
      await rename(path.join(dir, ".git"), path.join(aside, ".git"));
    } finally {
      await removeTree(dir);
      await rename(aside, dir);
    }
    const place = await this.place(dir);
    const index = await PrivateIndex.copyOf(this.git, place, this.indexFile(dir), this.temporary);
    await index.moveTo(path.join(place.gitDir, "index"));
  }

  private async adminDirOf(dir: string): Promise<string | null> {
    return (await this.adminDirsOf(dir))[0] ?? null;
  }

  /** Found from git's side: the `.git` file in a worktree is an agent's to change. */
  private async adminDirsOf(dir: string): Promise<readonly string[]> {
    const folder = path.join(this.repository.commonDir, "worktrees");
    const names = await namesIn(folder);
    // Git names the entry after the folder, with a number where that is taken.
    const likely = names.filter((name) => name.startsWith(path.basename(dir)));
    const pointers = likely.map(async (name) => ({ name, to: await textOf(path.join(folder, name, "gitdir")) }));
    const wanted = path.join(dir, ".git");
    return (await Promise.all(pointers))
      .filter(({ to }) => to?.trim() === wanted)
      .map(({ name }) => path.join(folder, name));
  }
}

function gone(dir: string): CountersignError {
  return new CountersignError(
    "git",
    `The worktree ${dir} is no longer known to the repository. What was committed is safe on the task's branch. ` +
      "Resume the task to have it made anew.",
  );
}
