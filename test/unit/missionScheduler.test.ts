// What may begin, what is blocked and why, and what the user can do about it.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { buildDag } from "../../src/core/mission/dag";
import { scheduleOf } from "../../src/core/mission/scheduleOf";
import { createSchedule, type NodeState, type Schedule, type ScheduleNode } from "../../src/core/mission/schedule";
import { applyChange, blockedNodes, progressOf, readyNodes, remainingPaths, waitsFor, type ScheduleChange } from "../../src/core/mission/scheduler";
import { aPlannedTask } from "../builders/missionBuilder";
import { dags } from "../builders/randomDags";

/** 0 before all; a diamond 1 → (2, 3) → 4; 5 beside it. */
const DIAMOND = [node("0"), node("1", ["0"]), node("2", ["1"]), node("3", ["1"], 5), node("4", ["2", "3"]), node("5", ["0"], 2)];

describe("createSchedule", () => {
  it("refuses ids that are twice there, unknown ones, circles and weights that are none, by name", () => {
    assert.throws(() => createSchedule([node("a"), node("a")]), /Two tasks are called a/);
    assert.throws(() => createSchedule([node("a", ["b"])]), /a waits for b, which does not exist/);
    assert.throws(() => createSchedule([node("a", ["b"]), { ...node("b"), after: ["a"] }]), /wait for each other: a, b/);
    assert.throws(() => createSchedule([node("a", [], 0)]), /weight 0/);
    assert.throws(() => createSchedule([node("a", [], Number.NaN)]), /weight NaN/);
  });
});

describe("scheduleOf", () => {
  it("takes a graph's declared edges for needs, shared files for an order, and tool calls for weights", () => {
    const result = buildDag([aPlannedTask("a", { files: ["x.ts"], estimatedToolCalls: 0 }), aPlannedTask("b", { files: ["x.ts"], estimatedToolCalls: 7 }), aPlannedTask("c", { dependencies: ["a"], files: [] })]);
    assert.ok(result.ok);
    const schedule = scheduleOf(result.dag);
    assert.deepEqual(
      schedule.nodes.map(({ id, dependencies, after: others, weight }) => [id, dependencies, others, weight]).slice(0, 2),
      [["a", [], [], 1], ["b", [], ["a"], 7]],
    );
    const failed = after(schedule, ["started a", "failed a"]);
    assert.deepEqual([ids(readyNodes(failed)), blockedNodes(failed)], [["b"], [{ id: "c", because: [["a", "c"]] }]]);
    assert.deepEqual(ids(readyNodes(scheduleOf(result.dag, new Map([["a", "passed"]])))), ["c", "b"]);
  });
});

describe("readyNodes", () => {
  it("has first what the longest remaining path hangs on", () => {
    const open = after(DIAMOND, ["started 0", "passed 0", "started 1", "passed 1"]);
    assert.deepEqual(ids(readyNodes(open)), ["3", "2", "5"]);
    assert.equal(remainingPaths(open).get("3"), 6);
  });

  it("keeps the order of the mission among equals", () => {
    assert.deepEqual(ids(readyNodes(createSchedule([node("b"), node("a"), node("c")]))), ["b", "a", "c"]);
  });

  it("counts a skipped dependency as done, and leaves out one that the user has taken over until it is passed", () => {
    const skipped = after(DIAMOND, ["started 0", "passed 0", "skipped 1"]);
    assert.deepEqual(ids(readyNodes(skipped)), ["3", "2", "5"]);
    const taken = after(DIAMOND, ["started 0", "passed 0", "takenOver 1"]);
    assert.deepEqual(ids(readyNodes(taken)), ["5"]);
    assert.deepEqual(waitsFor(taken, "2"), ["1"]);
    assert.deepEqual(ids(readyNodes(after(taken, ["passed 1"]))), ["3", "2", "5"]);
  });

  it("runs tasks that share files one after the other, in their order, and lets neither block the other", () => {
    const nodes = [node("a"), { ...node("b"), after: ["a"] }, { ...node("c"), after: ["b"] }];
    const first = createSchedule(nodes);
    assert.deepEqual(ids(readyNodes(first)), ["a"]);
    const running = after(first, ["started a"]);
    assert.deepEqual([ids(readyNodes(running)), waitsFor(running, "b")], [[], ["a"]]);
    const failed = after(running, ["failed a"]);
    assert.deepEqual([ids(readyNodes(failed)), blockedNodes(failed)], [["b"], []]);
    // Retried while a later one runs: it waits its turn.
    const retried = after(failed, ["started b", "retried a"]);
    assert.deepEqual([ids(readyNodes(retried)), waitsFor(retried, "a")], [[], ["b"]]);
  });

  it("keeps the ends of a chain of shared files apart when its middle is skipped", () => {
    const nodes = [node("a"), { ...node("b"), after: ["a"] }, { ...node("c"), after: ["b"] }];
    assert.deepEqual(ids(readyNodes(after(nodes, ["skipped b", "started a"]))), []);
    assert.deepEqual(ids(readyNodes(after(nodes, ["skipped b"]))), ["a"]);
  });

  it("does not wait for a task with shared files that is blocked", () => {
    const nodes = [node("x"), node("a", ["x"]), { ...node("b"), after: ["a"] }];
    assert.deepEqual(ids(readyNodes(after(nodes, ["started x", "failed x"]))), ["b"]);
  });
});

