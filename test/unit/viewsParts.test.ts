// The small pure parts of the tree views: gathering refreshes, moving tasks, placing them, wording.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { TaskId } from "../../src/core/domain/task";
import type { TaskView } from "../../src/core/projections/taskView";
import { Coalescer } from "../../src/vscode/views/coalescer";
import { line, ordinal, plain } from "../../src/vscode/views/phrases";
import { beforeAfterDrop, beforeAfterStep, dropOf, type DropSite } from "../../src/vscode/views/queueMoves";
import { NO_FILTER, type Grouping, type TaskOrder } from "../../src/vscode/views/taskGroups";
import { TaskIndex } from "../../src/vscode/views/taskIndex";
import type { TaskNode } from "../../src/vscode/views/taskNodes";
import { situationOf } from "../../src/core/desk/taskSituation";
import { DeskHistory } from "../builders/deskHistory";
import { aView } from "../builders/viewBuilder";
import { aTaskRequest } from "../builders/samples";
import { ManualClock } from "../fakes/manualClock";

describe("Coalescer", () => {
  it("hands the first on at once, and what comes in the pause together", async () => {
    const clock = new ManualClock();
    const flushed: (readonly string[] | "all")[] = [];
    const coalescer = new Coalescer<string>(clock, 250, (items) => flushed.push(items));
    coalescer.add(["a"]);
    for (const item of ["b", "c", "b"]) coalescer.add([item]);
    assert.deepEqual(flushed, [["a"]]);
    await clock.advance(250);
    assert.deepEqual(flushed, [["a"], ["b", "c"]]);
    await clock.advance(1000);
    assert.deepEqual([flushed.length, clock.waiting], [2, 0]);
  });

  it("hands on at most one thing a pause, however much comes", async () => {
    const clock = new ManualClock();
    let count = 0;
    const coalescer = new Coalescer<number>(clock, 250, () => (count += 1));
    for (let step = 0; step < 200; step += 1) {
      coalescer.add([step]);
      await clock.advance(5);
    }
    assert.equal(count, 5);
  });

  it("waits as long as whoever was flushed to is busy, and forgets nothing meanwhile", async () => {
    const clock = new ManualClock();
    const flushed: (readonly string[] | "all")[] = [];
    let isBusy = true;
    const coalescer = new Coalescer<string>(clock, 250, (items) => flushed.push(items), () => isBusy);
    coalescer.add(["a"]);
    coalescer.add(["b"]);
    await clock.advance(1000);
    coalescer.add(["c"]);
    assert.deepEqual(flushed, []);
    isBusy = false;
    await clock.advance(250);
    assert.deepEqual(flushed, [["a", "b", "c"]]);
  });

  it("says all where all was said, and nothing for nothing", async () => {
    const clock = new ManualClock();
    const flushed: (readonly string[] | "all")[] = [];
    const coalescer = new Coalescer<string>(clock, 250, (items) => flushed.push(items));
    coalescer.add([]);
    coalescer.add(["a"]);
    coalescer.add(["b"]);
    coalescer.addAll();
    await clock.advance(250);
    assert.deepEqual(flushed, [["a"], "all"]);
    coalescer.add(["c"]);
    coalescer.dispose();
    await clock.advance(1000);
    assert.equal(flushed.length, 2);
  });
});

const QUEUE: readonly TaskView[] = ["a", "b", "c", "d"].map((id, index) => aView({ request: aTaskRequest({ id: id as TaskId }), queueRank: index, status: "queued" }));
const id = (text: string): TaskId => text as TaskId;

/** The queue after `task` has come to stand before another one. */
function moved(task: TaskId, before: TaskId | null | undefined): string {
  const ids: TaskId[] = QUEUE.map((view) => view.request.id);
  if (before === undefined) return ids.join("");
  const others = ids.filter((one) => one !== task);
  others.splice(before === null ? others.length : others.indexOf(before), 0, task);
  return others.join("");
}

describe("beforeAfterStep", () => {
  const cases: readonly [string, "up" | "down", string][] = [["a", "up", "abcd"], ["b", "up", "bacd"], ["d", "up", "abdc"], ["a", "down", "bacd"], ["c", "down", "abdc"], ["d", "down", "abcd"]];
  for (const [task, direction, expected] of cases) {
    it(`moves ${task} ${direction}: ${expected}`, () => assert.equal(moved(id(task), beforeAfterStep(QUEUE, id(task), direction)), expected));
  }

  it("does nothing for a task that does not wait", () => assert.equal(beforeAfterStep(QUEUE, id("x"), "up"), undefined));
});

describe("beforeAfterDrop", () => {
  it("puts a task where the other one stood (property)", () => {
    const member = fc.constantFrom("a", "b", "c", "d");
    fc.assert(
      fc.property(member, member, (task, onto) => {
        fc.pre(task !== onto);
        assert.equal(moved(id(task), beforeAfterDrop(QUEUE, id(task), id(onto))).indexOf(task), "abcd".indexOf(onto));
      }),
    );
  });
});

