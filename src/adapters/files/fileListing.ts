// Which files a tree has: git's answer where git manages it, a walk that reads .gitignore files elsewhere. Links are
// listed by name and never followed.
import type { Dirent } from "node:fs";
import { lstat, readFile, readdir } from "node:fs/promises";
import path from "node:path";
import picomatch from "picomatch";
import { messageOf } from "../../core/domain/errors";
import type { Logger } from "../../core/ports/logger";
import { TEMPORARY_NAME } from "./writeAtomically";
import { gitFiles } from "./gitProgram";
import { IgnoreRules } from "./ignoreRules";
import { meansGit } from "./lexicalPath";

export interface ListedFile {
  /** Relative to the root, `/`-separated. */
  readonly path: string;
  readonly isLink: boolean;
}

/** A folder of countersign's own that is shown to whoever names it. */
const DELIVERABLES = /^\.countersign\/plans\/[^/]+\/deliverables(?:\/|$)/;
/** A walk that finds more than this was not meant: somebody opened a home folder. */
const MOST_FILES = 200_000;
const LONGEST_GLOB = 300;

/** Files below `below` (a folder, or a file itself), sorted by path. */
export async function listedFiles(
  root: string,
  below: string,
  logger: Logger,
  signal: AbortSignal,
): Promise<readonly ListedFile[]> {
  const files = DELIVERABLES.test(below) ? await walk(root, below, false) : await visibleFiles(root, logger, signal);
  const chosen =
    below === "" ? files : files.filter((file) => file.path === below || file.path.startsWith(`${below}/`));
  return chosen.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Whether a path matches a glob: without `/` it is matched against the file's name, with one against the path from the
 * root or from the folder that is looked at.
 */
export function globMatcher(glob: string, below: string): (file: string) => boolean {
  if (glob === "" || glob.length > LONGEST_GLOB) return () => glob === "";
  const pattern = glob.replace(/^(?:\.?\/)+/, "");
  // Extended globs can be made to take for ever.
  const matches = picomatch(pattern, { dot: true, noextglob: true, basename: !pattern.includes("/") });
  const prefix = below === "" ? 0 : below.length + 1;
  return (file) => matches(file) || (prefix > 0 && matches(file.slice(prefix)));
}

async function visibleFiles(root: string, logger: Logger, signal: AbortSignal): Promise<readonly ListedFile[]> {
  const isRepository = await lstat(path.join(root, ".git")).then(
    () => true,
    () => false,
  );
  if (!isRepository) return await walk(root, "", true);
  try {
    return await present(root, await gitFiles(root, signal));
  } catch (error) {
    if (signal.aborted) throw error;
    logger.warn("git could not list the files; .gitignore files are read instead", { root, error: messageOf(error) });
    return await walk(root, "", true);
  }
}

/** Those of git's names that are files or links right now, reached through real folders only. */
async function present(root: string, names: readonly string[]): Promise<readonly ListedFile[]> {
  const folders = new Map<string, Promise<ReadonlyMap<string, Dirent>>>();
  const entriesOf = (folder: string): Promise<ReadonlyMap<string, Dirent>> => {
    const known = folders.get(folder) ?? read(folder);
    folders.set(folder, known);
    return known;
  };
  const read = async (folder: string): Promise<ReadonlyMap<string, Dirent>> => {
    const parent = parentOf(folder);
    const isReal = folder === "" || (await entriesOf(parent)).get(path.posix.basename(folder))?.isDirectory();
    if (isReal !== true) return new Map();
    const entries = await entriesIn(path.join(root, folder));
    return new Map(entries.map((entry) => [entry.name, entry]));
  };
  const files: ListedFile[] = [];
  for (const name of new Set(names)) {
    if (name.endsWith("/") || isOurs(name)) continue;
    const entry = (await entriesOf(parentOf(name))).get(path.posix.basename(name));
    if (entry !== undefined) add(files, name, entry);
  }
  return files;
}

async function walk(root: string, below: string, obeysIgnore: boolean): Promise<readonly ListedFile[]> {
  const files: ListedFile[] = [];
  const visit = async (folder: string, outer: IgnoreRules): Promise<void> => {
    const entries = await entriesIn(path.join(root, folder));
    const rules =
      obeysIgnore && entries.some((entry) => entry.name === ".gitignore" && entry.isFile())
        ? outer.with(folder, await readFile(path.join(root, folder, ".gitignore"), "utf8"), process.platform)
        : outer;
    for (const entry of entries) {
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (meansGit(entry.name) || (obeysIgnore && isOurs(name)) || files.length >= MOST_FILES) continue;
      if (obeysIgnore && rules.ignores(entry.isDirectory() ? `${name}/` : name)) continue;
      if (entry.isDirectory()) await visit(name, rules);
      else add(files, name, entry);
    }
  };
  await visit(below, IgnoreRules.none(process.platform));
  return files;
}

function add(files: ListedFile[], name: string, entry: Dirent): void {
  if (TEMPORARY_NAME.test(entry.name)) return;
  if (entry.isFile() || entry.isSymbolicLink()) files.push({ path: name, isLink: entry.isSymbolicLink() });
}

/** Empty for what is no folder, or none that may be read. */
async function entriesIn(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ENOTDIR", "EACCES", "EPERM"].includes(code)) return [];
    throw error;
  }
}

function isOurs(name: string): boolean {
  return name === ".countersign" || name.startsWith(".countersign/");
}

function parentOf(name: string): string {
  const parent = path.posix.dirname(name);
  return parent === "." ? "" : parent;
}
