// Copies a folder, a file or a link to a place where nothing is, sharing blocks where the file system can. Never hard
// links: what is written to a copy must not reach the original.
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { chmod, copyFile, lstat, mkdir, readdir, readlink, symlink, utimes } from "node:fs/promises";
import path from "node:path";
import { removeTree } from "../git/removeTree";

/** 20,000 files of 300 MB without shared blocks: `cp` takes 0.5 to 1.5 s, this file's own walk 2 s, `fs.cp` 9 s. */
export async function copyTree(from: string, to: string, platform: NodeJS.Platform = process.platform): Promise<void> {
  const options = platform === "linux" ? ["-a", "--reflink=auto"] : platform === "darwin" ? ["-c", "-R", "-p"] : null;
  if (options !== null && (await cp([...options, "--", from, to]))) return;
  // No such option (busybox), no shared blocks (not APFS), or half done: begin again.
  await removeTree(to);
  await copyEntry(from, to);
}

function cp(args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn("cp", args, { stdio: "ignore" });
    child.on("error", () => resolve(false));
    child.on("close", (code) => resolve(code === 0));
  });
}

async function copyEntry(from: string, to: string): Promise<void> {
  const stats = await lstat(from);
  if (stats.isSymbolicLink()) await symlink(await readlink(from), to);
  else if (stats.isFile()) {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    await utimes(to, stats.atime, stats.mtime);
  } else if (stats.isDirectory()) {
    await mkdir(to);
    const names = await readdir(from);
    await Promise.all(names.map((name) => copyEntry(path.join(from, name), path.join(to, name))));
    await chmod(to, stats.mode & 0o7777);
    await utimes(to, stats.atime, stats.mtime);
  }
}
