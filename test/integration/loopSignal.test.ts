// The signal that cancels a run is listened to by whatever works for it, and by nobody afterwards: a long run would keep
// all that it ever started.
import { strict as assert } from "node:assert";
import { getEventListeners } from "node:events";
import { EngineBench } from "../builders/engineBench";
import { aContractOf, aPass, aPassingScript, aPlan, answers, calls, runs, WRITE_HELLO } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

/** A phase's limit, a command of an agent or a check, and git. */
const MOST_AT_ONCE = 4;
const CHECKS = Array.from({ length: 6 }, (_, n) => `grep -qi hello greeting.txt && echo ${n}`);

describe("the signal of a run", function () {
  this.timeout(60_000);
  const folder = tempFolder();

  it("has few listeners while the run lasts, however many checks and commands there are, and none when it is over", async () => {
    const script = aPassingScript()
      .planner(answers(aPlan({ estimatedToolCalls: 20 })))
      .negotiator(answers(aContractOf(CHECKS)))
      .generator(1, calls(WRITE_HELLO, ...CHECKS.map((check) => runs(check))))
      .evaluator(1, answers(aPass(CHECKS.length)));
    const bench = await EngineBench.open(folder(), script);
    try {
      await bench.create();
      const { signal } = new AbortController();
      const most = mostListeners(signal);
      const { end, view } = await bench.harness.run(await bench.view(), signal);
      assert.equal(end, "passed", `${view.detail} ${view.attempts.flatMap(({ decision }) => decision?.reasons ?? []).join("; ")}`);
      assert.ok(most() > 0 && most() <= MOST_AT_ONCE, `${most()} at once`);
      assert.equal(getEventListeners(signal, "abort").length, 0);
    } finally {
      await bench.close();
    }
  });
});

/** Counts from now on. */
function mostListeners(signal: AbortSignal): () => number {
  let most = 0;
  const listen: EventTarget["addEventListener"] = (...added) => EventTarget.prototype.addEventListener.apply(signal, added);
  signal.addEventListener = (...added: Parameters<typeof listen>) => {
    listen(...added);
    most = Math.max(most, getEventListeners(signal, "abort").length);
  };
  return () => most;
}
