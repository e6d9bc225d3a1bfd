import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { CheckResult, Contract } from "../../src/core/domain/contract";
import { decide, falseQuotes, weakEvidence, type GateInput } from "../../src/core/domain/gate";
import { itemsOfEach } from "../../src/core/domain/review";
import type { CriterionFinding, Evidence } from "../../src/core/domain/verdict";
import { aCommandCheck, aContract } from "../builders/contractBuilder";
import { aCheckResult, aVerdict } from "../builders/samples";

const SOURCES: Readonly<Record<string, string>> = {
  "check:K1": "running\n  55\nok 1 - prints\tthe number\n",
  "check:K2": "",
  "file:src/a.js": "export function fibonacci(n) {\n  return n;\n}\n",
};
const sourceText = (source: string): string | null => SOURCES[source] ?? null;

const CONTRACT: Contract = aContract({
  criteria: [
    { id: "C1", text: "prints 55", kind: "change" },
    { id: "C2", text: "tests pass", kind: "guard" },
  ],
  checks: [aCommandCheck(), aCommandCheck({ id: "K2", criterion: "C2", run: "npm test" })],
});

const K1 = aCheckResult();
const K2 = aCheckResult({ checkId: "K2", criterion: "C2" });
const redK1 = aCheckResult({ green: false, reason: "exit code 1, expected 0", exitCode: 1 });
const trueEvidence: Evidence = { source: "check:K1", quote: "55" };
const met = (criterion: string, evidence: readonly Evidence[] = [criterion === "C2" ? { source: "check:K2", quote: "" } : trueEvidence]): CriterionFinding => ({ criterion, met: true, evidence, comment: "" });
const unmet = (criterion: string): CriterionFinding => ({ ...met(criterion), met: false });

function input(change: Partial<GateInput> = {}, verdict: Parameters<typeof aVerdict>[0] = {}): GateInput {
  const honest = aVerdict({ findings: [met("C1"), met("C2")], ...verdict });
  return { contract: CONTRACT, requests: [], results: [K1, K2], inspection: [], verdict: honest, passScore: 80, sourceText, ...change };
}

type Case<T> = readonly [name: string, holds: boolean, value: T];

const RESULTS: readonly Case<readonly CheckResult[]>[] = [
  ["all green", true, [K1, K2]],
  ["green in another order", true, [K2, K1]],
  ["a red check", false, [redK1, K2]],
  ["a missing check", false, [K1]],
  ["no results", false, []],
  ["a check that is red and then green", false, [redK1, K1, K2]],
  ["a check that is green and then red", false, [K1, redK1, K2]],
  ["a check that is green twice", false, [K1, K1, K2]],
  ["a stranger instead of a check", false, [K1, aCheckResult({ checkId: "K3" })]],
];
const SCORES: readonly Case<number>[] = [
  ["80", true, 80], ["100", true, 100], ["79.999", false, 79.999], ["0", false, 0], ["-1", false, -1],
  ["100.1", false, 100.1], ["NaN", false, Number.NaN], ["Infinity", false, Number.POSITIVE_INFINITY], ["-Infinity", false, Number.NEGATIVE_INFINITY],
];
const FINDINGS: readonly Case<(evidence: readonly Evidence[]) => readonly CriterionFinding[]>[] = [
  ["both met", true, (e) => [met("C1", e), met("C2")]],
  ["one unmet", false, (e) => [met("C1", e), unmet("C2")]],
  ["one missing", false, (e) => [met("C1", e)]],
  ["met and unmet", false, (e) => [met("C1", e), unmet("C1"), met("C2")]],
  ["a criterion that is not there", false, (e) => [met("C1", e), met("C2"), met("C9")]],
  ["an id in other letters", false, (e) => [met("C1", e), met("c2")]],
];
const EVIDENCE: readonly Case<readonly Evidence[]>[] = [
  ["a true quote", true, [trueEvidence]],
  ["a quote with other white space", true, [{ source: "check:K1", quote: " 55 ok\n1 -   prints the\u00a0number" }]],
  ["a quote of a file", true, [{ source: "file:src/a.js", quote: "fibonacci(n) { return n; }" }]],
  ["an empty quote of a check", true, [{ source: "check:K1", quote: " \n" }]],
  ["nothing but an empty quote of another criterion's check", false, [{ source: "check:K2", quote: "" }]],
  ["no evidence", false, []],
  ["an empty quote of a file", false, [{ source: "file:src/a.js", quote: "\t" }]],
  ["a false quote", false, [{ source: "check:K1", quote: "56" }]],
  ["a quote in other letters", false, [{ source: "file:src/a.js", quote: "RETURN n;" }]],
  ["a quote with white space left out", false, [{ source: "check:K1", quote: "55ok" }]],
  ["a quote with an ellipsis", false, [{ source: "file:src/a.js", quote: "export … n;" }]],
  ["a quote of another source", false, [{ source: "check:K2", quote: "55" }]],
  ["a true and a false quote", false, [trueEvidence, { source: "check:K1", quote: "green" }]],
  ["a check that is not there", false, [{ source: "check:K9", quote: "" }]],
  ["a file that is not there", false, [{ source: "file:src/b.js", quote: "x" }]],
  ["no source", false, [{ source: "", quote: "55" }]],
  ["a source without a name", false, [{ source: "check:", quote: "" }]],
  ["a source of another kind", false, [{ source: "log:K1", quote: "55" }]],
];

