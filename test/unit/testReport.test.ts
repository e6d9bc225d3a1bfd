// What the runners themselves wrote: node:test of Node.js 20.20, mocha 11, jest 29, vitest 2, pytest 9.
import { strict as assert } from "node:assert";
import { testReportIn, type ReportFormat, type TestReport } from "../../src/core/domain/testReport";
import { reportRequest } from "../../src/core/engine/reportRequest";
import type { TestRunner } from "../../src/core/domain/testCountReaders";

/** A test prints a summary of its own; a file of tests ends at once. */
const TAP = `TAP version 13
# tests 9
# pass 9
# fail 0
# cancelled 0
# skipped 0
# todo 0
# Subtest: one
ok 1 - one
  ---
  duration_ms: 1.075893
  ...
# Subtest: two \\# three
ok 2 - two \\# three # SKIP
  ---
  duration_ms: 0.1767
  ...
# Subtest: /room/test/early.test.js
ok 3 - /room/test/early.test.js
  ---
  duration_ms: 264.825678
  ...
1..3
# tests 3
# suites 0
# pass 2
# fail 0
# cancelled 0
# skipped 1
# todo 0
# duration_ms 1150.053819
`;
const MOCHA = '{\n  "stats": {\n    "suites": 1,\n    "tests": 3,\n    "passes": 2,\n    "pending": 1,\n    "failures": 0\n  },\n  "tests": []\n}';
const JEST = '{"numFailedTestSuites":0,"numFailedTests":1,"numPassedTestSuites":1,"numPassedTests":2,"numPendingTestSuites":0,"numPendingTests":1,"numRuntimeErrorTestSuites":0,"numTodoTests":0,"numTotalTestSuites":1,"numTotalTests":4}';
const VITEST = '{"numTotalTestSuites":1,"numPassedTestSuites":1,"numFailedTestSuites":0,"numPendingTestSuites":0,"numTotalTests":3,"numPassedTests":2,"numFailedTests":0,"numPendingTests":1,"numTodoTests":0,"snapshot":{"added":0}}';
const PYTEST = '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="0" skipped="1" tests="3" time="0.046"><testcase classname="py.test_a" name="test_one" time="0.001" /><testcase classname="py.test_a" name="test_two" time="0.000"><skipped type="pytest.skip" message="unconditional skip">test_a.py:3: unconditional skip</skipped></testcase><testcase classname="py.test_a" name="test_three" time="0.001" /></testsuite></testsuites>';

describe("testReportIn", () => {
  const rows: readonly (readonly [string, ReportFormat, string, TestReport | null])[] = [
    ["node:test, whatever tests print", "tap", TAP, { ran: 2, names: ["one", "two # three", "/room/test/early.test.js"] }],
    ["node:test that ended early", "tap", TAP.slice(0, TAP.indexOf("1..3")), null],
    ["node:test that ended before anything", "tap", "", null],
    ["mocha", "mocha", MOCHA, { ran: 2, names: [] }],
    ["mocha, cut off", "mocha", MOCHA.slice(0, 90), null],
    ["jest", "jest", JEST, { ran: 3, names: [] }],
    ["vitest", "jest", VITEST, { ran: 2, names: [] }],
    ["another JSON", "jest", "{}", null],
    ["no object", "mocha", "[]", null],
    ["pytest", "junit", PYTEST, { ran: 2, names: [] }],
    ["pytest, cut off", "junit", PYTEST.slice(0, -20), null],
  ];
  for (const [what, format, text, expected] of rows) it(`reads the report of ${what}`, () => assert.deepEqual(testReportIn(text, format), expected));
});

describe("reportRequest", () => {
  const asked = async (command: string, runner: TestRunner, scripts: Readonly<Record<string, string>> = {}) => {
    const request = await reportRequest({ command, runner, file: "/room/report-1.tmp", scripts: () => Promise.resolve(scripts) });
    return request === null ? null : [request.command, ...Object.entries(request.environment).map(([name, value]) => `${name}=${value}`)];
  };
  const NODE = 'NODE_OPTIONS=--test-reporter=tap --test-reporter-destination="/room/report-1.tmp"';
  const rows: readonly (readonly [string, TestRunner, Readonly<Record<string, string>>, readonly string[] | null])[] = [
    ["node --test", "node:test", {}, ["node --test", NODE]],
    ["npm test && npm run lint", "node:test", { test: "node --test" }, ["npm test && npm run lint", NODE]],
    ["node --test --test-reporter=spec", "node:test", {}, null],
    ["npm test", "node:test", { test: "node --test --test-reporter=dot" }, null],
    ["npm test", "node:test", { test: "cross-env NODE_OPTIONS=--no-warnings node --test" }, null],
    ["python3 -m pytest -q", "pytest", {}, ["python3 -m pytest -q", 'PYTEST_ADDOPTS=--junitxml="/room/report-1.tmp"']],
    ["pytest --junitxml=a.xml", "pytest", {}, null],
    ["npx mocha test", "mocha", {}, ["npx mocha test --reporter json --reporter-option \"output=/room/report-1.tmp\""]],
    ["node node_modules/mocha/bin/_mocha.js", "mocha", {}, ["node node_modules/mocha/bin/_mocha.js --reporter json --reporter-option \"output=/room/report-1.tmp\""]],
    ["npm test", "mocha", { test: "mocha --recursive" }, ["npm test -- --reporter json --reporter-option \"output=/room/report-1.tmp\""]],
    ["npm t", "mocha", { test: "mocha" }, ["npm t -- --reporter json --reporter-option \"output=/room/report-1.tmp\""]],
    ["npm run unit -- --bail", "mocha", { unit: "mocha" }, ["npm run unit -- --bail --reporter json --reporter-option \"output=/room/report-1.tmp\""]],
    ["yarn unit", "jest", { unit: "jest" }, ["yarn unit --json \"--outputFile=/room/report-1.tmp\""]],
    ["pnpm test", "vitest", { test: "vitest run" }, ["pnpm test --reporter=json \"--outputFile=/room/report-1.tmp\""]],
    ["npm test", "mocha", { test: "tsc && mocha" }, null],
    ["npm test", "mocha", { test: "echo 3 passing" }, null],
    ["mocha; true", "mocha", {}, null],
    ["jest -- --watch", "jest", {}, null],
    ["go test ./...", "go test", {}, null],
  ];
  for (const [command, runner, scripts, expected] of rows) it(`${expected === null ? "asks for none of" : "asks"} ${command}${Object.values(scripts).map((script) => ` (${script})`).join("")}`, async () => assert.deepEqual(await asked(command, runner, scripts), expected));

  it("asks for none where a shell would read more into the path", async () => {
    const at = (file: string): Promise<unknown> => reportRequest({ command: "mocha", runner: "mocha", file, scripts: () => Promise.resolve(null) });
    for (const file of ["/a$room/report.tmp", '/a"b/report.tmp', "/a,b/report.tmp"]) assert.equal(await at(file), null, file);
    assert.notEqual(await at("/a room ü/report.tmp"), null);
  });
});
