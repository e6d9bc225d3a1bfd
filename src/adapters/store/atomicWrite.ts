// Replaces a file so that a reader sees the old or the new content and a crash leaves one of them whole.
import { randomBytes } from "node:crypto";
import { open, rename, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { errnoOf } from "./ioError";
import { syncFolder } from "./storeFolder";

const TEMPORARY = /^\..*\.[0-9a-f]{8}\.tmp$/;
const RENAME_TRIES = 6;

/** True for the name of a file that a crash may have left behind. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

export type Content = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Temporary file beside it, fsync, rename, fsync of the folder, which must exist. */
export async function atomicWrite(file: string, content: Content, mode = 0o666): Promise<void> {
  const folder = path.dirname(file);
  const temporary = path.join(folder, `.${path.basename(file)}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      await writeFile(handle, content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameOver(temporary, file);
  } catch (error) {
    await unlink(temporary).catch((cause: unknown) => {
      if (errnoOf(cause) !== "ENOENT") throw new AggregateError([error, cause], "the temporary file stays behind");
    });
    throw error;
  }
  await syncFolder(folder);
}

/** Windows refuses to replace a file that a virus scanner or an indexer has open for a moment. */
async function renameOver(from: string, to: string, tries = 1): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    const busy = process.platform === "win32" && ["EPERM", "EACCES", "EBUSY"].includes(errnoOf(error) ?? "");
    if (!busy || tries >= RENAME_TRIES) throw error;
    await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** tries));
    await renameOver(from, to, tries + 1);
  }
}
