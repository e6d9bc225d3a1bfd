// What the status bar says, and when it speaks up.
import assert from "node:assert/strict";
import type { BudgetSettings } from "../../src/core/engine/budget";
import { boardOf, statusText, statusWords, type Board, type DayCost } from "../../src/vscode/status/board";
import { DayCosts } from "../../src/vscode/status/dayCosts";
import { DeskHistory } from "../builders/deskHistory";
import { SOME_USAGE } from "../builders/samples";
import { FakeDesk } from "../fakes/fakeDesk";
import { ManualClock } from "../fakes/manualClock";
import type { CostRow } from "../../src/core/ports/taskStore";
import type { SessionId } from "../../src/core/domain/task";

const BUDGET: BudgetSettings = { taskUsd: 50, warnAt: 0.5, dayAlertUsd: 100, dayUsd: null };
const NOTHING: DayCost = { todayUsd: 0, unpricedToday: 0 };

function aBoard(day: Partial<DayCost> = {}, budget: Partial<BudgetSettings> = {}, history = new DeskHistory()): Board {
  return boardOf([history.desk], { ...NOTHING, ...day }, { ...BUDGET, ...budget });
}

describe("statusText", () => {
  it("is nothing without anything to say", () => {
    const history = new DeskHistory();
    history.created("Idea");
    assert.equal(statusText(aBoard({}, {}, history)), null);
  });

  it("counts what runs, what is in the queue, what waits for the user, and today's cost", () => {
    const history = new DeskHistory();
    history.running("At work");
    history.queued("Next", 1);
    history.inReview("Good");
    history.escalated("Hopeless");
    const board = aBoard({ todayUsd: 1.2 }, {}, history);
    assert.equal(statusText(board), "$(loading~spin) 1  $(list-ordered) 1  $(bell-dot) 2  $1.20 today");
    assert.equal(statusWords(board), "Countersign · 1 task running · 1 in queue · 2 waiting for you · $1.20 today");
  });

  it("counts a task whose command waits among what waits for the user, and not as running", () => {
    const history = new DeskHistory();
    history.add(history.running("At work"), { kind: "commandAsked", ask: 1, command: "make", purpose: "agent", reason: "No entry covers it." });
    assert.equal(statusText(aBoard({}, {}, history)), "$(bell-dot) 1");
  });

  it("rounds to cents, but never to nothing", () => {
    assert.deepEqual([0.0807, 0.001, 12].map((todayUsd) => statusText(aBoard({ todayUsd }))), ["$0.08 today", "<$0.01 today", "$12.00 today"]);
  });

  it("does not hide calls without a known price", () => {
    assert.equal(statusText(aBoard({ unpricedToday: 3 })), "$0.00+ today");
    assert.match(statusWords(aBoard({ unpricedToday: 3 })), /3 calls without a known price/);
  });
});

describe("boardOf", () => {
  const alarms: readonly [string, Partial<DayCost>, Partial<BudgetSettings>, string | null][] = [
    ["far from the alert", { todayUsd: 79 }, {}, null],
    ["near the alert", { todayUsd: 80 }, {}, "near: today has cost $80.00 of $100.00"],
    ["near the daily budget", { todayUsd: 16 }, { dayUsd: 20 }, "near: today has cost $16.00 of $20.00"],
    ["the daily budget used up", { todayUsd: 20 }, { dayUsd: 20 }, "over: today has used its budget of $20.00"],
  ];
  for (const [name, day, budget, expected] of alarms) {
    it(`raises an alarm or not: ${name}`, () => {
      const { alarm } = aBoard(day, budget);
      assert.equal(alarm === null ? null : `${alarm.level}: ${alarm.text}`, expected);
    });
  }

  it("raises an alarm for a running task that has used its share, and not once it is over", () => {
    const history = new DeskHistory();
    const task = history.running("Dear");
    const session = "generator-1-0001" as SessionId;
    history.add(task, { kind: "sessionStarted", session, role: "generator", phase: "implementation", attempt: 1, model: "m" });
    history.add(task, { kind: "turnCompleted", session, turn: 1, model: "m", usage: SOME_USAGE, usd: 26, durationMs: 1, stop: "endTurn", toolCalls: 0 });
    assert.deepEqual(aBoard({}, {}, history).alarm, { level: "near", text: `"Dear" has cost $26.00 of $50.00` });
    history.add(task, { kind: "commandAsked", ask: 1, command: "make", purpose: "agent", reason: "No entry covers it." });
    assert.equal(aBoard({}, {}, history).alarm?.level, "near", "also while it waits for a word of the user's");
    history.add(task, { kind: "taskCancelled", detail: "" });
    history.desk.setRunning(task, false);
    assert.equal(aBoard({}, {}, history).alarm, null);
  });
});

describe("DayCosts", () => {
  function costsOf(rows: () => readonly Partial<CostRow>[]): { readonly clock: ManualClock; readonly costs: DayCosts; readonly asked: string[]; readonly changes: () => number; readonly failures: unknown[] } {
    const clock = new ManualClock();
    const asked: string[] = [];
    const failures: unknown[] = [];
    let changes = 0;
    const desk = {
      costs: async (filter: { readonly from?: string }) => {
        await Promise.resolve();
        asked.push(filter.from ?? "");
        return rows() as readonly CostRow[];
      },
    };
    return { clock, asked, failures, changes: () => changes, costs: new DayCosts({ desks: () => [desk], timers: clock, onChange: () => (changes += 1), onFailure: (error) => failures.push(error) }) };
  }

  it("reads once at once and then at most every five seconds, however often something was billed", async () => {
    const { clock, costs, asked, changes } = costsOf(() => [{ cost: { usd: 0.5, unpricedCalls: 1 } }, { cost: { usd: 0.25, unpricedCalls: 0 } }]);
    for (let step = 0; step < 100; step += 1) {
      costs.changed();
      await clock.advance(100);
    }
    assert.deepEqual([asked.length, asked[0], costs.cost, changes()], [3, "2026-01-05", { todayUsd: 0.75, unpricedToday: 1 }, 1]);
  });

  it("begins anew with the day", async () => {
    const { clock, costs } = costsOf(() => [{ cost: { usd: 0.5, unpricedCalls: 0 } }]);
    costs.changed();
    await clock.advance(1);
    assert.equal(costs.cost.todayUsd, 0.5);
    await clock.advance(24 * 3_600_000);
    assert.equal(costs.cost.todayUsd, 0);
  });

  it("says that it could not read, and reads again next time", async () => {
    let fails = true;
    const { clock, costs, failures } = costsOf(() => {
      if (fails) throw new Error("disk");
      return [{ cost: { usd: 1, unpricedCalls: 0 } }];
    });
    costs.changed();
    await clock.advance(1);
    fails = false;
    costs.changed();
    await clock.advance(5000);
    assert.deepEqual([failures.length, costs.cost.todayUsd], [1, 1]);
  });

  it("works on a fake desk as on a real one", async () => {
    const clock = new ManualClock();
    const costs = new DayCosts({ desks: () => [new FakeDesk()], timers: clock, onChange: () => assert.fail("nothing was billed"), onFailure: assert.ifError });
    costs.changed();
    await clock.advance(1);
    assert.deepEqual(costs.cost, NOTHING);
  });
});
