// How views become rows and rows become answers: every statement on the tables of migrations.ts but the schema itself.
import type { Phase, Role, TaskId } from "../../core/domain/task";
import type { Cost, Usage } from "../../core/domain/usage";
import type { CheckResult } from "../../core/domain/contract";
import type { CostRow } from "../../core/ports/taskStore";
import type { AttemptView, SessionView, TaskView } from "../../core/projections/taskView";
import type { SqlDatabase, SqlRow, SqlValue } from "./sqlDatabase";

export const PUT_META = "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)";
export const PUT_COST = insert("costs", 13);
export const PUT_NOTIFICATION = insert("notifications", 5);
const PUT_TASK = insert("tasks", 14);
const PUT_SESSION = insert("sessions", 19);
const PUT_ATTEMPT = insert("attempts", 8);
const PUT_CHECK = insert("checks", 10);
const PUT_VERDICT = insert("verdicts", 5);
const PARTS = ["sessions", "attempts", "checks", "verdicts"];

function insert(table: string, columns: number): string {
  return `INSERT OR REPLACE INTO ${table} VALUES (${Array(columns).fill("?").join(", ")})`;
}

/** Replaces the rows of tasks; `created` tells the number of the event that created one that has no rows yet. */
export function putTasks(database: SqlDatabase, views: readonly TaskView[], created: ReadonlyMap<TaskId, number>): void {
  const ids = views.map(({ request }) => [request.id]);
  const seqOf = (task: TaskId): number =>
    created.get(task) ?? number(database.rows("SELECT seq FROM tasks WHERE id = ?", [task])[0], "seq");
  database.runAll(PUT_TASK, views.map((view) => taskValues(view, seqOf(view.request.id))));
  for (const table of PARTS) database.runAll(`DELETE FROM ${table} WHERE task = ?`, ids);
  const each = <T>(rows: (task: TaskId, view: TaskView) => readonly T[]): readonly T[] =>
    views.flatMap((view) => rows(view.request.id, view));
  database.runAll(PUT_SESSION, each((task, view) => view.sessions.map((session) => sessionValues(task, session))));
  database.runAll(PUT_ATTEMPT, each((task, view) => view.attempts.map((attempt) => attemptValues(task, attempt))));
  database.runAll(PUT_CHECK, each((task, view) => [{ attempt: 0, checks: view.baseChecks }, ...view.attempts].flatMap(
    ({ attempt, checks }) => checks.map((result) => checkValues(task, attempt, result)),
  )));
  database.runAll(PUT_VERDICT, each((task, view) => view.attempts.flatMap((attempt) => verdictValues(task, attempt))));
}

function taskValues(view: TaskView, seq: number): readonly SqlValue[] {
  const { request, cost } = view;
  const retries = Math.max(0, view.attempts.length - 1);
  const state = [view.category, view.type, view.status, view.phase, retries, view.createdAt, view.updatedAt];
  return [request.id, seq, view.lastSeq, request.title, ...state, cost.usd, cost.unpricedCalls, JSON.stringify(view)];
}

function sessionValues(task: TaskId, s: SessionView): readonly SqlValue[] {
  const life = [s.startedAt, s.endedAt, s.outcome, s.turns, s.toolCalls, s.retries];
  return [task, s.id, s.role, s.phase, s.attempt, s.model, ...life, ...billValues(s.usage, s.cost)];
}

function attemptValues(task: TaskId, a: AttemptView): readonly SqlValue[] {
  const passed = a.decision === null ? null : Number(a.decision.pass);
  return [task, a.attempt, a.startedAt, a.commit, a.files.length, a.score, passed, a.cutShort?.outcome ?? null];
}

function checkValues(task: TaskId, attempt: number, r: CheckResult): readonly SqlValue[] {
  const result = [Number(r.green), r.reason, r.exitCode, Number(r.timedOut), r.durationMs];
  return [task, attempt, r.checkId, r.criterion, r.kind, ...result];
}

function verdictValues(task: TaskId, { attempt, verdict }: AttemptView): readonly (readonly SqlValue[])[] {
  return verdict === null ? [] : [[task, attempt, verdict.verdict, verdict.score, verdict.summary]];
}

export function costValues(row: CostRow): readonly SqlValue[] {
  return [row.day, row.task, row.role, row.phase, row.model, row.calls, ...billValues(row.usage, row.cost)];
}

function billValues(usage: Usage, cost: Cost): readonly SqlValue[] {
  const tokens = [usage.input, usage.output, usage.cacheRead, usage.cacheWrite5m, usage.cacheWrite1h];
  return [...tokens, cost.usd, cost.unpricedCalls];
}

/** A row of `costs` joined with its task's title. The texts were written by this file from typed values. */
export function costRow(row: SqlRow): CostRow {
  return {
    day: text(row, "day"),
    task: text(row, "task") as TaskId,
    title: text(row, "title"),
    role: text(row, "agent_role") as Role,
    phase: text(row, "phase") as Phase,
    model: text(row, "model"),
    calls: number(row, "calls"),
    usage: {
      input: number(row, "input_tokens"),
      output: number(row, "output_tokens"),
      cacheRead: number(row, "cache_read_tokens"),
      cacheWrite5m: number(row, "cache_write_5m_tokens"),
      cacheWrite1h: number(row, "cache_write_1h_tokens"),
    },
    cost: { usd: number(row, "usd"), unpricedCalls: number(row, "unpriced_calls") },
  };
}

export function viewOf(row: SqlRow | undefined): TaskView {
  return JSON.parse(text(row, "context")) as TaskView;
}

export function text(row: SqlRow | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== "string") throw new TypeError(`column ${column} holds no text`);
  return value;
}

function number(row: SqlRow | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== "number") throw new TypeError(`column ${column} holds no number`);
  return value;
}
