// Sealed checks in whole runs: asked for, laid over the clean room, kept from the generator in everything it is told.
import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import path from "node:path";
import { EngineBench } from "../builders/engineBench";
import { aRepository } from "../builders/repoBuilder";
import { aFail, answers, aPass, aScript, calls, reads, runs, writes, type ScriptBuilder, type ToolCallInput } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";
import { NEEDS_SEALED } from "../../src/core/domain/sealedRules";

const FOLDER = "acceptance-7f3a";
/** It prints its own source on purpose, as assertion libraries do. */
const TEST = `const { readFileSync } = require("node:fs");
const { double } = require("../double.js");

const shown = readFileSync(__filename, "utf8").split("\\n").map((line, index) => "  " + (index + 1) + " | " + line).join("\\n");
for (const [input, expected] of [[21, 42], [-4, -8]]) {
  const observed = double(input);
  if (observed === expected) continue;
  console.log(shown);
  console.log("for the input " + input + " it gives " + observed + ", expected " + expected);
  process.exitCode = 1;
}
if (process.exitCode === undefined) console.log("all are doubled");
`;
const OPEN = { id: "K1", criterion: "C1", kind: "command", run: "node -e \"process.exit(require('./double.js').double(3) === 6 ? 0 : 1)\"" };
const SEALED = { id: "K2", criterion: "C1", kind: "command", run: `node ${FOLDER}/double.js`, outputMatches: ["^all are doubled$"], sealed: true };
const contractWith = (change: object = {}): object => ({
  criteria: [{ id: "C1", kind: "change", text: "double(n) is twice n" }],
  checks: [OPEN, SEALED],
  commitments: [],
  retryProtocol: "",
  sealedFiles: [{ path: `${FOLDER}/double.js`, text: TEST }],
  ...change,
});
const onlyOpen = contractWith({ checks: [OPEN], sealedFiles: [] });
const hardCoded = writes("double.js", "exports.double = () => 6;\n");
const right = writes("double.js", "exports.double = (n) => 2 * n;\n");

