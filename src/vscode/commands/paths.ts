// Paths of the file system as paths of a repository.
import { realpath } from "node:fs/promises";
import path from "node:path";

/** Relative to `root` with forward slashes, "" for the root itself; null for one outside. */
export function pathIn(root: string, file: string): string | null {
  const relative = path.relative(root, file);
  if (relative === ".." || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) return null;
  return relative.split(path.sep).join("/");
}

/** The same for a path that may lead there over a link, as the window's own folder may. */
export async function pathOnDesk(root: string, file: string): Promise<string | null> {
  const plain = pathIn(root, file);
  if (plain !== null) return plain;
  const real = await realpath(file).catch(() => file);
  return pathIn(root, real);
}
