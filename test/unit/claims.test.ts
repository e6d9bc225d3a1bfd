import { strict as assert } from "node:assert";
import { claimsIn, type Claim } from "../../src/core/domain/claims";
import type { SelfEvaluation } from "../../src/core/domain/handoff";

const evaluation = (summary: string, change: Partial<SelfEvaluation> = {}): SelfEvaluation => ({ summary, confidence: 8, gaps: [], evidence: [], deliverables: [], ...change });
const changed = (...paths: readonly string[]): readonly Claim[] => paths.map((path) => ({ kind: "changed", path }));

describe("claimsIn", () => {
  const rows: readonly (readonly [string, readonly Claim[]])[] = [
    ["Added src/a.ts.", changed("src/a.ts")],
    ["I updated `README.md` and wrote tests in test/a.test.js.", changed("README.md", "test/a.test.js")],
    ["Implemented the command in src/commands/fibonacci.js and src/registry.js", changed("src/commands/fibonacci.js", "src/registry.js")],
    ["- Documented it in README.md", changed("README.md")],
    ["Removed the old helper ./src/old.py.", changed("src/old.py")],
    ["`npm test` passes.", [{ kind: "green", command: "npm test" }]],
    ["`npm run lint` and `npx tsc --noEmit` exit 0.", [{ kind: "green", command: "npm run lint" }, { kind: "green", command: "npx tsc --noEmit" }]],
    ["I ran `$ cargo build`.", [{ kind: "ran", command: "cargo build" }]],
    ["`./bin/tool 10` succeeded", [{ kind: "green", command: "./bin/tool 10" }]],
    ["All tests pass.", [{ kind: "allTestsPass", words: "All tests pass" }]],
    ["All 12 existing tests pass now.", [{ kind: "allTestsPass", words: "All 12 existing tests pass" }]],
    ["The whole suite is green; every contract check holds.", [{ kind: "allChecksGreen", words: "every contract check holds" }, { kind: "allTestsPass", words: "whole suite is green" }]],
    ['README.md says "prints the N-th Fibonacci number".', [{ kind: "quoted", quote: "prints the N-th Fibonacci number", paths: ["README.md"] }]],
  ];
  for (const [text, claims] of rows) {
    it(`finds the claims of: ${text}`, () => {
      const sorted = (list: readonly Claim[]): readonly string[] => list.map((claim) => JSON.stringify(claim)).toSorted();
      assert.deepEqual(sorted(claimsIn(evaluation(text))), sorted(claims));
    });
  }

  const silent = [
    "",
    "It works well.",
    "I did not change src/a.ts.",
    "`npm test` fails in one place.",
    "`npm test` should pass.",
    "If `npm test` passes, all tests pass.",
    "Could not run `npm run e2e`.",
    "Followed the pattern of src/commands/primes.js.",
    "Added a command like src/commands/primes.js.",
    "Changed it as AGENTS.md asks.",
    "Read src/a.ts first.",
    "It now works with Node.js, e.g. version 20.1.",
    "`fibonacci` passes through `formatNumber`.",
    "The error reads \"N must be an integer\".",
    "Not all tests pass.",
  ];
  for (const text of silent) it(`takes for no claim: ${text === "" ? "nothing" : text}`, () => assert.deepEqual(claimsIn(evaluation(text)), []));

  it("takes evidence and deliverables, each claim once", () => {
    const claims = claimsIn(evaluation("Added src/a.ts.", { evidence: [{ criterion: "C1", claim: "Added src/a.ts. `npm test` passes" }], deliverables: ["report.md: the report", "`src/a.ts`", "the command itself", "./docs/x.md"] }));
    assert.deepEqual(claims, [...changed("src/a.ts"), { kind: "green", command: "npm test" }, { kind: "delivered", path: "report.md" }, { kind: "delivered", path: "src/a.ts" }, { kind: "delivered", path: "docs/x.md" }]);
  });

  it("comes back from hostile text", () => {
    const hostile = [`Added ${"a ".repeat(50_000)}`, `Added ${"a/".repeat(50_000)}`, `Added ${"a.b, ".repeat(20_000)}`, `"${"x ".repeat(50_000)}`, "`".repeat(100_000), "all the ".repeat(30_000)].join("\n");
    assert.ok(Array.isArray(claimsIn(evaluation(hostile))));
  });
});
