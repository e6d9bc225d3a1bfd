// The schedule of a mission's graph: what a task declared it needs is a dependency, what was put before it because both
// touch the same files only comes first. Pure.
import type { Dag } from "./dag";
import { createSchedule, type NodeState, type Schedule } from "./schedule";

/** `states`: as they are on record; what is missing waits. */
export function scheduleOf(dag: Dag, states: ReadonlyMap<string, NodeState> = new Map()): Schedule {
  const nodes = [...dag.nodes.values()].toSorted((a, b) => a.index - b.index);
  return createSchedule(
    nodes.map(({ task, waitsFor }) => {
      const before = (kind: "declared" | "sharedFiles"): readonly string[] => waitsFor.filter(({ reason }) => reason.kind === kind).map(({ from }) => from);
      return { id: task.id, dependencies: before("declared"), weight: Math.max(1, task.estimatedToolCalls), after: before("sharedFiles") };
    }),
    states,
  );
}
