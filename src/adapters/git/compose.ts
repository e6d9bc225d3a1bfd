// Commits that no branch has: one commit's tree with some files as they are in others, or with another text. And what
// such a text can be made of. No working tree is read or written.
import { CountersignError } from "../../core/domain/errors";
import type { FileVersion } from "../../core/domain/workspace";
import { entryChanges, LINK, SUBMODULE, type Entry } from "./diff";
import { commitName } from "./names";
import { PrivateIndex } from "./privateIndex";
import { zeroSeparated, type Git, type Place } from "./runGit";
import { commitTree, resolveNames } from "./snapshot";

const WORDS = { what: "The chosen changes could not be put together", kept: "Your files were not touched." };
/** Git takes a file for binary when one of its first bytes is 0. */
const BINARY_BYTES = 8000;

/** `onto` itself when it is as it should be already. */
export async function composeCommit(
  git: Git,
  place: Place,
  wanted: { readonly onto: string; readonly files: readonly FileVersion[]; readonly temporary: string },
): Promise<string> {
  const { onto, files, temporary } = wanted;
  const entries = await Promise.all(files.map(async (file) => ({ path: file.path, entry: await entryOf(git, place, file) })));
  const index = await PrivateIndex.copyOf(git, place, null, temporary);
  let tree: string;
  try {
    await index.readTree(onto, WORDS);
    const gone = entries.filter(({ entry }) => entry === null).map((entry) => entry.path);
    await index.forget(gone, WORDS);
    await index.put(
      entries.flatMap(({ path, entry }) => (entry === null ? [] : [{ path, entry }])),
      WORDS,
    );
    tree = await index.writeTree(WORDS);
  } finally {
    await index.dispose();
  }
  const [treeThere] = await resolveNames(git, place, [`${onto}^{tree}`], WORDS);
  if (tree === treeThere) return onto;
  return commitTree(git, place, { tree, parents: [onto], message: "Changes chosen by the user" }, WORDS);
}

/** See Workspace.lines. */
export async function linesOfChange(
  git: Git,
  place: Place,
  range: { readonly from: string; readonly to: string },
  file: string,
): Promise<{ readonly from: string | null; readonly to: string | null }> {
  const change = (await entryChanges(git, place, range.from, range.to)).find((known) => known.path === file);
  if (change === undefined) throw new CountersignError("notFound", `The task did not change ${file}. Nothing was done.`);
  const { from, to } = change;
  if (from?.mode === LINK || to?.mode === LINK) throw onlyWhole(file, "it is a symbolic link");
  if (from?.mode === SUBMODULE || to?.mode === SUBMODULE) throw onlyWhole(file, "it is a submodule");
  if (from !== null && to !== null && from.mode !== to.mode) throw onlyWhole(file, "whether it can be run changes, too");
  const [before, after] = await Promise.all([from, to].map((entry) => textOf(git, place, file, entry)));
  return { from: before ?? null, to: after ?? null };
}

async function textOf(git: Git, place: Place, file: string, entry: Entry | null): Promise<string | null> {
  if (entry === null) return null;
  const bytes = await git.run(place, ["cat-file", "blob", entry.oid], WORDS);
  if (bytes.subarray(0, BINARY_BYTES).includes(0)) throw onlyWhole(file, "it is a binary file");
  const text = bytes.toString("utf8");
  if (!Buffer.from(text).equals(bytes)) throw onlyWhole(file, "its text is not UTF-8");
  return text;
}

function onlyWhole(file: string, why: string): CountersignError {
  return new CountersignError(
    "notAllowed",
    `${file} can only be accepted as a whole: ${why}. Nothing was changed. Accept the file, or leave it out.`,
  );
}

async function entryOf(git: Git, place: Place, { path: file, commit, text }: FileVersion): Promise<Entry | null> {
  const found = await entryAt(git, place, commitName(commit), file);
  if (text === undefined) return found;
  if (found === null || found.mode === LINK || found.mode === SUBMODULE) throw onlyWhole(file, "it is no file");
  return { mode: found.mode, oid: await git.line(place, ["hash-object", "-w", "--stdin"], WORDS, { input: text }) };
}

/** null where nothing is, or a folder. */
export async function entryAt(git: Git, place: Place, commit: string, file: string): Promise<Entry | null> {
  const args = ["--literal-pathspecs", "ls-tree", "-z", "--full-tree", commit, "--", file];
  const records = zeroSeparated(await git.run(place, args, WORDS));
  const parts = records.map((record) => /^(\d+) (\w+) ([0-9a-f]+)\t([^]*)$/.exec(record));
  const match = parts.find((found) => found?.[4] === file && found[2] !== "tree");
  return match?.[1] === undefined || match[3] === undefined ? null : { mode: match[1], oid: match[3] };
}
