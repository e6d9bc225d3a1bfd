// A node of a mission's graph as a task: what its request and its plan say. Pure.
import type { Plan } from "../../domain/handoff";
import type { PlannedTask } from "../../domain/mission";
import type { TaskRequest } from "../../domain/task";
import type { TaskView } from "../../projections/taskView";

export function childRequest({ request }: TaskView, planned: PlannedTask): Omit<TaskRequest, "id"> {
  const { mission: _, attachments, ...kept } = request;
  const context = planned.context === undefined ? "" : `\n\n${planned.context}`;
  return {
    ...kept,
    title: planned.title,
    description: `${planned.prompt}${context}`,
    category: "PREP",
    requestedType: "multi_agent",
    attachments: attachments.filter((path) => planned.files.includes(path)),
    approvePlan: false,
    partOf: { mission: request.id, node: planned.id },
  };
}

/** The project manager has planned it: no planner is asked. Nothing of other tasks, or of what was weighed, is in it. */
export function childPlan(planned: PlannedTask): Plan {
  return {
    title: planned.title,
    currentState: "",
    approaches: [],
    chosen: "As the task says.",
    rationale: "",
    steps: planned.criteria.map((criterion) => `Make true: ${criterion}`),
    acceptanceCriteria: planned.criteria,
    verificationCommands: planned.verificationCommands,
    deliverables: planned.files,
    risks: [],
    estimatedToolCalls: planned.estimatedToolCalls,
  };
}
