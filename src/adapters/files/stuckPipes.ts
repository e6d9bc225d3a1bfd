// Frees git where it waits at a named pipe: it opens .gitignore and its like without looking at what they are, and an
// agent's command can put a pipe there that nobody ever writes to.
import { closeSync, constants, openSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";

/** Files of a working tree that git reads by itself. */
const READ_BY_GIT: ReadonlySet<string> = new Set([".gitignore", ".gitattributes", ".gitmodules", ".mailmap"]);
/** A call that takes longer may be waiting, milliseconds. */
const PATIENCE_MS = 3000;

/** Looks for pipes below `root` as long as the call goes on; what it returns is to be called at its end. */
export function freeFromPipes(root: string, then: "remove" | "keep"): () => void {
  if (process.platform === "win32") return () => undefined;
  let isLooking = false;
  const look = (): void => {
    if (isLooking) return;
    isLooking = true;
    endPipes(root, then)
      // A folder that goes while it is looked at: there is a next time.
      .catch(() => undefined)
      .finally(() => {
        isLooking = false;
      });
  };
  const timer = setInterval(look, PATIENCE_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Ends whoever reads from a pipe in place of a file of git's. */
async function endPipes(root: string, then: "remove" | "keep"): Promise<void> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) folders.push(file);
      else if (entry.isFIFO() && READ_BY_GIT.has(entry.name)) {
        endReaders(file);
        if (then === "remove") await rm(file, { force: true });
      }
    }
  }
}

/** A reader that waits gets the end of the file from a writer that comes and goes. */
function endReaders(pipe: string): void {
  try {
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    // Nobody reads from it, or it is gone.
  }
}
