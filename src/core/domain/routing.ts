// Decides how a task is run. Pure.
import type { Category, TaskType } from "./task";

/** Descriptions longer than this (characters) make a DISPATCH task multi-agent. Source: design, "The life of a task". */
export const LONG_DESCRIPTION = 500;

export type Route =
  | { readonly kind: "run"; readonly type: TaskType; readonly reason: string }
  | { readonly kind: "human"; readonly reason: string };

/** The rules, first match wins: YOURS is never run; an explicit type; PREP; a long DISPATCH; any other DISPATCH. */
export function routeTask(task: {
  readonly category: Category;
  readonly requestedType: TaskType | null;
  readonly description: string;
}): Route {
  if (task.category === "YOURS") return { kind: "human", reason: "YOURS tasks wait for a person and are never run" };
  if (task.requestedType !== null) return { kind: "run", type: task.requestedType, reason: "the type was given" };
  if (task.category === "PREP") return { kind: "run", type: "multi_agent", reason: "PREP tasks are planned and verified" };
  const length = task.description.length;
  if (length > LONG_DESCRIPTION) {
    return { kind: "run", type: "multi_agent", reason: `the description is long (${length} > ${LONG_DESCRIPTION} characters)` };
  }
  return { kind: "run", type: "single_agent", reason: "a short DISPATCH task is run at once" };
}
