// The handoff files of tasks, in the open workspace. No path leaves the task's folder, and no symbolic link below the
// workspace is followed, whoever put it there.
import { constants, type Dirent } from "node:fs";
import { lstat, open, readdir, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import type { TaskId } from "../../core/domain/task";
import type { Logger } from "../../core/ports/logger";
import type { PlanFolder } from "../../core/ports/planFolder";
import { atomicWrite, isTemporary } from "./atomicWrite";
import { confinedName, confinedPath } from "./confinedPath";
import { errnoOf, ioError } from "./ioError";
import { ensureFolder } from "./storeFolder";

export const PLANS_FOLDER = ".countersign/plans";

export interface PlanFolderOptions {
  /** Absolute path of the open workspace. */
  readonly workspace: string;
  /** Relative to the workspace, or absolute. */
  readonly folder?: string;
  readonly logger: Logger;
}

const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
/** A pipe in a file's place must not hold the reader up. */
const READ = constants.O_RDONLY | NO_FOLLOW | (constants.O_NONBLOCK ?? 0);
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | NO_FOLLOW;

export class FilePlanFolder implements PlanFolder {
  /** Links above this are the user's own arrangement. */
  readonly #trusted: string;
  readonly #plans: string;

  constructor(private readonly options: PlanFolderOptions) {
    const folder = options.folder ?? PLANS_FOLDER;
    this.#plans = path.resolve(options.workspace, folder);
    this.#trusted = path.isAbsolute(folder) ? this.#plans : path.resolve(options.workspace);
  }

  pathOf(task: TaskId, file = ""): string {
    return path.join(this.#plans, confinedName(task), confinedPath(file));
  }

  async write(task: TaskId, file: string, text: string): Promise<void> {
    const place = this.pathOf(task, file);
    await this.#change(place, () => atomicWrite(place, text));
  }

  async append(task: TaskId, file: string, text: string): Promise<void> {
    const place = this.pathOf(task, file);
    await this.#change(place, async () => {
      const handle = await open(place, APPEND);
      try {
        await handle.appendFile(text);
      } finally {
        await handle.close();
      }
    });
  }

  async read(task: TaskId, file: string): Promise<string | null> {
    const place = this.pathOf(task, file);
    await this.#refuseLinks(place);
    try {
      return await withFile(place, (handle) => handle.readFile("utf8"));
    } catch (error) {
      if (isMissing(error)) return null;
      throw ioError(error, { what: `${place} could not be read`, kept: "Nothing was changed." });
    }
  }

  async copyIn(task: TaskId, source: string, folder: string): Promise<readonly string[]> {
    const copied: string[] = [];
    for (const name of await this.#filesBelow(source)) {
      if (!isConfined(name)) {
        this.options.logger.warn("left out a file with an unusable name", { source, name });
        continue;
      }
      const file = confinedPath(`${folder}/${name}`);
      const place = this.pathOf(task, file);
      await this.#change(place, () =>
        withFile(path.join(source, name), async (handle) => {
          const { mode } = await handle.stat();
          await atomicWrite(place, handle.createReadStream({ autoClose: false }), mode & 0o777);
        }),
      );
      copied.push(file);
    }
    return copied;
  }

  async tidy(task: TaskId): Promise<void> {
    const folder = this.pathOf(task);
    await this.#refuseLinks(folder);
    const left = (await this.#entriesBelow(folder)).filter((entry) => entry.isFile() && isTemporary(entry.name));
    await this.#change(folder, async () => {
      for (const entry of left) await rm(path.join(entry.parentPath, entry.name), { force: true });
    });
  }

  async list(task: TaskId): Promise<readonly string[]> {
    const folder = this.pathOf(task);
    await this.#refuseLinks(folder);
    return await this.#filesBelow(folder);
  }

  async #change(place: string, work: () => Promise<void>): Promise<void> {
    await this.#refuseLinks(place);
    try {
      await ensureFolder(path.dirname(place));
      await work();
    } catch (error) {
      throw ioError(error, { what: `${place} could not be written`, kept: "What stood there before is kept." });
    }
  }

  /** Relative and sorted; links, pipes and what an interrupted write left are passed over. */
  async #filesBelow(folder: string): Promise<readonly string[]> {
    const files = (await this.#entriesBelow(folder)).filter((entry) => entry.isFile() && !isTemporary(entry.name));
    return files.map((entry) => relativeTo(folder, path.join(entry.parentPath, entry.name))).toSorted();
  }

  async #entriesBelow(folder: string): Promise<readonly Dirent[]> {
    try {
      if (!(await lstat(folder)).isDirectory()) return [];
      return await readdir(folder, { recursive: true, withFileTypes: true });
    } catch (error) {
      if (isMissing(error)) return [];
      throw ioError(error, { what: `The files below ${folder} could not be listed`, kept: "Nothing was changed." });
    }
  }

  async #refuseLinks(place: string): Promise<void> {
    const parts = path.relative(this.#trusted, place).split(path.sep);
    for (let count = 1; count <= parts.length; count += 1) {
      const part = path.join(this.#trusted, ...parts.slice(0, count));
      const stats = await lstat(part).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw ioError(error, { what: `${part} could not be looked at`, kept: "Nothing was changed." });
      });
      if (stats === null) return;
      if (stats.isSymbolicLink()) throw linkRefused(part);
    }
  }
}

async function withFile<T>(place: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(place, READ);
  try {
    if (!(await handle.stat()).isFile()) throw new CountersignError("notAllowed", `${place} is not a file. Nothing was touched.`);
    return await work(handle);
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  const code = errnoOf(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

function isConfined(name: string): boolean {
  try {
    return confinedPath(name) === name;
  } catch (error) {
    if (CountersignError.is(error, "notAllowed")) return false;
    throw error;
  }
}

function relativeTo(folder: string, place: string): string {
  return path.relative(folder, place).replaceAll(path.sep, "/");
}

function linkRefused(place: string): CountersignError {
  const advice = "Nothing was touched. Replace the link by a file or folder of its own, or set the plan folder to the link's target.";
  return new CountersignError("notAllowed", `${place} is a symbolic link, which is not followed. ${advice}`);
}
