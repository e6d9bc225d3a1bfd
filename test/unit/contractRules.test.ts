import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { Check, CheckResult, Contract } from "../../src/core/domain/contract";
import { baseProblems, staticProblems } from "../../src/core/domain/contractRules";
import { FULL_CONTRACT, aCommandCheck, aContract, contracts, resultsOf } from "../builders/contractBuilder";
import { aCheckResult } from "../builders/samples";

const criterion = { id: "C1", text: "works", kind: "change" } as const;
const guard = { id: "C2", text: "stays", kind: "guard" } as const;
const file = { id: "K1", criterion: "C1" } as const;

function onlyProblem(contract: Contract): string {
  const problems = staticProblems(contract);
  assert.equal(problems.length, 1, problems.join("\n"));
  return problems[0] ?? "";
}

function withCheck(check: Check): Contract {
  return aContract({ checks: [check] });
}

describe("staticProblems", () => {
  it("finds nothing wrong with a proper contract", () => {
    assert.deepEqual(staticProblems(FULL_CONTRACT), []);
  });

  const broken: readonly (readonly [string, Contract, RegExp])[] = [
    ["no criteria", aContract({ criteria: [], checks: [] }), /^There are no criteria\.$/],
    ["no change criterion", aContract({ criteria: [{ ...criterion, kind: "guard" }] }), /No criterion is of kind change/],
    ["a criterion without checks", aContract({ criteria: [criterion, guard] }), /^Criterion C2 has no check/],
    ["a check of an unknown criterion", aContract({ checks: [aCommandCheck(), aCommandCheck({ id: "K2", criterion: "C7" })] }), /^Check K2 names the criterion C7/],
    ["a criterion id used twice", aContract({ criteria: [criterion, { ...guard, id: "C1" }] }), /^Criterion id C1 is used more than once/],
    ["a check id used twice", aContract({ checks: [aCommandCheck(), aCommandCheck({ run: "npm run lint" })] }), /^Check id K1 is used more than once/],
    ["a bad pattern for the output", withCheck(aCommandCheck({ outputMatches: ["(55"] })), /^Check K1: \/\(55\/ is no valid regular expression/],
    ["a bad pattern against the output", withCheck(aCommandCheck({ outputLacks: ["[z-a]"] })), /no valid regular expression/],
    ["a bad pattern for a file", withCheck({ ...file, kind: "fileMatches", path: "a", pattern: "*" }), /no valid regular expression/],
    ["a pattern that everything matches", withCheck(aCommandCheck({ outputMatches: ["55|"] })), /\/55\|\/ matches an empty text/],
    ["a file pattern that everything matches", withCheck({ ...file, kind: "fileMatches", path: "a", pattern: "(x)*" }), /matches an empty text/],
    ["an absolute path", withCheck({ ...file, kind: "fileExists", path: "/etc/passwd" }), /"\/etc\/passwd" must be a path inside the repository/],
    ["a path of a drive", withCheck({ ...file, kind: "sections", path: "C:\\a.md", headings: ["A"] }), /inside the repository/],
    ["a path that climbs out", withCheck({ ...file, kind: "noPlaceholders", path: "docs/../../a.md" }), /inside the repository/],
    ["a path that climbs out with backslashes", withCheck({ ...file, kind: "jsonPath", path: "a\\..\\..\\b", pointer: "", equals: 1 }), /inside the repository/],
    ["a path of a network share", withCheck({ ...file, kind: "fileExists", path: "\\\\server\\share" }), /inside the repository/],
    ["a pointer without its slash", withCheck({ ...file, kind: "jsonPath", path: "a.json", pointer: "scripts/test", equals: 1 }), /"scripts\/test" is no JSON pointer/],
  ];
  for (const [what, contract, says] of broken) {
    it(`names ${what}`, () => assert.match(onlyProblem(contract), says));
  }

  const vacuous = [
    "true", " true ", "/bin/true", "/usr/bin/true", ":", "exit 0", "echo ok", 'echo "55"', "printf 55", "npm test || true", "npm test||true", "npm test || :",
    "npm test; exit 0", "npm test; true", "npm test; echo done", "npm test || echo failed", "npm test\ntrue",
  ];
  for (const run of vacuous) {
    it(`names a command that cannot fail: ${JSON.stringify(run)}`, () => assert.match(onlyProblem(withCheck(aCommandCheck({ run }))), /cannot fail/));
  }

  it("is not fooled by an output pattern on an echo", () => {
    assert.match(onlyProblem(withCheck(aCommandCheck({ run: "echo 55", outputMatches: ["^55$"] }))), /cannot fail/);
  });

  const accepted: readonly Partial<ReturnType<typeof aCommandCheck>>[] = [
    { run: "npm test" },
    { run: "./bin/new" },
    { run: "! node bin/tally.js nothing" },
    { run: "test -f a && grep -q b a" },
    { run: "truefalse" },
    { run: "node -e 'process.exit(1)' || node bin/other.js" },
    { run: 'echo "$(node bin/tally.js 10)"', outputMatches: ["^55$"] },
    { run: "echo 10 | node bin/tally.js" },
    { run: "echo 10 > in.txt && node bin/tally.js < in.txt" },
    { run: "node bin/tally.js fibonacci -3; echo \"exit $?\"", outputMatches: ["^exit 2$"] },
    { run: "node bin/tally.js x || true", outputMatches: ["Unknown"] },
    { run: "node bin/tally.js x; exit 3", exit: 3 },
  ];
  for (const check of accepted) {
    it(`accepts ${JSON.stringify(check.run)}`, () => assert.deepEqual(staticProblems(withCheck(aCommandCheck(check))), []));
  }

  it("accepts paths inside, however they are written", () => {
    for (const path of ["a", "./a", "a/b.md", "a..b", "..a", ".github/x", "a b"]) {
      assert.deepEqual(staticProblems(withCheck({ ...file, kind: "fileExists", path })), [], path);
    }
  });

  it("never throws, and says one sentence or more of whatever it refuses", () => {
    fc.assert(
      fc.property(contracts, (contract) => {
        for (const problem of staticProblems(contract)) assert.match(problem, /^(There|No|The|Criterion|Check) [^]*[.:]/);
      }),
    );
  });
});

describe("baseProblems", () => {
  const change = aCommandCheck();
  const guarded = aCommandCheck({ id: "K2", criterion: "C2", run: "npm test" });
  const contract = aContract({ criteria: [criterion, guard], checks: [change, guarded] });
  const red = (update: Partial<CheckResult> = {}): CheckResult =>
    aCheckResult({ green: false, exitCode: 1, reason: "exit code 1, expected 0", outputExcerpt: "Unknown command\n", ...update });
  const green2 = aCheckResult({ checkId: "K2", criterion: "C2" });

  it("accepts change checks that are red and guards that are green", () => {
    assert.deepEqual(baseProblems(contract, [red(), green2]), []);
    assert.deepEqual(baseProblems(FULL_CONTRACT, resultsOf(FULL_CONTRACT, ["K1", "K2", "K3", "K4", "K5", "K6", "K7"])), []);
  });

  it("refuses a change check that is green before any work, with its output", () => {
    const [problem, ...more] = baseProblems(contract, [aCheckResult({ outputExcerpt: "55\n" }), green2]);
    assert.deepEqual(more, []);
    assert.match(problem ?? "", /^Check K1 \(`node bin\/tally\.js fibonacci 10`\) of change criterion C1 is green on the base commit[^]*\nIts output:\n55$/);
  });

  it("refuses a guard that is red before any work, with the reason and its output", () => {
    const [problem, ...more] = baseProblems(contract, [red(), red({ checkId: "K2", criterion: "C2" })]);
    assert.deepEqual(more, []);
    assert.match(problem ?? "", /^Check K2 \(`npm test`\) of guard criterion C2 is red on the base commit \(exit code 1, expected 0\)[^]*\nUnknown command$/);
  });

  it("refuses what was not run", () => {
    assert.deepEqual(baseProblems(contract, [red()]), ["Check K2 was not run on the base commit."]);
  });

  it("refuses a command that cannot start, of either kind", () => {
    const missing = { unstartable: true, reason: "the command could not be started", exitCode: 127, outputExcerpt: "sh: nodee: not found" };
    const typo = aContract({ criteria: [criterion, guard], checks: [aCommandCheck({ run: "nodee bin/tally.js" }), guarded] });
    const says = /^Check K. \(.*\) cannot start: the command could not be started\.\nIts output:\nsh: nodee: not found$/;
    for (const results of [[red(missing), green2], [red(), red({ ...missing, checkId: "K2", criterion: "C2" })]]) {
      const problems = baseProblems(typo, results);
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? "", says);
    }
  });

  it("accepts a program of the project that the work has still to create, in a change check only", () => {
    const missing = red({ unstartable: true, reason: "the command could not be started", exitCode: 127 });
    for (const run of ["./bin/new", "./bin/new --list 3", "bin/new", "scripts/check.sh x"]) {
      assert.deepEqual(baseProblems(withCheck(aCommandCheck({ run })), [missing]), [], run);
      const asGuard = aContract({ criteria: [{ ...criterion, kind: "guard" }], checks: [aCommandCheck({ run })] });
      assert.match(baseProblems(asGuard, [missing])[0] ?? "", /cannot start/, run);
    }
    for (const run of ["/usr/bin/nodee", "../other/tool", "bin/../../tool", "nodee bin/new", "new"]) {
      assert.match(baseProblems(withCheck(aCommandCheck({ run })), [missing])[0] ?? "", /cannot start/, run);
    }
  });
});
