import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { boundedMatch } from "../../src/core/domain/boundedMatch";
import { CountersignError } from "../../src/core/domain/errors";
import { commandOutcome, fileOutcome, placeholderIn, type CommandFacts, type TextCheck } from "../../src/core/domain/checkOutcome";
import type { CommandCheck } from "../../src/core/domain/contract";
import { ANY_CHARACTER } from "../builders/anyCharacter";
import { aCommandCheck } from "../builders/contractBuilder";

const OK: CommandFacts = { exitCode: 0, signal: null, timedOut: false, cancelled: false, unstartable: false, outputLimitHit: false, output: "" };

describe("commandOutcome", () => {
  const rows: readonly (readonly [string, Partial<CommandCheck>, Partial<CommandFacts>, string])[] = [
    ["the expected exit", {}, {}, ""],
    ["another expected exit", { exit: 2 }, { exitCode: 2 }, ""],
    ["an unexpected exit", {}, { exitCode: 1 }, "exit code 1, expected 0"],
    ["success where failure is expected", { exit: 2 }, {}, "exit code 0, expected 2"],
    ["a signal", {}, { exitCode: null, signal: "SIGKILL" }, "ended by signal SIGKILL"],
    ["a time-out, even with the expected exit", {}, { timedOut: true }, "timed out after 300 s"],
    ["a cancel", {}, { exitCode: null, cancelled: true }, "cancelled"],
    ["a command that cannot start, even where 127 is expected", { exit: 127 }, { exitCode: 127, unstartable: true }, "the command could not be started"],
    ["too much output", {}, { outputLimitHit: true }, "wrote more output than is allowed"],
    ["output that matches", { outputMatches: ["^55$", "^ok"] }, { output: "x\n55\nok 1\n" }, ""],
    ["output of which one pattern is missing", { outputMatches: ["^55$", "^ok"] }, { output: "55\nnot ok\n" }, "the output does not match /^ok/"],
    ["output of a sealed test that did not come to its end, without telling what that is", { sealed: true, outputMatches: ["^all done$"] }, { output: "" }, "the output lacks what the sealed test prints when all is well"],
    ["anchors that do not hold", { outputMatches: ["^55$"] }, { output: "155\n" }, "the output does not match /^55$/"],
    ["a pattern over lines", { outputMatches: ["^1\\n1\\n2$"] }, { output: "1\n1\n2\n" }, ""],
    ["output that must not be", { outputLacks: ["Error"] }, { output: "TypeError: x\n" }, "the output matches /Error/, which it must not"],
    ["output that must not be and is not", { outputLacks: ["Error"] }, { output: "error\n" }, ""],
  ];
  for (const [what, check, facts, reason] of rows) {
    it(`is ${reason === "" ? "green" : "red"} for ${what}`, () => {
      assert.deepEqual(commandOutcome(aCommandCheck(check), { ...OK, ...facts }), { green: reason === "", reason });
    });
  }
});

const base = { id: "K1", criterion: "C1", path: "a.md" } as const;

describe("boundedMatch", () => {
  // Without a limit this test would never end.
  it("is red, and comes back, for a pattern that backtracks without end", () => {
    const output = `${"a".repeat(40)}!`;
    const says = { green: false, reason: "matching /^(a+)+$/ takes too long: it backtracks without end" };
    assert.deepEqual(commandOutcome(aCommandCheck({ outputMatches: ["^(a+)+$"] }), { ...OK, output }), says);
    assert.deepEqual(fileOutcome({ ...base, kind: "fileMatches", pattern: "^(a+)+$" }, { exists: true, text: output }), says);
  });

  it("says which pattern cannot be used", () => {
    assert.throws(() => boundedMatch("(", "x"), (error) => CountersignError.is(error, "badRequest") && error.message.includes("/(/"));
  });
});

type FileCheck = TextCheck;

function reasonOf(check: FileCheck, text: string | null, exists = true): string {
  const { green, reason } = fileOutcome(check, { exists, text });
  assert.equal(green, reason === "");
  return reason;
}

