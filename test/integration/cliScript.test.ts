// A task that a script plays: whoever goes on with it asks the same script, without being told again.
import { strict as assert } from "node:assert";
import { rmSync } from "node:fs";
import { Bench, ensureBuilt } from "../builders/cliRun";
import { aPassingScript } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const NO_KEY = { env: { ANTHROPIC_API_KEY: undefined, ANTHROPIC_AUTH_TOKEN: undefined, ANTHROPIC_BASE_URL: undefined } };

describe("a task that a script plays", function () {
  this.timeout(60_000);
  before(ensureBuilt);
  const folder = tempFolder();

  async function paused(): Promise<{ readonly bench: Bench; readonly script: string }> {
    const bench = new Bench(folder());
    const model = bench.model(aPassingScript());
    const ended = await bench.run(["run", "Greet", "--model", model, "--budget", "0.000001"], NO_KEY);
    assert.equal(ended.code, 3, ended.out + ended.err);
    return { bench, script: model.slice("script:".length) };
  }

  it("is resumed with it", async () => {
    const { bench, script } = await paused();
    const { models } = await bench.shown();
    assert.deepEqual([...new Set(Object.values(models).map((id) => id.split("#")[0]))], [`script:${script}`]);
    const resumed = await bench.run(["resume", "--budget", "50"], NO_KEY);
    assert.equal(resumed.code, 0, resumed.out + resumed.err);
    assert.doesNotMatch(resumed.out, new RegExp(script), "its path is for records, not for people");
    assert.match((await bench.run(["cost", "task", bench.taskId()])).out, /by model\n {2}claude-/);
  });

  it("says that the script is gone, and runs nothing", async () => {
    const { bench, script } = await paused();
    rmSync(script);
    const before = bench.kinds().length;
    const resumed = await bench.run(["resume", "--budget", "50"], NO_KEY);
    assert.deepEqual([resumed.code, bench.kinds().length], [1, before]);
    assert.match(resumed.err, /The script .* is gone\. Nothing was run\. Name another one with --model/);
  });
});
