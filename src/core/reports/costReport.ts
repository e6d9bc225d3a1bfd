// What model calls cost, summed by day, task, phase, role and model: the one account that the command line and the
// editor show. Sums over what the API reported, nothing estimated; every part adds up to the total.
import { modelName } from "../domain/scriptModel";
import type { TaskRequest } from "../domain/task";
import { addCost, addUsage, NO_COST, NO_USAGE, type Cost, type Usage } from "../domain/usage";
import type { CostRow, TaskStore } from "../ports/taskStore";

/** Days are UTC days, as in the journal. `week`: today and the six days before it. */
export type CostScope =
  | { readonly kind: "day" }
  | { readonly kind: "week" }
  | { readonly kind: "task"; readonly task: Pick<TaskRequest, "id" | "title"> };

export interface CostLine {
  readonly name: string;
  readonly calls: number;
  readonly usage: Usage;
  readonly cost: Cost;
}

export interface CostReport {
  readonly title: string;
  readonly total: CostLine;
  readonly byTask: readonly CostLine[];
  /** Oldest first; the other parts dearest first. */
  readonly byDay: readonly CostLine[];
  readonly byPhase: readonly CostLine[];
  readonly byRole: readonly CostLine[];
  readonly byModel: readonly CostLine[];
}

const DAY_MS = 86_400_000;

/** Which rows a report of this scope is made of. */
export function costFilter(scope: CostScope, now: Date): Parameters<TaskStore["costs"]>[0] {
  if (scope.kind === "task") return { task: scope.task.id };
  const to = dayOf(now);
  return { from: scope.kind === "week" ? dayOf(new Date(now.getTime() - 6 * DAY_MS)) : to, to };
}

/** `rows` are those of `costFilter`, of one store or of several. */
export function costReport(rows: readonly CostRow[], scope: CostScope, now: Date): CostReport {
  return {
    title: titleOf(scope, now),
    total: sum("total", rows),
    byTask: dearestFirst(group(rows, (row) => `${row.task}  ${row.title}`)),
    byDay: group(rows, (row) => row.day).toSorted((a, b) => a.name.localeCompare(b.name)),
    byPhase: dearestFirst(group(rows, (row) => row.phase)),
    byRole: dearestFirst(group(rows, (row) => row.role)),
    byModel: dearestFirst(group(rows, (row) => modelName(row.model))),
  };
}

function titleOf(scope: CostScope, now: Date): string {
  if (scope.kind === "task") return `Cost of ${scope.task.id}: ${scope.task.title}`;
  const { from, to } = costFilter(scope, now);
  return from === to ? `Cost ${to} (UTC)` : `Cost ${from} to ${to} (UTC)`;
}

function group(rows: readonly CostRow[], key: (row: CostRow) => string): readonly CostLine[] {
  const groups = new Map<string, CostRow[]>();
  for (const row of rows) {
    const name = key(row);
    const members = groups.get(name) ?? [];
    groups.set(name, members);
    members.push(row);
  }
  return [...groups].map(([name, members]) => sum(name, members));
}

function dearestFirst(lines: readonly CostLine[]): readonly CostLine[] {
  return lines.toSorted((a, b) => b.cost.usd - a.cost.usd);
}

function sum(name: string, rows: readonly CostRow[]): CostLine {
  return {
    name,
    calls: rows.reduce((calls, row) => calls + row.calls, 0),
    usage: rows.reduce((usage, row) => addUsage(usage, row.usage), NO_USAGE),
    cost: rows.reduce((cost, row) => addCost(cost, row.cost), NO_COST),
  };
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
