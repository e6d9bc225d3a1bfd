import { strict as assert } from "node:assert";
import { countProblem, testCountIn, type TestCount } from "../../src/core/domain/testCount";
import { testSummaries, type TestRunner } from "../../src/core/domain/testCountReaders";

const NODE = (tests: number, pass: number, more: { fail?: number; cancelled?: number; skipped?: number; todo?: number; mark?: string } = {}): string => {
  const { fail = 0, cancelled = 0, skipped = 0, todo = 0, mark = "ℹ" } = more;
  const lines = [["tests", tests], ["suites", 1], ["pass", pass], ["fail", fail], ["cancelled", cancelled], ["skipped", skipped], ["todo", todo], ["duration_ms", 12.5]];
  return `${lines.map(([name, value]) => `${mark} ${name} ${value}`).join("\n")}\n`;
};

const MOCHA = "\n\n  s\n    ✔ a\n    - b\n    1) c\n\n\n  1 passing (7ms)\n  1 pending\n  1 failing\n\n  1) s\n       c:\n     Error: x\n";
const JEST = "PASS  ./a.test.js\n\nTest Suites: 1 failed, 2 passed, 3 total\nTests:       1 failed, 1 skipped, 2 todo, 3 passed, 7 total\nSnapshots:   0 total\nTime:        0.4 s\nRan all test suites.\n";
const VITEST = " ✓ a.test.ts (3 tests) 4ms\n\n Test Files  1 failed | 1 passed (2)\n      Tests  1 failed | 2 passed | 1 skipped | 1 todo (5)\n   Start at  10:00:00\n   Duration  300ms\n";
const PYTEST = "collected 3 items\n\ntest_a.py .sF   [100%]\n\n=========== 1 failed, 1 passed, 1 skipped in 1.11s ===========\n";
const UNITTEST = ".sF\n======\nFAIL: test_c (test_a.T.test_c)\n------\nAssertionError: x\n\n------\nRan 3 tests in 0.001s\n\nFAILED (failures=1, skipped=1)\n";
const GO_V = "=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n=== RUN   TestB/x\n    --- FAIL: TestB/x (0.00s)\n--- FAIL: TestB (0.01s)\n=== RUN   TestC\n    a_test.go:3: later\n--- SKIP: TestC (0.00s)\nFAIL\nFAIL\texample.org/a\t0.003s\nok  \texample.org/b\t0.001s [no tests to run]\nFAIL\n";
const GO = "ok  \texample.org/a\t0.003s\nok  \texample.org/b\t(cached)\n?   \texample.org/c\t[no test files]\nFAIL\texample.org/d\t0.1s\nFAIL\texample.org/e [build failed]\nFAIL\n";
const GO_JSON = [
  '{"Time":"2026-01-01T00:00:00Z","Action":"run","Package":"a","Test":"TestA"}',
  '{"Time":"2026-01-01T00:00:00Z","Action":"output","Package":"a","Test":"TestA","Output":"--- PASS: TestA (0.00s)\\n"}',
  '{"Action":"pass","Package":"a","Test":"TestA","Elapsed":0}',
  '{"Action":"skip","Package":"a","Test":"TestB","Elapsed":0}',
  '{"Action":"fail","Package":"b","Test":"TestA","Elapsed":0}',
  '{"Action":"fail","Package":"b","Elapsed":0}',
  '{"Action":"pass","Package":"a","Elapsed":0}',
].join("\n");
const CARGO = "running 3 tests\ntest a ... ok\n\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n   Doc-tests x\n\nrunning 3 tests\n\ntest result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
const NEXTEST = "────────────\n     Summary [   0.005s] 4 tests run: 3 passed, 1 failed, 2 skipped\n";
const TAP = "TAP version 13\nok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP later\n    ok 1 - inner\nnot ok 4 - d # TODO\n1..4\n";
const TAPE = "TAP version 13\n# a\nok 1 should be truthy\nok 2 same\n\n1..2\n# tests 2\n# pass  2\n\n# ok\n";
const JUNIT = '<?xml version="1.0"?>\n<testsuites tests="4">\n<testsuite name="a">\n<testcase name="a > b"/>\n<testcase name="c"><failure message="<no>">x</failure></testcase>\n<testcase name="d"><skipped/></testcase>\n<testcase name="e">\n<system-out>hi</system-out>\n</testcase>\n</testsuite>\n</testsuites>\n';

