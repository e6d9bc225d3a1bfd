// Puts a clean room back to how it was after set-up, so that no check finds what another one left behind. What changes
// within a folder that is ignored as a whole and was there before, as installed dependencies are, stays.
import path from "node:path";
import { removeTree } from "./removeTree";
import { zeroSeparated, type Git, type Place } from "./runGit";

const WORDS = { what: "The clean room could not be put back", kept: "The attempt is kept on its branch." };
/** A reset would take away what a sparse checkout leaves out and the room was completed with. */
const WHOLE = ["-c", "core.sparseCheckout=false"];
const STATUS = ["status", "--porcelain=v2", "--branch", "-z", "--no-renames", "--untracked-files=normal", "--ignored=traditional"];

type RoomPlace = Place & { readonly workTree: string };

interface Sight {
  /** Untracked and ignored files and folders, relative to the room. */
  readonly strangers: readonly string[];
  readonly isAsCommitted: boolean;
}

/** Remembers what is there now; the function it returns removes what has come since and restores what was committed. */
export async function checkpointOf(git: Git, place: RoomPlace, commit: string): Promise<() => Promise<void>> {
  const known = new Set((await look(git, place, commit)).strangers);
  return async () => {
    const { strangers, isAsCommitted } = await look(git, place, commit);
    if (!isAsCommitted) await git.run(place, [...WHOLE, "reset", "--hard", "--quiet", commit], WORDS);
    for (const entry of strangers) if (!known.has(entry)) await removeTree(path.join(place.workTree, entry));
  };
}

async function look(git: Git, place: RoomPlace, commit: string): Promise<Sight> {
  const records = zeroSeparated(await git.run(place, STATUS, WORDS));
  const strangers = records.filter((record) => /^[?!] /.test(record)).map((record) => record.slice(2));
  const isChanged = records.some((record) => /^[12u] /.test(record));
  return { strangers, isAsCommitted: !isChanged && records.includes(`# branch.oid ${commit}`) };
}
