// The user looks at the plan, changes it in chain-output.md if they like, and says go.
import type { TaskRun } from "../../engine/taskRun";
import { CHAIN_FILE } from "../../handoff/planNames";
import { printChain } from "../chain/printChain";
import { planIn, takePlan, type PlanRead } from "./decomposeStep";
import { missionOf } from "./missionOf";

/** null when it was approved; else why it waits, for a person. */
export async function approveStep(run: TaskRun): Promise<string | null> {
  const { recorder, deps } = run;
  await recorder.commit({ kind: "planApprovalRequested" });
  let problems: readonly string[] = [];
  while (deps.approvePlan !== null && (await deps.approvePlan(recorder.view, problems))) {
    const { plan } = missionOf(run);
    const text = await deps.plans.read(recorder.task, CHAIN_FILE);
    const isSame = plan !== null && (text === null || text === printChain(plan));
    const read: PlanRead | null = isSame ? null : planIn(run, text ?? "");
    problems = read === null || read.ok ? [] : read.problems;
    if (problems.length > 0) continue;
    if (read?.ok === true) await takePlan(run, { ...read, edited: true });
    await recorder.commit({ kind: "planApproved", edited: read !== null });
    return null;
  }
  const said = problems.length === 0 ? "" : `, and cannot be taken as it stands: ${problems.join(" ")}`;
  return `the plan waits for your approval: ${deps.plans.pathOf(recorder.task, CHAIN_FILE)}${said}`.replace(/\.$/, "");
}
