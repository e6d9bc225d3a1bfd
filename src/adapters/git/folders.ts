// Small reads and writes in folders of ours and of git's, with errors in words for a person.
import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { errnoOf, ioError } from "../store/ioError";

export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw ioError(error, { what: `The folder ${folder} could not be made`, kept: "Nothing was changed." });
  }
}

export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await ifPresent(() => readdir(folder), folder)) ?? [];
}

export function textOf(file: string): Promise<string | null> {
  return ifPresent(() => readFile(file, "utf8"), file);
}

export async function exists(file: string): Promise<boolean> {
  return (await ifPresent(() => stat(file), file)) !== null;
}

async function ifPresent<T>(read: () => Promise<T>, file: string): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(errnoOf(error) ?? "")) return null;
    throw ioError(error, { what: `${file} could not be read`, kept: "Nothing was changed." });
  }
}

export async function writeText(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw ioError(error, { what: `${file} could not be written`, kept: "Nothing else was changed." });
  }
}
