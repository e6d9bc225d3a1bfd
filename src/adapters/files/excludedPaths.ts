// Finds the paths of a worktree that agents must never read, for a sandbox to hide. It follows no links.
import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { Exclusions } from "./exclusions";

export interface ExcludedPath {
  /** Relative to the root, `/`-separated. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** The topmost excluded paths that exist below `root`, sorted; what is in an excluded folder is not named again. */
export async function excludedPaths(root: string, exclusions: Exclusions): Promise<readonly ExcludedPath[]> {
  if (!(await exclusions.hasRules(root))) return [];
  const isExcluded = exclusions.look(root);
  const found: ExcludedPath[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await entriesIn(path.join(root, folder))) {
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (folder === "" && entry.name === ".git") continue;
      const isFolder = entry.isDirectory();
      // What a link leads to has rules of its own.
      if (entry.isSymbolicLink()) continue;
      if (isExcluded(name, isFolder)) found.push({ path: name, isFolder });
      else if (isFolder) await visit(name);
    }
  };
  await visit("");
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function entriesIn(folder: string): ReturnType<typeof readEntries> {
  try {
    return await readEntries(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ENOTDIR", "EACCES", "EPERM"].includes(code)) return [];
    throw error;
  }
}

function readEntries(folder: string): Promise<readonly Dirent[]> {
  return readdir(folder, { withFileTypes: true });
}
