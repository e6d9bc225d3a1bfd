import { strict as assert } from "node:assert";
import type { Check, CommandCheck, Contract } from "../../src/core/domain/contract";
import { profileProblems, type DataVerification } from "../../src/core/domain/profileRules";
import type { VerificationProfile } from "../../src/core/domain/task";
import { aCommandCheck, aContract } from "../builders/contractBuilder";

type Short = string | (Partial<Check> & { readonly kind?: Check["kind"] });

/** Each check is of C1, a change, unless it says otherwise. */
function contractOf(...checks: readonly Short[]): Contract {
  const full = checks.map((check, index) => {
    const given = typeof check === "string" ? { run: check } : check;
    const base = { id: `K${index + 1}`, criterion: "C1" };
    return (given.kind === undefined || given.kind === "command" ? { ...aCommandCheck(base), ...given } : { ...base, ...given }) as Check;
  });
  return aContract({ criteria: [{ id: "C1", kind: "change", text: "It is there" }, { id: "C2", kind: "guard", text: "The rest stays" }], checks: full });
}

function problems(profile: VerificationProfile, contract: Contract, { task = "", data = null }: { readonly task?: string; readonly data?: DataVerification | null } = {}): readonly string[] {
  return profileProblems(contract, { request: { profile, title: "The work", description: task }, dataVerification: data });
}

const command = (run: string, change: Partial<CommandCheck> = {}): Short => ({ kind: "command", run, ...change });
const SECTIONS: Short = { kind: "sections", path: "report.md", headings: ["Summary"] };
const NO_PLACEHOLDERS: Short = { kind: "noPlaceholders", path: "./report.md" };
const DATES: Short = { kind: "dateRange", path: "report.md", from: "2026-01-01", to: "2026-03-31", column: "" };
const SUMS: Short = { kind: "recalculate", path: "report.md", rules: ["sum Total"] };

