// Tasks of a mission that fulfil all rules unless a test says otherwise.
import type { MissionPlan, PlannedTask } from "../../src/core/domain/mission";

export function aPlannedTask(id: string, over: Partial<PlannedTask> = {}): PlannedTask {
  return {
    id,
    title: `Do ${id}`,
    workerRole: "Backend engineer who knows Node.js",
    qcRole: "Reviewer who runs the tests of the service",
    model: null,
    prompt: `Do what ${id} is for.`,
    dependencies: [],
    criteria: [`\`npm test\` passes for ${id}`],
    verificationCommands: ["npm test"],
    files: [],
    maxRetries: 2,
    estimatedToolCalls: 10,
    parallelGroup: null,
    ...over,
  };
}

export function aMissionPlan(...tasks: readonly PlannedTask[]): MissionPlan {
  const some = tasks.length > 0 ? tasks : [aPlannedTask("task-0"), aPlannedTask("task-1.1", { dependencies: ["task-0"] })];
  return { title: "A mission", request: "Do it all.", overview: "One thing after the other.", assumptions: [], tasks: some };
}
