// The second half of confinement: where a path really leads once every symbolic link is followed. It opens nothing.
import { realpathSync } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import path from "node:path";
import { CountersignError, messageOf } from "../../core/domain/errors";
import { meansGit } from "./lexicalPath";

export interface RealLocation {
  /** Absolute, free of symbolic links as far as it exists. */
  readonly absolute: string;
  readonly exists: boolean;
}

/** Follows `relative` below `realRoot`; rejects with `notAllowed` when any link on the way leads out or to nothing. */
export async function realLocation(realRoot: string, relative: string): Promise<RealLocation> {
  const wanted = path.join(realRoot, relative);
  const whole = realpathOrNull(wanted, relative);
  if (whole !== null) return { absolute: assertInside(realRoot, whole, relative), exists: true };
  const missing: string[] = [];
  for (let folder = wanted; folder !== realRoot; folder = path.dirname(folder)) {
    // What realpath cannot follow but lstat can see is a link whose target is missing, or would be.
    if (await isLink(folder)) throw notAllowed(relative, await danglingReason(realRoot, folder));
    const parent = path.dirname(folder);
    missing.unshift(path.basename(folder));
    const real = realpathOrNull(parent, relative);
    if (real === null) continue;
    return { absolute: path.join(assertInside(realRoot, real, relative), ...missing), exists: false };
  }
  throw new CountersignError("io", `The worktree ${realRoot} is gone. Nothing was changed.`);
}

export function notAllowed(written: string, reason: string): CountersignError {
  return new CountersignError("notAllowed", `${JSON.stringify(written)} is not allowed: ${reason}.`);
}

export function isInside(root: string, absolute: string): boolean {
  const below = path.relative(root, absolute);
  return below === "" || (below !== ".." && !below.startsWith(`..${path.sep}`) && !path.isAbsolute(below));
}

/** `absolute` when it is free to be used; else rejects. */
export function assertInside(realRoot: string, absolute: string, written: string): string {
  if (!isInside(realRoot, absolute)) throw notAllowed(written, "a symbolic link in it leads out of the worktree");
  const parts = path.relative(realRoot, absolute).split(path.sep);
  if (parts.some(meansGit)) throw notAllowed(written, "a symbolic link in it leads to git's own files");
  return absolute;
}

/** At once: the way through the thread pool and back takes ten times as long as the question, and a model waits. */
function realpathOrNull(absolute: string, written: string): string | null {
  try {
    return realpathSync.native(absolute);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (code === "ELOOP") throw notAllowed(written, "its symbolic links run in a circle");
    if (code === "ENAMETOOLONG") throw notAllowed(written, "a name in it is too long");
    throw new CountersignError("io", `${JSON.stringify(written)} cannot be reached: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function isLink(absolute: string): Promise<boolean> {
  return await lstat(absolute).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

async function danglingReason(realRoot: string, link: string): Promise<string> {
  const target = await readlink(link).catch(() => "");
  return `${path.relative(realRoot, link)} is a symbolic link to ${JSON.stringify(target)}, which does not exist`;
}
