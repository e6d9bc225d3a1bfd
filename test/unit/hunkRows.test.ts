import { strict as assert } from "node:assert";
import { hunksOf } from "../../src/core/domain/hunks";
import type { Hunk } from "../../src/core/domain/review";
import { hunksAt, linesOn, rowsOf } from "../../src/vscode/review/hunkRows";

const BASE = "a\nb\nc\nd\ne\nf\ng\n";
/** b changed, two lines put in before d, f removed. */
const ATTEMPT = "a\nB\nc\n1\n2\nd\ne\ng\n";
/** Of a text with a newline at its end the editor counts one line more. */
const [BASE_LINES, ATTEMPT_LINES] = [8, 9];

describe("rows of hunks", () => {
  const hunks = hunksOf(BASE, ATTEMPT).map((hunk) => ({ hunk }));
  const [changed, added, removed] = hunks.map(({ hunk }) => hunk) as [Hunk, Hunk, Hunk];

  it("are those of the side's lines", () => {
    assert.equal(hunks.length, 3);
    assert.deepEqual([rowsOf(changed, "base", BASE_LINES), rowsOf(changed, "attempt", ATTEMPT_LINES)], [{ first: 1, last: 1 }, { first: 1, last: 1 }]);
    assert.deepEqual(rowsOf(added, "attempt", ATTEMPT_LINES), { first: 3, last: 4 });
    assert.deepEqual(rowsOf(removed, "base", BASE_LINES), { first: 5, last: 5 });
  });

  it("are the line before which it belongs where it has none", () => {
    assert.equal(linesOn(added, "base"), 0);
    assert.deepEqual(rowsOf(added, "base", BASE_LINES), { first: 3, last: 3 });
    assert.deepEqual(rowsOf(removed, "attempt", ATTEMPT_LINES), { first: 7, last: 7 });
  });

  it("stay inside of the document, also of an empty one", () => {
    const [appended] = hunksOf("a", "a\nb") as [Hunk];
    assert.deepEqual(rowsOf(appended, "base", 1), { first: 0, last: 0 });
    const [gone] = hunksOf("a\nb\n", null) as [Hunk];
    assert.deepEqual([rowsOf(gone, "base", 3), rowsOf(gone, "attempt", 1)], [{ first: 0, last: 1 }, { first: 0, last: 0 }]);
  });

  it("find the hunks that a cursor or a selection touches", () => {
    const at = (side: "base" | "attempt", first: number, last = first): readonly Hunk[] => hunksAt(hunks, side, { first, last }).map(({ hunk }) => hunk);
    assert.deepEqual([at("attempt", 0), at("attempt", 1), at("attempt", 2), at("attempt", 3), at("attempt", 4), at("attempt", 5)], [[], [changed], [], [added], [added], []]);
    assert.deepEqual(at("attempt", 0, 8), [changed, added, removed]);
    assert.deepEqual(at("base", 5), [removed]);
  });

  it("take the lines on both sides of a gap for it", () => {
    const at = (row: number): readonly Hunk[] => hunksAt(hunks, "attempt", { first: row, last: row }).map(({ hunk }) => hunk);
    assert.deepEqual([at(6), at(7), at(8)], [[removed], [removed], []]);
  });
});
