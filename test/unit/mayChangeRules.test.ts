import { strict as assert } from "node:assert";
import type { Contract } from "../../src/core/domain/contract";
import { isListedToChange, mayChangeProblems, reasonsToChange } from "../../src/core/domain/mayChangeRules";
import { withContract } from "../../src/core/handoff/planFile";
import { aCommandCheck, aContract } from "../builders/contractBuilder";

function listing(mayChange: readonly string[], text = "mean of nothing is 0, and test/stats.test.js says so", change: Partial<Contract> = {}): Contract {
  return aContract({ criteria: [{ id: "C1", kind: "change", text }, { id: "C2", kind: "guard", text: "The tests in test/other.test.js pass" }], mayChange, ...change });
}

describe("mayChangeProblems", () => {
  const allowed: readonly (readonly [string, string?])[] = [
    ["test/stats.test.js"],
    ["./test/stats.test.js"],
    ["test/stats.test.js", "It rounds (test/stats.test.js)."],
    ["test/stats.test.js", "It rounds: see `./test/stats.test.js`."],
    ["jest.config.js", "The tests run in a browser, which jest.config.js says."],
    ["pages/[id].test.tsx", "The title is longer, as in pages/[id].test.tsx."],
    ["run-tests.sh", "run-tests.sh also runs the linter"],
  ];
  for (const [path, text] of allowed) it(`lets ${path} change${text === undefined ? "" : ` where a criterion says: ${text}`}`, () => assert.deepEqual(mayChangeProblems(listing([path], text)), []));

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ["**", "everything may change: **", /"\*\*" under mayChange is a pattern: list single files/],
    ["test/*.test.js", "test/*.test.js change", /is a pattern/],
    ["test/{a,b}.js", "test/{a,b}.js change", /is a pattern/],
    ["test/", "All of test/ changes", /"test\/" under mayChange is a folder/],
    [".", "All of . changes", /is a folder/],
    ["./", "All changes", /is a folder/],
    ["package.json", "package.json tests with another runner", /the scripts in it decide about checks and stay; everything else in it may change without being listed/],
    ["packages/a/package.json", "packages/a/package.json changes", /the scripts in it/],
    [".github/workflows/test.yml", ".github/workflows/test.yml runs on Windows too", /it configures the CI/],
    [".gitlab-ci.yml", ".gitlab-ci.yml changes", /it configures the CI/],
    ["node_modules/chai/index.js", "node_modules/chai/index.js changes", /takes the place of/],
    ["test/stats.test.js", "mean of nothing is 0", /has no reason: name the file in the text of the change criterion/],
    ["test/other.test.js", "mean of nothing is 0", /has no reason/],
    ["stats.test.js", "test/stats.test.js says so", /has no reason/],
    ["test/stats.test.js", "test/stats.test.jsx says so", /has no reason/],
    ["test/stats", "test/stats.test.js says so", /has no reason/],
  ];
  for (const [path, text, says] of refused) {
    it(`refuses ${path} for: ${text}`, () => {
      const problems = mayChangeProblems(listing([path], text));
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0] ?? "", says);
    });
  }

  it("refuses the script that verifies the work, whatever a criterion says", () => {
    const contract = listing(["verify-data.sh"], "The total is right, and verify-data.sh says so", { checks: [aCommandCheck({ run: "sh ./verify-data.sh summary.csv" })] });
    assert.match(mayChangeProblems(contract)[0] ?? "", /"verify-data\.sh" under mayChange cannot be: check K1 runs it to verify the work/);
  });

  it("lets a test change that a check names: its behaviour may change on purpose", () => {
    assert.deepEqual(mayChangeProblems(listing(["test/stats.test.js"], undefined, { checks: [aCommandCheck({ run: "node --test test/stats.test.js" })] })), []);
  });

  it("refuses more files than a person looks at", () => {
    const paths = Array.from({ length: 21 }, (_, index) => `test/${index}.test.js`);
    assert.deepEqual(mayChangeProblems(listing(paths, paths.join(" "))), ["There are 21 files under mayChange, and 20 are allowed: what is left of the tests must still say something."]);
    assert.deepEqual(mayChangeProblems(listing(paths.slice(1), paths.join(" "))), []);
  });
});

describe("isListedToChange", () => {
  it("goes by whole paths: a folder stands for nothing in it", () => {
    const contract = listing(["./test/stats.test.js", "test", "src/**"]);
    assert.deepEqual(["test/stats.test.js", "test/other.test.js", "src/a.test.js", "stats.test.js"].map((path) => isListedToChange(path, contract)), [true, false, false, false]);
  });
});

describe("reasonsToChange", () => {
  it("are change criteria alone", () => {
    const { criteria } = listing([]);
    assert.deepEqual([reasonsToChange("test/stats.test.js", criteria), reasonsToChange("test/other.test.js", criteria)], [["C1"], []]);
  });

  it("stand in plan.md beside the files, for whoever approves it", () => {
    assert.match(withContract("# Plan\n", listing(["test/stats.test.js"])), /Checks depend on these files, and the work may change them:\n\n- `test\/stats\.test\.js`, for C1\n/);
    assert.doesNotMatch(withContract("# Plan\n", listing([])), /Checks depend on/);
  });
});