describe("dropOf", () => {
  const task = QUEUE[1]!;
  const idle = aView({ request: aTaskRequest({ id: id("idle") }), status: "queued" });
  const group = (key: string, root = "/a"): TaskNode => ({ kind: "group", id: key, root, key }) as TaskNode;
  const onto = (view: TaskView, grouping: Grouping = "category"): DropSite => ({ grouping, target: { kind: "task", id: view.request.id, target: { root: "/a", task: view.request.id } }, targetView: view, waiting: QUEUE });
  const into = (target: TaskNode | undefined): DropSite => ({ grouping: "category", target, targetView: undefined, waiting: QUEUE });

  it("moves to the category of a group or of the task that it is dropped on", () => {
    assert.deepEqual(dropOf(task, "/a", into(group("YOURS"))), { kind: "category", category: "YOURS" });
    assert.deepEqual(dropOf(task, "/a", onto({ ...QUEUE[3]!, category: "DISPATCH" })), { kind: "category", category: "DISPATCH" });
  });

  it("moves within the queue", () => {
    assert.deepEqual(dropOf(task, "/a", onto(QUEUE[0]!)), { kind: "queue", before: "a" });
    assert.deepEqual(dropOf(task, "/a", onto(QUEUE[3]!)), { kind: "queue", before: null });
    assert.deepEqual(dropOf(task, "/a", into(group("inQueue"))), { kind: "queue", before: null });
    assert.deepEqual(dropOf(task, "/a", onto({ ...QUEUE[3]!, category: "YOURS" }, "state")), { kind: "queue", before: null });
  });

  it("does nothing where it stands already, outside, or where one of both does not wait", () => {
    for (const site of [into(group("PREP")), into(undefined), into(group("finished")), onto(task), onto(idle)]) assert.equal(dropOf(task, "/a", site), null);
    assert.equal(dropOf(idle, "/a", onto(task)), null);
  });

  it("is refused in another folder", () => assert.equal(dropOf(task, "/a", into(group("YOURS", "/b")))?.kind, "refused"));
});

describe("TaskIndex", () => {
  function anIndex(history: DeskHistory, order: TaskOrder = { grouping: "state", filter: NO_FILTER }): { readonly index: TaskIndex; readonly placed: () => number } {
    let placed = 0;
    const { desk } = history;
    const deps = { desk, order: () => order, now: () => Date.UTC(2026, 0, 5, 12) };
    return {
      index: new TaskIndex({
        ...deps,
        situationOf: (view) => {
          placed += 1;
          return situationOf(desk, view);
        },
      }),
      placed: () => placed,
    };
  }

  it("looks at one task when one has changed, however many there are", () => {
    const history = new DeskHistory();
    const [first] = Array.from({ length: 300 }, (_, index) => history.created(`Task ${index}`));
    const { index, placed } = anIndex(history);
    assert.equal(index.shown, 300);
    history.add(first!, { kind: "runQueued", rank: 1 });
    assert.deepEqual(index.update(first!), { groups: ["new", "inQueue"], isRegrouped: true });
    assert.deepEqual([placed(), index.groups().map(({ key, tasks }) => `${key} ${tasks.length}`)], [301, ["inQueue 1", "new 299"]]);
  });

  it("is the same after updates as when made anew (property)", () => {
    const steps = fc.array(fc.tuple(fc.nat(5), fc.constantFrom("queue", "unqueue", "discard", "run", "yours")), { maxLength: 30 });
    fc.assert(
      fc.property(steps, fc.constantFrom<Grouping>("category", "state", "none"), (changes, grouping) => {
        const history = new DeskHistory();
        const ids = Array.from({ length: 6 }, (_, index) => history.created(`Task ${index}`));
        const { index } = anIndex(history, { grouping, filter: NO_FILTER });
        index.groups();
        for (const [at, what] of changes) {
          const task = ids[at]!;
          if (what === "run") history.desk.setRunning(task, !history.desk.queue.isRunning(task));
          else if (what === "queue") history.add(task, { kind: "runQueued", rank: at % 3 });
          else if (what === "unqueue") history.add(task, { kind: "runDequeued" });
          else if (what === "discard") history.add(task, { kind: "changesDiscarded" });
          else history.add(task, { kind: "categoryChanged", category: "YOURS", type: null, reason: "moved" });
          index.update(task);
        }
        assert.deepEqual(index.groups(), anIndex(history, { grouping, filter: NO_FILTER }).index.groups());
      }),
      { numRuns: 60 },
    );
  });
});

describe("phrases", () => {
  it("counts places as people do", () => {
    assert.deepEqual([1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111].map(ordinal), ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "111th"]);
  });

  it("leaves out the parts that say nothing", () => assert.equal(line("a", "", null, false, "b"), "a · b"));

  it("shows a text in Markdown as it stands", () => {
    assert.equal(plain("[x](command:y) $(bug) **b** <img>"), "\\[x\\]\\(command:y\\) \\$\\(bug\\) \\*\\*b\\*\\* \\<img\\>");
  });
});