describe("profileProblems", () => {
  describe("of a criterion that is verified by what exists alone", () => {
    const weak: readonly Short[] = [
      { kind: "fileExists", path: "a.csv" }, "test -f a.csv", "[ -s a.csv ]", "[[ -e a.csv ]]", "/usr/bin/test -r a.csv", "ls a.csv", "ls out | grep -q a.csv", "stat a.csv", "find . -name a.csv | grep -q .",
      "test -f a.csv && test -s a.csv", "ls out; test -d out", "sh -c 'test -f a.csv'", "cat a.csv", "head -n 1 a.csv > /dev/null", "git ls-files --error-unmatch a.csv",
      "node -e \"process.exit(require('fs').existsSync('a.csv') ? 0 : 1)\"", "python3 -c 'import os; assert os.path.isfile(\"a.csv\")'",
      command("cat a.csv", { outputMatches: ["."] }), command("ls", { outputMatches: ["a\\.csv"] }), { kind: "fileMatches", path: "a.csv", pattern: "\\S" }, { kind: "fileMatches", path: "a.csv", pattern: "[^]" },
      { kind: "noPlaceholders", path: "a.md" }, { kind: "syntax", path: "a.json" },
    ];
    for (const check of weak) {
      it(`refuses ${JSON.stringify(check)}`, () => assert.match(problems("automation", contractOf(check)).join("\n"), /Criterion C1 is verified by K1 alone: anything of that name would meet it/));
    }

    const strong: readonly Short[] = [
      "grep -q total a.csv", "test ! -e old.csv", "! test -f old.csv", "test \"$(wc -l < a.csv)\" = 3", "cat a.csv | grep -q total", "find . -name '*.csv' -exec grep -q total {} +", "ls *.csv | xargs grep -q total",
      "node -e \"require('fs').existsSync('a.csv') && process.exit(require('fs').readFileSync('a.csv').length - 12)\"", "cmp a.csv b.csv", "test -f a.csv && grep -q total a.csv", "diff -r a b",
      command("cat a.csv", { outputMatches: ["^total,360$"] }), { kind: "fileMatches", path: "a.csv", pattern: "^total" }, { kind: "jsonPath", path: "a.json", pointer: "/a", equals: 1 }, SUMS, DATES,
    ];
    for (const check of strong) it(`accepts ${JSON.stringify(check)}`, () => assert.deepEqual(problems("automation", contractOf(check)), []));

    it("accepts them beside others, for guards, and for code, which has tests", () => {
      assert.deepEqual(problems("automation", contractOf("test -f a.csv", "grep -q total a.csv")), []);
      assert.deepEqual(problems("automation", contractOf("grep -q total a.csv", command("test -f b.csv", { criterion: "C2" }))), []);
      assert.deepEqual(problems("automation", contractOf("test -f a.csv", command("sort -c a.csv", { criterion: "C2", alsoCovers: ["C1"] }))), []);
      assert.deepEqual(problems("code", contractOf("test -f a.csv")), []);
    });
  });

  describe("of automation", () => {
    it("asks for a syntax check and for harmlessness of each script", () => {
      assert.deepEqual(problems("automation", contractOf(command("sh ./clean.sh build", { outputMatches: ["^cleaned$"] }))), [
        "The contract runs clean.sh and has no syntax check of it.",
        "The contract runs clean.sh and does not check that it is harmless: add destructiveCommands, or a command that runs it with dryRun true, with its dry-run flag where it changes something.",
      ]);
      assert.match(problems("automation", contractOf("python3 tools/move.py a b")).join("\n"), /move\.py and has no syntax check[^]*harmless: add a command that runs it with dryRun true/);
    });

    const enough: readonly (readonly Short[])[] = [
      ["sh clean.sh build", { kind: "syntax", path: "clean.sh" }, { kind: "destructiveCommands", path: "clean.sh" }],
      ["sh clean.sh build", command("sh -n clean.sh", { criterion: "C2" }), command("sh clean.sh --dry-run", { dryRun: true })],
      [command("python3 tools/move.py --dry-run", { dryRun: true }), "python3 -m py_compile tools/move.py"],
      ["grep -qx hello greeting.txt"],
      ["sh ci/verify.sh", "node --test test/a.test.js"],
      [command("sh acceptance-7f3a/clean.sh", { sealed: true })],
    ];
    for (const checks of enough) it(`has enough with ${JSON.stringify(checks)}`, () => assert.deepEqual(problems("automation", contractOf(...checks)), []));
  });

  describe("of data", () => {
    const verified = command("sh verify.sh", { verifiesData: true, outputMatches: ["^DATA VERIFIED$"] });

    it("asks for a check that verifies it", () => {
      assert.match(problems("data", contractOf("grep -q total a.csv")).join("\n"), /^No check verifies the data: add the repository's own verification/);
      assert.deepEqual(problems("data", contractOf(verified)), []);
    });

    it("asks for the user's own verification where there is one", () => {
      const data = { command: "make verify", pass: "^ALL GOOD$" };
      const wanted = 'The user\'s data verification is missing: a command check with run "make verify", outputMatches ["^ALL GOOD$"] and verifiesData true.';
      for (const check of [verified, command("make verify", { verifiesData: true, outputMatches: ["."] }), command("make verify", { outputMatches: ["^ALL GOOD$"] }), command("make verify || true", { verifiesData: true, outputMatches: ["^ALL GOOD$"] }), command("make verify", { verifiesData: true, exit: 1, outputMatches: ["^ALL GOOD$"] })]) {
        assert.deepEqual(problems("data", contractOf(check), { data }), [wanted], JSON.stringify(check));
      }
      assert.deepEqual(problems("data", contractOf(command("make verify", { verifiesData: true, outputMatches: ["^ALL GOOD$"] })), { data }), []);
    });
  });

  describe("of a report", () => {
    it("asks for sections and an end to placeholders", () => {
      assert.deepEqual(problems("report", contractOf("grep -q Summary report.md")), ["No check asks for the report's sections: add sections with the headings that it must have."]);
      assert.deepEqual(problems("report", contractOf(SECTIONS)), ["Nothing says that report.md is finished: add noPlaceholders for it."]);
      assert.deepEqual(problems("report", contractOf(SECTIONS, NO_PLACEHOLDERS)), []);
    });

    it("asks for the period and the figures that the task names", () => {
      const task = "Sums up the sales from January to March 2026.";
      const asked = problems("report", contractOf(SECTIONS, NO_PLACEHOLDERS), { task });
      assert.match(asked[0] ?? "", /names a period and no check holds the report to it: add dateRange/);
      assert.match(asked[1] ?? "", /about figures and no check computes them: add recalculate/);
      assert.deepEqual(problems("report", contractOf(SECTIONS, NO_PLACEHOLDERS, DATES, SUMS), { task }), []);
      assert.deepEqual(problems("report", contractOf(SECTIONS, NO_PLACEHOLDERS, DATES, "node tools/sum.js report.md"), { task }), []);
      assert.deepEqual(problems("report", contractOf(SECTIONS, NO_PLACEHOLDERS), { task: "You may compare the libraries." }), []);
    });
  });
});
