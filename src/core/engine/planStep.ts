// Planning: the planner researches and plans; the engine writes `plan.md`.
import { PLAN_FILE } from "../handoff/planNames";
import { printPlan } from "../handoff/planFile";
import { requestsOf } from "../projections/openRequests";
import { planner, plannerMessage } from "../roles/planner";
import type { SessionEnd } from "./agentSession";
import { instructionsIn, topLevelOf } from "./repositoryContext";
import type { TaskRun } from "./taskRun";
import type { Plan } from "../domain/handoff";

export function planStep(run: TaskRun): Promise<SessionEnd<Plan>> {
  return run.phase("planner", 0, async (deadline) => {
    const { deps, recorder, base } = run;
    const files = deps.filesAt(base.worktree);
    const [instructions, topLevel] = await Promise.all([instructionsIn(files), topLevelOf(files)]);
    const { request } = recorder.view;
    const end = await run.session({
      definition: planner,
      attempt: 0,
      firstMessage: plannerMessage({ request, instructions, topLevel, deliverablesFolder: run.deliverablesFolder, requests: requestsOf(recorder.view) }),
      dir: base.worktree,
      toolCallLimit: deps.settings.toolCalls,
      deadline,
      review: (plan) => Promise.resolve(reviewOf(plan)),
    });
    if (end.outcome !== "completed") return end;
    await run.handoff(PLAN_FILE, printPlan(end.value, request));
    await recorder.commit({ kind: "planProposed", plan: end.value });
    return end;
  });
}

function reviewOf(plan: Plan): { readonly kind: "accepted" } | { readonly kind: "sentBack"; readonly message: string } {
  if (plan.approaches.some((approach) => approach.name === plan.chosen)) return { kind: "accepted" };
  const names = plan.approaches.map((approach) => JSON.stringify(approach.name)).join(", ");
  return { kind: "sentBack", message: `chosen is ${JSON.stringify(plan.chosen)}, but must be the name of an approach: ${names}. Answer with the whole plan, as JSON only.` };
}