describe("testSummaries", () => {
  const rows: readonly (readonly [string, string, TestRunner, readonly [number, number, number]])[] = [
    ["node:test, spec reporter", NODE(9, 4, { fail: 1, cancelled: 1, skipped: 2, todo: 1 }), "node:test", [4, 2, 3]],
    ["node:test, TAP reporter", `TAP version 13\nok 1 - a\n1..1\n${NODE(1, 1, { mark: "#" })}`, "node:test", [1, 0, 0]],
    ["node:test, JUnit reporter", `${JUNIT}${NODE(4, 2, { mark: "<!--" }).replaceAll("\n", " -->\n")}`, "node:test", [2, 0, 0]],
    ["node:test of an older Node.js, without suites", "# tests 2\n# pass 1\n# fail 1\n# cancelled 0\n# skipped 0\n# todo 0\n# duration_ms 5\n", "node:test", [1, 1, 0]],
    ["node:test below pnpm's names of packages", NODE(3, 3).split("\n").map((line) => `packages/a test: ${line}`).join("\n"), "node:test", [3, 0, 0]],
    ["node:test with colours and Windows' line ends", NODE(2, 2).split("\n").map((line) => `\u001b[34m${line}\u001b[39m`).join("\r\n"), "node:test", [2, 0, 0]],
    ["mocha", MOCHA, "mocha", [1, 1, 1]],
    ["mocha that ran nothing", "\n\n  0 passing (1ms)\n\n", "mocha", [0, 0, 0]],
    ["mocha, failing and nothing pending", "  3 passing (2s)\n  2 failing\n", "mocha", [3, 2, 0]],
    ["jest", JEST, "jest", [3, 1, 3]],
    ["jest without tests", "No tests found, exiting with code 0\n", "jest", [0, 0, 0]],
    ["jest, none counted", "Tests:       0 total\n", "jest", [0, 0, 0]],
    ["vitest", VITEST, "vitest", [2, 1, 2]],
    ["vitest, files without tests", " Test Files  1 passed (1)\n      Tests  no tests\n", "vitest", [0, 0, 0]],
    ["vitest without files", "\nNo test files found, exiting with code 0\n", "vitest", [0, 0, 0]],
    ["pytest", PYTEST, "pytest", [1, 1, 1]],
    ["pytest -q", "...\n3 passed in 0.01s\n", "pytest", [3, 0, 0]],
    ["pytest with all its words", "= 1 failed, 2 passed, 3 skipped, 4 deselected, 1 xfailed, 1 xpassed, 2 warnings, 1 error in 61.20s (0:01:01) =\n", "pytest", [3, 2, 4]],
    ["pytest that ran nothing", "===== no tests ran in 0.01s =====\n", "pytest", [0, 0, 0]],
    ["pytest, all deselected", "===== 3 deselected in 1.67s =====\n", "pytest", [0, 0, 0]],
    ["pytest that only listed", "===== 3 tests collected in 0.01s =====\n", "pytest", [0, 0, 0]],
    ["unittest", UNITTEST, "unittest", [1, 1, 1]],
    ["unittest, all well", "...\n------\nRan 3 tests in 0.001s\n\nOK\n", "unittest", [3, 0, 0]],
    ["unittest with all its words", "Ran 9 tests in 1.5s\n\nFAILED (failures=1, errors=2, skipped=1, expected failures=1, unexpected successes=1)\n", "unittest", [3, 4, 2]],
    ["unittest that ran nothing", "Ran 0 tests in 0.000s\n\nNO TESTS RAN\n", "unittest", [0, 0, 0]],
    ["go test -v", GO_V, "go test", [1, 2, 1]],
    ["go test, in packages", GO, "go test", [2, 2, 0]],
    ["go test -json", GO_JSON, "go test", [1, 1, 1]],
    ["go test without tests", "ok  \texample.org/a\t0.001s [no tests to run]\n", "go test", [0, 0, 0]],
    ["cargo test, all programs together", CARGO, "cargo test", [3, 2, 1]],
    ["cargo nextest", NEXTEST, "cargo test", [3, 1, 2]],
    ["TAP, outermost level", TAP, "TAP", [1, 1, 2]],
    ["tape", TAPE, "TAP", [2, 0, 0]],
    ["JUnit", JUNIT, "JUnit", [2, 1, 1]],
    ["JUnit below another runner's summary", `${JUNIT}${MOCHA}`, "mocha", [1, 1, 1]],
  ];
  for (const [what, output, runner, [passed, failed, skipped]] of rows) {
    it(`reads ${what}`, () => {
      const found = testSummaries(output).map((summary) => [summary.runner, summary.passed, summary.failed, summary.skipped]);
      assert.deepEqual(found, [[runner, passed, failed, skipped]]);
    });
  }

  const prose: readonly (readonly [string, string])[] = [
    ["nothing", ""],
    ["prose about passing tests", "All 12 tests passing (great)\n5 passing\n3 passed\nTests: all fine\nok\nok then\n# tests are good\n"],
    ["half of a summary of node:test", "# tests 3\n# suites 0\n"],
    ["unittest that was cut off", "Ran 3 tests in 0.001s\n"],
    ["a file's name with numbers", "10 passed files in 3 folders\nTests  see README\nTest result: ok.\n"],
    ["a plan of TAP within other text", "pages 1..4 of 9\n"],
    ["JUnit that was cut off", '<testsuites>\n<testcase name="a"/>\n'],
    ["a log in JSON lines", '{"level":"info","Actions":"pass"}\n{"Action":"output","Package":"a"}\n'],
  ];
  for (const [what, output] of prose) it(`finds no summary in ${what}`, () => assert.deepEqual(testSummaries(output), []));

  it("comes back from long hostile lines", () => {
    const output = [`${"1 a, ".repeat(20_000)}in`, `<testcase ${"a='".repeat(20_000)}`, `Tests  ${"1 passed | ".repeat(20_000)}`, `{"Action":"${"\\".repeat(50_000)}`, "</testsuites>"].join("\n");
    assert.ok(Array.isArray(testSummaries(output)));
  });
});

