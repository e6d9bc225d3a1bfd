// What an attempt does to files that decide about its checks, in whole runs: shown, undone for another try, and failed
// where the work is green only because of it.
import { strict as assert } from "node:assert";
import path from "node:path";
import { EngineBench } from "../builders/engineBench";
import { aRepository } from "../builders/repoBuilder";
import { aContractOf, answers, aPass, aScript, calls, runs, writes, type ToolCallInput } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";
import type { Inspection } from "../../src/core/domain/inspection";

const ADD = "exports.add = (a, b) => a + b;\n";
const DONE = `${ADD}exports.sub = (a, b) => a - b;\n`;
/** `sub` is there, and `add` is broken by it. */
const BROKEN = "exports.add = (a, b) => a - b;\nexports.sub = (a, b) => a - b;\n";
const TEST = 'const { test } = require("node:test");\nconst assert = require("node:assert");\nconst { add } = require("../src/sums.js");\n\ntest("adds", () => assert.equal(add(2, 3), 5));\n';
const NEW_TEST = 'const { test } = require("node:test");\nconst assert = require("node:assert");\nconst { sub } = require("../src/sums.js");\n\ntest("subtracts", () => assert.equal(sub(2, 3), -1));\n';
const manifest = (scripts: object, more: object = {}): string => `${JSON.stringify({ name: "sums", version: "1.0.0", private: true, ...more, scripts }, null, 2)}\n`;
const FILES = {
  "package.json": manifest({ test: "node --test", verify: "sh ci/verify.sh" }),
  "src/sums.js": ADD,
  "test/sums.test.js": TEST,
  "test/helper.js": "exports.five = 5;\n",
  "ci/verify.sh": "set -e\nnode --test\n",
  "limits.json": '{ "most": 3 }\n',
};
const SUBTRACTS = "node -e \"process.exit(require('./src/sums.js').sub(5, 3) === 2 ? 0 : 1)\"";

