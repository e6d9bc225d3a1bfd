// What a command can leave in a worktree that git cannot or must not store: pipes and sockets in the place of files, and
// files so large that storing them would fill the disk. Sizes are what files say they are: of a sparse file git stores
// the holes, too.
import { rm } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import { zeroSeparated, type Git, type Place } from "./runGit";
import { lstatOrNull } from "./userFiles";

const WORDS = { what: "The attempt could not be committed", kept: "The work is kept in the task's worktree." };
/** Of all files of one commit that are new or changed. */
const LARGEST_BYTES = 2 * 1024 ** 3;
const AT_ONCE = 64;

/** Removes pipes, sockets and devices from where tracked files were, and refuses work that is too large. */
export async function makeStorable(git: Git, place: Place): Promise<void> {
  const root = place.workTree ?? place.cwd;
  const listed = await git.run(place, ["ls-files", "--others", "--modified", "--exclude-standard", "-z"], WORDS);
  const files = [...new Set(zeroSeparated(listed))].filter((file) => !file.endsWith("/"));
  for (const { file, isOdd } of await refuseHuge(root, files)) if (isOdd) await rm(path.join(root, file), { force: true });
}

/** Rejects with `notAllowed`. */
export async function refuseHuge(root: string, files: readonly string[]): Promise<readonly { readonly file: string; readonly isOdd: boolean }[]> {
  let left = LARGEST_BYTES;
  const seen: { readonly file: string; readonly isOdd: boolean }[] = [];
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const looks = files.slice(at, at + AT_ONCE).map(async (file) => ({ file, stats: await lstatOrNull(path.join(root, file)) }));
    for (const { file, stats } of await Promise.all(looks)) {
      if (stats === null) continue;
      seen.push({ file, isOdd: !stats.isFile() && !stats.isSymbolicLink() && !stats.isDirectory() });
      if (stats.isFile()) left -= stats.size;
      if (left < 0) throw tooLarge(file);
    }
  }
  return seen;
}

function tooLarge(file: string): CountersignError {
  return new CountersignError(
    "notAllowed",
    `The attempt could not be committed: with ${JSON.stringify(file)} its new and changed files have more than ${LARGEST_BYTES / 1024 ** 3} GiB. ` +
      "The work is kept in the task's worktree. Remove what does not belong to it, or let git ignore it, then resume the task.",
  );
}