const ONE = { runner: "node:test", several: false } as const;

describe("testCountIn", () => {
  it("takes the last summary and tells of others that differ", () => {
    assert.deepEqual(testCountIn(`${NODE(10, 10)}${NODE(1, 1)}`, ONE), { runner: "node:test", ran: 1, passed: 1, failed: 0, skipped: 0, others: [10] });
    assert.deepEqual(testCountIn(`${NODE(3, 3)}${NODE(3, 3)}`, ONE), { runner: "node:test", ran: 3, passed: 3, failed: 0, skipped: 0 });
  });

  it("adds up what several packages print", () => {
    assert.deepEqual(testCountIn(`${NODE(10, 9, { fail: 1 })}${MOCHA}`, { runner: null, several: true }), { runner: "node:test", ran: 12, passed: 10, failed: 2, skipped: 1 });
  });

  it("listens to the runner that was called alone", () => {
    assert.equal(testCountIn(MOCHA, ONE), null);
    assert.equal(testCountIn(`${NODE(2, 2)}${MOCHA}`, ONE)?.ran, 2);
    assert.equal(testCountIn(MOCHA, { runner: null, several: false })?.runner, "mocha");
  });

  it("knows a plan that was not kept", () => {
    assert.deepEqual(testCountIn("1..5\nok 1 - a\nok 2 - b\n", { runner: "TAP", several: false }), { runner: "TAP", ran: 2, passed: 2, failed: 0, skipped: 0, missing: 3 });
  });
});

const counted = (ran: number, change: Partial<TestCount> = {}): TestCount => ({ runner: "mocha", ran, passed: ran, failed: 0, skipped: 0, ...change });

describe("countProblem", () => {
  const rows: readonly (readonly [string, TestCount | null, TestCount | null, boolean, string | null])[] = [
    ["as many as before", counted(5), counted(5), true, null],
    ["more than before", counted(6), counted(5), true, null],
    ["nothing known on either side", null, null, false, null],
    ["a first summary", counted(2), null, false, null],
    ["fewer than before", counted(4), counted(5), true, "fewer tests ran than before the work: 4, 5 on the base commit"],
    ["a summary that is gone", null, counted(5), false, "the runner ended early or printed no summary; on the base commit 5 tests ran"],
    ["a summary that is gone, of one test", null, counted(1), false, "the runner ended early or printed no summary; on the base commit 1 test ran"],
    ["no summary where this runner prints them", null, null, true, "the runner ended early or printed no summary"],
    ["no test at all", counted(0), null, false, "no test ran"],
    ["all skipped", counted(0, { skipped: 3 }), counted(3), true, "no test ran: 3 tests skipped"],
    ["one skipped in place of another", counted(5, { skipped: 1 }), counted(5), true, "more tests are skipped than before the work (1, 0 on the base commit), and no more ran (5)"],
    ["a skipped one and a new one", counted(6, { skipped: 1 }), counted(5), true, null],
    ["skipped ones as before", counted(5, { skipped: 2 }), counted(5, { skipped: 2 }), true, null],
    ["failed ones with exit code 0", counted(5, { failed: 2 }), counted(5), true, "it reports success although 2 tests failed"],
    ["two summaries", counted(9, { others: [1] }), counted(5), true, "it prints summaries that contradict each other: 1, 9 tests"],
    ["two summaries as before the work", counted(9, { others: [1] }), counted(8, { others: [1] }), true, null],
    ["a plan that was not kept", counted(9, { missing: 1 }), counted(5), true, "the runner ended early: 1 test announced and not reported"],
  ];
  for (const [what, tests, base, isExpected, problem] of rows) it(`${problem === null ? "accepts" : "refuses"} ${what}`, () => assert.equal(countProblem({ tests, base, isExpected }), problem));
});
