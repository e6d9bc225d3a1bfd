import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { Contract } from "../../src/core/domain/contract";
import { staticProblems } from "../../src/core/domain/contractRules";
import { criteriaOf, isSealed, sealedFolder, withoutSealed, withoutSource } from "../../src/core/domain/sealed";
import { ANY_CHARACTER } from "../builders/anyCharacter";
import { aCommandCheck, aContract, contracts } from "../builders/contractBuilder";

const TEXT = `import { test } from "node:test";
import assert from "node:assert/strict";
import { fib } from "../src/fib.js";

test("far numbers are exact", () => {
  assert.equal(fib(137), 19134702400093278081449423917n, "fib(137) must be exact");
  assert.ok(isList(fib(3)));
});
`;
const FILE = { path: "acceptance-7f3a/fib.test.js", text: TEXT };
const SEALED = aCommandCheck({ id: "K9", run: "node --test acceptance-7f3a/fib.test.js", sealed: true });

function sealedContract(change: Partial<Contract> = {}): Contract {
  return aContract({ checks: [aCommandCheck(), SEALED], sealedFiles: [FILE], ...change });
}

const two = [{ id: "C1", text: "a", kind: "change" }, { id: "C2", text: "b", kind: "change" }] as const;
const ofTwo = [aCommandCheck(), aCommandCheck({ id: "K2", criterion: "C2" })];

describe("staticProblems of sealed checks", () => {
  it("want a plain script, which the product could end, to say that it has come to its end", () => {
    const says = /Check K9 is sealed and runs a plain script, which the product that it loads could end early with exit code 0/;
    const problemsOf = (run: string, outputMatches: readonly string[] = []): string => staticProblems(sealedContract({ checks: [aCommandCheck(), { ...SEALED, run, outputMatches }] })).join("\n");
    for (const run of ["node acceptance-7f3a/fib.test.js", "python3 acceptance-7f3a/fib.test.js", "bun acceptance-7f3a/fib.test.js"]) assert.match(problemsOf(run), says);
    for (const run of ["node --test acceptance-7f3a/fib.test.js", "python3 -m pytest acceptance-7f3a/fib.test.js", "sh acceptance-7f3a/fib.test.js", "npx mocha acceptance-7f3a/fib.test.js"]) assert.equal(problemsOf(run), "");
    assert.equal(problemsOf("node acceptance-7f3a/fib.test.js", ["^all done$"]), "");
  });

  it("finds nothing wrong with proper ones", () => {
    assert.deepEqual(staticProblems(sealedContract(), true), []);
    assert.deepEqual(staticProblems(aContract({ criteria: two, checks: [...ofTwo, { ...SEALED, alsoCovers: ["C2"] }], sealedFiles: [FILE] }), true), []);
  });

  it("misses them only where they are needed", () => {
    assert.deepEqual(staticProblems(aContract()), []);
    assert.match(staticProblems(aContract(), true).join("\n"), /^No check is sealed\. Write at least one acceptance test/);
  });

  const at = (path: string): Contract => sealedContract({ sealedFiles: [{ path, text: TEXT }] });
  const broken: readonly (readonly [string, Contract, RegExp])[] = [
    ["files that nothing runs", sealedContract({ checks: [aCommandCheck()] }), /There are sealed files, but no check is sealed/],
    ["a check that runs none of them", sealedContract({ checks: [aCommandCheck({ sealed: true, run: "node --test acceptance-7f3a2/fib.test.js" })] }), /K1 is sealed and runs no sealed file/],
    ["a check without any files", sealedContract({ sealedFiles: [] }), /K9 is sealed and runs no sealed file/],
    ["files in the root", at("fib.test.js"), /have no folder of their own/],
    ["files without a common folder", sealedContract({ sealedFiles: [FILE, { path: "other-7f3a/a.js", text: "" }] }), /have no folder of their own/],
    ["an absolute path", at("/etc/cron.d/x"), /"\/etc\/cron\.d\/x" must be a path inside/],
    ["a path that climbs", at("acceptance-7f3a/../../x.js"), /must be a path inside/],
    ["a path that climbs with backslashes", at("acceptance-7f3a\\..\\..\\x.js"), /must be a path inside/],
    ["a path of a drive", at("C:/acceptance-7f3a/x.js"), /must be a path inside/],
    ["a path with empty steps", at("acceptance-7f3a//x.js"), /must be written plainly/],
    ["git's own folder", at(".git/hooks/pre-commit"), /cannot lie there/],
    ["a folder of git's in another case", at("a/.GIT/x"), /cannot lie there/],
    ["installed packages", at("node_modules/acceptance-7f3a/x.js"), /cannot lie there/],
    ["a file twice", sealedContract({ sealedFiles: [FILE, { ...FILE, path: "acceptance-7f3a/FIB.test.js" }] }), /is there more than once/],
    ["a guard", sealedContract({ criteria: [...two.slice(0, 1), { ...two[1], kind: "guard" }], checks: [...ofTwo, { ...SEALED, criterion: "C2" }] }), /its criterion C2 is a guard/],
    ["a further criterion that is not there", sealedContract({ checks: [aCommandCheck(), { ...SEALED, alsoCovers: ["C7"] }] }), /K9 also covers the criterion C7, which is not there/],
    ["its own criterion among the further ones", sealedContract({ checks: [aCommandCheck(), { ...SEALED, alsoCovers: ["C1"] }] }), /K9 lists its own criterion/],
    ["nothing that combines criteria", sealedContract({ criteria: two, checks: [...ofTwo, SEALED] }), /No sealed check combines criteria/],
    ["an open check that names the folder", sealedContract({ checks: [aCommandCheck({ run: "ls acceptance-7f3a" }), SEALED] }), /K1 names acceptance-7f3a and is not sealed/],
    ["a commitment that names the folder", sealedContract({ commitments: ["Passes acceptance-7f3a/fib.test.js"] }), /name acceptance-7f3a, which the generator must not know/],
  ];
  for (const [what, contract, says] of broken) {
    it(`names ${what}`, () => assert.match(staticProblems(contract).join("\n"), says));
  }
});

