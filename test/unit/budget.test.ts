import { strict as assert } from "node:assert";
import type { EventBody } from "../../src/core/domain/event";
import { PRICES, dearestTurn } from "../../src/core/domain/pricing";
import type { SessionId } from "../../src/core/domain/task";
import { NO_USAGE, type Usage } from "../../src/core/domain/usage";
import { Budget, DEFAULT_BUDGET, type BudgetSettings } from "../../src/core/engine/budget";
import { DayAlerts } from "../../src/core/engine/dayAlerts";
import { aRecorder } from "../builders/sessionBuilder";

/** $2 input, $10 output, $2.5 written to the cache, each a million tokens. */
const SONNET = "claude-sonnet-5-5";
const session = "generator-1-0001" as SessionId;

async function aBudget(settings: Partial<BudgetSettings> = {}, spentTodayByOthers = () => Promise.resolve(0), dayAlerts = new DayAlerts(() => Promise.resolve(false))) {
  const base = await aRecorder();
  const deps = { prices: PRICES, spentTodayByOthers, dayAlerts, now: () => new Date(base.clock.now()), settings: { ...DEFAULT_BUDGET, ...settings } };
  const budget = new Budget(deps, base.recorder);
  const note = (body: EventBody): void => base.recorder.note(body);
  note({ kind: "sessionStarted", session, role: "generator", phase: "implementation", attempt: 1, model: SONNET });
  const spend = (usd: number | null, usage: Usage = NO_USAGE, model = SONNET): void =>
    note({ kind: "turnCompleted", session, turn: 1, model, usage, usd, durationMs: 1, stop: "toolUse", toolCalls: 0 });
  const warnings = (): readonly string[] => base.events.flatMap((e) => (e.kind === "budgetWarned" ? [`${e.scope} ${e.spentUsd} of ${e.limitUsd}`] : []));
  return { ...base, budget, deps, note, spend, warnings };
}

