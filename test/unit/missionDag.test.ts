import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { PlannedTask } from "../../src/core/domain/mission";
import { allBehind, allDependents, buildDag, byPriority, describeAddedEdge, describeDagProblem, openEdges, type Dag } from "../../src/core/mission/dag";
import { aPlannedTask } from "../builders/missionBuilder";

function dagOf(tasks: readonly PlannedTask[]): Dag {
  const result = buildDag(tasks);
  assert.ok(result.ok, result.ok ? "" : result.problems.map(describeDagProblem).join("\n"));
  return result.dag;
}

function problemsOf(tasks: readonly PlannedTask[]): readonly string[] {
  const result = buildDag(tasks);
  return result.ok ? [] : result.problems.map(describeDagProblem);
}

/** Tasks that wait only for earlier ones, in an order of their own, some with files of a small set. */
const randomTasks = fc
  .array(fc.record({ waits: fc.array(fc.nat(), { maxLength: 4 }), calls: fc.integer({ min: 1, max: 40 }), files: fc.uniqueArray(fc.constantFrom("a.ts", "src/b.ts", "src/c.ts", "src/", "docs/*"), { maxLength: 2 }) }), { minLength: 1, maxLength: 25 })
  .chain((rows) =>
    fc.shuffledSubarray(rows.map((_, index) => index), { minLength: rows.length }).map((order) => {
      const tasks = rows.map((row, index) =>
        aPlannedTask(`t${index}`, { dependencies: index === 0 ? [] : row.waits.map((one) => `t${one % index}`), estimatedToolCalls: row.calls, files: row.files }),
      );
      return order.map((index) => tasks[index]).filter((task) => task !== undefined);
    }),
  );

const place = (dag: Dag): ReadonlyMap<string, number> => new Map(dag.batches.flatMap((batch, at) => batch.map((id) => [id, at])));

