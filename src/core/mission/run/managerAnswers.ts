// A worker's question to the project manager, answered in a session of its own from what the mission knows. What the
// other workers do is none of it: the project manager's context does not grow with their work.
import { CountersignError } from "../../domain/errors";
import type { PlannedTask } from "../../domain/mission";
import type { TaskRun } from "../../engine/taskRun";
import { managerAnswer, managerAnswerMessage } from "../../roles/missionRoles";
import { missionOf } from "./missionOf";

const ANSWER_TOOL_CALLS = 10;

export async function askManager(run: TaskRun, { planned, question, signal }: { readonly planned: PlannedTask; readonly question: string; readonly signal: AbortSignal }): Promise<string> {
  const { recorder } = run;
  const attempt = recorder.view.sessions.filter(({ role }) => role === "project_manager").length + 1;
  const { plan } = missionOf(run);
  if (plan === null) throw new CountersignError("internal", "The mission has no plan yet.");
  const end = await run.phase("project_manager", attempt, async (deadline) =>
    run.session({
      definition: managerAnswer,
      attempt,
      firstMessage: managerAnswerMessage({ plan, planned, question }),
      dir: run.base.worktree,
      toolCallLimit: ANSWER_TOOL_CALLS,
      deadline,
      review: () => Promise.resolve({ kind: "accepted" }),
    }),
  );
  signal.throwIfAborted();
  return end.outcome === "completed" ? end.value : `No answer could be had (${end.detail}). Decide it yourself and name it under gaps.`;
}
