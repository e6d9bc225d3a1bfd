// Removes and measures whole folders of ours. Folders without write permission (package caches are often so) are no
// obstacle; links are removed, never followed.
import { spawn } from "node:child_process";
import { chmod, lstat, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { errnoOf, ioError } from "../store/ioError";

const DAY_MS = 24 * 3_600_000;

export async function removeTree(folder: string): Promise<void> {
  if (process.platform !== "win32" && (await runs("rm", ["-rf", "--", folder]))) return;
  try {
    await makeWritable(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    throw ioError(error, { what: `${folder} could not be removed`, kept: "Nothing else was changed." });
  }
}

/** What crashed processes left in a folder of short-lived things: nothing there is needed for a day. */
export async function sweepOld(folder: string, name: RegExp): Promise<void> {
  const names = (await presentOr([], () => readdir(folder))).filter((entry) => name.test(entry));
  for (const entry of names) {
    const stats = await presentOr(null, () => lstat(path.join(folder, entry)));
    if (stats !== null && Date.now() - stats.mtimeMs > DAY_MS) await removeTree(path.join(folder, entry));
  }
}

/** Bytes on disk below `folder`; 0 when it is gone. */
export async function treeSize(folder: string): Promise<number> {
  const { exitCode, text } =
    process.platform === "win32" ? { exitCode: 1, text: "" } : await outputOf("du", ["-sk", "--", folder]);
  const kibibytes = /^(\d+)\s/.exec(text)?.[1];
  return exitCode === 0 && kibibytes !== undefined ? Number(kibibytes) * 1024 : sizeByWalking(folder);
}

async function makeWritable(folder: string): Promise<void> {
  const stats = await presentOr(null, () => lstat(folder));
  if (stats?.isDirectory() !== true) return;
  await chmod(folder, 0o700);
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await makeWritable(path.join(folder, entry.name));
}

async function sizeByWalking(folder: string): Promise<number> {
  const entries = await presentOr([], () => readdir(folder, { withFileTypes: true }));
  const sizes = entries.map(async (entry) => {
    const child = path.join(folder, entry.name);
    if (entry.isDirectory()) return sizeByWalking(child);
    return (await presentOr(null, () => lstat(child)))?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** A file may vanish while a folder is read. */
async function presentOr<T>(otherwise: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return otherwise;
    throw ioError(error, { what: "A folder of Countersign's could not be read", kept: "Nothing was changed." });
  }
}

async function runs(program: string, args: readonly string[]): Promise<boolean> {
  return (await outputOf(program, args)).exitCode === 0;
}

function outputOf(
  program: string,
  args: readonly string[],
): Promise<{ readonly exitCode: number; readonly text: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    const out: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    // A missing program means the slower way.
    child.on("error", () => resolve({ exitCode: -1, text: "" }));
    child.on("close", (code) => resolve({ exitCode: code ?? -1, text: Buffer.concat(out).toString("utf8") }));
  });
}
