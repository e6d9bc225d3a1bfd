// Makes the folders that Countersign keeps its files in, and keeps them out of the user's `git status`.
import { mkdir, open, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { errnoOf, ioError } from "./ioError";

const HOME = ".countersign";
const IGNORE_ALL = "*\n";

/** Creates a folder; a `.countersign` folder on the way to it gets a `.gitignore` when (and only when) it is created. */
export async function ensureFolder(folder: string): Promise<void> {
  try {
    const home = homeOf(folder);
    if (home !== null && (await stat(home).catch(() => null)) === null) await createHome(home);
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw ioError(error, { what: `The folder ${folder} could not be created`, kept: "Nothing was changed." });
  }
}

/** Makes the names in a folder last: a new or renamed file's own fsync does not cover its name. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders and keeps names in its own journal.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function homeOf(folder: string): string | null {
  const parts = path.resolve(folder).split(path.sep);
  const at = parts.lastIndexOf(HOME);
  return at === -1 ? null : parts.slice(0, at + 1).join(path.sep);
}

async function createHome(home: string): Promise<void> {
  await mkdir(path.dirname(home), { recursive: true });
  try {
    await mkdir(home);
    await writeFile(path.join(home, ".gitignore"), IGNORE_ALL, { flag: "wx" });
  } catch (error) {
    // Another process was faster and sees to it.
    if (errnoOf(error) !== "EEXIST") throw error;
  }
}