describe("sealed checks of a run", function () {
  this.timeout(60_000);
  const folder = tempFolder();

  async function played(script: ScriptBuilder | ((repository: string) => ScriptBuilder), { settings = {}, profile = "code", approvePlan = false }: { readonly settings?: object; readonly profile?: "code" | "automation"; readonly approvePlan?: boolean } = {}): Promise<EngineBench> {
    const place = folder();
    const repo = aRepository(path.join(place, "repo"), { "README.md": "# Double\n" });
    repo.write(".countersign/settings.json", JSON.stringify({ sealedChecks: true, ...settings }));
    repo.write(".countersign/.gitignore", "*\n");
    const bench = await EngineBench.open(place, typeof script === "function" ? script(repo.dir) : script, repo);
    await bench.create({ profile, approvePlan });
    await bench.harness.run(await bench.view(), new AbortController().signal);
    await bench.close();
    return bench;
  }

  /** All that one role was ever asked, as one text. */
  const toldTo = (bench: EngineBench, role: string): string => JSON.stringify(bench.requests.filter(({ purpose }) => purpose.role === role).map(({ system, messages }) => [system, messages]));

  it("find out what hard-coded answers hide; the generator is told what went wrong, and never sees the test", async () => {
    const secret = `.countersign/plans/{{taskId}}/sealed/${FOLDER}/double.js`;
    const spied = (repository: string): readonly ToolCallInput[] => [reads(`${FOLDER}/double.js`), reads(secret), reads(`${repository}/${secret}`), { name: "list_files", input: { path: "" } }, { name: "search", input: { pattern: "readFileSync" } }];
    const quoting = aFail({ summary: "As the test says: const observed = double(input); it differs.", issues: ["console.log(shown);\nif (observed === expected) continue;"] });
    const script = (repository: string): ScriptBuilder =>
      aScript()
        .planner()
        .negotiator(answers(onlyOpen), answers(contractWith()))
        .generator(1, calls(hardCoded), calls(...spied(repository)))
        .evaluator(1, calls(reads(`${FOLDER}/double.js`), runs(`ls ${FOLDER}`)), answers(quoting))
        .generator(2, calls(right))
        .evaluator(2);
    const bench = await played(script);
    const view = await bench.view();
    const [first, second] = view.attempts;
    assert.deepEqual(first?.checks.map(({ checkId, green }) => [checkId, green]), [["K1", true], ["K2", false]]);
    assert.equal(second?.decision?.pass, true, second?.decision?.reasons.join("\n"));
    const refused = (await bench.events()).flatMap((event) => (event.kind === "contractRefused" ? event.problems : []));
    assert.deepEqual(refused, [NEEDS_SEALED]);

    const [firstMessage = "", secondMessage = ""] = bench.firstMessages("generator");
    assert.match(firstMessage, /# Sealed tests\n\nC1: acceptance tests that you do not see verify these criteria/);
    assert.match(secondMessage, /The sealed check K2 \(C1\) is red: exit code 1, expected 0\./);
    assert.match(secondMessage, /for the input 21 it gives 6, expected 42/);
    const told = toldTo(bench, "generator");
    for (const line of TEST.split("\n").map((one) => one.trim()).filter((one) => one.length >= 10)) {
      assert.ok(!told.includes(JSON.stringify(line).slice(1, -1)), `the generator was told: ${line}`);
    }
    assert.ok(!secondMessage.includes(FOLDER) && !firstMessage.includes(FOLDER), "it does not know where they lie");
    assert.ok(!told.includes("all are doubled"), "it does not know what it would have to print");
    assert.ok(!toldTo(bench, "evaluator").includes("readFileSync"), "what the evaluator does not know it cannot tell");

    const { repo } = bench;
    const plans = `.countersign/plans/${view.request.id}`;
    assert.equal(repo.read(`${plans}/sealed/${FOLDER}/double.js`), TEST, "the user sees them");
    assert.match(repo.read(`${plans}/plan.md`), /K2: `node acceptance-7f3a\/double\.js`, prints \/\^all are doubled\$\/, sealed\n/);
    assert.ok(repo.read(`${plans}/plan.md`).includes("sealedFiles:"));
    assert.match(repo.read(`${plans}/qa-report.attempt-1.md`), /\| K2 \| C1 \| `node acceptance-7f3a\/double\.js`, prints \/\^all are doubled\$\/, sealed \| ❌ red[^]*for the input 21 it gives 6/);
    assert.ok(!existsSync(path.join(view.base?.worktree ?? "", FOLDER)));
    assert.deepEqual(second?.files.map((file) => file.path), ["double.js"]);
  });

  it("must be red before the work, and lie where nothing is", async () => {
    const green = contractWith({ sealedFiles: [{ path: `${FOLDER}/double.js`, text: 'console.log("all are doubled");\n' }] });
    const occupied = contractWith({ checks: [OPEN, { ...SEALED, run: "node .gitignored/double.js" }], sealedFiles: [{ path: ".countersign/double.js", text: TEST }] });
    const bench = await played(aScript().planner().negotiator(answers(green), answers(occupied), answers(contractWith())).generator(1, calls(right)).evaluator(1));
    const refused = (await bench.events()).flatMap((event) => (event.kind === "contractRefused" ? [event.problems.join("\n")] : []));
    assert.match(refused[0] ?? "", /Check K2 .* of change criterion C1 is green on the base commit/);
    assert.match(refused[1] ?? "", /The sealed file "\.countersign\/double\.js" cannot lie there/);
    assert.equal((await bench.view()).status, "review");
  });

  it("are not run over files of the attempt, which fails", async () => {
    const script = aScript().planner().negotiator(answers(contractWith())).generator(1, calls(right, writes(`${FOLDER}/double.js`, "process.exitCode = 0;\n"))).evaluator(1, answers(aPass()));
    const bench = await played(script, { settings: { maxRetries: 0 } });
    const [first] = (await bench.view()).attempts;
    const sealed = first?.checks.find(({ checkId }) => checkId === "K2");
    assert.deepEqual([sealed?.green, first?.decision?.pass], [false, false]);
    assert.match(sealed?.outputExcerpt ?? "", /is there already: they were not run/);
  });

  const neverSealed = (): ScriptBuilder => aScript().planner().negotiator(answers(onlyOpen), answers(onlyOpen), answers(onlyOpen)).generator(1, calls(right)).evaluator(1);

  it("are not given up where nobody looks: the task ends with the user, who is told what they can do", async () => {
    const bench = await played(neverSealed());
    const view = await bench.view();
    assert.deepEqual([view.status, view.attempts.length, view.contract], ["escalated", 0, null]);
    assert.match(view.detail, /no check of it is sealed, after 3 rounds\. .* switch sealedChecks off, choose another kind of work than code, or ask to approve the plan yourself$/);
    assert.match(bench.repo.read(`.countersign/plans/${view.request.id}/qa-report.md`), /No check is sealed\./);
  });

  it("are a person's to give up: after two refusals a plan that is to be approved waits for it, and says so", async () => {
    const bench = await played(neverSealed(), { approvePlan: true });
    const view = await bench.view();
    assert.deepEqual([view.status, view.contractRounds], ["awaiting_approval", 3], view.detail);
    const notes = (await bench.events()).flatMap((event) => (event.kind === "notificationRaised" ? [event.text] : []));
    assert.match(notes[0] ?? "", /^The contract of "Greet" has no sealed checks: the generator would see every test that it must pass\./);
  });

  it("are not asked for where they are switched off, nor for other work than code", async () => {
    const script = aScript().planner().negotiator(answers(onlyOpen)).generator(1, calls(right)).evaluator(1);
    for (const options of [{ settings: { sealedChecks: false } }, { profile: "automation" as const }]) {
      const bench = await played(script, options);
      const view = await bench.view();
      assert.deepEqual([view.status, view.contractRounds], ["review", 1]);
      assert.deepEqual(view.attempts[0]?.inspection?.filter(({ text }) => text.includes("sealed")), []);
      assert.match(bench.firstMessages("contract_negotiator")[0] ?? "", /# Sealed checks\n\nNot needed: write none\./);
    }
  });
});