describe("sealedFolder", () => {
  it("is the deepest folder that holds all files", () => {
    const of = (...paths: string[]): string => sealedFolder(paths.map((path) => ({ path, text: "" })));
    assert.equal(of(), "");
    assert.equal(of("a.js"), "");
    assert.equal(of("x/a.js"), "x");
    assert.equal(of("x/y/a.js", "x/y/z/b.js"), "x/y");
    assert.equal(of("x/y/a.js", "x/yy/b.js"), "x");
    assert.equal(of("x/a.js", "b.js"), "");
  });
});

describe("withoutSealed", () => {
  it("leaves nothing of sealed checks and their files, and everything else", () => {
    fc.assert(
      fc.property(contracts, (contract) => {
        const open = withoutSealed(contract);
        assert.ok(!open.checks.some(isSealed) && !("sealedFiles" in open));
        assert.deepEqual(open.checks, contract.checks.filter((check) => !isSealed(check)));
        assert.deepEqual([open.criteria, open.commitments, open.protected], [contract.criteria, contract.commitments, contract.protected]);
      }),
    );
  });
});

describe("criteriaOf", () => {
  it("begins with its own", () => assert.deepEqual(criteriaOf({ ...SEALED, alsoCovers: ["C2", "C3"] }), ["C1", "C2", "C3"]));
});

describe("withoutSource", () => {
  const shown = (text: string): string => withoutSource(text, [FILE]);
  const equal = 'assert.equal(fib(137), 19134702400093278081449423917n, "fib(137) must be exact");';
  const frames: readonly (readonly [string, string])[] = [
    ["the line itself", `    ${equal}`],
    ["a frame of vitest", `     6|   ${equal}`],
    ["a frame of jest", `    > 6 |   ${equal}`],
    ["a frame with another bar", `  6 │ ${equal}`],
    ["a frame of pytest", `>       ${equal}`],
    ["an error of pytest", `E       ${equal}`],
    ["a diff", `+  ${equal}`],
    ["a line within others", `at ${equal} in fib.test.js`],
    ["the line without its end", `  ${equal.slice(0, -1)}`],
    ["other white space", `\t${equal.replaceAll(" ", "   ")}`],
    ["an expression that an assertion prints", "  assert.ok(isList(fib(3)))"],
    ["a part of a line", "  19134702400093278081449423917n, \"fib(137) must"],
    ["an import", 'import { fib } from "../src/fib.js";'],
  ];
  for (const [what, line] of frames) {
    it(`leaves out ${what}`, () => assert.equal(shown(`before\n${line}\nafter`), "before\n[a line of the sealed test was left out]\nafter"));
  }

  it("keeps input, observed and expected, and what the test says in words of its own", () => {
    const output = "not ok 1 - far numbers are exact\nfib(137) must be exact\n+ actual - expected\n+ 19134702400093277000000000000n\n- 19134702400093278081449423917n\nAssertionError [ERR_ASSERTION]\n});\n";
    assert.equal(shown(output), output);
  });

  it("says once that several lines in a row were left out", () => {
    assert.equal(shown(`a\n${TEXT}z`).split("\n").filter((line) => line.startsWith("[")).length, 2, "a line without words stands between them");
  });

  it("does not tell where the tests lie", () => assert.equal(shown("at acceptance-7f3a/fib.test.js:6:3"), "at sealed/fib.test.js:6:3"));

  it("changes nothing where nothing is sealed", () => {
    fc.assert(fc.property(fc.string({ unit: ANY_CHARACTER }), (text) => assert.equal(withoutSource(text, []), text)));
  });

  it("leaves no telling line of any file, however it is printed", () => {
    const prefix = fc.constantFrom("", "  ", "> 3 | ", "E   ", "12: ", "+ ", "    at ");
    fc.assert(
      fc.property(fc.array(fc.tuple(prefix, fc.constantFrom(...TEXT.split("\n"))), { maxLength: 12 }), (lines) => {
        const left = shown(lines.map(([before, line]) => before + line).join("\n"));
        for (const line of TEXT.split("\n").map((one) => one.trim()).filter((one) => one.length > 12)) assert.ok(!left.includes(line), line);
      }),
    );
  });
});
