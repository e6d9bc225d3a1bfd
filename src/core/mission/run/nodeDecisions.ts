// What a person decides about a task of a mission: to what goes on record, or the refusal, which says what can be done
// instead. Pure.
import { CountersignError } from "../../domain/errors";
import type { EventBody } from "../../domain/event";
import type { NodeDecision } from "../../domain/missionEvents";
import type { TaskView } from "../../projections/taskView";
import { applyChange } from "../scheduler";
import { missionSchedule } from "./missionSchedule";

export function nodeDecided({ mission, status, request }: TaskView, node: string, decision: NodeDecision): EventBody {
  if (mission === null) throw new CountersignError("conflict", `Task ${request.id} is no mission.`);
  if (status === "running") throw new CountersignError("conflict", `Mission ${request.id} is running. Nothing was changed. Decide when it has ended, or cancel it first.`);
  if (status === "accepted" || status === "discarded") throw new CountersignError("conflict", `Mission ${request.id} is ${status}: nothing can be decided any more.`);
  const result = applyChange(missionSchedule(mission), { kind: decision, id: node });
  if (result.kind === "refused") throw new CountersignError("conflict", `${result.reason} Nothing was changed.`);
  return { kind: "nodeDecided", node, decision };
}
