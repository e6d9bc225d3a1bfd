import { strict as assert } from "node:assert";
import { hunksOf } from "../../src/core/domain/hunks";
import type { HunkId } from "../../src/core/domain/review";
import { decisionsOf } from "../../src/core/projections/hunkDecisions";

const HUNKS = hunksOf("1\n2\n3\n4\n5\n", "one\n2\nthree\n4\nfive\n");
const [A, B, C] = HUNKS.map(({ id }) => id) as [HunkId, HunkId, HunkId];

describe("decisionsOf", () => {
  it("has all hunks open where nothing was decided", () => {
    assert.deepEqual(decisionsOf({ hunks: {}, acceptedPaths: ["b.ts"] }, "a.ts", HUNKS), { accepted: [], rejected: [], open: [A, B, C] });
    assert.deepEqual(decisionsOf({ hunks: {}, acceptedPaths: [] }, "constructor", HUNKS).open.length, 3);
  });

  it("has none open where the file was accepted as a whole", () => {
    assert.deepEqual(decisionsOf({ hunks: {}, acceptedPaths: ["a.ts"] }, "a.ts", HUNKS), { accepted: [A, B, C], rejected: [], open: [] });
  });

  it("sorts hunks by what was decided, in the order of the file, and knows nothing of another attempt's", () => {
    const hunks = { "a.ts": { accepted: [C, "7,7+7" as HunkId, A], rejected: [] } };
    assert.deepEqual(decisionsOf({ hunks, acceptedPaths: ["a.ts"] }, "a.ts", HUNKS), { accepted: [A, C], rejected: [], open: [B] });
  });
});
