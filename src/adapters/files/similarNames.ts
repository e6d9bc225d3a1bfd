// Files whose names are like one that does not exist, best first: what a model most likely meant. Pure.
import path from "node:path";

/** Edits that two names may be apart, as a part of the longer one's length. */
const LIKE = 0.4;

/** At most `limit` of `files` (relative paths) that resemble `wanted`. */
export function similarNames(wanted: string, files: readonly string[], limit: number): readonly string[] {
  const rated = files
    .map((file) => ({ file, rating: ratingOf(wanted, file) }))
    .filter(({ rating }) => rating < 1)
    .toSorted((a, b) => a.rating - b.rating || (a.file < b.file ? -1 : 1));
  return rated.slice(0, limit).map(({ file }) => file);
}

/** 0 for the same path but for case, below 1 for what is like it, 1 for anything else. */
function ratingOf(wanted: string, file: string): number {
  if (wanted.toLowerCase() === file.toLowerCase()) return 0;
  const mine = path.posix.basename(wanted).toLowerCase();
  const theirs = path.posix.basename(file).toLowerCase();
  const isBeside = path.posix.dirname(wanted) === path.posix.dirname(file);
  if (mine === theirs) return 0.1;
  if (stemOf(mine) === stemOf(theirs)) return isBeside ? 0.15 : 0.3;
  const longer = Math.max(mine.length, theirs.length);
  const most = Math.floor(longer * LIKE);
  if (Math.abs(mine.length - theirs.length) > most) return 1;
  const apart = editDistance(mine, theirs, most);
  return apart > most ? 1 : (isBeside ? 0.2 : 0.4) + apart / longer / 2;
}

function stemOf(name: string): string {
  return name.replace(/(?<=.)\..*$/, "");
}

/** Levenshtein distance; more than `most` stands for any greater one. */
function editDistance(a: string, b: string, most: number): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const swapped = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(swapped, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    if (Math.min(...current) > most) return most + 1;
    above = current;
  }
  return above[b.length] ?? most + 1;
}
