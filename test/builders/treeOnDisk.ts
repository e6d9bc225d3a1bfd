// Builds a folder of real files below a temporary folder, as a git repository or without git.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConfinedFileTree, type ConfinedTreeOptions } from "../../src/adapters/files/confinedFileTree";
import { ripgrepOnPath } from "../../src/adapters/files/ripgrepSearch";

export interface TreeOnDisk {
  /** A folder of its own: the tree is in `root`, `outside` is beside it. */
  readonly base: string;
  readonly root: string;
  readonly alias: string;
  readonly tree: ConfinedFileTree;
  readonly warnings: string[];
  dispose(): Promise<void>;
}

export interface TreeOnDiskOptions {
  readonly git: boolean;
  readonly tree?: Partial<ConfinedTreeOptions>;
}

export async function aTreeOnDisk(
  files: Readonly<Record<string, string | Buffer>>,
  options: TreeOnDiskOptions,
): Promise<TreeOnDisk> {
  const base = await realpath(await mkdtemp(path.join(tmpdir(), "tree-")));
  const root = path.join(base, "work tree");
  const alias = path.join(base, "alias");
  for (const folder of [root, alias, path.join(base, "outside")]) await mkdir(folder);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  if (options.git) execFileSync("git", ["init", "-q"], { cwd: root });
  const warnings: string[] = [];
  const logger = { debug: () => {}, info: () => {}, warn: (message: string) => void warnings.push(message) };
  const tree = new ConfinedFileTree({ root, aliases: [alias], logger, ...options.tree });
  return { base, root, alias, tree, warnings, dispose: () => rm(base, { recursive: true, force: true }) };
}

/** ripgrep's path, or null where the machine has none. */
export async function installedRipgrep(): Promise<string | null> {
  return await ripgrepOnPath(process.env["PATH"] ?? "", "/nowhere");
}