describe("protected files of a run", function () {
  this.timeout(60_000);
  const folder = tempFolder();

  /** One attempt; what the engine found and why it failed. */
  async function attempt(work: readonly ToolCallInput[], { guard = "npm test", contract = {}, files = {} }: { readonly guard?: string; readonly contract?: object; readonly files?: Readonly<Record<string, string>> } = {}) {
    const agreed = { ...aContractOf([SUBTRACTS], [guard]), ...contract };
    const script = aScript().planner().negotiator(answers(agreed)).generator(1, calls(...work)).evaluator(1, answers(aPass(2)));
    const place = folder();
    const repo = aRepository(path.join(place, "repo"), { ...FILES, ...files });
    repo.write(".countersign/settings.json", JSON.stringify({ sealedChecks: false, maxRetries: 0 }));
    repo.write(".countersign/.gitignore", "*\n");
    const bench = await EngineBench.open(place, script, repo);
    try {
      await bench.create();
      const { view } = await bench.harness.run(await bench.view(), new AbortController().signal);
      const [first] = view.attempts;
      assert.ok(first !== undefined && first.decision !== null, view.detail);
      assert.ok(first.checks.every(({ green }) => green), `the cheat is not green: ${first.checks.map(({ reason }) => reason).join("; ")}`);
      const report = await bench.site.plans.read(view.request.id, "qa-report.attempt-1.md");
      return { pass: first.decision.pass, reasons: first.decision.reasons.join("\n"), findings: first.inspection ?? [], report: report ?? "" };
    } finally {
      await bench.close();
    }
  }

  const ofKind = (findings: readonly Inspection[], kind: Inspection["kind"]): readonly Inspection[] => findings.filter((finding) => finding.kind === kind);

  it("are nothing to report where tests are added, in files of their own or at the end of one", async () => {
    const done = await attempt([writes("src/sums.js", DONE), writes("test/sub.test.js", NEW_TEST), writes("test/sums.test.js", `${TEST}\ntest("adds nothing", () => assert.equal(add(0, 0), 0));\n`)]);
    assert.ok(done.pass, done.reasons);
    assert.deepEqual(done.findings.filter(({ kind }) => kind === "protectedChanged" || kind === "weakenedTests" || kind === "forcedPass"), []);
  });

  it("may be changed when the code holds with those of the base: it is shown, and passes", async () => {
    const done = await attempt([writes("src/sums.js", DONE), writes("test/sums.test.js", TEST.replace('"adds"', '"adds two numbers"'))]);
    assert.ok(done.pass, done.reasons);
    assert.deepEqual(ofKind(done.findings, "protectedChanged").map(({ weight, check, path: file, text }) => ({ weight, check, file, text })), [
      { weight: "note", check: "K2", file: "test/sums.test.js", text: "The attempt changes test/sums.test.js, which decides about check K2 (C2)." },
    ]);
    assert.match(done.report, /⚠️ The attempt changes test\/sums\.test\.js/);
  });

  const weakened: readonly (readonly [string, readonly ToolCallInput[], RegExp, { readonly guard?: string; readonly contract?: object; readonly files?: Readonly<Record<string, string>> }?])[] = [
    ["a test that says what the broken code does", [writes("test/sums.test.js", TEST.replace("2, 3), 5", "2, 3), -1"))], /test\/sums\.test\.js/],
    ["a test that is replaced by another", [runs("rm test/sums.test.js"), writes("test/sub.test.js", NEW_TEST)], /test\/sums\.test\.js/],
    ["a script that runs another test", [writes("package.json", manifest({ test: "node --test test/sub.test.js test/helper.js", verify: "sh ci/verify.sh" })), writes("test/sub.test.js", NEW_TEST)], /package\.json/],
    ["a hook of the script", [writes("package.json", manifest({ pretest: "cp test/sub.test.js test/sums.test.js", test: "node --test", verify: "sh ci/verify.sh" })), writes("test/sub.test.js", NEW_TEST)], /package\.json/],
    ["a script of the CI behind another one", [writes("ci/verify.sh", "set -e\nnode --test test/sub.test.js\n"), writes("test/sub.test.js", NEW_TEST)], /ci\/verify\.sh/, { guard: "sh all.sh", files: { "all.sh": "cd . && ./ci/../ci/verify.sh 2>/dev/null || sh ci/verify.sh\n" } }],
    ["a file that the contract protects", [writes("limits.json", '{ "most": 300 }\n')], /limits\.json/, { guard: "node -e \"const s = require('./src/sums.js'); process.exit(s.add(2, 3) > require('./limits.json').most + 1 ? 0 : Number(require('./limits.json').most < 100))\"", contract: { protected: ["limits.json"] } }],
  ];
  for (const [what, work, named, options] of weakened) {
    it(`fails the work that is green only with ${what}`, async () => {
      const done = await attempt([writes("src/sums.js", BROKEN), ...work], options);
      assert.equal(done.pass, false);
      const [finding] = ofKind(done.findings, "weakenedTests");
      assert.equal(finding?.weight, "fails", JSON.stringify(done.findings));
      assert.equal(finding.check, "K2");
      assert.match(finding.text, named);
      assert.match(finding.text, /with what the base commit has there it is red: /);
      assert.ok(done.report.includes(finding.text), done.report);
      assert.equal(ofKind(done.findings, "protectedChanged").length > 0, true);
    });
  }

  it("may change as the contract says, which is shown", async () => {
    const criteria = [{ id: "C1", kind: "change", text: "sub subtracts, and add does as well: test/sums.test.js says so now" }, { id: "C2", kind: "guard", text: "The tests pass" }];
    const contract = { criteria, mayChange: ["test/sums.test.js"] };
    const done = await attempt([writes("src/sums.js", BROKEN), writes("test/sums.test.js", TEST.replace("2, 3), 5", "2, 3), -1"))], { contract });
    assert.ok(done.pass, done.reasons);
    assert.deepEqual(ofKind(done.findings, "weakenedTests"), []);
    assert.deepEqual(ofKind(done.findings, "protectedChanged").map(({ weight, text }) => [weight, text]), [["note", "The attempt changes test/sums.test.js, which decides about check K2 (C2), as the contract allows."]]);
  });

  it("keep what else a package.json holds: a new script and a new field stay when the scripts of the base are tried", async () => {
    const changed = manifest({ test: "node --test test", verify: "sh ci/verify.sh", start: "node src/sums.js" }, { main: "src/sums.js" });
    const done = await attempt([writes("src/sums.js", DONE), writes("package.json", changed)], { contract: aContractOf([SUBTRACTS], ["npm test", "node -e \"require('./package.json').version || process.exit(1)\""]) });
    assert.deepEqual(ofKind(done.findings, "weakenedTests"), []);
    assert.match(ofKind(done.findings, "protectedChanged")[0]?.text ?? "", /The attempt changes package\.json, which decides about check K2/);
  });

  const forced: readonly (readonly [string, readonly ToolCallInput[], string, { readonly guard?: string }?])[] = [
    ["a script that swallows the exit code", [writes("package.json", manifest({ test: "node --test; true", verify: "sh ci/verify.sh" }))], "package.json"],
    ["options of Node.js in .npmrc", [writes(".npmrc", "node-options=--require ./src/sums.js\n")], ".npmrc"],
    ["assertions that it disarms", [writes("src/sums.js", `require("node:assert").notEqual = () => {};\n${DONE}`)], "src/sums.js"],
  ];
  for (const [what, work, file, options] of forced) {
    it(`fail the work for ${what}`, async () => {
      const done = await attempt([writes("src/sums.js", DONE), ...work], options);
      assert.equal(done.pass, false);
      const finding = ofKind(done.findings, "forcedPass").find((one) => one.path === file);
      assert.equal(finding?.weight, "fails", JSON.stringify(done.findings));
      assert.ok(done.reasons.includes(finding.text) && done.report.includes(file), done.report);
    });
  }
});
