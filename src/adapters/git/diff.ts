// What changed between two commits, as lists, as a unified diff, as a file's text. Commits only: no working tree is read.
import type { FileKind } from "../../core/domain/fileKind";
import type { FileChange } from "../../core/domain/workspace";
import { isOwnPath } from "./names";
import { zeroSeparated, type Git, type Place } from "./runGit";

const WORDS = { what: "The changes could not be read" };
/** Renames are not detected: a moved file is a deletion and an addition, each of which can be accepted alone. */
const PLAIN = ["diff-tree", "-r", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--full-index"];

/** A diff beyond this is cut: nobody reads it, and it would have to fit into memory several times. */
const MAX_DIFF_BYTES = 32 * 1024 * 1024;
export const LINK = "120000";
export const SUBMODULE = "160000";
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** One side of a changed path. `mode` is git's: 100644, 100755, 120000 (link), 160000 (submodule). */
export interface Entry {
  readonly mode: string;
  readonly oid: string;
}

export interface EntryChange {
  readonly path: string;
  /** null: not there. */
  readonly from: Entry | null;
  readonly to: Entry | null;
}

/** Changed entries, sorted by path as git sorts them, our own folder left out. */
export async function entryChanges(git: Git, place: Place, from: string, to: string): Promise<readonly EntryChange[]> {
  return entriesIn(zeroSeparated(await git.run(place, [...PLAIN, "-z", "--raw", from, to], WORDS))).entries;
}

/** Of a `--raw -z` output, and what follows it: a record, which begins with a colon, and its path in turn. */
function entriesIn(parts: readonly string[]): { readonly entries: readonly EntryChange[]; readonly rest: readonly string[] } {
  const entries: EntryChange[] = [];
  let at = 0;
  for (; parts[at]?.startsWith(":") === true; at += 2) {
    const [fromMode = "", toMode = "", fromOid = "", toOid = ""] = (parts[at] ?? "").slice(1).split(" ");
    const file = parts[at + 1] ?? "";
    if (!isOwnPath(file)) entries.push({ path: file, from: entry(fromMode, fromOid), to: entry(toMode, toOid) });
  }
  return { entries, rest: parts.slice(at) };
}

export async function fileChanges(git: Git, place: Place, from: string, to: string): Promise<readonly FileChange[]> {
  // One process tells both; the counts come after all records.
  const { entries, rest } = entriesIn(zeroSeparated(await git.run(place, [...PLAIN, "-z", "--raw", "--numstat", from, to], WORDS)));
  const lines = new Map<string, readonly [number | null, number | null]>();
  for (const record of rest) {
    const match = /^(\d+|-)\t(\d+|-)\t([^]*)$/.exec(record);
    if (match !== null) lines.set(match[3] ?? "", [countOf(match[1]), countOf(match[2])]);
  }
  return entries.map((change) => {
    const [added, removed] = lines.get(change.path) ?? [null, null];
    const kinds = { from: kindOf(change.from), to: kindOf(change.to) };
    const isOrdinary = (kinds.from ?? "file") === "file" && (kinds.to ?? "file") === "file";
    return { path: change.path, status: statusOf(change), added, removed, ...(isOrdinary ? {} : { kinds }) };
  });
}

export async function unifiedDiff(
  git: Git,
  place: Place,
  range: { readonly from: string; readonly to: string },
  paths: readonly string[] | null,
): Promise<string> {
  const wanted = paths ?? (await entryChanges(git, place, range.from, range.to)).map((change) => change.path);
  const shown = wanted.filter((file) => !isOwnPath(file));
  if (shown.length === 0) return "";
  const pieces: Buffer[] = [];
  let left = MAX_DIFF_BYTES;
  for (const batch of batchesOf(shown)) {
    const args = ["--literal-pathspecs", ...PLAIN, "-p", range.from, range.to, "--", ...batch];
    const piece = await git.run(place, args, WORDS, { maxBytes: left });
    pieces.push(piece);
    left -= piece.length;
    if (left <= 0) break;
  }
  const text = Buffer.concat(pieces).toString("utf8");
  return left > 0 ? text : `${text}\n… the diff is longer than ${MAX_DIFF_BYTES / 1024 / 1024} MiB and was cut here\n`;
}

/** null: no file is there (a folder, a link and a submodule are none). */
export async function textAt(git: Git, place: Place, commit: string, file: string): Promise<string | null> {
  const blob = await blobAt(git, place, commit, file);
  return blob === null || blob.isLink ? null : blob.bytes.toString("utf8");
}

/** A file's bytes, or a link's target; null where neither is. One process where that can be: whole reviews are read so. */
export async function bytesAt(git: Git, place: Place, commit: string, file: string): Promise<Uint8Array | null> {
  const wanted = cleanPath(file);
  // Of the batch a line is a request.
  if (wanted === null || wanted.includes("\n")) return (await blobAt(git, place, commit, file))?.bytes ?? null;
  const output = await git.run(place, ["cat-file", "--batch"], WORDS, { input: `${commit}:${wanted}\n`, maxBytes: MAX_FILE_BYTES });
  const start = output.indexOf(10) + 1;
  const size = /^[0-9a-f]+ blob (\d+)\n$/.exec(output.subarray(0, start).toString("latin1"))?.[1];
  return size === undefined ? null : output.subarray(start, start + Number(size));
}

async function blobAt(
  git: Git,
  place: Place,
  commit: string,
  file: string,
): Promise<{ readonly bytes: Buffer; readonly isLink: boolean } | null> {
  const wanted = cleanPath(file);
  if (wanted === null) return null;
  const listing = await git.run(
    place,
    ["--literal-pathspecs", "ls-tree", "-z", "--full-tree", commit, "--", wanted],
    WORDS,
  );
  const found = zeroSeparated(listing)
    .map((record) => /^(\d+) (\w+) ([0-9a-f]+)\t([^]*)$/.exec(record))
    .find((match) => match?.[4] === wanted);
  if (found?.[2] !== "blob" || found[3] === undefined) return null;
  const bytes = await git.run(place, ["cat-file", "blob", found[3]], WORDS, { maxBytes: MAX_FILE_BYTES });
  return { bytes, isLink: found[1] === LINK };
}

/** null for what can be no file of a commit. */
function cleanPath(file: string): string | null {
  const clean = file.split("/").filter((part) => part !== "" && part !== ".");
  if (clean.length === 0 || clean.includes("..") || file.startsWith("/") || file.includes("\0")) return null;
  return clean.join("/");
}

function entry(mode: string, oid: string): Entry | null {
  return mode === "000000" ? null : { mode, oid };
}

function statusOf({ from, to }: EntryChange): FileChange["status"] {
  if (from === null) return "added";
  if (to === null) return "deleted";
  return from.mode.slice(0, 3) === to.mode.slice(0, 3) ? "modified" : "typeChanged";
}

function kindOf(side: Entry | null): FileKind | null {
  if (side === null) return null;
  return side.mode === LINK ? "link" : side.mode === SUBMODULE ? "submodule" : side.mode === "100755" ? "executable" : "file";
}

function countOf(text: string | undefined): number | null {
  return text === undefined || text === "-" ? null : Number(text);
}

/** Few enough paths a call for the shortest command line that a system allows (Windows: 32,767 characters). */
function batchesOf(paths: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const file of paths) {
    if (length + file.length > 20_000) {
      batches.push([]);
      length = 0;
    }
    batches.at(-1)?.push(file);
    length += file.length + 3;
  }
  return batches;
}
