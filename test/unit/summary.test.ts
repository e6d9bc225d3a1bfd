import { strict as assert } from "node:assert";
import { costLine, diffStat, printSummary } from "../../src/cli/summary";
import type { TaskStatus } from "../../src/core/domain/task";
import { NO_USAGE } from "../../src/core/domain/usage";
import type { TaskView } from "../../src/core/projections/taskView";
import { FILES, REQUEST } from "../builders/fibonacciTask";
import { GoldenFolder } from "../builders/goldenFile";
import { aTask } from "../builders/taskBuilder";
import { aTerminal } from "../builders/terminalBuilder";
import { A_BASE, anAttempt, aView } from "../builders/viewBuilder";

const golden = new GoldenFolder("cli/summary");

function summary(view: TaskView): string {
  const { terminal, text } = aTerminal();
  printSummary(terminal, { view, tasks: [], folder: "/home/ada/tally/.countersign/plans/add-fibonacci-7k2m", program: "countersign", repoFlag: " --repo tally" });
  return text();
}

const passed = aTask(REQUEST).withSession("planner").withPlan().withContract().withAttempt("fail").withAttempt("pass").passed().view();

describe("printSummary", () => {
  after(() => golden.hasNoOthers());

  it("says what came out, where it is, what it cost and what to do next", () => golden.matches("passed.txt", summary(passed)));

  it("sends an escalated task's owner to the failure report", () => {
    const view = aTask(REQUEST).withPlan().withContract().withAttempt("fail").withAttempt("fail").withAttempt("fail").escalated().view();
    golden.matches("escalated.txt", summary(view));
  });

  it("offers an attempt that passed before the round that failed", () => {
    const again = { kind: "changesRequested", afterAttempt: 1, request: { text: "Shorter.", comments: [] } } as const;
    const view = aTask(REQUEST).with({ kind: "baseSnapshotted", base: A_BASE }).withPlan().withContract().withAttempt("pass").passed().with(again).withAttempt("fail").escalated().view();
    assert.match(summary(view), /accept add-fibonacci-7k2m --attempt 1 --repo tally {4}take attempt 1, which passed/);
  });

  it("does not call a single agent's work verified", () => {
    const text = summary(aView({ type: "single_agent", status: "review", attempts: [anAttempt({ files: FILES })] }));
    assert.match(text, /✔ Done, not verified: review the diff/);
    assert.doesNotMatch(text, /Passed/);
  });

  const statuses: readonly TaskStatus[] = ["queued", "running", "awaiting_approval", "review", "accepted", "discarded", "escalated", "failed", "paused", "cancelled"];
  for (const status of statuses) {
    it(`has a headline and a next step for ${status}`, () => {
      const text = summary(aView({ status, detail: status === "failed" ? "npm ci failed" : "" }));
      const [, headline = ""] = text.split("\n");
      assert.notEqual(headline.trim(), "");
      assert.match(text, /\nNext\n {2}\S.*/);
      assert.match(text.slice(text.indexOf("\nNext\n")), status === "escalated" ? /qc-failure-report\.md/ : /add-fibonacci-7k2m|plan\.md/);
      assert.doesNotMatch(text, /undefined|NaN|\[object/);
      if (status === "failed") assert.match(text, /\n {2}npm ci failed\n/);
    });
  }
});

describe("diffStat", () => {
  it("lines the files up and adds them up", () => {
    assert.deepEqual(diffStat(aTerminal().terminal, FILES), [
      "docs/fibonacci.md          added     +12 −0",
      "media/spiral.png           added     binary",
      "src/commands/fibonacci.js  added     +24 −0",
      "src/registry.js            modified  +2 −1",
      "4 files, +38 −1",
    ]);
  });
});

describe("costLine", () => {
  it("says what is unknown, and how much came from the cache", () => {
    const usage = { ...NO_USAGE, input: 100, cacheRead: 300, output: 7 };
    assert.equal(costLine(aView({ usage, cost: { usd: 0.0123, unpricedCalls: 0 } })), "$0.0123 · 400 tokens in (75 % from cache), 7 out");
    assert.equal(costLine(aView({ cost: { usd: 1, unpricedCalls: 2 } })), "$1.00 + unknown (2 calls of models without a known price) · 0 tokens in (0 % from cache), 0 out");
    assert.match(costLine(aView({ cost: { usd: 0, unpricedCalls: 1 } })), /unknown \(1 call of a model without a known price\)/);
  });
});