describe("buildDag", () => {
  it("puts tasks that wait for nothing open into one batch, in the order of the list", () => {
    const dag = dagOf([
      aPlannedTask("join", { dependencies: ["right", "left"] }),
      aPlannedTask("left", { dependencies: ["top"] }),
      aPlannedTask("right", { dependencies: ["top"] }),
      aPlannedTask("top"),
    ]);
    assert.deepEqual(dag.batches, [["top"], ["left", "right"], ["join"]]);
    assert.deepEqual(dag.order, ["top", "left", "right", "join"]);
  });

  it("refuses duplicate ids and unknown dependencies by name, all at once", () => {
    const tasks = [aPlannedTask("a"), aPlannedTask("b", { dependencies: ["a", "c", "A"] }), aPlannedTask("a"), aPlannedTask("a")];
    assert.deepEqual(problemsOf(tasks), [
      '3 tasks have the id "a".',
      '"b" depends on "c", and there is no such task.',
      '"b" depends on "A", and there is no such task.',
    ]);
  });

  it("names the exact path of every circle, not what hangs on it", () => {
    const tasks = [
      aPlannedTask("free"),
      aPlannedTask("behind", { dependencies: ["b"] }),
      aPlannedTask("a", { dependencies: ["free", "b"] }),
      aPlannedTask("b", { dependencies: ["c"] }),
      aPlannedTask("c", { dependencies: ["a"] }),
      aPlannedTask("self", { dependencies: ["self"] }),
    ];
    assert.deepEqual(problemsOf(tasks), [
      "Tasks wait for each other in a circle: a → b → c → a.",
      "Tasks wait for each other in a circle: self → self.",
    ]);
  });

  it("finds the chain that decides how long it takes, by tool calls", () => {
    const dag = dagOf([
      aPlannedTask("a", { estimatedToolCalls: 5 }),
      aPlannedTask("short1", { dependencies: ["a"], estimatedToolCalls: 1 }),
      aPlannedTask("short2", { dependencies: ["short1"], estimatedToolCalls: 1 }),
      aPlannedTask("long", { dependencies: ["a"], estimatedToolCalls: 30 }),
      aPlannedTask("end", { dependencies: ["short2", "long"], estimatedToolCalls: 2 }),
    ]);
    assert.deepEqual(dag.criticalPath, ["a", "long", "end"]);
    assert.equal(dag.nodes.get("a")?.priority, 37);
    assert.deepEqual(byPriority(dag, ["short1", "long"]), ["long", "short1"]);
    assert.deepEqual(byPriority(dagOf([aPlannedTask("x"), aPlannedTask("y")]), ["y", "x"]), ["x", "y"]);
  });

  it("tells who waits for whom, and what a failure blocks", () => {
    const dag = dagOf([
      aPlannedTask("a"),
      aPlannedTask("b", { dependencies: ["a"] }),
      aPlannedTask("c", { dependencies: ["b"] }),
      aPlannedTask("d"),
      aPlannedTask("e", { dependencies: ["b", "d"] }),
    ]);
    assert.deepEqual(allDependents(dag, "a"), ["b", "c", "e"]);
    assert.deepEqual(allDependents(dag, "c"), []);
    assert.deepEqual(openEdges(dag, "e", (id) => id === "d").map(({ from, reason }) => [from, reason.kind]), [["b", "declared"]]);
  });

  it("puts tasks that expect the same files one behind the other, and says so", () => {
    const result = buildDag([
      aPlannedTask("a", { files: ["./src/x.ts", "y.ts"] }),
      aPlannedTask("b", { files: ["src\\x.ts", "y.ts"] }),
      aPlannedTask("c", { files: ["src/x.ts"], dependencies: ["b"] }),
      aPlannedTask("d", { files: ["src/*"] }),
      aPlannedTask("e", { files: ["srcs/x.ts"] }),
    ]);
    assert.ok(result.ok);
    assert.deepEqual(result.added.map(describeAddedEdge), [
      '"a" and "b" both expect to touch src/x.ts, y.ts: "b" waits for "a".',
      '"b" and "d" both expect to touch src/x.ts: "d" waits for "b".',
      '"d" and "c" both expect to touch src/x.ts: "c" waits for "d".',
    ]);
    assert.deepEqual(result.dag.batches, [["a", "e"], ["b"], ["d"], ["c"]]);
    assert.deepEqual(allBehind(result.dag, "a"), ["b", "d", "c"]);
    assert.deepEqual(allDependents(result.dag, "a"), []);
    assert.deepEqual(allDependents(result.dag, "b"), ["c"]);
  });

  it("holds for any graph: everybody once, behind all it waits for, and no earlier place was possible", () => {
    fc.assert(
      fc.property(randomTasks, (tasks) => {
        const dag = dagOf(tasks);
        const at = place(dag);
        const ids = tasks.map(({ id }) => id);
        assert.deepEqual(dag.batches.flat().toSorted(), ids.toSorted());
        assert.deepEqual(dag.order.toSorted(), ids.toSorted());
        for (const [id, node] of dag.nodes) {
          const before = node.waitsFor.map(({ from }) => at.get(from) ?? NaN);
          assert.equal(at.get(id), Math.max(-1, ...before) + 1);
          for (const { from } of node.waitsFor) assert.ok(dag.order.indexOf(from) < dag.order.indexOf(id));
          for (const dependency of node.task.dependencies) assert.ok(node.waitsFor.some(({ from }) => from === dependency));
        }
      }),
    );
  });

  it("never leaves two tasks of one file unordered, and adds no edge that was not needed for that", () => {
    fc.assert(
      fc.property(randomTasks, (tasks) => {
        const result = buildDag(tasks);
        assert.ok(result.ok);
        const behind = new Map(tasks.map(({ id }) => [id, new Set(allBehind(result.dag, id))]));
        for (const one of tasks) {
          for (const other of tasks) {
            const shared = one.files.filter((file) => other.files.includes(file));
            if (one.id === other.id || shared.length === 0) continue;
            assert.ok(behind.get(one.id)?.has(other.id) === true || behind.get(other.id)?.has(one.id) === true, `${one.id}, ${other.id}: ${shared.join()}`);
          }
        }
        const plain = dagOf(tasks.map((task) => ({ ...task, files: [] })));
        for (const { from, to } of result.added) assert.ok(!allDependents(plain, from).includes(to) && !allDependents(plain, to).includes(from));
      }),
    );
  });

  it("gives the critical path the weight of its first task's priority, which no task exceeds", () => {
    fc.assert(
      fc.property(randomTasks, (tasks) => {
        const dag = dagOf(tasks);
        const weight = dag.criticalPath.reduce((sum, id) => sum + (dag.nodes.get(id)?.task.estimatedToolCalls ?? NaN), 0);
        assert.equal(weight, Math.max(...[...dag.nodes.values()].map(({ priority }) => priority)));
        for (const [index, id] of dag.criticalPath.entries()) {
          const next = dag.criticalPath[index + 1];
          if (next !== undefined) assert.ok(dag.nodes.get(id)?.dependents.some(({ to }) => to === next));
        }
      }),
    );
  });

  it("names a circle that is one, whatever graph it was closed in", () => {
    fc.assert(
      fc.property(randomTasks, fc.nat(), (tasks, seed) => {
        const dag = dagOf(tasks.map((task) => ({ ...task, files: [] })));
        const first = dag.order[seed % dag.order.length] ?? "";
        const last = allDependents(dag, first).at(-1) ?? first;
        const closed = tasks.map((task) => (task.id === first ? { ...task, dependencies: [...task.dependencies, last] } : task));
        const result = buildDag(closed);
        assert.ok(!result.ok);
        assert.equal(result.problems.length, 1);
        const [problem] = result.problems;
        assert.ok(problem?.kind === "cycle");
        assert.equal(problem.path[0], problem.path.at(-1));
        for (const [index, id] of problem.path.slice(0, -1).entries()) {
          assert.ok(closed.find((task) => task.id === id)?.dependencies.includes(problem.path[index + 1] ?? ""));
        }
      }),
    );
  });

  it("orders a chain of ten thousand tasks", () => {
    const tasks = Array.from({ length: 10_000 }, (_, index) => aPlannedTask(`t${index}`, index === 9_999 ? {} : { dependencies: [`t${index + 1}`] }));
    const dag = dagOf(tasks);
    assert.equal(dag.batches.length, 10_000);
    assert.equal(dag.criticalPath[0], "t9999");
  });
});
