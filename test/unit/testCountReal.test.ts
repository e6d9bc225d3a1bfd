// Ends of what runners printed when they ran for real: jest 29, mocha 11, vitest 2, pytest 9, Python 3.11's unittest,
// cargo 1. Each has tests that pass, fail, are skipped, and whatever else its runner knows.
import { strict as assert } from "node:assert";
import { testSummaries, type TestRunner } from "../../src/core/domain/testCountReaders";

const JEST = `      at Object.toBe (jt2/b.test.js:1:96)

Test Suites: 1 failed, 1 total
Tests:       1 failed, 1 skipped, 1 todo, 1 passed, 4 total
Snapshots:   0 total
Time:        3.741 s
Ran all test suites matching /jt2/i.
`;
const MOCHA = `

  b
    ✔ one
    1) two
    - three


  1 passing (8ms)
  1 pending
  1 failing

  1) b
       two:
     Error: no
      at Context.<anonymous> (mt2/b.js:1:68)

`;
const VITEST = `⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/1]⎯

 Test Files  1 failed (1)
      Tests  1 failed | 2 passed | 1 skipped | 1 todo (5)
   Start at  23:48:28
   Duration  2.92s (transform 171ms, setup 0ms, collect 283ms, tests 97ms, environment 0ms, prepare 635ms)
`;
const PYTEST = `=========================== short test summary info ============================
FAILED py2/test_b.py::test_two - assert 1 == 2
ERROR py2/test_b.py::test_five - RuntimeError: x
==== 1 failed, 1 passed, 1 skipped, 1 xfailed, 1 warning, 1 error in 1.70s =====
`;
const PYTEST_QUIET = `ERROR py2/test_b.py::test_five - RuntimeError: x
1 failed, 1 passed, 1 skipped, 1 xfailed, 1 warning, 1 error in 1.67s
`;
const UNITTEST = `AssertionError: 1 != 2

----------------------------------------------------------------------
Ran 3 tests in 0.001s

FAILED (failures=1, skipped=1)
`;
const CARGO = `running 3 tests
test tests::two ... ignored
test tests::one ... ok
test tests::three ... FAILED

failures:
    tests::three

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.43s

error: test failed, to rerun pass \`--lib\`
   Doc-tests cg

running 1 test
test src/lib.rs - twice (line 1) ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.81s

error: 1 target failed:
    \`--lib\`
`;

describe("testSummaries of what runners really print", () => {
  const rows: readonly (readonly [TestRunner, string, readonly [number, number, number]])[] = [
    ["jest", JEST, [1, 1, 2]], ["mocha", MOCHA, [1, 1, 1]], ["vitest", VITEST, [2, 1, 2]], ["pytest", PYTEST, [1, 2, 2]], ["pytest", PYTEST_QUIET, [1, 2, 2]],
    ["unittest", UNITTEST, [1, 1, 1]], ["cargo test", CARGO, [2, 1, 1]],
  ];
  for (const [runner, output, counts] of rows) {
    it(`reads ${runner}'s: ${counts.join(", ")}`, () => {
      const found = testSummaries(output);
      assert.deepEqual(found.map((one) => [one.runner, [one.passed, one.failed, one.skipped], one.missing]), [[runner, counts, undefined]]);
    });
  }

  it("sees that a test program of cargo's ended before the tests that it announced", () => {
    const [found] = testSummaries(CARGO.replace("1 passed; 1 failed; 1 ignored", "1 passed; 0 failed; 0 ignored"));
    assert.equal(found?.missing, 2);
  });

  it("takes nothing for a summary that counts more tests than cargo announced", () => {
    assert.deepEqual(testSummaries(CARGO.replace("1 passed; 1 failed; 1 ignored", "9 passed; 0 failed; 0 ignored")), []);
  });
});
