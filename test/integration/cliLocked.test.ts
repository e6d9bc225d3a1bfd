// Two command lines in one repository: one runs, the other may look but not touch.
import { strict as assert } from "node:assert";
import { Bench, ensureBuilt, type RunningCli } from "../builders/cliRun";
import { answers, aPassingScript, aPlan } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

describe("a repository in which a run is going on", function () {
  this.timeout(30_000);
  before(ensureBuilt);
  const folder = tempFolder();
  let running: RunningCli | null = null;
  afterEach(async () => {
    running?.kill("SIGKILL");
    await running?.ended;
    running = null;
  });

  it("refuses a second one in clear words, and lets everybody look", async () => {
    const bench = new Bench(folder());
    await bench.play(aPassingScript());
    const done = bench.taskId();
    const slow = aPassingScript().planner({ ...answers(aPlan()), delayMs: 60_000 });
    running = bench.start(["run", "Greet again", "--model", bench.model(slow)], { input: "" });
    await running.until(/planner · claude/);
    const before = bench.events().length;
    const model = bench.model(aPassingScript());
    const refused = [["run", "Greet", "--model", model], ["resume", "--model", model], ["accept", done], ["discard", done]];
    for (const args of refused) {
      const ended = await bench.run(args);
      assert.deepEqual([ended.code, ended.out], [1, ""], args.join(" "));
      assert.match(ended.err, new RegExp(`^(Commands run with your rights.*\n)?countersign: Another Countersign runs here and owns the journal \\(process ${running.pid} on \\S+, since [^)]*\\)\\. Nothing was changed\\. Wait until it ends or close it, then try again\\.\n$`));
    }
    assert.equal(bench.events().length, before);
    const tasks = await bench.run(["tasks"]);
    assert.match(tasks.out, /^greet-again-\w{4} +running +PREP[^]*^greet-\w{4} +review +PREP/m);
    const shown = await bench.shown(done);
    assert.equal(shown.status, "review");
    const live = await bench.shown();
    assert.deepEqual([live.status, live.phase, live.sessions[0]?.outcome], ["running", "planning", null]);
    for (const args of [["diff", done], ["cost", "daily"], ["show", bench.taskId()]]) assert.equal((await bench.run(args)).code, 0, args.join(" "));
    running.kill("SIGINT");
    assert.equal((await running.ended).code, 4);
    const after = await bench.run(["accept", done]);
    assert.equal(after.code, 0, after.err);
  });

  it("lets a run in another repository be", async () => {
    const one = new Bench(`${folder()}/one`);
    const other = new Bench(`${folder()}/other`);
    running = one.start(["run", "Greet", "--model", one.model(aPassingScript().planner({ ...answers(aPlan()), delayMs: 60_000 }))], { input: "" });
    await running.until(/planner · claude/);
    const ended = await other.play(aPassingScript(), [], { env: { COUNTERSIGN_CACHE_DIR: one.cache } });
    assert.equal(ended.code, 0, ended.err);
  });
});
