// Which folders a command may write, which it may only see, and which it must not know of. It asks the disk nothing.
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";

/** Of one repository; absolute real paths. */
export interface Territory {
  /** The user's working tree. */
  readonly root: string;
  /** Git folders of the repository: the shared one and that of the working tree. */
  readonly gitFolders: readonly string[];
  /** Where worktrees, clean rooms, shadow repositories and caches of every repository lie. */
  readonly cacheDir: string;
  /** Folders of which each subfolder is one checkout: a task's worktree or a clean room. */
  readonly checkoutsIn: readonly string[];
  /** State, settings and handoff files. */
  readonly secret: readonly string[];
  /** What package managers keep between set-ups of this repository: set-up writes it, the others read it. */
  readonly packages: string;
  readonly home: string;
}

/** True for the folder itself, too. */
export function isWithin(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative === "" || (relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative));
}

/** The checkout that a working folder belongs to; a folder that is in none stands for itself. */
export function checkoutOf({ checkoutsIn }: Territory, cwd: string): string {
  const around = checkoutsIn.find((folder) => folder !== cwd && isWithin(folder, cwd));
  const name = around === undefined ? undefined : path.relative(around, cwd).split(path.sep)[0];
  return around === undefined || name === undefined ? cwd : path.join(around, name);
}

/**
 * Rejects a checkout that is more than a checkout, and a working folder that a link leads out of it: both would make
 * writable what is not the command's.
 */
export function assertOwnFolder(territory: Territory, checkout: string, realCwd: string): void {
  const { root, gitFolders, cacheDir, checkoutsIn, secret, packages, home } = territory;
  const others = [root, ...gitFolders, cacheDir, ...checkoutsIn, ...secret, packages, home];
  const swallowed = others.find((folder) => isWithin(checkout, folder));
  const isOutside = !isWithin(checkout, realCwd);
  const isUsers = isWithin(root, checkout) && !isWithin(cacheDir, checkout);
  if (swallowed === undefined && !isOutside && !isUsers) return;
  const why = isOutside ? `${realCwd} lies outside of ${checkout}` : `${checkout} is no folder of a task`;
  throw new CountersignError(
    "process",
    `The command was not run: ${why}, and commands may write in their task's folder alone. Nothing was changed. If a link in the ` +
      "worktree leads there, replace it.",
  );
}
