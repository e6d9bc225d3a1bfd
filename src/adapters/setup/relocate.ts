// Makes what was installed in one folder work in another: places that hold the folder's own path are found once, when
// the result is stored, and rewritten in every copy. Otherwise a clean room would import from the worktree in which
// the work was done.
import { lstat, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { walk } from "./treeListing";

export interface Relocation {
  /** Text files that hold the path, relative to the stored tree. */
  readonly texts: readonly string[];
  /** Links whose target begins with it. */
  readonly links: readonly string[];
}

/** Where package managers write absolute paths: scripts' first lines, path files of Python, pnpm's and yarn's state. */
const FOLDERS = new Set(["bin", ".bin", "Scripts"]);
const PYTHON_FILES = /^(?:pyvenv\.cfg|direct_url\.json|.*\.pth|.*\.egg-link|__editable__.*)$/;
const NODE_FILES = /^(?:\.modules\.yaml|\.pnpm-workspace-state.*\.json|\.yarn-state\.yml)$/;
const MAX_TEXT_BYTES = 1024 * 1024;

/** What in `tree` (a folder, file or link) holds one of the paths `roots`. */
export async function findRelocations(tree: string, roots: readonly string[]): Promise<Relocation> {
  const candidates: { readonly file: string; readonly isLink: boolean }[] = [];
  const consider = (file: string, isLink: boolean): void => {
    const { base, dir } = path.posix.parse(file);
    if (isLink || PYTHON_FILES.test(base) || NODE_FILES.test(base) || FOLDERS.has(path.posix.basename(dir)))
      candidates.push({ file, isLink });
  };
  const stats = await lstat(tree);
  if (stats.isDirectory()) {
    await walk(tree, "", (file, isFolder, isLink) => {
      if (!isFolder) consider(file, isLink);
      return true;
    });
  } else consider("", stats.isSymbolicLink());
  const texts: string[] = [];
  const links: string[] = [];
  for (const { file, isLink } of candidates) {
    const full = path.join(tree, file);
    if (isLink) {
      if (mentions(await readlink(full), roots)) links.push(file);
    } else if (mentions((await textOf(full)) ?? "", roots)) texts.push(file);
  }
  return { texts: texts.toSorted(), links: links.toSorted() };
}

export async function relocate(
  tree: string,
  relocation: Relocation,
  roots: readonly string[],
  target: string,
): Promise<void> {
  for (const file of relocation.texts) {
    const full = path.join(tree, file);
    const text = await textOf(full);
    if (text !== null) await writeFile(full, withRoot(text, roots, target), "latin1");
  }
  for (const file of relocation.links) {
    const full = path.join(tree, file);
    const to = withRoot(await readlink(full), roots, target);
    await rm(full);
    await symlink(to, full);
  }
}

/** Byte for byte (as Latin-1): these files may be in any encoding. null for programs and large files. */
async function textOf(file: string): Promise<string | null> {
  const { size } = await lstat(file);
  if (size > MAX_TEXT_BYTES) return null;
  const bytes = await readFile(file);
  return bytes.includes(0) ? null : bytes.toString("latin1");
}

function mentions(text: string, roots: readonly string[]): boolean {
  return roots.some((root) => pattern(root).test(text));
}

function withRoot(text: string, roots: readonly string[], target: string): string {
  const replacement = Buffer.from(target).toString("latin1");
  return roots.reduce((result, root) => result.replace(pattern(root), () => replacement), text);
}

/** The path itself, not a longer name that begins with it. */
function pattern(root: string): RegExp {
  const bytes = Buffer.from(root).toString("latin1");
  return new RegExp(`${bytes.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w.-])`, "g");
}
