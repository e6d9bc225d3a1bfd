// The repository of a folder that has none: its git folder lies in the cache folder, so that the folder itself stays as
// it is. Made when first needed.
import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import { errnoOf, ioError } from "../store/ioError";
import { SHADOW_PATTERNS } from "./generatedFolders";
import { folderKey } from "./names";
import type { Git } from "./runGit";

/** A folder of these files is built into `target`. */
const BUILDS_INTO_TARGET = ["Cargo.toml", "pom.xml"];

export function shadowGitDir(cacheDir: string, root: string): string {
  return path.join(cacheDir, "shadow", folderKey(root));
}

/** A snapshot of everything a person owns is never what was meant. */
export function refuseHugeRoots(root: string, home: string): void {
  if (root !== path.parse(root).root && root !== path.resolve(home)) return;
  throw new CountersignError(
    "git",
    `${root} is no git repository and too large to make a copy of. Nothing was changed. Open the folder of one project.`,
  );
}

export async function ensureShadowRepository(git: Git, root: string, gitDir: string): Promise<void> {
  const words = { what: `The shadow repository of ${root} could not be made` };
  if (!(await exists(path.join(gitDir, "HEAD")))) {
    await mkdir(gitDir, { recursive: true });
    // No template: the user's may hold hooks and exclude files of its own.
    await git.run({ cwd: gitDir }, ["init", "--quiet", "--bare", "--template=", "."], words);
  }
  const builds = await Promise.all(BUILDS_INTO_TARGET.map((file) => exists(path.join(root, file))));
  const patterns = [...SHADOW_PATTERNS, ...(builds.includes(true) ? ["/target/"] : [])];
  try {
    await mkdir(path.join(gitDir, "info"), { recursive: true });
    await writeFile(path.join(gitDir, "info", "exclude"), `${patterns.join("\n")}\n`);
  } catch (error) {
    throw ioError(error, { what: words.what, kept: "Nothing was changed." });
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw ioError(error, { what: `${file} could not be looked at`, kept: "Nothing was changed." });
  }
}
