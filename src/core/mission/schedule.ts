// What each task of a mission waits for, as data: nodes, their states, and the orders that hold between them. Pure.
import { CountersignError } from "../domain/errors";

export interface ScheduleNode {
  readonly id: string;
  /** Must have passed, or have been skipped by the user, before this one begins. */
  readonly dependencies: readonly string[];
  /** How long it is expected to take, in any unit that all nodes share; above 0. */
  readonly weight: number;
  /**
   * Come first but need not succeed: tasks that expect the same files. They never run at the same time, and the failure
   * of one does not block the other. It holds along chains: what comes after one of these comes after these, too.
   */
  readonly after?: readonly string[];
}

/**
 * `waiting`: not begun. `takenOver`: the user does it by hand, and says `passed` when it is done. `skipped`: by the user;
 * whoever depends on it goes on without it.
 */
export type NodeState = "waiting" | "running" | "passed" | "failed" | "skipped" | "takenOver";

export interface Schedule {
  /** In the order of the mission. */
  readonly nodes: readonly ScheduleNode[];
  readonly states: ReadonlyMap<string, NodeState>;
  /** Nodes with everything that comes before them, dependencies and `after`, before themselves. */
  readonly order: readonly ScheduleNode[];
  readonly byId: ReadonlyMap<string, ScheduleNode>;
  /** Who depends on a node. */
  readonly dependents: ReadonlyMap<string, readonly string[]>;
  /** Who comes first but need not succeed, along chains. */
  readonly comesAfter: ReadonlyMap<string, ReadonlySet<string>>;
  /** Who must not run while a node runs. */
  readonly apart: ReadonlyMap<string, readonly string[]>;
}

/** Throws `badRequest` for ids that are twice there or unknown, for a cycle, and for a weight that is none. */
export function createSchedule(nodes: readonly ScheduleNode[], states: ReadonlyMap<string, NodeState> = new Map()): Schedule {
  const byId = new Map<string, ScheduleNode>();
  for (const node of nodes) {
    if (byId.has(node.id)) throw new CountersignError("badRequest", `Two tasks are called ${node.id}.`);
    if (!(node.weight > 0 && Number.isFinite(node.weight))) throw new CountersignError("badRequest", `Task ${node.id} has the weight ${node.weight}; it must be above 0.`);
    byId.set(node.id, node);
  }
  const dependents = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const node of nodes) {
    for (const id of predecessors(node)) if (!byId.has(id)) throw new CountersignError("badRequest", `Task ${node.id} waits for ${id}, which does not exist.`);
    for (const id of new Set(node.dependencies)) dependents.get(id)?.push(node.id);
  }
  const order = sorted(nodes, byId);
  const comesAfter = new Map<string, ReadonlySet<string>>();
  for (const { id, after = [] } of order) comesAfter.set(id, new Set(after.flatMap((other) => [other, ...(comesAfter.get(other) ?? [])])));
  const apart = new Map<string, string[]>(nodes.map(({ id }) => [id, [...(comesAfter.get(id) ?? [])]]));
  for (const [id, others] of comesAfter) for (const other of others) apart.get(other)?.push(id);
  const all = new Map(nodes.map(({ id }) => [id, states.get(id) ?? "waiting"] as const));
  return { nodes, states: all, order, byId, dependents, comesAfter, apart };
}

export function predecessors({ dependencies, after = [] }: ScheduleNode): readonly string[] {
  return [...dependencies, ...after];
}

/** Kahn's order, the mission's own among equals. */
function sorted(nodes: readonly ScheduleNode[], byId: ReadonlyMap<string, ScheduleNode>): readonly ScheduleNode[] {
  const open = new Map(nodes.map((node) => [node.id, new Set(predecessors(node)).size]));
  const followers = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const node of nodes) for (const id of new Set(predecessors(node))) followers.get(id)?.push(node.id);
  const order = nodes.filter(({ id }) => open.get(id) === 0);
  for (const { id } of order) {
    for (const follower of followers.get(id) ?? []) {
      const left = (open.get(follower) ?? 0) - 1;
      open.set(follower, left);
      const node = byId.get(follower);
      if (left === 0 && node !== undefined) order.push(node);
    }
  }
  const stuck = nodes.filter(({ id }) => (open.get(id) ?? 0) > 0);
  if (stuck.length > 0) throw new CountersignError("badRequest", `These tasks wait for each other: ${stuck.map(({ id }) => id).join(", ")}.`);
  return order;
}
