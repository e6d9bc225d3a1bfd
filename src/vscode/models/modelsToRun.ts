// With which models a task goes on: those that it was created with, or those that are set now. Pure.
import { scriptFileOf } from "../../core/domain/scriptModel";
import type { TaskRequest, TaskType } from "../../core/domain/task";
import { modelOf } from "../../core/roles/roleSettings";
import { lackOf, rolesOf, type Reach } from "./access";

type Models = TaskRequest["models"];

/**
 * - `created`: as it began, which is the rule; a script's models are never replaced
 * - `current`: only those can be reached
 * - `ask`: both can be, and they differ
 * - `neither`: something has to be set up first
 */
export type ModelDecision = "created" | "current" | "ask" | "neither";

export async function decideModels(created: Models, current: Models, type: TaskType, reach: Reach): Promise<ModelDecision> {
  const roles = rolesOf(type);
  const isSame = roles.every((role) => modelOf(created, role) === modelOf(current, role));
  if (isSame || roles.some((role) => scriptFileOf(modelOf(created, role)) !== "")) return (await lackOf(created, type, reach)) === null ? "created" : "neither";
  const [lackOfCreated, lackOfCurrent] = [await lackOf(created, type, reach), await lackOf(current, type, reach)];
  if (lackOfCreated === null) return lackOfCurrent === null ? "ask" : "created";
  return lackOfCurrent === null ? "current" : "neither";
}
