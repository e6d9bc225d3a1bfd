// Changes single files of a working tree: atomically, without following a link, and never one that somebody else has
// just changed. Paths are relative to the root and come from git.
import { randomBytes } from "node:crypto";
import { copyFile, chmod, lstat, mkdir, readdir, readlink, rename, rm, rmdir, symlink } from "node:fs/promises";
import type { Stats } from "node:fs";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import { TEMPORARY_NAME } from "../files/writeAtomically";
import { errnoOf, ioError } from "../store/ioError";

const KEPT = "What was there before is kept in the before-accept commit; accepting again goes on where this stopped.";

export class UserFiles {
  constructor(private readonly root: string) {}

  /** The file or link there; null where nothing is, a folder, or where the way there leads through a link or a file. */
  async look(file: string): Promise<Stats | null> {
    if ((await this.obstacle(file)) !== null) return null;
    const stats = await lstatOrNull(this.pathOf(file));
    return stats?.isDirectory() === true ? null : stats;
  }

  /** What keeps a file from being put there: a part of the way that is no folder, or a folder of that name. */
  async blocker(file: string): Promise<string | null> {
    const obstacle = await this.obstacle(file);
    if (obstacle !== null) return obstacle;
    return (await lstatOrNull(this.pathOf(file)))?.isDirectory() === true ? file : null;
  }

  /** The first part of the way to `file` that is there and is no folder; null when the way is free. */
  async obstacle(file: string): Promise<string | null> {
    const parts = file.split("/");
    for (let depth = 1; depth < parts.length; depth++) {
      const part = parts.slice(0, depth).join("/");
      const stats = await lstatOrNull(this.pathOf(part));
      if (stats === null) return null;
      if (!stats.isDirectory()) return part;
    }
    return null;
  }

  /**
   * Puts a copy of `source` (a file or a link) where `file` is. `seen`: what was there when the decision was made. A
   * file that is replaced keeps its permissions but for the executable ones.
   */
  async put(file: string, source: string, seen: Stats | null): Promise<void> {
    const target = this.pathOf(file);
    // A TEMPORARY_NAME: left behind by a crash only, and removed by the next accept of the task.
    const temporary = path.join(path.dirname(target), `.countersign-${randomBytes(6).toString("hex")}.tmp`);
    try {
      await mkdir(path.dirname(target), { recursive: true });
      await copyEntry(source, temporary, seen);
      await this.mustBeAsSeen(file, seen);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw ioError(error, { what: `${target} could not be written`, kept: KEPT });
    }
  }

  /** Removes a file, and the folders that it leaves empty. */
  async remove(file: string, seen: Stats | null): Promise<void> {
    try {
      await this.mustBeAsSeen(file, seen);
      await rm(this.pathOf(file), { force: true });
      for (let folder = path.posix.dirname(file); folder !== "."; folder = path.posix.dirname(folder)) {
        if (!(await removeIfEmpty(this.pathOf(folder)))) return;
      }
    } catch (error) {
      throw ioError(error, { what: `${this.pathOf(file)} could not be removed`, kept: KEPT });
    }
  }

  /** Removes what a crash left in the folders of these files. */
  async sweep(files: readonly string[]): Promise<void> {
    for (const folder of new Set(files.map((file) => path.posix.dirname(file)))) {
      const probe = `${folder}/probe`;
      const isFolder = (await this.obstacle(probe)) === null && (await lstatOrNull(this.pathOf(folder))) !== null;
      const leftovers = isFolder ? (await readdir(this.pathOf(folder))).filter((name) => TEMPORARY_NAME.test(name)) : [];
      for (const name of leftovers) await rm(path.join(this.pathOf(folder), name), { force: true });
    }
  }

  pathOf(file: string): string {
    return path.join(this.root, file);
  }

  private async mustBeAsSeen(file: string, seen: Stats | null): Promise<void> {
    const isFree = (await this.blocker(file)) === null;
    const now = isFree ? await this.look(file) : null;
    if (isFree && now?.ino === seen?.ino && now?.size === seen?.size && now?.mtimeMs === seen?.mtimeMs) return;
    throw new CountersignError(
      "conflict",
      `${file} changed while it was being accepted. It was left as it is. ${KEPT}`,
    );
  }
}

export async function lstatOrNull(file: string): Promise<Stats | null> {
  try {
    return await lstat(file);
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return null;
    throw ioError(error, { what: `${file} could not be looked at`, kept: "It was left as it is." });
  }
}

async function copyEntry(source: string, target: string, replaced: Stats | null): Promise<void> {
  const stats = await lstat(source);
  if (stats.isSymbolicLink()) {
    await symlink(await readlink(source), target);
    return;
  }
  await copyFile(source, target);
  if (replaced?.isFile() !== true) {
    await chmod(target, stats.mode & 0o777);
    return;
  }
  const readable = replaced.mode & 0o666;
  // Whoever may read the file may run it, as git does it.
  const executable = (stats.mode & 0o100) === 0 ? 0 : (readable & 0o444) >> 2;
  await chmod(target, readable | executable);
}

async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR", "EBUSY", "EPERM", "EACCES"].includes(errnoOf(error) ?? ""))
      return false;
    throw error;
  }
}
