// What the status bar says: who works, what waits for the user, what today has cost. Pure; no vscode here.
import type { BudgetSettings } from "../../core/engine/budget";
import { situationOf } from "../../core/desk/taskSituation";
import { isUnderWay, needsPerson, stateOf, type TaskState } from "../../core/projections/taskState";
import type { TaskView } from "../../core/projections/taskView";
import { counted, dollars } from "../../shared/figures";
import type { TaskRef } from "../taskRef";
import type { ShownDesk } from "../views/deskShelf";
import { line } from "../views/phrases";

export interface BoardTask {
  readonly ref: TaskRef;
  readonly view: TaskView;
  readonly state: TaskState;
}

export interface Board {
  readonly running: readonly BoardTask[];
  readonly waiting: readonly BoardTask[];
  readonly inQueue: readonly BoardTask[];
  readonly todayUsd: number;
  /** Calls of today whose price is unknown; they are not in `todayUsd`. */
  readonly unpricedToday: number;
  readonly alarm: Alarm | null;
}

/** Money that is running out. */
export interface Alarm {
  readonly level: "near" | "over";
  readonly text: string;
}

/** Share of the daily alert or limit from which on the day is near it. */
const NEAR = 0.8;

export type DayCost = Pick<Board, "todayUsd" | "unpricedToday">;

export function boardOf(desks: readonly ShownDesk[], day: DayCost, budget: BudgetSettings): Board {
  const tasks = desks.flatMap((desk) =>
    desk.tasks().map((view): BoardTask => ({ ref: { root: desk.root, task: view.request.id }, view, state: stateOf(view, situationOf(desk, view)) })),
  );
  const running = tasks.filter(({ state }) => state === "running");
  return {
    running,
    waiting: tasks.filter(({ state }) => needsPerson(state)),
    inQueue: tasks.filter(({ state }) => state === "inQueue"),
    ...day,
    alarm: dayAlarm(day.todayUsd, budget) ?? taskAlarm(tasks.filter(({ state }) => isUnderWay(state)), budget),
  };
}

function dayAlarm(todayUsd: number, { dayAlertUsd, dayUsd }: BudgetSettings): Alarm | null {
  if (dayUsd !== null && todayUsd >= dayUsd) return { level: "over", text: `today has used its budget of ${dollars(dayUsd)}` };
  const limit = Math.min(dayAlertUsd, dayUsd ?? dayAlertUsd);
  if (todayUsd < limit * NEAR || todayUsd === 0) return null;
  return { level: "near", text: `today has cost ${dollars(todayUsd)} of ${dollars(limit)}` };
}

function taskAlarm(underWay: readonly BoardTask[], { taskUsd, warnAt }: BudgetSettings): Alarm | null {
  const dear = underWay.filter(({ view }) => view.cost.usd >= taskUsd * warnAt);
  const [first] = dear.toSorted((a, b) => b.view.cost.usd - a.view.cost.usd);
  return first === undefined ? null : { level: "near", text: `"${first.view.request.title}" has cost ${dollars(first.view.cost.usd)} of ${dollars(taskUsd)}` };
}

/** With codicons; null: there is nothing to say. */
export function statusText({ running, waiting, inQueue, todayUsd, unpricedToday }: Board): string | null {
  const parts = [
    running.length > 0 && `$(loading~spin) ${running.length}`,
    inQueue.length > 0 && `$(list-ordered) ${inQueue.length}`,
    waiting.length > 0 && `$(bell-dot) ${waiting.length}`,
    (todayUsd > 0 || unpricedToday > 0) && `${shortDollars(todayUsd)}${unpricedToday > 0 ? "+" : ""} today`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? null : parts.join("  ");
}

/** Whole cents: the bar has little room. */
function shortDollars(usd: number): string {
  return usd > 0 && usd < 0.005 ? "<$0.01" : `$${usd.toFixed(2)}`;
}

/** The same in words: for a screen reader, and the tooltip's first line. */
export function statusWords({ running, waiting, inQueue, todayUsd, unpricedToday, alarm }: Board): string {
  return line(
    "Countersign",
    running.length > 0 && `${counted(running.length, "task")} running`,
    inQueue.length > 0 && `${inQueue.length} in queue`,
    waiting.length > 0 && `${waiting.length} waiting for you`,
    todayUsd > 0 && `${dollars(todayUsd)} today`,
    unpricedToday > 0 && `${counted(unpricedToday, "call")} without a known price`,
    alarm !== null && alarm.text,
  );
}
