// Writes one file below a root: whole or not at all, through no symbolic link. On Linux every folder on the way is held
// open and used through its handle, so that nothing swapped in meanwhile is followed; elsewhere it is checked before
// and after, which leaves a moment that Node gives no means to close.
import { randomBytes } from "node:crypto";
import { constants, existsSync, type Stats } from "node:fs";
import { lstat, mkdir, open, realpath, rename, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { CountersignError, messageOf } from "../../core/domain/errors";
import { notAllowed } from "./realLocation";

/** Temporary files of a write that a crash may leave behind. */
export const TEMPORARY_NAME = /^\.countersign-[0-9a-f]{12}\.tmp$/;

/** A folder to work in: its path through a handle, or its plain path. */
interface Folder {
  readonly path: string;
  /** Rejects when the folder is not where it was any more. */
  confirm(): Promise<void>;
  close(): Promise<void>;
}

export interface WriteTarget {
  readonly realRoot: string;
  readonly relative: string;
  /** Hold folders open through /proc; for tests of the other way. */
  readonly throughHandles?: boolean;
}

export async function writeAtomically(target: WriteTarget, text: string): Promise<void> {
  const { relative } = target;
  try {
    const folder = await openParent(target);
    try {
      await replaceIn(folder, target, text);
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (CountersignError.is(error)) throw error;
    throw new CountersignError("io", `${relative} was not written and is as it was before: ${wordsOf(error)}.`, {
      cause: error,
    });
  }
}

async function replaceIn(folder: Folder, { relative }: WriteTarget, text: string): Promise<void> {
  const name = path.basename(relative);
  const final = path.join(folder.path, name);
  const mode = await modeOf(final, relative);
  const temporary = path.join(folder.path, `.countersign-${randomBytes(6).toString("hex")}.tmp`);
  try {
    const file = await open(temporary, "wx", 0o666);
    try {
      await file.writeFile(text, "utf8");
      if (mode !== null) await file.chmod(mode);
    } finally {
      await file.close();
    }
    await folder.confirm();
    await rename(temporary, final);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Permission bits of the file that is replaced; null when there is none. */
async function modeOf(final: string, relative: string): Promise<number | null> {
  const found = await lstatOrNull(final);
  if (found === null) return null;
  if (found.isSymbolicLink()) throw notAllowed(relative, await linkReason(final, relative));
  if (found.isDirectory()) throw notAllowed(relative, "it is a folder");
  if (!found.isFile()) throw notAllowed(relative, "it is a device, socket or pipe and no file");
  return found.mode & 0o777;
}

async function openParent(target: WriteTarget): Promise<Folder> {
  const parts = path
    .dirname(target.relative)
    .split("/")
    .filter((part) => part !== "." && part !== "");
  const throughHandles = target.throughHandles ?? (process.platform === "linux" && existsSync("/proc/self/fd"));
  return throughHandles ? await openByHandles(target, parts) : await openByPath(target, parts);
}

async function openByHandles(target: WriteTarget, parts: readonly string[]): Promise<Folder> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  let handle: FileHandle = await open(target.realRoot, flags);
  for (const [index, part] of parts.entries()) {
    const next = path.join(pathThrough(handle), part);
    try {
      if ((await lstatOrNull(next)) === null) await makeFolder(next);
      const deeper = await open(next, flags);
      await handle.close();
      handle = deeper;
    } catch (error) {
      const reason = await refusalFor(next, parts.slice(0, index + 1).join("/"));
      await handle.close();
      throw reason === null ? error : notAllowed(target.relative, reason);
    }
  }
  return { path: pathThrough(handle), confirm: () => Promise.resolve(), close: () => handle.close() };
}

function pathThrough(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

async function openByPath(target: WriteTarget, parts: readonly string[]): Promise<Folder> {
  let folder = target.realRoot;
  for (const [index, part] of parts.entries()) {
    folder = path.join(folder, part);
    if ((await lstatOrNull(folder)) === null) await makeFolder(folder);
    const reason = await refusalFor(folder, parts.slice(0, index + 1).join("/"));
    if (reason !== null) throw notAllowed(target.relative, reason);
  }
  const before = await realpath(folder);
  const confirm = async (): Promise<void> => {
    if ((await realpath(folder)) !== before)
      throw notAllowed(target.relative, "a folder on the way became a symbolic link");
  };
  return { path: folder, confirm, close: () => Promise.resolve() };
}

/** Why a path cannot serve as a folder; null when it can. */
async function refusalFor(folder: string, relative: string): Promise<string | null> {
  const found = await lstatOrNull(folder);
  if (found === null || found.isDirectory()) return null;
  return found.isSymbolicLink() ? await linkReason(folder, relative) : `${relative} is a file and no folder`;
}

async function linkReason(link: string, relative: string): Promise<string> {
  const reached = await realpath(link).catch(() => null);
  const advice = reached === null ? "" : "; write to the file it stands for";
  return `${relative} is a symbolic link, and links are not written through${advice}`;
}

/** Another call may make it at the same time. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  });
}

async function lstatOrNull(file: string): Promise<Stats | null> {
  try {
    return await lstat(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function wordsOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full. Make room, then write it again";
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return "its folder is read-only";
    case "ENAMETOOLONG":
      return "its name is too long";
    case undefined:
    default:
      return messageOf(error);
  }
}
