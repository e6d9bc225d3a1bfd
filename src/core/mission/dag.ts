// A mission's tasks as a graph: refused with the exact reason where it is none, and with tasks that expect the same
// files put one behind the other. Pure, and the same for the same tasks; it schedules nothing.
import type { PlannedTask } from "../domain/mission";
import { criticalPathOf, prioritiesOf } from "./criticalPath";
import type { Edge } from "./edge";
import { sharedFileEdges } from "./sharedFiles";

export interface DagNode {
  readonly task: PlannedTask;
  /** Place in the list of tasks. */
  readonly index: number;
  readonly waitsFor: readonly Edge[];
  readonly dependents: readonly Edge[];
  /** Tool calls from the start of this task to the end of the longest chain behind it: what is greater goes first. */
  readonly priority: number;
}

export interface Dag {
  readonly nodes: ReadonlyMap<string, DagNode>;
  /** Every task after all it waits for; else as in the list. */
  readonly order: readonly string[];
  /** Tasks of one batch wait for tasks of earlier batches alone. */
  readonly batches: readonly (readonly string[])[];
  /** The chain that decides how long the mission takes. */
  readonly criticalPath: readonly string[];
}

export type DagProblem =
  /** `places`: in the list of tasks, from 0. */
  | { readonly kind: "duplicateId"; readonly id: string; readonly places: readonly number[] }
  | { readonly kind: "unknownDependency"; readonly task: string; readonly dependency: string }
  /** Each waits for the next one; the first is also the last. */
  | { readonly kind: "cycle"; readonly path: readonly string[] };

export type DagResult =
  | { readonly ok: true; readonly dag: Dag; readonly added: readonly Edge[] }
  | { readonly ok: false; readonly problems: readonly DagProblem[] };

export function buildDag(tasks: readonly PlannedTask[]): DagResult {
  const broken = [...duplicates(tasks), ...unknownDependencies(tasks)];
  if (broken.length > 0) return { ok: false, problems: broken };
  const declared = tasks.flatMap((task) =>
    [...new Set(task.dependencies)].map((from): Edge => ({ from, to: task.id, reason: { kind: "declared" } })),
  );
  const ids = tasks.map(({ id }) => id);
  const order = orderOf(ids, declared);
  if (order.length < ids.length) return { ok: false, problems: cyclesIn(tasks, new Set(order)) };
  // Added edges follow the order, so they close no circle.
  const added = sharedFileEdges(tasks, order, declared);
  return { ok: true, dag: dagOf(tasks, [...declared, ...added]), added };
}

function dagOf(tasks: readonly PlannedTask[], edges: readonly Edge[]): Dag {
  const waitsFor = grouped(edges, "to");
  const dependents = grouped(edges, "from");
  const order = orderOf(tasks.map(({ id }) => id), edges);
  const calls = new Map(tasks.map((task) => [task.id, task.estimatedToolCalls]));
  const next = new Map([...dependents].map(([id, out]) => [id, out.map(({ to }) => to)]));
  const priorities = prioritiesOf(order, next, calls);
  const nodes = new Map(
    tasks.map((task, index): [string, DagNode] => [
      task.id,
      { task, index, waitsFor: waitsFor.get(task.id) ?? [], dependents: dependents.get(task.id) ?? [], priority: priorities.get(task.id) ?? 0 },
    ]),
  );
  return { nodes, order, batches: batchesOf(tasks, order, waitsFor), criticalPath: criticalPathOf(order, next, priorities) };
}

/** A problem in words; ids as they were given. */
export function describeDagProblem(problem: DagProblem): string {
  switch (problem.kind) {
    case "duplicateId":
      return `${problem.places.length} tasks have the id "${problem.id}".`;
    case "unknownDependency":
      return `"${problem.task}" depends on "${problem.dependency}", and there is no such task.`;
    case "cycle":
      return `Tasks wait for each other in a circle: ${problem.path.join(" → ")}.`;
  }
}

export function describeAddedEdge({ from, to, reason }: Edge): string {
  const files = reason.kind === "sharedFiles" ? reason.files.join(", ") : "";
  return `"${from}" and "${to}" both expect to touch ${files}: "${to}" waits for "${from}".`;
}

/** Everything that needs `id`, itself or through others: what its failure blocks, in the order of the graph. */
export function allDependents(dag: Dag, id: string): readonly string[] {
  return behind(dag, id, ({ reason }) => reason.kind === "declared");
}

/** The same with what only comes later because it expects the same files: it needs nothing of `id`. */
export function allBehind(dag: Dag, id: string): readonly string[] {
  return behind(dag, id, () => true);
}

