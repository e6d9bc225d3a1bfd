// Ctrl-C, kill and kill -9: how a run stops from outside, what is left of it, and how it goes on.
import { strict as assert } from "node:assert";
import { Bench, ensureBuilt } from "../builders/cliRun";
import { aContractOf, answers, aPassingScript, aPlan, calls, runs, WRITE_HELLO } from "../builders/scriptBuilder";
import { processesOf } from "../builders/processes";
import { tempFolder } from "../builders/tempFolder";

/** Long enough never to end by itself within a test. */
const FOREVER = 300;

const atResponse = aPassingScript().planner({ ...answers(aPlan()), delayMs: 1000 * FOREVER });
const atCommand = aPassingScript().generator(1, calls(WRITE_HELLO), calls(runs(`sleep ${FOREVER} & sleep ${FOREVER}`)));
const atCheck = aPassingScript().negotiator(answers(aContractOf([`sh -c 'test ! -f greeting.txt && exit 1; sleep ${FOREVER}'`])));

describe("countersign, told to stop", function () {
  this.timeout(40_000);
  before(ensureBuilt);
  const folder = tempFolder();

  for (const [where, script, sign] of [
    ["within a model's response", atResponse, /planner · claude/],
    ["within a command of an agent", atCommand, /write_file greeting\.txt/],
    ["within a check", atCheck, /checks in a clean checkout/],
  ] as const) {
    it(`once, ${where}: ends cleanly, keeps the work and leaves no process`, async () => {
      const bench = new Bench(folder());
      const running = bench.start(["run", "Greet", "--model", bench.model(script)], { input: "" });
      await running.until(where === "within a check" ? /commit \w{10} · 1 file changed/ : sign);
      if (where !== "within a model's response") await bench.untilProcess("sleep");
      running.kill("SIGINT");
      const ended = await running.ended;
      assert.equal(ended.code, 4, ended.err);
      assert.match(ended.out, /Cancelled\n {2}cancelled by the user[^]*Next\n {2}node .* resume greet-\w{4}/);
      assert.match(ended.err, /Cancelled\. What was done is kept\./);
      assert.equal(bench.events().at(-1)?.kind, "taskCancelled");
      assert.deepEqual(processesOf(bench.folder), []);
      const shown = await bench.shown();
      assert.equal(shown.status, "cancelled");
      if (where !== "within a model's response") assert.equal(bench.repo.git("show", `${shown.branch}:greeting.txt`), "hello");
      const text = await bench.run(["diff", shown.id]);
      assert.equal(text.code, 0, text.err);
      if (where !== "within a model's response") assert.match(text.out, /\+hello/);
    });
  }

  it("twice: ends at once with 4, without a process left, and can be resumed", async () => {
    const bench = new Bench(folder());
    // Deaf to the polite signal: only the second Ctrl-C ends it before its grace is over.
    const deaf = aPassingScript().generator(1, calls(WRITE_HELLO), calls(runs(`sh -c 'trap "" TERM; while :; do sleep 1; done'`)));
    const running = bench.start(["run", "Greet", "--model", bench.model(deaf)], { input: "" });
    await bench.untilProcess("sleep 1");
    running.kill("SIGINT");
    running.kill("SIGINT");
    // Two signals that come together may be seen as one.
    const again = setInterval(() => running.kill("SIGINT"), 50);
    const ended = await running.ended;
    clearInterval(again);
    assert.deepEqual([ended.code, ended.signal], [4, null]);
    await bench.untilNoProcess();
    assert.ok(!bench.kinds().includes("taskCancelled"), "it did not wait to write its end");
    const resumed = await bench.run(["resume", "--model", bench.model(aPassingScript().generator(1, calls(WRITE_HELLO), calls(runs("true"))))]);
    assert.equal(resumed.code, 0, resumed.err);
  });

  it("by SIGTERM and SIGHUP as by Ctrl-C", async () => {
    const bench = new Bench(folder());
    for (const signal of ["SIGTERM", "SIGHUP"] as const) {
      const running = bench.start(["run", "Greet", "--json", "--model", bench.model(atResponse)], { input: "" });
      await running.until(/"sessionStarted"/);
      running.kill(signal);
      const ended = await running.ended;
      assert.deepEqual([ended.code, ended.err], [4, ""]);
      assert.equal(bench.events().at(-1)?.kind, "taskCancelled");
    }
  });

  it("is resumed from where it stopped, and by nothing but its transcript", async () => {
    const bench = new Bench(folder());
    const running = bench.start(["run", "Greet", "--model", bench.model(atCommand)], { input: "" });
    await bench.untilProcess("sleep");
    running.kill("SIGINT");
    await running.ended;
    const after = aPassingScript().generator(1, calls(WRITE_HELLO), calls(runs(`sleep ${FOREVER} & sleep ${FOREVER}`)));
    const resumed = await bench.run(["resume", "--model", bench.model(after)]);
    assert.equal(resumed.code, 0, resumed.out + resumed.err);
    const session = bench.events().find((event) => event.kind === "sessionStarted" && event["role"] === "generator")?.["session"];
    assert.match(bench.handoff(`sessions/${String(session)}.ndjson`), /interrupted, outcome unknown|cancelled/i);
    assert.equal(bench.kinds().filter((kind) => kind === "contractFrozen").length, 1);
    assert.deepEqual(processesOf(bench.folder), []);
  });
});
