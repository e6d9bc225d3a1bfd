// Cost reports for the command line: sums over what the API reported, nothing estimated. All parts add up to the total.
import { addCost, addUsage, dollars, NO_COST, NO_USAGE, promptTokens, totalTokens, type Cost, type Usage } from "../core/domain/usage";
import type { CostRow, TaskStore } from "../core/ports/taskStore";
import type { TaskView } from "../core/projections/taskView";
import type { Terminal } from "./terminal";

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
  readonly byDay: readonly CostLine[];
  readonly byPhase: readonly CostLine[];
  readonly byRole: readonly CostLine[];
  readonly byModel: readonly CostLine[];
}

export interface CostQuery {
  readonly period: "daily" | "weekly" | "task";
  readonly task: TaskView | null;
  readonly now: Date;
}

const DAY_MS = 86_400_000;

export function costReport(store: TaskStore, { period, task, now }: CostQuery): CostReport {
  const to = dayOf(now);
  const from = period === "weekly" ? dayOf(new Date(now.getTime() - 6 * DAY_MS)) : to;
  const rows = task === null ? store.costs({ from, to }) : store.costs({ task: task.request.id });
  const title = task === null ? `${period === "weekly" ? `Cost ${from} to ${to}` : `Cost ${to}`} (UTC)` : `Cost of ${task.request.id}: ${task.request.title}`;
  return {
    title,
    total: sum("total", rows),
    byTask: group(rows, (row) => `${row.task}  ${row.title}`),
    byDay: group(rows, (row) => row.day),
    byPhase: group(rows, (row) => row.phase),
    byRole: group(rows, (row) => row.role),
    byModel: group(rows, (row) => row.model),
  };
}

export function printCostReport(t: Terminal, report: CostReport): void {
  t.line(t.bold(report.title));
  if (report.total.calls === 0) return t.line("No model was called.");
  t.line(lineText(report.total));
  const parts = [
    ["by task", report.byTask],
    ["by day", report.byDay],
    ["by phase", report.byPhase],
    ["by role", report.byRole],
    ["by model", report.byModel],
  ] as const;
  for (const [name, lines] of parts) {
    t.line(`\n${t.bold(name)}`);
    for (const line of lines) t.line(`  ${lineText(line)}`);
  }
}

function lineText({ name, calls, usage, cost }: CostLine): string {
  const unknown = cost.unpricedCalls === 0 ? "" : ` + unknown (${cost.unpricedCalls} calls)`;
  const cached = promptTokens(usage) === 0 ? 0 : Math.round((100 * usage.cacheRead) / promptTokens(usage));
  return `${name}: ${dollars(cost.usd)}${unknown} · ${calls} calls · ${totalTokens(usage)} tokens, ${cached} % of the input from cache`;
}

function group(rows: readonly CostRow[], key: (row: CostRow) => string): readonly CostLine[] {
  const names = [...new Set(rows.map(key))];
  return names.map((name) => sum(name, rows.filter((row) => key(row) === name))).sort((a, b) => b.cost.usd - a.cost.usd);
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