describe("fileOutcome", () => {
  it("is red for a missing file, whatever is asked of it", () => {
    const checks: readonly FileCheck[] = [
      { ...base, kind: "fileExists" },
      { ...base, kind: "fileMatches", pattern: "x" },
      { ...base, kind: "sections", headings: ["A"] },
      { ...base, kind: "noPlaceholders" },
      { ...base, kind: "jsonPath", pointer: "", equals: null },
    ];
    for (const check of checks) assert.equal(reasonOf(check, null, false), "a.md does not exist", check.kind);
    for (const check of checks.slice(1)) assert.equal(reasonOf(check, null), "a.md is not a text file", check.kind);
    assert.equal(reasonOf({ ...base, kind: "fileExists" }, null), "");
  });

  it("matches a file line by line", () => {
    const check: FileCheck = { ...base, kind: "fileMatches", pattern: "^b$" };
    assert.equal(reasonOf(check, "a\nb\nc"), "");
    assert.equal(reasonOf(check, "ab\nbc"), "a.md does not match /^b$/");
  });

  describe("sections", () => {
    const rows: readonly (readonly [string, readonly string[], string, string])[] = [
      ["finds them at any level, in any case", ["Summary", "limits"], "# SUMMARY\ntext\n### Limits ###\r\ntext\r\n", ""],
      ["takes the heading with its marks", ["## Summary"], "## Summary\ntext\n", ""],
      ["counts text in subsections", ["Results"], "# Results\n\n## Speed\n\nfast\n", ""],
      ["finds one that is missing", ["Summary", "Limits"], "# Summary\ntext\n", 'a.md has no section "Limits"'],
      ["finds an empty one at the end", ["Summary"], "text\n# Summary\n\n", 'the section "Summary" of a.md is empty'],
      ["finds an empty one before a sibling", ["A"], "## A\n\n## B\ntext\n", 'the section "A" of a.md is empty'],
      ["finds an empty one before its parent's sibling", ["A"], "### A\n# B\ntext\n", 'the section "A" of a.md is empty'],
      ["takes no heading for text", ["A"], "# A\n## B\n## C\n", 'the section "A" of a.md is empty'],
      ["takes no comment in code for a heading", ["Setup"], "# A\n```sh\n# Setup\nmake\n```\n", 'a.md has no section "Setup"'],
      ["takes code for text", ["Setup"], "# Setup\n```sh\n# install\n```\n", ""],
      ["takes no hash without a space for a heading", ["A"], "#A\ntext", 'a.md has no section "A"'],
      ["takes one of two with the same name", ["A"], "# A\n# A\ntext", ""],
    ];
    for (const [what, headings, text, reason] of rows) {
      it(what, () => assert.equal(reasonOf({ ...base, kind: "sections", headings }, text), reason));
    }
  });

  describe("jsonPath", () => {
    const json = JSON.stringify({ "": 1, "a/b": 2, "m~n": 3, "~1": 4, "a b": 5, list: [{ x: null }, "é"], s: "1", t: true, o: {} });
    const rows: readonly (readonly [string, string | number | boolean | null, string])[] = [
      ["/", 1, ""],
      ["/a~1b", 2, ""],
      ["/m~0n", 3, ""],
      ["/~01", 4, ""],
      ["/a b", 5, ""],
      ["/list/0/x", null, ""],
      ["/list/1", "é", ""],
      ["/t", true, ""],
      ["/s", 1, 'a.md has "1" at /s'],
      ["/s", "2", 'a.md has "1" at /s'],
      ["/o", "[object Object]", "a.md has {} at /o"],
      ["", "x", `a.md has ${json.slice(0, 80)} at `],
      ["/list/2", null, "a.md has nothing at /list/2"],
      ["/list/-", null, "a.md has nothing at /list/-"],
      ["/list/01", "é", "a.md has nothing at /list/01"],
      ["/list/length", 2, "a.md has nothing at /list/length"],
      ["/constructor", null, "a.md has nothing at /constructor"],
      ["/s/0", "1", "a.md has nothing at /s/0"],
      ["/t/x", null, "a.md has nothing at /t/x"],
    ];
    for (const [pointer, equals, reason] of rows) {
      it(`${reason === "" ? "holds" : "does not hold"} at "${pointer}" for ${JSON.stringify(equals)}`, () => {
        assert.equal(reasonOf({ ...base, kind: "jsonPath", pointer, equals }, json), reason);
      });
    }

    it("reads a whole document, with a byte order mark or without", () => {
      for (const text of ['"x"', '\ufeff"x"\n']) assert.equal(reasonOf({ ...base, kind: "jsonPath", pointer: "", equals: "x" }, text), "");
    });

    it("finds any key, however it has to be escaped", () => {
      fc.assert(
        fc.property(fc.array(fc.string({ unit: ANY_CHARACTER }), { minLength: 1, maxLength: 3 }), (keys) => {
          const value = keys.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), "leaf");
          const pointer = keys.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
          assert.equal(reasonOf({ ...base, kind: "jsonPath", pointer, equals: "leaf" }, JSON.stringify(value)), "");
        }),
      );
    });

    it("says when a file is no JSON", () => {
      assert.equal(reasonOf({ ...base, kind: "jsonPath", pointer: "", equals: 1 }, "{a: 1}"), "a.md is not valid JSON");
    });
  });
});

describe("placeholderIn", () => {
  const found = [
    "TODO", "x = 1 // TODO: rest", "TBD", "FIXME later", "Lorem ipsum dolor", "Your text here", "# your company name here",
    "[insert date here]", "// ... rest of the code", "# …", "<!-- ... -->", "/* … */", "// the rest unchanged", "// existing code ...", "rest of file omitted",
  ];
  for (const text of found) {
    it(`finds "${text}"`, () => assert.deepEqual(placeholderIn(`a\n  ${text}\nb`), { line: 2, text }));
  }

  const clean = [
    "", "todo lists are easy", "The TODOS are done", "methodology", "const [...rest] = list", "f(...args)", "and so on…", "Your data stays here.",
    "We put the cache here because it is hot", "Add a test here too", "see https://example.org/a...b", "The rest of the tests pass", "the existing code is kept",
  ];
  for (const text of clean) {
    it(`lets "${text}" pass`, () => assert.equal(placeholderIn(text), null));
  }
});
