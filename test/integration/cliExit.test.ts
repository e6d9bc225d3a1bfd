// How a run ends, seen from outside: exit codes, what is printed, what is kept, what comes next.
import { strict as assert } from "node:assert";
import { Bench, ensureBuilt } from "../builders/cliRun";
import { aContractOf, aFail, answers, aPassingScript, aScript, calls, HELLO, runs, writes } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const threeFailures = aScript()
  .planner()
  .negotiator(answers(aContractOf([HELLO], ["test -f README.md"])))
  .generator(1, calls(writes("greeting.txt", "hullo\n")))
  .generator(2, calls(writes("greeting.txt", "hallo\n"), writes("notes.txt", "tried\n")))
  .generator(3, calls(writes("greeting.txt", "Hello\n")))
  .evaluator(1, answers(aFail({ score: 30 })))
  .evaluator(2, answers(aFail({ score: 45 })))
  .evaluator(3, answers(aFail({ score: 60, summary: "Close, but no." })));

describe("the end of a run", function () {
  this.timeout(30_000);
  before(ensureBuilt);
  const folder = tempFolder();

  it("escalates after three failures: 2, YOURS, a report with its timeline, and the work on the branch", async () => {
    const bench = new Bench(folder());
    const ended = await bench.play(threeFailures);
    assert.equal(ended.code, 2, ended.err);
    const shown = await bench.shown();
    assert.deepEqual([shown.status, shown.category, shown.type, shown.attempts.length], ["escalated", "YOURS", "multi_agent", 3]);
    assert.match(shown.detail, /3 attempts did not pass verification/);
    const report = bench.handoff("qc-failure-report.md");
    for (const text of ["The greeting is wrong.", "Write hello.", "K1"]) assert.ok(report.includes(text), `the report lacks ${text}:\n${report}`);
    assert.match(report, /^\| 1 \|[^|\n]+\| 30 \| 1\/2 \|.*\n\| 2 \|[^|\n]+\| 45 \| 1\/2 \|.*\n\| 3 \|[^|\n]+\| 60 \| 1\/2 \|/m);
    assert.equal(bench.repo.git("show", `${shown.branch}:greeting.txt`), "Hello");
    assert.equal(bench.repo.git("show", `${shown.branch}:notes.txt`), "tried");
    assert.ok(!bench.repo.has("greeting.txt"), "nothing reaches the user's files");
    assert.match(ended.out, /✘ Escalated to you after 3 attempts[^]*Next\n {2}read .*qc-failure-report\.md\n/);
    const again = await bench.run(["resume", shown.id, "--model", bench.model(threeFailures)]);
    assert.equal(again.code, 1);
    assert.match(again.err, /is escalated: there is nothing to run\. Its qc-failure-report\.md says what was tried/);
    const accept = await bench.run(["accept", shown.id]);
    assert.match(accept.err, /is escalated: only a task in review can be accepted/);
    const diff = await bench.run(["diff", shown.id]);
    assert.match(diff.out, /^\+Hello$/m);
  });

  it("tells how the run ended also where the snapshot cannot be saved", async () => {
    const bench = new Bench(folder());
    bench.settings({});
    bench.repo.write(".countersign/state/state.db/in-the-way", "a folder");
    const ended = await bench.play(aPassingScript());
    assert.equal(ended.code, 0, ended.err);
    assert.match(ended.out, /✔ Passed after 1 attempt/);
    assert.match(ended.err, /state\.db could not be saved: .* Nothing is lost/);
  });

  it("gives the next attempt the whole verdict and the red check's output", async () => {
    const bench = new Bench(folder());
    const secret = "the-output-of-the-check-4711";
    const check = `sh -c 'grep -qx hello greeting.txt || { echo ${secret}; exit 3; }'`;
    const script = aPassingScript()
      .negotiator(answers(aContractOf([check])))
      .generator(1, calls(writes("greeting.txt", "hullo\n")))
      .evaluator(1, answers(aFail({ requiredFixes: ["Spell it with an e."], summary: "A typo." })))
      .generator(2, calls(writes("greeting.txt", "hello\n")))
      .evaluator(2);
    const ended = await bench.play(script);
    assert.equal(ended.code, 0, ended.out);
    const second = bench.events().find((event) => event.kind === "sessionStarted" && event["role"] === "generator" && event["attempt"] === 2);
    const said = bench.handoff(`sessions/${String(second?.["session"])}.ndjson`);
    for (const text of [secret, "Spell it with an e.", "A typo.", "exit code 3, expected 0", "The greeting is wrong.", "This is attempt 2 of 3"]) assert.ok(said.includes(text), text);
  });

  it("escalates at once with --retries 0", async () => {
    const bench = new Bench(folder());
    const ended = await bench.play(threeFailures, ["--retries", "0"]);
    assert.equal(ended.code, 2);
    assert.match(ended.out, /✘ Escalated to you after 1 attempt\n {2}1 attempt did not pass verification/);
    assert.equal((await bench.shown()).attempts.length, 1);
  });

  it("stops at 3 before the call that could pass the budget, and goes on with more", async () => {
    const bench = new Bench(folder());
    const model = bench.model(aPassingScript());
    const tiny = await bench.run(["run", "Greet", "--model", model, "--budget", "0.001"]);
    assert.equal(tiny.code, 3);
    assert.match(tiny.out, /Paused\n {2}the task has cost \$0\.00 and the next call could cost up to \$0\.\d+, which could pass its budget of \$0\.0010/);
    assert.match(tiny.out, /resume greet-\w{4} --budget USD {3}raise the budget and go on/);
    const shown = await bench.shown();
    assert.deepEqual([shown.status, shown.cost.usd, shown.usage["output"]], ["paused", 0, 0]);
    const middle = await bench.run(["resume", "--model", model, "--budget", "0.339"]);
    assert.equal(middle.code, 3, middle.out);
    const spent = await bench.shown();
    assert.ok(spent.cost.usd > 0 && spent.cost.usd < 0.1);
    const rich = await bench.run(["resume", "--model", model]);
    assert.equal(rich.code, 0, rich.out);
    assert.equal(bench.kinds().filter((kind) => kind === "planProposed").length, 1);
    assert.ok((await bench.shown()).cost.usd > spent.cost.usd);
  });

  it("holds all tasks of a day to the daily budget, and takes it from the settings", async () => {
    const bench = new Bench(folder());
    assert.equal((await bench.play(aPassingScript())).code, 0);
    const { usd } = (await bench.shown()).cost;
    bench.settings({ budget: { dayUsd: usd + 0.1 } });
    const second = await bench.play(aPassingScript());
    assert.equal(second.code, 3);
    assert.ok(second.out.includes(`today has cost $${usd.toFixed(4)} and the next call could pass the daily budget of $0.1`), second.out);
    assert.match(second.out, /resume greet-\w{4} --day-budget USD {3}raise the budget and go on/);
    const resumed = await bench.run(["resume", "--model", bench.model(aPassingScript()), "--day-budget", "5"]);
    assert.equal(resumed.code, 0, resumed.err);
  });

  it("warns at half of the budget and goes on", async () => {
    const bench = new Bench(folder());
    bench.settings({ budget: { taskUsd: 0.4, warnAt: 0.01 } });
    const ended = await bench.play(aPassingScript());
    assert.equal(ended.code, 0, ended.out);
    assert.equal(bench.kinds().filter((kind) => kind === "budgetWarned").length, 1);
    assert.match(ended.out, /^ {2}This task has cost \$0\.0\d{3}; its budget is \$0\.40\.$/m);
  });

  it("records a YOURS task and never runs it", async () => {
    const bench = new Bench(folder());
    const ended = await bench.run(["run", "Call the customer", "--category", "YOURS", "--type", "multi_agent"]);
    assert.equal(ended.code, 0);
    assert.equal(ended.err, "");
    assert.match(ended.out, /Recorded for you: a YOURS task is never run/);
    assert.deepEqual(bench.kinds(), ["taskCreated"]);
    const shown = await bench.shown();
    assert.deepEqual([shown.status, shown.category, shown.type], ["queued", "YOURS", null]);
    const resumed = await bench.run(["resume", shown.id]);
    assert.deepEqual([resumed.code, /is YOURS: it waits for you and is never run/.test(resumed.err)], [1, true], resumed.err);
    assert.equal(bench.repo.git("branch", "--list", "countersign/*"), "");
  });

  it("routes by category, and lets an explicit type win", async () => {
    const bench = new Bench(folder());
    const single = aScript().singleAgent(calls(runs("true"), writes("greeting.txt", "hello\n")), { text: "I wrote **greeting.txt**." });
    const dispatch = await bench.play(single, ["--category", "DISPATCH"]);
    assert.equal(dispatch.code, 0, dispatch.err);
    assert.match(dispatch.out, /DISPATCH → single_agent[^]*I wrote \*\*greeting\.txt\*\*\.[^]*✔ Done, not verified: review the diff/);
    const shown = await bench.shown();
    assert.deepEqual([shown.status, shown.type, shown.answer, shown.contract], ["review", "single_agent", "I wrote **greeting.txt**.", null]);
    assert.deepEqual(shown.files.map((file) => file.path), ["greeting.txt"]);
    const accepted = await bench.run(["accept", shown.id]);
    assert.equal(accepted.code, 0, accepted.err);
    assert.equal(bench.repo.read("greeting.txt"), "hello\n");
    bench.repo.remove("greeting.txt");
    const forced = await bench.play(aPassingScript(), ["--category", "DISPATCH", "--type", "multi_agent"]);
    assert.deepEqual([forced.code, (await bench.shown()).type], [0, "multi_agent"]);
    const prep = await bench.play(single, ["--category", "PREP", "--type", "single_agent"]);
    assert.deepEqual([prep.code, (await bench.shown()).type], [0, "single_agent"]);
  });
});