function behind(dag: Dag, id: string, follows: (edge: Edge) => boolean): readonly string[] {
  const found = new Set<string>();
  const open = [id];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const edge of dag.nodes.get(at)?.dependents ?? []) {
      if (found.has(edge.to) || !follows(edge)) continue;
      found.add(edge.to);
      open.push(edge.to);
    }
  }
  return dag.order.filter((one) => found.has(one));
}

/** Who `id` still waits for, and why. */
export function openEdges(dag: Dag, id: string, hasPassed: (id: string) => boolean): readonly Edge[] {
  return (dag.nodes.get(id)?.waitsFor ?? []).filter(({ from }) => !hasPassed(from));
}

/** Of `ids`, the one that should start first comes first: what the longest chain hangs on, then what was listed first. */
export function byPriority(dag: Dag, ids: readonly string[]): readonly string[] {
  const rank = (id: string): DagNode | undefined => dag.nodes.get(id);
  return ids.toSorted((a, b) => (rank(b)?.priority ?? 0) - (rank(a)?.priority ?? 0) || (rank(a)?.index ?? 0) - (rank(b)?.index ?? 0));
}

function duplicates(tasks: readonly PlannedTask[]): readonly DagProblem[] {
  const places = new Map<string, number[]>();
  for (const [index, { id }] of tasks.entries()) places.set(id, [...(places.get(id) ?? []), index]);
  return [...places].filter(([, at]) => at.length > 1).map(([id, at]) => ({ kind: "duplicateId", id, places: at }));
}

function unknownDependencies(tasks: readonly PlannedTask[]): readonly DagProblem[] {
  const known = new Set(tasks.map(({ id }) => id));
  return tasks.flatMap((task) =>
    [...new Set(task.dependencies)].filter((id) => !known.has(id)).map((dependency) => ({ kind: "unknownDependency" as const, task: task.id, dependency })),
  );
}

/** Kahn's algorithm, in rounds; what waits for itself is left out. */
function orderOf(ids: readonly string[], edges: readonly Edge[]): readonly string[] {
  const open = new Map(ids.map((id) => [id, 0]));
  for (const { to } of edges) open.set(to, (open.get(to) ?? 0) + 1);
  const next = grouped(edges, "from");
  const place = new Map(ids.map((id, index) => [id, index]));
  const order: string[] = [];
  let ready = ids.filter((id) => open.get(id) === 0);
  while (ready.length > 0) {
    order.push(...ready);
    const freed: string[] = [];
    for (const { to } of ready.flatMap((id) => next.get(id) ?? [])) {
      const left = (open.get(to) ?? 0) - 1;
      open.set(to, left);
      if (left === 0) freed.push(to);
    }
    ready = freed.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
  }
  return order;
}

/** Each task that is left waits for another one that is left, so every walk ends in a circle. */
function cyclesIn(tasks: readonly PlannedTask[], ordered: ReadonlySet<string>): readonly DagProblem[] {
  const left = tasks.filter(({ id }) => !ordered.has(id));
  const next = new Map(left.map((task) => [task.id, task.dependencies.find((id) => !ordered.has(id)) ?? task.id]));
  const seen = new Set<string>();
  const problems: DagProblem[] = [];
  for (const { id } of left) {
    const walk: string[] = [];
    let at = id;
    while (!seen.has(at)) {
      seen.add(at);
      walk.push(at);
      at = next.get(at) ?? at;
    }
    const start = walk.indexOf(at);
    if (start >= 0) problems.push({ kind: "cycle", path: [...fromFirst(walk.slice(start), left)] });
  }
  return problems;
}

/** The circle as seen from the task that is listed first. */
function fromFirst(circle: readonly string[], tasks: readonly PlannedTask[]): readonly string[] {
  const members = new Set(circle);
  const first = tasks.find(({ id }) => members.has(id))?.id ?? "";
  const at = circle.indexOf(first);
  return [...circle.slice(at), ...circle.slice(0, at), first];
}

function batchesOf(tasks: readonly PlannedTask[], order: readonly string[], waitsFor: ReadonlyMap<string, readonly Edge[]>): readonly (readonly string[])[] {
  const depth = new Map<string, number>();
  for (const id of order) {
    const before = (waitsFor.get(id) ?? []).map(({ from }) => depth.get(from) ?? 0);
    depth.set(id, before.reduce((deepest, one) => Math.max(deepest, one + 1), 0));
  }
  const batches: string[][] = [];
  for (const { id } of tasks) (batches[depth.get(id) ?? 0] ??= []).push(id);
  return batches;
}

function grouped(edges: readonly Edge[], by: "from" | "to"): ReadonlyMap<string, readonly Edge[]> {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) {
    const group = groups.get(edge[by]);
    if (group === undefined) groups.set(edge[by], [edge]);
    else group.push(edge);
  }
  return groups;
}
