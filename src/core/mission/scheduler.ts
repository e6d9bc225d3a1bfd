// Which tasks of a mission may begin, which are blocked and by whom, and what comes first. A state machine over values:
// it starts nothing and knows no clock; whoever drives it offers what is ready and tells what became of it.
import { predecessors, type NodeState, type Schedule, type ScheduleNode } from "./schedule";

/**
 * What happened to a node. `released`: nobody works on it any more and it may begin again. `retried`: the user wants it
 * done after all, or back from their hands.
 */
export interface ScheduleChange {
  readonly kind: "started" | "passed" | "failed" | "released" | "skipped" | "retried" | "takenOver";
  readonly id: string;
}

export type ScheduleResult = { readonly kind: "changed"; readonly schedule: Schedule } | { readonly kind: "refused"; readonly reason: string };

/** From which states a change leads where. */
const TRANSITIONS: Readonly<Record<ScheduleChange["kind"], { readonly from: readonly NodeState[]; readonly to: NodeState }>> = {
  started: { from: ["waiting"], to: "running" },
  passed: { from: ["running", "takenOver"], to: "passed" },
  failed: { from: ["running"], to: "failed" },
  released: { from: ["running"], to: "waiting" },
  skipped: { from: ["waiting", "running", "failed", "takenOver"], to: "skipped" },
  retried: { from: ["failed", "skipped", "takenOver"], to: "waiting" },
  takenOver: { from: ["waiting", "running", "failed", "skipped"], to: "takenOver" },
};

/**
 * The schedule after a change, or why it cannot be: an id that is unknown, a state that the change does not start from, a
 * node that is not ready, or dependents that have already begun without it. Skipping or taking over a node that runs is
 * allowed; its claim has to be withdrawn.
 */
export function applyChange(schedule: Schedule, { kind, id }: ScheduleChange): ScheduleResult {
  const state = schedule.states.get(id);
  if (state === undefined) return refused(`There is no task ${id}.`);
  const { from, to } = TRANSITIONS[kind];
  if (!from.includes(state)) return refused(`Task ${id} is ${WORDS[state]}: it cannot be ${WORDS_OF_CHANGES[kind]}.`);
  if (kind === "started" && !isReady(schedule, id)) return refused(`Task ${id} is not ready.`);
  const begun = state === "skipped" ? dependentsBegun(schedule, id) : [];
  if (begun.length > 0) return refused(`Task ${id} was skipped, and ${begun.join(", ")} went on without it.`);
  return { kind: "changed", schedule: { ...schedule, states: new Map(schedule.states).set(id, to) } };
}

/** What may begin, first what the longest remaining path hangs on; among equals in the order of the mission. */
export function readyNodes(schedule: Schedule): readonly ScheduleNode[] {
  const paths = remainingPaths(schedule);
  const blocked = blockers(schedule);
  const ready = schedule.nodes.filter(({ id }) => mayBegin(schedule, id, blocked));
  return ready.toSorted((a, b) => (paths.get(b.id) ?? 0) - (paths.get(a.id) ?? 0));
}

/**
 * The longest path from each node to an end of the mission, itself included, in units of weight: its priority. What is
 * passed or skipped weighs nothing.
 */
export function remainingPaths(schedule: Schedule): ReadonlyMap<string, number> {
  const paths = new Map<string, number>();
  for (const node of schedule.order.toReversed()) {
    const own = isDone(schedule.states.get(node.id)) ? 0 : node.weight;
    const total = own + (paths.get(node.id) ?? 0);
    paths.set(node.id, total);
    // Until its own turn comes, a node's entry is the longest path behind it.
    for (const id of predecessors(node)) paths.set(id, Math.max(paths.get(id) ?? 0, total));
  }
  return paths;
}

export interface BlockedNode {
  readonly id: string;
  /** A shortest path from each failed task that blocks it: the failed one first, the blocked one last. */
  readonly because: readonly (readonly string[])[];
}

/** What cannot begin unless somebody retries, skips or takes over what has failed. In the order of the mission. */
export function blockedNodes(schedule: Schedule): readonly BlockedNode[] {
  const blocked = blockers(schedule);
  return schedule.nodes.flatMap(({ id }) => {
    const because = [...(blocked.get(id)?.values() ?? [])];
    return because.length === 0 ? [] : [{ id, because }];
  });
}