function pairs<A, B>(as: readonly A[], bs: readonly B[]): readonly (readonly [A, B])[] {
  return as.flatMap((a) => bs.map((b) => [a, b] as const));
}

describe("decide", () => {
  it("does not pass what the engine has found to fail, whatever the evaluator says, and passes with a note", () => {
    const found = { kind: "weakenedTests", check: "K2", path: "test/cli.test.js", text: "K2 is red with the tests of the base commit." } as const;
    assert.deepEqual(decide(input({ inspection: [{ ...found, weight: "fails" }] })), { pass: false, reasons: [found.text] });
    assert.deepEqual(decide(input({ inspection: [{ ...found, weight: "note" }] })), { pass: true, reasons: [] });
  });

  it("passes exactly when everything holds, over every combination", () => {
    let combinations = 0;
    for (const [[results, score], [findings, evidence]] of pairs(pairs(RESULTS, SCORES), pairs(FINDINGS, EVIDENCE))) {
      for (const [[verdict, issues], requiredFixes] of pairs(pairs(["PASS", "FAIL"] as const, [[], ["slow"]]), [[], ["make it fast"]])) {
        combinations += 1;
        const open = [...(verdict === "PASS" ? [] : [verdict]), ...issues, ...requiredFixes];
        const holds = open.length === 0 && [results, score, findings, evidence].every(([, part]) => part);
        const words = { verdict, score: score[2], findings: findings[2](evidence[2]), issues, requiredFixes };
        const decision = decide(input({ results: results[2] }, words));
        const which = [results[0], score[0], findings[0], evidence[0], ...open].join(", ");
        assert.equal(decision.pass, holds, which);
        assert.equal(decision.reasons.length === 0, holds, which);
      }
    }
    assert.equal(combinations, 9 * 9 * 6 * 18 * 2 * 2 * 2);
  });

  it("never passes without a verdict", () => {
    assert.deepEqual(decide(input({ verdict: null })), { pass: false, reasons: ["The evaluator gave no valid verdict."] });
  });

  it("never passes a contract without checks, or with a check id used twice", () => {
    assert.deepEqual(decide(input({ contract: { ...CONTRACT, checks: [] } })).reasons, ["The contract has no checks."]);
    const twice = { ...CONTRACT, checks: [...CONTRACT.checks, aCommandCheck({ run: "npm run lint" })] };
    assert.equal(decide(input({ contract: twice })).pass, false);
  });

  it("takes no threshold for met that is no number", () => {
    assert.equal(decide(input({ passScore: Number.NaN })).pass, false);
    assert.equal(decide(input({ passScore: 93 })).pass, false);
    assert.equal(decide(input({ passScore: 92 })).pass, true);
  });

  it("says every reason in words, checks first", () => {
    const { reasons } = decide(input({ results: [redK1] }, { verdict: "FAIL", score: 40, findings: [unmet("C1")], issues: ["a"], requiredFixes: ["b", "c"] }));
    assert.deepEqual(reasons, [
      "Check K1 (C1) is red: exit code 1, expected 0.",
      "Check K2 (C2) was not run.",
      "The evaluator's verdict is FAIL.",
      "The score 40 is below 80.",
      "The evaluator lists 1 open issue.",
      "The evaluator requires 2 fixes.",
      "The evaluator finds C1 not met.",
      "The verdict does not judge C2.",
    ]);
  });

  it("stays red over one red check, whatever words surround it", () => {
    const evidence = fc.record({ source: fc.oneof(fc.constantFrom(...Object.keys(SOURCES)), fc.string()), quote: fc.oneof(fc.constant(""), fc.string()) });
    const finding = fc.record({ criterion: fc.constantFrom("C1", "C2"), met: fc.boolean(), evidence: fc.array(evidence), comment: fc.string() });
    const verdict = fc.record({
      verdict: fc.constantFrom("PASS" as const, "FAIL" as const),
      score: fc.double(),
      findings: fc.array(finding),
      issues: fc.array(fc.string()),
      requiredFixes: fc.array(fc.string()),
      summary: fc.string(),
    });
    fc.assert(fc.property(verdict, (words) => !decide(input({ results: [redK1, K2], verdict: words })).pass));
  });
});

