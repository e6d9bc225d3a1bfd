// Moving tasks: which task a dropped one comes to stand before, and what a drop means. Pure; no vscode here.
import { CATEGORIES, type Category, type TaskId } from "../../core/domain/task";
import type { TaskView } from "../../core/projections/taskView";
import type { Grouping } from "./taskGroups";
import type { TaskNode } from "./taskNodes";

export type Direction = "up" | "down";

/** The task to stand before after a step; null: last. undefined: it is at that end already, or does not wait. */
export function beforeAfterStep(waiting: readonly TaskView[], task: TaskId, direction: Direction): TaskId | null | undefined {
  const index = waiting.findIndex((view) => view.request.id === task);
  if (index < 0 || (direction === "up" ? index === 0 : index === waiting.length - 1)) return undefined;
  return waiting[direction === "up" ? index - 1 : index + 2]?.request.id ?? null;
}

/** Dropped on another waiting task it takes that one's place: the others make room on the side it came from. */
export function beforeAfterDrop(waiting: readonly TaskView[], task: TaskId, onto: TaskId): TaskId | null {
  const [from, to] = [task, onto].map((id) => waiting.findIndex((view) => view.request.id === id));
  if (from === undefined || to === undefined || from < 0 || from > to) return onto;
  return waiting[to + 1]?.request.id ?? null;
}

export type Drop =
  | { readonly kind: "category"; readonly category: Category }
  | { readonly kind: "queue"; readonly before: TaskId | null }
  /** Why it cannot be dropped there, for a person. */
  | { readonly kind: "refused"; readonly reason: string };

export interface DropSite {
  readonly grouping: Grouping;
  readonly target: TaskNode | undefined;
  /** The task that it is dropped on. */
  readonly targetView: TaskView | undefined;
  readonly waiting: readonly TaskView[];
}

/** What dropping `task` there does; null: nothing. */
export function dropOf(task: TaskView, root: string, { grouping, target, targetView, waiting }: DropSite): Drop | null {
  const targetRoot = target === undefined ? undefined : rootOf(target);
  if (target === undefined || targetRoot === undefined) return null;
  if (targetRoot !== root) return { kind: "refused", reason: "A task stays in the folder that it was made for." };
  const isWaiting = (view: TaskView): boolean => waiting.some((one) => one.request.id === view.request.id);
  if (target.kind === "group") {
    const category = CATEGORIES.find((one) => one === target.key);
    if (category !== undefined) return category === task.category ? null : { kind: "category", category };
    return target.key === "inQueue" && isWaiting(task) ? { kind: "queue", before: null } : null;
  }
  if (targetView === undefined || targetView.request.id === task.request.id) return null;
  if (grouping === "category" && targetView.category !== task.category) return { kind: "category", category: targetView.category };
  if (!isWaiting(task) || !isWaiting(targetView)) return null;
  return { kind: "queue", before: beforeAfterDrop(waiting, task.request.id, targetView.request.id) };
}

function rootOf(node: TaskNode): string | undefined {
  if ("target" in node) return node.target.root;
  return "root" in node ? node.root : undefined;
}
