// How the Tasks tree is grouped, ordered and filtered: where a task stands, from its view and its situation. Pure; no
// vscode here.
import { CATEGORIES, type Category } from "../../core/domain/task";
import type { TaskSituation } from "../../core/projections/taskActions";
import { needsPerson, stateOf, type TaskState } from "../../core/projections/taskState";
import type { TaskView } from "../../core/projections/taskView";

export const GROUPINGS = ["category", "state", "age", "none"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const STATE_GROUPS = ["waiting", "running", "inQueue", "new", "cancelled", "finished", "discarded"] as const;
export type StateGroup = (typeof STATE_GROUPS)[number];

export const AGE_GROUPS = ["today", "yesterday", "week", "month", "older"] as const;
export type AgeGroup = (typeof AGE_GROUPS)[number];

export type GroupKey = Category | StateGroup | AgeGroup | "all";

/** Empty lists and an empty text let everything pass. */
export interface TaskFilter {
  readonly categories: readonly Category[];
  readonly states: readonly StateGroup[];
  /** Part of the title, whatever the case. */
  readonly text: string;
}

export const NO_FILTER: TaskFilter = { categories: [], states: [], text: "" };

export interface TaskOrder {
  readonly grouping: Grouping;
  readonly filter: TaskFilter;
}

/** A task's place: its group, and within that first by `section`, then by `order`, both from small to large. */
export interface Placement {
  readonly group: GroupKey;
  readonly section: number;
  readonly order: number;
}

export const GROUP_NAMES: Readonly<Record<GroupKey, string>> = {
  DISPATCH: "DISPATCH",
  PREP: "PREP",
  YOURS: "YOURS",
  waiting: "Waiting for you",
  running: "Running",
  inQueue: "In queue",
  new: "Not started",
  cancelled: "Cancelled",
  finished: "Accepted and done",
  discarded: "Discarded",
  today: "Today",
  yesterday: "Yesterday",
  week: "Last 7 days",
  month: "Last 30 days",
  older: "Older",
  all: "All tasks",
};

const KEYS: Readonly<Record<Grouping, readonly GroupKey[]>> = { category: CATEGORIES, state: STATE_GROUPS, age: AGE_GROUPS, none: ["all"] };

/** All groups of a grouping, in their order. */
export function groupKeys(grouping: Grouping): readonly GroupKey[] {
  return KEYS[grouping];
}

export function stateGroup(state: TaskState): StateGroup {
  if (needsPerson(state)) return "waiting";
  switch (state) {
    case "running":
    case "inQueue":
    case "new":
    case "cancelled":
    case "discarded":
      return state;
    default:
      return "finished";
  }
}

/** Local calendar days since then; "Last 7 days" begins six days before today. */
export function ageGroup(createdAt: string, now: number): AgeGroup {
  const days = Math.round((midnight(now) - midnight(Date.parse(createdAt))) / 86_400_000);
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  if (days < 7) return "week";
  return days < 30 ? "month" : "older";
}

function midnight(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

export function isFiltering({ categories, states, text }: TaskFilter): boolean {
  return categories.length > 0 || states.length > 0 || text !== "";
}

export function passes(view: TaskView, state: TaskState, filter: TaskFilter): boolean {
  const { categories, states, text } = filter;
  return (
    (categories.length === 0 || categories.includes(view.category)) &&
    (states.length === 0 || states.includes(stateGroup(state))) &&
    view.request.title.toLowerCase().includes(text.toLowerCase())
  );
}

/** What a person must act on stands first, then what runs, then the queue in its order; all else newest first. */
const SECTIONS: readonly StateGroup[] = ["waiting", "running", "inQueue", "new"];

/** null: the filter leaves it out. */
export function placementOf(view: TaskView, situation: TaskSituation, order: TaskOrder, now: number): Placement | null {
  // It stands under its mission.
  if (view.request.partOf !== undefined) return null;
  const state = stateOf(view, situation);
  if (!passes(view, state, order.filter)) return null;
  const kind = stateGroup(state);
  const section = SECTIONS.indexOf(kind);
  const created = -Date.parse(view.createdAt);
  return {
    group: groupOf(view, kind, order.grouping, now),
    section: section < 0 ? SECTIONS.length : section,
    order: kind === "inQueue" ? (view.queueRank ?? 0) : created,
  };
}

function groupOf(view: TaskView, kind: StateGroup, grouping: Grouping, now: number): GroupKey {
  switch (grouping) {
    case "category":
      return view.category;
    case "state":
      return kind;
    case "age":
      return ageGroup(view.createdAt, now);
    case "none":
      return "all";
  }
}