/**
 * `open`: something runs, may begin, or is in the user's hands. `done`: everything passed or was skipped. `stuck`: nothing
 * is left that could run, and `failed` and `blocked` say what was not done.
 */
export type MissionProgress =
  | { readonly kind: "open" }
  | { readonly kind: "done" }
  | { readonly kind: "stuck"; readonly failed: readonly string[]; readonly blocked: readonly string[] };

export function progressOf(schedule: Schedule): MissionProgress {
  const blocked = blockers(schedule);
  const failed = schedule.nodes.filter(({ id }) => schedule.states.get(id) === "failed").map(({ id }) => id);
  const isOpen = ({ id }: ScheduleNode): boolean => {
    const state = schedule.states.get(id);
    return state === "running" || state === "takenOver" || (state === "waiting" && !blocked.has(id));
  };
  if (schedule.nodes.some(isOpen)) return { kind: "open" };
  return failed.length === 0 ? { kind: "done" } : { kind: "stuck", failed, blocked: schedule.nodes.filter(({ id }) => blocked.has(id)).map(({ id }) => id) };
}

/** What a waiting node still waits for: its dependencies that are not done, and whoever must not run beside it. */
export function waitsFor(schedule: Schedule, id: string): readonly string[] {
  const node = schedule.byId.get(id);
  if (node === undefined || schedule.states.get(id) !== "waiting") return [];
  const blocked = blockers(schedule);
  return [...new Set([...node.dependencies.filter((other) => !isDone(schedule.states.get(other))), ...inTheWay(schedule, node, blocked)])];
}

function isReady(schedule: Schedule, id: string): boolean {
  return mayBegin(schedule, id, blockers(schedule));
}

function mayBegin(schedule: Schedule, id: string, blocked: Blockers): boolean {
  const node = schedule.byId.get(id);
  if (node === undefined || schedule.states.get(id) !== "waiting") return false;
  return node.dependencies.every((other) => isDone(schedule.states.get(other))) && inTheWay(schedule, node, blocked).length === 0;
}

/** Nodes that come first and may still run, and nodes that run now and must not run beside it. */
function inTheWay(schedule: Schedule, { id }: ScheduleNode, blocked: Blockers): readonly string[] {
  const comeFirst = [...(schedule.comesAfter.get(id) ?? [])].filter((other) => schedule.states.get(other) === "waiting" && !blocked.has(other));
  const running = (schedule.apart.get(id) ?? []).filter((other) => schedule.states.get(other) === "running");
  return [...comeFirst, ...running];
}

/** Of each blocked node, the paths from the failed ones, by these. */
type Blockers = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

function blockers(schedule: Schedule): Blockers {
  const blocked = new Map<string, Map<string, readonly string[]>>();
  for (const { id: failed } of schedule.nodes.filter(({ id }) => schedule.states.get(id) === "failed")) {
    const reached = new Set([failed]);
    // Grows while it is walked: breadth first, so that the first path found is a shortest one.
    const paths: (readonly string[])[] = [[failed]];
    for (const path of paths) {
      for (const id of schedule.dependents.get(path.at(-1) ?? failed) ?? []) {
        if (schedule.states.get(id) !== "waiting" || reached.has(id)) continue;
        reached.add(id);
        const longer = [...path, id];
        paths.push(longer);
        blocked.set(id, (blocked.get(id) ?? new Map<string, readonly string[]>()).set(failed, longer));
      }
    }
  }
  return blocked;
}

function dependentsBegun(schedule: Schedule, id: string): readonly string[] {
  return (schedule.dependents.get(id) ?? []).filter((other) => ["running", "passed", "failed"].includes(schedule.states.get(other) ?? ""));
}

function isDone(state: NodeState | undefined): boolean {
  return state === "passed" || state === "skipped";
}

function refused(reason: string): ScheduleResult {
  return { kind: "refused", reason };
}

const WORDS: Readonly<Record<NodeState, string>> = {
  waiting: "waiting",
  running: "running",
  passed: "passed",
  failed: "failed",
  skipped: "skipped",
  takenOver: "taken over",
};

const WORDS_OF_CHANGES: Readonly<Record<ScheduleChange["kind"], string>> = {
  started: "started",
  passed: "passed",
  failed: "failed",
  released: "released",
  skipped: "skipped",
  retried: "retried",
  takenOver: "taken over",
};
