// Which of its handoff files a task's plan is: a mission's is a chain file.
import type { TaskType } from "../domain/task";

export const PLAN_FILE = "plan.md";
export const CHAIN_FILE = "chain-output.md";

export function planFileOf({ type }: { readonly type: TaskType | null }): string {
  return type === "mission" ? CHAIN_FILE : PLAN_FILE;
}
