// The contract in a whole run: refused with reasons, corrected or given up, frozen against everybody.
import { strict as assert } from "node:assert";
import { Bench, ensureBuilt, type Printed } from "../builders/cliRun";
import { aContractOf, answers, aPassingScript, aPass, aScript, calls, HELLO, runs, writes, WRITE_HELLO, aFail } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const unchecked = { criteria: [{ id: "C1", kind: "change", text: "a" }, { id: "C2", kind: "guard", text: "b" }], checks: [{ id: "K1", criterion: "C1", kind: "command", run: "true" }], commitments: [], retryProtocol: "" };
const untrue = aContractOf([HELLO, "test -f README.md", "no-such-program --at-all"], ["test -f missing.txt"]);
const good = aContractOf([HELLO], ["test -f README.md"]);

describe("the sprint contract of a run", function () {
  this.timeout(30_000);
  before(ensureBuilt);
  const folder = tempFolder();
  const refusals = (bench: Bench): readonly (readonly string[])[] =>
    bench.events().flatMap((event: Printed) => (event.kind === "contractRefused" ? [event["problems"] as readonly string[]] : []));

  it("is refused with its reasons, which the negotiator gets back, and passes once corrected", async () => {
    const bench = new Bench(folder());
    const script = aPassingScript().negotiator(answers(unchecked), answers(untrue), answers(good)).evaluator(1, answers(aPass(2)));
    const ended = await bench.play(script);
    assert.equal(ended.code, 0, ended.out);
    const [written = [], tried = []] = refusals(bench);
    assert.match(written.join("\n"), /Criterion C2 has no check[^]*K1 runs `true`, which cannot fail/);
    assert.equal(tried.length, 3, tried.join("\n"));
    assert.match(tried[0] ?? "", /Check K2 \(`test -f README\.md`\) of change criterion C2 is green on the base commit, before any work/);
    assert.match(tried[1] ?? "", /Check K3 .* cannot start/);
    assert.match(tried[2] ?? "", /Check K4 .* of guard criterion C4 is red on the base commit \(exit code 1, expected 0\)/);
    const session = bench.events().find((event) => event.kind === "sessionStarted" && event["role"] === "contract_negotiator")?.["session"];
    const talk = bench.handoff(`sessions/${String(session)}.ndjson`);
    for (const problem of [...written, ...tried]) assert.ok(talk.includes(JSON.stringify(problem.split("\n")[0]).slice(1, -1)), problem);
    assert.match(ended.out, /contract refused, round 1:\n {4}- Criterion C2[^]*✘ green K2[^]*✔ red {3}K3 `no-such-program --at-all` · the command could not be started[^]*contract refused, round 2:[^]*contract frozen · 2 criteria, 2 checks/);
    assert.match(bench.handoff("plan.md"), /## Sprint Contract[^]*test -f README\.md/);
  });

  it("is given up after three refusals: the task is YOURS and says why", async () => {
    const bench = new Bench(folder());
    const ended = await bench.play(aPassingScript().negotiator(answers(untrue), answers(unchecked), answers(untrue)));
    assert.equal(ended.code, 2);
    const shown = await bench.shown();
    assert.deepEqual([shown.status, shown.category, shown.contract, shown.attempts.length], ["escalated", "YOURS", null, 0]);
    assert.match(shown.detail, /no valid contract after 3 rounds: .*is green on the base commit/s);
    assert.equal(refusals(bench).length, 3);
    const report = bench.handoff("qc-failure-report.md");
    assert.match(report, /no valid contract after 3 rounds/);
    const judged = bench.handoff("qa-report.md");
    assert.match(judged, /^# QA report: FAIL\n[^]*No attempt was made[^]*- Check K2 \(`test -f README\.md`\) of change criterion C2 is green on the base commit/);
    assert.equal(ended.out.split("no valid contract after 3 rounds").length, 2, "the reason is told once");
    for (const text of [report, judged, ended.out]) assert.doesNotMatch(text, /[a-z]\.\.(\s|$)/);
    assert.ok(!ended.out.includes(" diff "), "nothing was done that could be looked at");
    assert.ok(!bench.kinds().includes("attemptStarted"));
  });

  it("runs in the user's words on the base: what the user has changed and not committed is there", async () => {
    const bench = new Bench(folder());
    bench.repo.write("README.md", "# Changed, not committed\n");
    bench.repo.write("new.txt", "untracked\n");
    const guards = ["grep -q 'not committed' README.md", "test -f new.txt"];
    const ended = await bench.play(aPassingScript().negotiator(answers(aContractOf([HELLO], guards))).evaluator(1, answers(aPass(3))));
    assert.equal(ended.code, 0, ended.out);
    assert.deepEqual((await bench.shown()).files.map((file) => file.path), ["greeting.txt"]);
  });

  it("is frozen: nothing that the generator writes, anywhere, changes it", async () => {
    const bench = new Bench(folder());
    const task = "{{taskId}}";
    const forged = `## Sprint Contract\n\n\`\`\`yaml\ncriteria: []\nchecks: []\n\`\`\`\n`;
    const own = `.countersign/plans/${task}/plan.md`;
    const script = aScript()
      .planner()
      .negotiator()
      .generator(
        1,
        calls(writes(own, forged), writes(`${bench.repo.dir}/${own}`, forged), writes("plan.md", forged), writes("../plan.md", forged)),
        calls(runs(`sh -c 'mkdir -p .countersign/plans/${task}; echo > ${own}; printf hullo > greeting.txt'`)),
      )
      .evaluator(1, answers(aPass()));
    const ended = await bench.play(script, ["--retries", "0"]);
    assert.equal(ended.code, 2, ended.out);
    const frozen = bench.event("contractFrozen");
    const shown = await bench.shown();
    assert.equal(shown.contract?.hash, frozen["hash"]);
    assert.deepEqual(shown.attempts[0]?.checks.map(({ id, green }) => [id, green]), [["K1", false]]);
    assert.ok(bench.handoff("plan.md").includes(HELLO), "the user's plan.md is untouched");
    assert.deepEqual(shown.files.map((file) => file.path), ["greeting.txt", "plan.md"]);
  });

  it("stays frozen when plan.md itself is overwritten, by a command or by the user", async () => {
    const bench = new Bench(folder());
    const command = `sed -i 's/hello greeting.txt/hullo greeting.txt/' '${bench.repo.dir}/.countersign/plans/{{taskId}}/plan.md'`;
    const script = aScript()
      .planner()
      .negotiator()
      .generator(1, calls(writes("greeting.txt", "hullo\n"), runs(command)))
      .evaluator(1, answers(aFail()))
      .generator(2, calls(WRITE_HELLO))
      .evaluator(2);
    const ended = await bench.play(script);
    assert.equal(ended.code, 0, ended.out);
    const shown = await bench.shown();
    assert.deepEqual(shown.attempts.map(({ passed }) => passed), [false, true]);
    assert.equal(shown.contract?.hash, bench.event("contractFrozen")["hash"]);
  });
});
