// Keeps an accept from making a symbolic link that leads out of the user's tree. It reads commits and the links that are
// there, and changes nothing.
import { readlink } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import { wayOut } from "../../core/domain/wayOut";
import { errnoOf, ioError } from "../store/ioError";
import { same } from "./acceptPlan";
import { entryAt } from "./compose";
import { bytesAt, LINK, textAt, type EntryChange } from "./diff";
import type { Git, Place } from "./runGit";

interface Wanted {
  readonly changes: readonly EntryChange[];
  readonly to: string;
  readonly ownLinks: string | null;
}

/** Rejects with `notAllowed` before anything is touched. What the user has, or had at the base, stays theirs. */
export async function refuseWaysOut(git: Git, place: Place, { changes, to, ownLinks }: Wanted): Promise<void> {
  if (ownLinks === null) return;
  const linkAt = async (file: string): Promise<string | null> => {
    const [text, bytes] = await Promise.all([textAt(git, place, to, file), bytesAt(git, place, to, file)]);
    return text !== null || bytes === null ? null : new TextDecoder().decode(bytes);
  };
  for (const change of changes) {
    const target = change.to?.mode === LINK ? await linkAt(change.path) : null;
    const where = target === null ? null : await wayOut(change.path, target, linkAt);
    if (where === null || target === null) continue;
    if (same(await entryAt(git, place, ownLinks, change.path), change.to)) continue;
    if ((await linkOnDisk(path.join(place.workTree ?? place.cwd, change.path))) === target) continue;
    throw new CountersignError(
      "notAllowed",
      `${change.path} is a symbolic link that leads ${where}, to ${target}. Nothing was changed. Accept the other files, and make the ` +
        "link yourself if you want it.",
    );
  }
}

async function linkOnDisk(file: string): Promise<string | null> {
  try {
    return await readlink(file);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EINVAL", "ELOOP"].includes(errnoOf(error) ?? "")) return null;
    throw ioError(error, { what: `${file} could not be looked at`, kept: "Nothing was changed." });
  }
}