describe("Budget", () => {
  it("refuses the call that could pass the breaker, and allows the one that just fits", async () => {
    // 100,000 tokens of output at $10 a million are $1; 2,500 bytes are 1,000 tokens at $2.5 a million.
    const worst = 1 + 0.0025;
    const fits = await aBudget({ taskUsd: 10 });
    fits.spend(10 - worst);
    assert.equal(await fits.budget.refusal(SONNET, 2500, 100_000), null);
    const passes = await aBudget({ taskUsd: 10 });
    passes.spend(10 - worst + 0.0001);
    assert.match((await passes.budget.refusal(SONNET, 2500, 100_000)) ?? "", /^the task has cost \$9\.00 and the next call could cost up to \$1\.00, which could pass its budget of \$10\.00$/);
  });

  it("stops before the first call when even that could pass", async () => {
    const { budget } = await aBudget({ taskUsd: 0.01 });
    assert.notEqual(await budget.refusal(SONNET, 1000, 32_000), null);
  });

  it("takes an unknown model for the dearest known one", async () => {
    const { budget } = await aBudget({ taskUsd: 1 });
    // 25,000 tokens: $0.25 at $10 a million, $1.25 at the dearest $50.
    assert.equal(await budget.refusal(SONNET, 100, 25_000), null);
    assert.notEqual(await budget.refusal("mystery", 100, 25_000), null);
  });

  it("counts what an unknown model has already used: it cannot spend without end", async () => {
    const { budget, spend } = await aBudget({ taskUsd: 1 });
    const usage: Usage = { ...NO_USAGE, output: 10_000 };
    assert.equal(await budget.refusal("mystery", 100, 1000), null);
    spend(null, usage, "mystery");
    assert.equal(dearestTurn(PRICES, usage, new Date()), 0.5);
    assert.equal(await budget.refusal("mystery", 100, 1000), null);
    spend(null, usage, "mystery");
    assert.match((await budget.refusal("mystery", 100, 1000)) ?? "", /^the task has cost \$1\.00/);
  });

  it("counts the bytes of a prompt, since other scripts have more tokens than characters in English", async () => {
    const { recorder } = await aBudget();
    assert.equal(recorder.view.cost.usd, 0);
    const { budget } = await aBudget({ taskUsd: 0.25 });
    assert.equal(await budget.refusal(SONNET, 240_000, 1), null);
    assert.notEqual(await budget.refusal(SONNET, 260_000, 1), null);
  });

  it("prices calls, and says unknown for what has no price", async () => {
    const { budget } = await aBudget();
    assert.equal(budget.price(SONNET, { ...NO_USAGE, input: 1_000_000, output: 100_000 }), 3);
    assert.equal(budget.price("mystery", { ...NO_USAGE, input: 1 }), null);
    assert.equal(budget.price("mystery", NO_USAGE), 0);
  });

  it("warns once at its share of the task's budget, and notifies", async () => {
    const { budget, spend, warnings, events } = await aBudget({ taskUsd: 10, warnAt: 0.5 });
    spend(4.99);
    budget.warnTask();
    assert.deepEqual(warnings(), []);
    spend(0.02);
    budget.warnTask();
    spend(3);
    budget.warnTask();
    assert.deepEqual(warnings(), ["task 5.01 of 10"]);
    assert.deepEqual(
      events.flatMap((e) => (e.kind === "notificationRaised" ? [`${e.level}: ${e.text}`] : [])),
      ["warning: This task has cost $5.01; its budget is $10.00."],
    );
  });

  it("does not warn again in another run of the task, but of a budget that was raised", async () => {
    const { budget, spend, warnings, recorder, deps } = await aBudget({ taskUsd: 10, warnAt: 0.5 });
    spend(6);
    budget.warnTask();
    new Budget(deps, recorder).warnTask();
    assert.deepEqual(warnings(), ["task 6 of 10"]);
    const raised = new Budget({ ...deps, settings: { ...deps.settings, taskUsd: 20 } }, recorder);
    raised.warnTask();
    spend(4);
    raised.warnTask();
    assert.deepEqual(warnings(), ["task 6 of 10", "task 10 of 20"]);
  });

  it("alerts once when all tasks of the day together have passed the mark, and does not stop for it", async () => {
    const { budget, spend, warnings } = await aBudget({ dayAlertUsd: 100 }, () => Promise.resolve(98));
    spend(1);
    await budget.warnDay();
    assert.deepEqual(warnings(), []);
    spend(1.5);
    await budget.warnDay();
    await budget.warnDay();
    assert.deepEqual(warnings(), ["day 100.5 of 100"]);
    assert.equal(await budget.refusal(SONNET, 100, 1000), null);
  });

  it("warns of a day once, whichever run comes to it, and again on the next day or of another limit", async () => {
    const onRecord: string[] = [];
    const alerts = new DayAlerts((day, limit) => Promise.resolve(onRecord.includes(`${day} ${limit}`)));
    const others = (): Promise<number> => Promise.resolve(100);
    const [one, two] = [await aBudget({}, others, alerts), await aBudget({}, others, alerts)];
    await Promise.all([one.budget.warnDay(), two.budget.warnDay()]);
    assert.deepEqual([...one.warnings(), ...two.warnings()], ["day 100 of 100"]);
    onRecord.push(`${new Date(one.clock.now()).toISOString().slice(0, 10)} 100`);
    const restarted = new DayAlerts((day, limit) => Promise.resolve(onRecord.includes(`${day} ${limit}`)));
    const later = await aBudget({}, others, restarted);
    await later.budget.warnDay();
    assert.deepEqual(later.warnings(), [], "the journal says that it was given");
    const lower = await aBudget({ dayAlertUsd: 50 }, others, restarted);
    await lower.budget.warnDay();
    assert.deepEqual(lower.warnings(), ["day 100 of 50"]);
    const tomorrow = new Budget({ ...later.deps, now: () => new Date(later.clock.now() + 86_400_000) }, later.recorder);
    await tomorrow.warnDay();
    assert.deepEqual(later.warnings(), ["day 100 of 100"]);
  });

  it("asks for the day's costs only where they matter, and anew: other tasks run at the same time", async () => {
    const others = [4.5, 4.9];
    let asked = 0;
    const spentByOthers = (): Promise<number> => Promise.resolve(others[asked++] ?? 0);
    const open = await aBudget({}, spentByOthers);
    await open.budget.refusal(SONNET, 100, 1000);
    assert.equal(asked, 0);
    const { budget, spend } = await aBudget({ dayUsd: 5 }, spentByOthers);
    assert.equal(await budget.refusal(SONNET, 100, 1000), null);
    spend(0.095);
    assert.match((await budget.refusal(SONNET, 100, 1000)) ?? "", /^today has cost \$5\.00 and the next call could pass the daily budget of \$5\.00$/);
    assert.equal(asked, 2);
  });
});
