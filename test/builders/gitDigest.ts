// What must be the same in a user's git folder before and after a run or an accept: index, HEAD, logs, stash, settings
// and every ref that is not Countersign's own.
import { fingerprint } from "./repoBuilder";

/** Entries of worktrees that were there before stay part of it. */
export function digestOf(gitDir: string, ownWorktrees: RegExp = /^worktrees\/(?:greet|add-a)-/): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fingerprint(gitDir)).filter(([file]) => !ownWorktrees.test(file)));
}
