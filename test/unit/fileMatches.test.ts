import assert from "node:assert/strict";
import * as fc from "fast-check";
import { bestMatches } from "../../src/vscode/commands/fileMatches";

const PATHS = ["src/core/desk/taskDesk.ts", "src/vscode/desks.ts", "test/unit/taskQueue.test.ts", "docs/desk.md", "README.md", "src/core/task.ts"];

describe("bestMatches", () => {
  it("gives the first ones where nothing is typed", () => {
    assert.deepEqual(bestMatches(PATHS, " ", 2), PATHS.slice(0, 2));
  });

  it("puts letters in a row before scattered ones, and a file's own name before its folders", () => {
    assert.deepEqual(bestMatches(PATHS, "desk", 3), ["docs/desk.md", "src/vscode/desks.ts", "src/core/desk/taskDesk.ts"]);
    assert.equal(bestMatches(PATHS, "taskd", 1)[0], "src/core/desk/taskDesk.ts");
    assert.equal(bestMatches(PATHS, "tuq", 1)[0], "test/unit/taskQueue.test.ts");
  });

  it("finds in any case, and nothing where a letter is missing", () => {
    assert.deepEqual(bestMatches(PATHS, "readme", 5), ["README.md"]);
    assert.deepEqual(bestMatches(PATHS, "deskz", 5), []);
  });

  it("finds every path by any of its letters in order, and never more than asked for", () => {
    const path = fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "-"), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 8 }), fc.nat(), fc.nat({ max: 3 }), (paths, which, limit) => {
        const wanted = paths[which % paths.length] ?? "";
        const query = wanted.split("").filter((_, index) => index % 2 === 0).join("");
        assert.ok(bestMatches(paths, query, paths.length).includes(wanted));
        assert.ok(bestMatches(paths, query, limit).length <= limit);
      }),
    );
  });
});