describe("decide, with requests of the user", () => {
  const requests = itemsOfEach([{ text: "Name it fib.", comments: [] }, { text: "", comments: [{ path: "a.js", side: "attempt", attempt: 1, line: 1, endLine: 1, quote: "x", text: "Why?" }] }]).flat();
  const criteria = [met("C1"), met("C2")];

  it("passes only when each of them is met, with evidence, beside the contract's criteria", () => {
    const decided = (findings: readonly CriterionFinding[]): readonly string[] => decide(input({ requests }, { findings: [...findings] })).reasons;
    assert.deepEqual(decided([...criteria, met("user-1"), met("user-2")]), []);
    assert.deepEqual(decided([...criteria, met("user-1")]), ["The verdict does not judge user-2."]);
    assert.deepEqual(decided([...criteria, met("user-1"), unmet("user-2")]), ["The evaluator finds user-2 not met."]);
    assert.deepEqual(decided([...criteria, met("user-1"), met("user-2", [])]), ["user-2 is called met without evidence."]);
    assert.deepEqual(decided([...criteria, met("user-1"), met("user-2", [{ source: "check:K1", quote: "56" }])]), ['user-2: the quote "56" is not in check:K1.']);
    assert.deepEqual(decided([met("user-1"), met("user-2")]).length, 2, "requests do not stand for criteria");
  });

  it("knows no request that was not made", () => {
    assert.deepEqual(decide(input({}, { findings: [...criteria, met("user-1")] })).reasons, ["The verdict judges user-1, which is no criterion of the contract."]);
  });
});

describe("weakEvidence", () => {
  const rows: readonly (readonly [string, boolean, readonly Evidence[]])[] = [
    ["the result of its own check", true, [{ source: "check:K1", quote: "" }]],
    ["a line of its own check's output", true, [{ source: "check:K1", quote: "55" }]],
    ["a line of a file that says something", true, [{ source: "file:src/a.js", quote: "return n;" }]],
    ["a short file as a whole", true, [{ source: "file:ok.txt", quote: "ok" }]],
    ["another criterion's check beside its own", true, [{ source: "check:K2", quote: "" }, { source: "check:K1", quote: "" }]],
    ["a check that covers it besides its own criterion", true, [{ source: "check:K3", quote: "" }]],
    ["nothing but another criterion's check", false, [{ source: "check:K2", quote: "" }]],
    ["a quote of another criterion's check", false, [{ source: "check:K2", quote: "ok 1 - prints" }]],
    ["a bracket", false, [{ source: "file:src/a.js", quote: "{" }]],
    ["brackets and white space", false, [{ source: "file:src/a.js", quote: " }\n;\t" }]],
    ["two letters of a file", false, [{ source: "file:src/a.js", quote: "fi" }]],
    ["several that say nothing", false, [{ source: "file:src/a.js", quote: "{" }, { source: "file:src/a.js", quote: "n)" }, { source: "check:K2", quote: "" }]],
  ];
  const contract = { ...CONTRACT, checks: [...CONTRACT.checks, aCommandCheck({ id: "K3", criterion: "C2", alsoCovers: ["C1"] })] };
  const texts = (source: string): string | null => (source === "file:ok.txt" ? "ok\n" : sourceText(source));
  for (const [what, holds, evidence] of rows) {
    it(`${holds ? "accepts" : "refuses"} ${what}`, () => {
      const problems = weakEvidence({ contract, sourceText: texts }, aVerdict({ findings: [met("C1", evidence)] }));
      assert.deepEqual(problems, holds ? [] : ["C1 is called met, and none of its evidence is one of its own checks (check:K1, check:K3) or a quote from a file that says something."]);
    });
  }

  it("asks nothing of what is called unmet, of requests of the user, and of what is without evidence anyway", () => {
    const findings = [unmet("C1"), { ...met("user-1"), evidence: [{ source: "check:K2", quote: "" }] }, met("C2", [])];
    assert.deepEqual(weakEvidence({ contract, sourceText: texts }, aVerdict({ findings })), []);
  });

  it("keeps such a verdict from passing", () => {
    const gate = decide(input({}, { findings: [met("C1", [{ source: "check:K2", quote: "" }]), met("C2")] }));
    assert.equal(gate.pass, false);
    assert.match(gate.reasons.join(" "), /^C1 is called met, and none/);
  });
});

describe("falseQuotes", () => {
  it("names the criterion, the quote and the source, for the evaluator to correct", () => {
    const verdict = aVerdict({ findings: [met("C1", [{ source: "check:K1", quote: 'say "56"' }]), met("C2", [{ source: "K1", quote: "55" }])] });
    assert.deepEqual(falseQuotes(verdict, sourceText), [
      'C1: the quote "say \\"56\\"" is not in check:K1.',
      'C2: "K1" is no source: write check:ID or file:PATH.',
    ]);
  });

  it("looks at the evidence of unmet criteria as well", () => {
    const lie = { ...unmet("C1"), evidence: [{ source: "file:src/b.js", quote: "x" }] };
    assert.deepEqual(falseQuotes(aVerdict({ findings: [lie] }), sourceText), ["C1: the source file:src/b.js does not exist."]);
  });
});
