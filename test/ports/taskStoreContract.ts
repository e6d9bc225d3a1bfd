// What every TaskStore must do.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { TaskId } from "../../src/core/domain/task";
import { NO_COST, NO_USAGE, addCost, addUsage } from "../../src/core/domain/usage";
import type { Journal } from "../../src/core/ports/journal";
import type { CostRow, TaskStore } from "../../src/core/ports/taskStore";
import { nextView } from "../../src/core/projections/taskFold";
import type { TaskView } from "../../src/core/projections/taskView";
import { histories, type HistoryStep } from "../builders/eventBuilder";
import { aTask } from "../builders/taskBuilder";
import { ManualClock } from "../fakes/manualClock";
import { eventsOf } from "./journalContract";

export interface StoreUnderTest {
  readonly journal: Journal;
  readonly store: TaskStore;
}

export type CreateStore = (clock: ManualClock) => Promise<StoreUnderTest>;

export function record(journal: Journal, clock: ManualClock, steps: readonly HistoryStep[]): void {
  for (const { task, body, afterMs } of steps) {
    clock.jump(afterMs);
    journal.append(task, body);
  }
}

export function taskStoreContract(create: CreateStore): void {
  const id = (text: string): TaskId => text as TaskId;

  it("answers with nothing from an empty journal", async () => {
    const { store } = await create(new ManualClock());
    await store.sync();
    assert.deepEqual([store.tasks(), store.task(id("a-0001")), store.costs({})], [[], null, []]);
    await store.close();
  });

  it("answers from the last sync, not beyond", async () => {
    const { journal, store } = await create(new ManualClock());
    const task = aTask();
    for (const body of task.bodies) journal.append(task.request.id, body);
    await store.sync();
    journal.append(task.request.id, { kind: "taskEscalated", reason: "3 attempts failed" });
    assert.equal(store.task(task.request.id)?.status, "running");
    await store.sync();
    assert.equal(store.task(task.request.id)?.status, "escalated");
    await store.close();
  });

  it("knows at a sync what was appended just before, however long it takes to write", async () => {
    const { journal, store } = await create(new ManualClock());
    const task = aTask();
    for (const body of task.bodies) journal.append(task.request.id, body);
    for (const length of [8_000_000, 8_000_001]) {
      journal.append(task.request.id, { kind: "singleAgentAnswered", text: "x".repeat(length) });
      await store.sync();
      assert.equal(store.task(task.request.id)?.answer?.length, length);
    }
    await store.close();
    await journal.close();
  });

  it("lists tasks newest first, whatever happened to them later", async () => {
    const { journal, store } = await create(new ManualClock());
    const [first, second, third] = ["a-0001", "b-0002", "c-0003"].map((name) => aTask({ id: id(name) }));
    for (const task of [first!, second!]) journal.append(task.request.id, task.bodies[0]!);
    await store.sync();
    journal.append(third!.request.id, third!.bodies[0]!);
    journal.append(first!.request.id, { kind: "taskPassed", attempt: 1 });
    await store.sync();
    assert.deepEqual(store.tasks().map(({ request }) => request.id), ["c-0003", "b-0002", "a-0001"]);
    await store.close();
  });

  it("groups calls by day, task, role, phase and model", async () => {
    const clock = new ManualClock(Date.UTC(2026, 2, 1, 23, 59, 0));
    const { journal, store } = await create(clock);
    const task = aTask().withSession("planner", 1, 0.5);
    const [created, , ...rest] = task.bodies;
    journal.append(task.request.id, created!);
    for (const body of rest) journal.append(task.request.id, body);
    clock.jump(120_000);
    const again = aTask().withSession("planner", 2, null).bodies.slice(2);
    for (const body of again) journal.append(task.request.id, body);
    await store.sync();
    const summary = (row: CostRow): unknown => [row.day, row.title, row.role, row.phase, row.model, row.calls, row.cost];
    const model = "claude-opus-5-5";
    const rest2 = ["Add a Fibonacci command", "planner", "planning", model];
    assert.deepEqual(store.costs({}).map(summary), [
      ["2026-03-01", ...rest2, 1, { usd: 0.5, unpricedCalls: 0 }],
      ["2026-03-02", ...rest2, 2, { usd: 0, unpricedCalls: 2 }],
    ]);
    assert.deepEqual(store.costs({ from: "2026-03-02" }).map(({ day }) => day), ["2026-03-02"]);
    assert.deepEqual(store.costs({ to: "2026-03-01" }).map(({ day }) => day), ["2026-03-01"]);
    assert.deepEqual(store.costs({ from: "2026-03-01", to: "2026-03-02" }).length, 2);
    assert.deepEqual(store.costs({ task: id("b-0002") }), []);
    await store.close();
  });

  it("equals a fold of the journal, however often it was synced between (property)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(histories, { maxLength: 3 }), async (parts) => {
        const clock = new ManualClock();
        const { journal, store } = await create(clock);
        const created = new Set<TaskId>();
        for (const part of parts) {
          // A task is created once: later parts only go on with it.
          record(journal, clock, part.filter(({ task, body }) => body.kind !== "taskCreated" || !created.has(task)));
          for (const { task } of part) created.add(task);
          await store.sync();
        }
        const events = await eventsOf(journal);
        for (const task of created) {
          const own = events.filter((event) => event.task === task);
          const view = own.reduce<TaskView | null>(nextView, null);
          assert.deepEqual(store.task(task), view);
          assertSum(store.costs({ task }), view!);
        }
        assert.equal(store.tasks().length, created.size);
        await store.close();
        await journal.close();
      }),
      { numRuns: 40 },
    );
  });

  it("has cost rows that sum up to each task and to the whole (property)", async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        const clock = new ManualClock();
        const { journal, store } = await create(clock);
        record(journal, clock, steps);
        await store.sync();
        for (const view of store.tasks()) assertSum(store.costs({ task: view.request.id }), view);
        const views = store.tasks();
        const whole = {
          usage: views.reduce((sum, view) => addUsage(sum, view.usage), NO_USAGE),
          cost: views.reduce((sum, view) => addCost(sum, view.cost), NO_COST),
        };
        const rows = store.costs({});
        assertSum(rows, whole);
        const days = [...new Set(rows.map(({ day }) => day))];
        assertSum(days.flatMap((day) => store.costs({ from: day, to: day })), whole);
        assert.equal(rows.length, new Set(rows.map((row) => [row.day, row.task, row.role, row.phase, row.model].join())).size);
        await store.close();
        await journal.close();
      }),
      { numRuns: 40 },
    );
  });
}

function assertSum(rows: readonly CostRow[], whole: Pick<CostRow, "usage" | "cost">): void {
  const usage = rows.reduce((sum, row) => addUsage(sum, row.usage), NO_USAGE);
  const cost = rows.reduce((sum, row) => addCost(sum, row.cost), NO_COST);
  assert.deepEqual(usage, whole.usage);
  assert.equal(cost.unpricedCalls, whole.cost.unpricedCalls);
  // Dollars are added in another order.
  assert.ok(Math.abs(cost.usd - whole.cost.usd) <= 1e-9 * Math.max(1, whole.cost.usd), `${cost.usd} of ${whole.cost.usd}`);
}
