// `--json`: what scripts read. Events on standard output and nothing else there, errors on standard error.
import { strict as assert } from "node:assert";
import { Bench, ensureBuilt, type Ended, type Printed } from "../builders/cliRun";
import { aPassingScript, answers, aPlan, aScript, calls, runs, WRITE_HELLO } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

/** The events on standard output; fails on any line that is none. */
function eventsIn({ out }: Ended): readonly Printed[] {
  assert.ok(out === "" || out.endsWith("\n"));
  return out
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const event = JSON.parse(line) as Printed;
      assert.equal(typeof event.kind, "string", line);
      assert.equal(typeof event["task"], "string", line);
      assert.match(String(event["time"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      return event;
    });
}

function assertNoGaps(events: readonly Printed[], from: number): void {
  assert.deepEqual(events.map(({ seq }) => seq), events.map((_, index) => from + index));
}

describe("countersign --json", function () {
  this.timeout(30_000);
  before(ensureBuilt);
  const folder = tempFolder();

  it("prints a run's events as they stand in the journal, then a resume's, without a gap in between", async () => {
    const bench = new Bench(folder());
    const half = aScript().planner().negotiator().generator(1, calls(WRITE_HELLO));
    const failed = await bench.play(half, ["--json"]);
    assert.equal(failed.code, 1);
    assert.match(failed.err, /^countersign: The script has no session for evaluator, attempt 1\./);
    const first = eventsIn(failed);
    assertNoGaps(first, 1);
    assert.deepEqual(first, bench.events());
    assert.equal(first[0]?.kind, "taskCreated");
    assert.ok(first.some(({ kind }) => kind === "taskFailed"));
    const resumed = await bench.run(["resume", "--json", "--model", bench.model(aPassingScript())]);
    assert.equal(resumed.code, 0, resumed.err);
    assert.equal(resumed.err, "");
    const second = eventsIn(resumed);
    assertNoGaps(second, first.length + 1);
    assert.deepEqual([...first, ...second], bench.events());
    assert.deepEqual([second[0]?.kind, second[0]?.["resumed"]], ["runStarted", true]);
    assert.ok(second.some(({ kind }) => kind === "taskPassed"));
    assert.ok(!second.some(({ kind }) => kind === "planProposed"), "what was done is not done again");
  });

  it("prints what accept and discard do in the same way", async () => {
    const bench = new Bench(folder());
    await bench.play(aPassingScript());
    const accepted = await bench.run(["accept", bench.taskId(), "--json"]);
    assert.deepEqual([accepted.code, accepted.err], [0, ""]);
    assert.deepEqual(eventsIn(accepted).map(({ kind, remaining }) => ({ kind, remaining })), [{ kind: "changesAccepted", remaining: [] }]);
    await bench.play(aPassingScript());
    const discarded = await bench.run(["discard", bench.taskId(), "--json"]);
    assert.deepEqual(eventsIn(discarded).map(({ kind }) => kind), ["changesDiscarded"]);
    const tasks = await bench.json<readonly { readonly status: string }[]>("tasks");
    assert.deepEqual(tasks.map(({ status }) => status).toSorted(), ["accepted", "discarded"]);
  });

  it("keeps standard output free of what commands print, and errors on the other stream", async () => {
    const bench = new Bench(folder());
    const noisy = aPassingScript().generator(1, calls(WRITE_HELLO, runs("echo not json; echo nor this >&2")));
    const ended = await bench.play(noisy, ["--json"]);
    assert.deepEqual([ended.code, ended.err], [0, ""]);
    assertNoGaps(eventsIn(ended), 1);
    const none = await bench.run(["run", "Greet", "--json"]);
    assert.deepEqual([none.code, none.out], [1, ""]);
    assert.match(none.err, /No model is configured/);
  });

  it("ends quietly where its reader goes away, with the task on record", async () => {
    const bench = new Bench(folder());
    const slow = aPassingScript().planner({ ...answers(aPlan()), delayMs: 400 });
    const running = bench.start(["run", "Greet", "--json", "--model", bench.model(slow)], { input: "" });
    await running.until(/sessionStarted/);
    running.child.stdout?.destroy();
    const ended = await running.ended;
    assert.deepEqual([ended.code, ended.err], [4, ""]);
    assert.equal((await bench.shown()).status, "cancelled");
  });
});
