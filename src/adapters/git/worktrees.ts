// The worktrees and clean rooms of one repository: made, found again after a crash, put right, removed. The contents of
// a worktree that was once complete are never thrown away here except by `remove`.
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import { errnoOf, ioError } from "../store/ioError";
import type { Repository } from "./locate";
import { PrivateIndex } from "./privateIndex";
import { removeTree } from "./removeTree";
import type { Git, Place } from "./runGit";

/** A worktree and the folder in which git administers it. */
export interface Checkout {
  readonly dir: string;
  readonly adminDir: string;
}

export class Worktrees {
  constructor(
    private readonly git: Git,
    private readonly repository: Repository,
    /** Folder for short-lived index files. */
    private readonly temporary: string,
  ) {}

  /**
   * Our own index of a worktree: what was last committed there. It lies beside the worktree, where no agent writes, and
   * its presence says that the worktree was once complete.
   */
  indexFile(dir: string): string {
    return `${dir}.index`;
  }

  /** Makes sure that `dir` is a worktree on `branch`; true when it had to be made. */
  async ensure(dir: string, branch: string, signal: AbortSignal): Promise<boolean> {
    const isComplete = await exists(this.indexFile(dir));
    if (isComplete && (await exists(dir))) {
      await this.repair(dir, branch, signal);
      return false;
    }
    await this.refuseUsersBranch(branch);
    await this.remove(dir);
    const checkout = await this.add(dir, branch, { signal });
    await this.rememberIndex(checkout);
    return true;
  }

  /** A worktree of its own on a commit. */
  addDetached(dir: string, commit: string, signal: AbortSignal): Promise<Checkout> {
    return this.add(dir, commit, { options: ["--detach"], signal });
  }

  /** The place of a worktree's calls, whatever became of the `.git` file in it. */
  async place(dir: string): Promise<Place> {
    const adminDir = await this.adminDirOf(dir);
    if (adminDir === null) throw gone(dir);
    return { cwd: dir, gitDir: adminDir, workTree: dir };
  }

  /** Idempotent. */
  async remove(dir: string): Promise<void> {
    await rm(this.indexFile(dir), { force: true });
    await removeTree(dir);
    for (const adminDir of await this.adminDirsOf(dir)) await removeTree(adminDir);
  }

  /** The user's branch must not move, so a task's branch may not be theirs. */
  async refuseUsersBranch(branch: string): Promise<void> {
    const place = { cwd: this.repository.commonDir, gitDir: this.repository.gitDir };
    const { stdout } = await this.git.attempt(place, ["symbolic-ref", "-q", "HEAD"]);
    if (stdout.toString("utf8").trim() !== `refs/heads/${branch}`) return;
    throw new CountersignError(
      "git",
      `The branch ${branch} is checked out in your working tree. Nothing was changed. Switch to another branch (\`git switch -\`), then try again.`,
    );
  }

  private async add(dir: string, target: string, how: { readonly options?: readonly string[]; readonly signal: AbortSignal }): Promise<Checkout> {
    await makeFolder(path.dirname(dir));
    // Twice `--force`: a stale entry for this folder is replaced, even one that a crash left locked. The worktree is not
    // locked afterwards: after the cache folder was emptied, the user's own `git worktree prune` should tidy up.
    const place = { cwd: this.repository.commonDir, gitDir: this.repository.gitDir };
    const words = { what: `A worktree could not be made in ${dir}`, kept: "Your files were not touched." };
    const args = ["worktree", "add", "--quiet", "--force", "--force", ...(how.options ?? []), dir, target];
    await this.git.run(place, args, words, { signal: how.signal });
    const adminDir = await this.adminDirOf(dir);
    if (adminDir === null) throw gone(dir);
    return { dir, adminDir };
  }

  /** Last step of making a worktree. */
  private async rememberIndex({ dir, adminDir }: Checkout): Promise<void> {
    const place = { cwd: dir, gitDir: adminDir, workTree: dir };
    const index = await PrivateIndex.copyOf(this.git, place, path.join(adminDir, "index"), this.temporary);
    await index.moveTo(this.indexFile(dir));
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
      await write(path.join(dir, ".git"), pointer);
    }
    const head = `ref: refs/heads/${branch}`;
    const place = { cwd: dir, gitDir: adminDir, workTree: dir };
    const words = { what: `The worktree ${dir} could not be put right`, kept: "What is in it was kept." };
    const { stdout } = await this.git.attempt(place, ["symbolic-ref", "-q", "HEAD"]);
    if (`ref: ${stdout.toString("utf8").trim()}` !== head) await this.git.run(place, ["symbolic-ref", "HEAD", `refs/heads/${branch}`], words);
  }

  /** Registers a folder again whose entry is gone, with what is in it. */
  private async adopt(dir: string, branch: string, signal: AbortSignal): Promise<void> {
    const aside = `${dir}.kept`;
    await rename(dir, aside);
    try {
      await this.add(dir, branch, { options: ["--no-checkout"], signal });
      await removeTree(path.join(aside, ".git"));
      await rename(path.join(dir, ".git"), path.join(aside, ".git"));
    } finally {
      await removeTree(dir);
      await rename(aside, dir);
    }
    const index = await PrivateIndex.copyOf(this.git, await this.place(dir), this.indexFile(dir), this.temporary);
    const adminDir = await this.adminDirOf(dir);
    if (adminDir !== null) await index.moveTo(path.join(adminDir, "index"));
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
    return (await Promise.all(pointers)).filter(({ to }) => to?.trim() === wanted).map(({ name }) => path.join(folder, name));
  }
}

export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw ioError(error, { what: `The folder ${folder} could not be made`, kept: "Nothing was changed." });
  }
}

export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await ifPresent(() => readdir(folder), folder)) ?? [];
}

export function textOf(file: string): Promise<string | null> {
  return ifPresent(() => readFile(file, "utf8"), file);
}

async function exists(file: string): Promise<boolean> {
  return (await ifPresent(() => stat(file), file)) !== null;
}

async function ifPresent<T>(read: () => Promise<T>, file: string): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(errnoOf(error) ?? "")) return null;
    throw ioError(error, { what: `${file} could not be read`, kept: "Nothing was changed." });
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw ioError(error, { what: `${file} could not be written`, kept: "Nothing else was changed." });
  }
}

function gone(dir: string): CountersignError {
  return new CountersignError(
    "git",
    `The worktree ${dir} is no longer known to the repository. What was committed is safe on the task's branch. Resume the task to have it made anew.`,
  );
}
