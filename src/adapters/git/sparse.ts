// Completes a checkout that git made sparse because the user's is: what differs from the user's HEAD is the work itself
// and must be there, wherever it lies.
import path from "node:path";
import { entryChanges } from "./diff";
import { textOf } from "./folders";
import { isOwnPath } from "./names";
import { zeroSeparated, type Git, type Place } from "./runGit";

const WORDS = { what: "The sparse checkout could not be completed", kept: "Your files were not touched." };

/** Does nothing in a checkout that is not sparse. `head`: null when the commit has nothing below it. */
export async function completeSparseCheckout(
  git: Git,
  place: Place & { readonly gitDir: string },
  head: string | null,
  commit: string,
): Promise<void> {
  if (head === null || (await textOf(path.join(place.gitDir, "info", "sparse-checkout"))) === null) return;
  const tags = zeroSeparated(await git.run(place, ["ls-files", "-v", "-z"], WORDS));
  const skipped = tags.flatMap((tag) => (/^[sS] /.test(tag) ? [tag.slice(2)] : []));
  const changed = new Set((await entryChanges(git, place, head, commit)).map((change) => change.path));
  const missing = skipped.filter((file) => changed.has(file) || isOwnPath(file));
  if (missing.length === 0) return;
  const input = missing.map((file) => `${file}\0`).join("");
  await git.run(place, ["update-index", "--no-skip-worktree", "-z", "--stdin"], WORDS, { input });
  await git.run(place, ["checkout-index", "-q", "-u", "-z", "--stdin"], WORDS, { input });
}