describe("blockedNodes", () => {
  it("names who failed and the way from there, and blocks nobody else", () => {
    const failed = after(DIAMOND, ["started 0", "passed 0", "started 1", "passed 1", "started 3", "failed 3"]);
    assert.deepEqual(blockedNodes(failed), [{ id: "4", because: [["3", "4"]] }]);
    assert.deepEqual(ids(readyNodes(failed)), ["2", "5"]);
  });

  it("names everyone who failed, each by a shortest way", () => {
    const nodes = [node("a"), node("b"), node("m", ["a"]), node("z", ["m", "a", "b"])];
    const failed = after(nodes, ["started a", "started b", "failed a", "failed b"]);
    assert.deepEqual(blockedNodes(failed), [
      { id: "m", because: [["a", "m"]] },
      { id: "z", because: [["a", "z"], ["b", "z"]] },
    ]);
  });

  it("blocks nobody any more once what failed is retried, skipped or taken over", () => {
    const failed = after(DIAMOND, ["started 0", "failed 0"]);
    assert.deepEqual(blockedNodes(failed).map(({ id }) => id), ["1", "2", "3", "4", "5"]);
    for (const action of ["retried", "skipped", "takenOver"]) assert.deepEqual(blockedNodes(after(failed, [`${action} 0`])), []);
    assert.deepEqual(ids(readyNodes(after(failed, ["retried 0"]))), ["0"]);
    assert.deepEqual(ids(readyNodes(after(failed, ["skipped 0"]))), ["1", "5"]);
  });
});

describe("applyChange", () => {
  it("refuses, with the reason, what the state does not allow", () => {
    const schedule = createSchedule(DIAMOND);
    const reason = (from: Schedule, change: string): string => {
      const result = applyChange(from, changeOf(change));
      return result.kind === "refused" ? result.reason : "";
    };
    assert.equal(reason(schedule, "started 9"), "There is no task 9.");
    assert.equal(reason(schedule, "started 1"), "Task 1 is not ready.");
    assert.equal(reason(schedule, "passed 0"), "Task 0 is waiting: it cannot be passed.");
    assert.equal(reason(after(schedule, ["started 0", "passed 0"]), "retried 0"), "Task 0 is passed: it cannot be retried.");
    assert.equal(reason(after(schedule, ["skipped 0", "started 1"]), "retried 0"), "Task 0 was skipped, and 1 went on without it.");
  });

  it("lets a task whose worker was lost begin again", () => {
    const released = after(DIAMOND, ["started 0", "released 0"]);
    assert.deepEqual(ids(readyNodes(released)), ["0"]);
  });

  it("leaves the schedule that it was given as it was", () => {
    const schedule = createSchedule(DIAMOND);
    after(schedule, ["started 0"]);
    assert.equal(schedule.states.get("0"), "waiting");
  });
});

describe("progressOf", () => {
  it("tells a mission that is open, done or stuck", () => {
    const nodes = [node("a"), node("b", ["a"]), node("c")];
    const failed = after(nodes, ["started a", "failed a"]);
    assert.deepEqual(progressOf(failed), { kind: "open" });
    const stuck = after(failed, ["started c", "passed c"]);
    assert.deepEqual(progressOf(stuck), { kind: "stuck", failed: ["a"], blocked: ["b"] });
    assert.deepEqual(progressOf(after(stuck, ["takenOver a"])), { kind: "open" });
    assert.deepEqual(progressOf(after(stuck, ["skipped a", "started b", "passed b"])), { kind: "done" });
  });

  it("goes on from states on record", () => {
    const states = new Map<string, NodeState>([["a", "passed"]]);
    assert.deepEqual(ids(readyNodes(createSchedule([node("a"), node("b", ["a"])], states))), ["b"]);
  });
});

