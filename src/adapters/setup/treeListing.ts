// Tells what a command made: everything in a checkout that was not there before. Links are not followed.
import { readdir } from "node:fs/promises";
import path from "node:path";
import { errnoOf, ioError } from "../store/ioError";

/** Paths of everything below `dir`, git's own folder left out. */
export async function listTree(dir: string): Promise<ReadonlySet<string>> {
  const paths = new Set<string>();
  await walk(dir, "", (file, isFolder) => {
    paths.add(file);
    return isFolder;
  });
  return paths;
}

/** The topmost paths that are not in `before`, sorted. */
export async function madeSince(dir: string, before: ReadonlySet<string>): Promise<readonly string[]> {
  const made: string[] = [];
  await walk(dir, "", (file, isFolder) => {
    if (before.has(file)) return isFolder;
    made.push(file);
    return false;
  });
  return made.toSorted();
}

/** `visit` answers whether to go into a folder. */
export async function walk(
  root: string,
  folder: string,
  visit: (file: string, isFolder: boolean, isLink: boolean) => boolean,
): Promise<void> {
  const entries = await entriesOf(path.join(root, folder));
  const deeper = entries.flatMap((entry) => {
    const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (file === ".git") return [];
    return visit(file, entry.isDirectory(), entry.isSymbolicLink()) && entry.isDirectory() ? [file] : [];
  });
  await Promise.all(deeper.map((file) => walk(root, file, visit)));
}

async function entriesOf(
  folder: string,
): Promise<readonly { name: string; isDirectory(): boolean; isSymbolicLink(): boolean }[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    // Removed while it was read.
    if (errnoOf(error) === "ENOENT") return [];
    throw ioError(error, { what: `${folder} could not be read`, kept: "Nothing was cached." });
  }
}
