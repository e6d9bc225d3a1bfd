// The changes that a call of a writing tool asks for, as the lines of a diff. Pure.
import { changedRanges, linesOf } from "../domain/lineDiff";
import { toLineFeeds } from "../domain/textEdit";

export interface Replacement {
  readonly find: string;
  readonly replace: string;
}

/** The replacements one after the other, each with its own lines alone: where they stand in the file is not known. */
export function editLines(edits: readonly Replacement[]): string {
  const parts = edits.map((edit, index) => `${edits.length === 1 ? "" : `@@ edit ${index + 1} of ${edits.length} @@\n`}${linesOfEdit(edit)}`);
  return parts.join("\n");
}

/** A whole file as added. */
export function writtenLines(content: string): string {
  return prefixed("+", linesOf(toLineFeeds(content)));
}

function linesOfEdit({ find, replace }: Replacement): string {
  const [from, to] = [linesOf(toLineFeeds(find)), linesOf(toLineFeeds(replace))];
  const pieces: string[] = [];
  let next = 0;
  for (const range of changedRanges(from, to)) {
    pieces.push(prefixed(" ", from.slice(next, range.from)), prefixed("-", from.slice(range.from, range.fromEnd)), prefixed("+", to.slice(range.to, range.toEnd)));
    next = range.fromEnd;
  }
  pieces.push(prefixed(" ", from.slice(next)));
  return pieces.filter((piece) => piece !== "").join("\n");
}

function prefixed(mark: string, lines: readonly string[]): string {
  return lines.map((line) => `${mark}${line.replace(/\n$/, "")}`).join("\n");
}