describe("a mission of any shape", () => {
  /** What happens to a node that runs or has failed, and to others now and then. */
  const luck = fc.array(fc.record({ pick: fc.nat(), kind: fc.constantFrom<ScheduleChange["kind"]>("passed", "passed", "passed", "failed", "released", "skipped", "retried", "takenOver") }), { maxLength: 120, size: "max" });

  it("runs nothing too early, explains whatever does not run, and never stands still without saying why", () => {
    fc.assert(
      fc.property(dags(14), luck, (nodes, lucks) => {
        let schedule = createSchedule(nodes);
        for (const { pick, kind } of lucks) {
          const ready = readyNodes(schedule)[0];
          if (ready !== undefined && pick % 2 === 0) schedule = changed(schedule, { kind: "started", id: ready.id });
          const result = applyChange(schedule, { kind, id: nodes[pick % nodes.length]!.id });
          if (result.kind === "changed") schedule = result.schedule;
          assertConsistent(schedule);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("is done in the end when nothing fails, whatever runs first", () => {
    fc.assert(
      fc.property(dags(20), fc.infiniteStream(fc.nat()), (nodes, picks) => {
        let schedule = createSchedule(nodes);
        for (let left = nodes.length; left > 0; left -= 1) {
          const ready = readyNodes(schedule);
          const { id } = ready[picks.next().value! % ready.length]!;
          schedule = changed(changed(schedule, { kind: "started", id }), { kind: "passed", id });
        }
        assert.deepEqual(progressOf(schedule), { kind: "done" });
        assert.ok([...remainingPaths(schedule).values()].every((length) => length === 0));
      }),
    );
  });
});

function assertConsistent(schedule: Schedule): void {
  const state = (id: string): NodeState | undefined => schedule.states.get(id);
  const isDone = (id: string): boolean => state(id) === "passed" || state(id) === "skipped";
  const ready = new Set(ids(readyNodes(schedule)));
  const blocked = new Map(blockedNodes(schedule).map(({ id, because }) => [id, because]));
  for (const { id, dependencies, after: others = [] } of schedule.nodes) {
    if (state(id) === "running") assert.ok(others.every((other) => state(other) !== "running"), `${id} runs beside one with the same files`);
    if (ready.has(id)) assert.ok(dependencies.every(isDone) && state(id) === "waiting" && others.every((other) => state(other) !== "running"));
    assert.ok(!blocked.has(id) || (state(id) === "waiting" && !ready.has(id)), `${id} is ${state(id)} and blocked`);
    if (state(id) !== "waiting") continue;
    const shouldBeBlocked = dependencies.some((other) => state(other) === "failed" || blocked.has(other));
    assert.equal(blocked.has(id), shouldBeBlocked, `${id} blocked`);
    assert.ok(ready.has(id) || blocked.has(id) || waitsFor(schedule, id).length > 0, `${id} waits for nothing`);
    for (const path of blocked.get(id) ?? []) assertLeadsTo(schedule, path, id);
  }
  const goesOn = ready.size > 0 || [...schedule.states.values()].some((one) => one === "running" || one === "takenOver");
  assert.equal(progressOf(schedule).kind === "open", goesOn);
  const paths = remainingPaths(schedule);
  for (const { id } of schedule.nodes) assert.equal(paths.get(id), longestFrom(schedule, id), `path from ${id}`);
}

/** From a failed task to this one, each step from a dependency to who depends on it. */
function assertLeadsTo(schedule: Schedule, path: readonly string[], id: string): void {
  assert.deepEqual([schedule.states.get(path[0]!), path.at(-1)], ["failed", id]);
  for (const [at, step] of path.slice(1).entries()) assert.ok(schedule.byId.get(step)?.dependencies.includes(path[at]!));
}

/** The definition, said plainly. */
function longestFrom(schedule: Schedule, id: string): number {
  const own = schedule.states.get(id) === "passed" || schedule.states.get(id) === "skipped" ? 0 : schedule.byId.get(id)!.weight;
  const followers = schedule.nodes.filter(({ dependencies, after: others = [] }) => dependencies.includes(id) || others.includes(id));
  return own + Math.max(0, ...followers.map((follower) => longestFrom(schedule, follower.id)));
}

function node(id: string, dependencies: readonly string[] = [], weight = 1): ScheduleNode {
  return { id, dependencies, weight };
}

/** `changes`: `started 0` and the like. */
function after(start: Schedule | readonly ScheduleNode[], changes: readonly string[]): Schedule {
  const schedule = "states" in start ? start : createSchedule(start);
  return changes.reduce((so, change) => changed(so, changeOf(change)), schedule);
}

function changed(schedule: Schedule, change: ScheduleChange): Schedule {
  const result = applyChange(schedule, change);
  assert.equal(result.kind, "changed", JSON.stringify(result));
  return result.kind === "changed" ? result.schedule : schedule;
}

function changeOf(change: string): ScheduleChange {
  const [kind, id] = change.split(" ");
  return { kind: kind as ScheduleChange["kind"], id: id! };
}

function ids(nodes: readonly ScheduleNode[]): string[] {
  return nodes.map(({ id }) => id);
}
