// Implementation: the generator (or the single agent) works in the worktree; the host commits what it leaves.
import { join } from "node:path";
import type { SelfEvaluation } from "../domain/handoff";
import { EXECUTION_LOG, ExecutionLog } from "../handoff/executionLog";
import { printSelfEvaluation } from "../handoff/selfEvalFile";
import { requestsOf } from "../projections/openRequests";
import type { AttemptView } from "../projections/taskView";
import { generatorMessage, type Feedback } from "../roles/generator";
import { singleAgent, singleAgentMessage } from "../roles/singleAgent";
import type { SessionEnd } from "./agentSession";
import { ESTIMATE_FACTOR } from "./engineDeps";
import { instructionsIn } from "./repositoryContext";
import type { TaskRun } from "./taskRun";
import { askProjectManager } from "../tools/askProjectManager";
import type { MissionPart } from "./missionPart";
import { doer } from "./team";
import { firstAttempt } from "./transitions";

/** Endings that use up the attempt. The others stop the task, which can be resumed. */
const ENDS_ATTEMPT: ReadonlySet<string> = new Set(["timedOut", "outOfToolCalls", "outOfMessages", "refused", "contextFull", "invalidOutput"]);

export function implementStep(run: TaskRun, attempt: number): Promise<SessionEnd<SelfEvaluation>> {
  const { part } = run.deps;
  const tools = part === null ? [] : [askProjectManager(() => run.recorder.view.questions.some((asked) => asked.attempt === attempt), askingFor(run, part, attempt))];
  const { definition, message } = doer(part, tools);
  return run.phase(definition.role, attempt, async (deadline) => {
    const { deps, recorder, base, plan } = run;
    await startAttempt(run, attempt);
    await deadline.offTheClock(() => run.prepared());
    const log = executionLog(run);
    log.heading(`Attempt ${attempt}`);
    const end = await run.session({
      definition,
      attempt,
      firstMessage: message(generatorMessage({
        request: recorder.view.request,
        plan,
        contract: run.contract,
        instructions: await instructionsIn(deps.filesAt(base.worktree)),
        deliverablesFolder: run.deliverablesFolder,
        attempt,
        maxAttempts: firstAttempt(recorder.view) + deps.settings.maxRetries,
        requests: requestsOf(recorder.view),
        feedback: feedbackBefore(run, attempt),
      })),
      dir: base.worktree,
      toolCallLimit: Math.ceil(plan.estimatedToolCalls * ESTIMATE_FACTOR),
      deadline,
      review: () => Promise.resolve({ kind: "accepted" }),
      ...logged(log),
    });
    await closeLog(run, log);
    if (end.outcome === "completed") {
      await run.handoff("self-eval.md", printSelfEvaluation(end.value, attempt));
      await recorder.commit({ kind: "selfEvaluated", attempt, selfEvaluation: end.value });
    } else await cutShort(run, attempt, end);
    return end;
  });
}

export function answerStep(run: TaskRun, attempt: number): Promise<SessionEnd<string>> {
  return run.phase("single_agent", attempt, async (deadline) => {
    const { deps, recorder, base } = run;
    await startAttempt(run, attempt);
    const log = executionLog(run);
    log.heading(attempt === 1 ? "Single agent" : `Single agent, attempt ${attempt}`);
    const end = await run.session({
      definition: singleAgent,
      attempt,
      firstMessage: singleAgentMessage({
        request: recorder.view.request,
        instructions: await instructionsIn(deps.filesAt(base.worktree)),
        requests: requestsOf(recorder.view),
      }),
      dir: base.worktree,
      toolCallLimit: deps.settings.toolCalls,
      deadline,
      review: () => Promise.resolve({ kind: "accepted" }),
      ...logged(log),
    });
    await closeLog(run, log);
    await run.prepared();
    if (end.outcome === "completed") await recorder.commit({ kind: "singleAgentAnswered", text: end.value });
    else await cutShort(run, attempt, end);
    return end;
  });
}

/** Commits the attempt on the host's side and copies what it delivered outside the repository. */
export async function commitStep(run: TaskRun, attempt: number): Promise<void> {
  const { deps, recorder, base } = run;
  const commit = await saveWork(run, `attempt ${attempt}`);
  const files = await deps.workspace.changes(base, base.commit, commit);
  const delivered = await deps.plans.copyIn(recorder.task, join(base.worktree, run.deliverablesFolder), "deliverables");
  for (const file of delivered) recorder.note({ kind: "handoffWritten", file });
  await recorder.commit({ kind: "attemptCommitted", attempt, commit, files });
}

/** Puts the worktree as it is on the task's branch, so that a stop of any kind loses nothing. */
export function saveWork(run: TaskRun, what: string): Promise<string> {
  const { title, id } = run.recorder.view.request;
  const message = `${title}\n\nCountersign task ${id}, ${what}.`;
  return run.deps.workspace.commitAttempt(run.base, message, [run.deliverablesFolder]);
}

/** The question counts before its answer is known: asking costs, whatever comes of it. */
function askingFor(run: TaskRun, part: MissionPart, attempt: number): MissionPart["ask"] {
  return async (question, signal) => {
    const answer = await part.ask(question, signal);
    await run.recorder.commit({ kind: "questionAsked", attempt, question, answer });
    return answer;
  };
}

async function startAttempt(run: TaskRun, attempt: number): Promise<void> {
  const known = run.recorder.view.attempts.some((a) => a.attempt === attempt);
  if (!known) await run.recorder.commit({ kind: "attemptStarted", attempt });
}

async function cutShort(run: TaskRun, attempt: number, end: SessionEnd<unknown>): Promise<void> {
  if (end.outcome === "completed" || !ENDS_ATTEMPT.has(end.outcome)) return;
  await run.recorder.commit({ kind: "attemptCutShort", attempt, outcome: end.outcome, detail: end.detail });
}

function executionLog(run: TaskRun): ExecutionLog {
  return new ExecutionLog(run.deps.plans, run.recorder.task, () => run.deps.clock.now());
}

function logged(log: ExecutionLog): Pick<Parameters<TaskRun["session"]>[0], "onText" | "onCall"> {
  return {
    onText: (text) => log.said(text),
    onCall: (call, description, outcome) => log.called(call, description, outcome),
  };
}

async function closeLog(run: TaskRun, log: ExecutionLog): Promise<void> {
  await log.flush();
  await run.recorder.commit({ kind: "handoffWritten", file: EXECUTION_LOG });
}

/** Of this round, and of the attempt that the user looked at before it. */
function feedbackBefore(run: TaskRun, attempt: number): readonly Feedback[] {
  const first = firstAttempt(run.recorder.view);
  const feedback = run.recorder.view.attempts.filter((a) => a.attempt < attempt).flatMap((a) => feedbackOf(run, a));
  const lastBefore = feedback.findLast((known) => known.attempt < first);
  return feedback.filter((known) => known.attempt >= first || known === lastBefore);
}

function feedbackOf(run: TaskRun, attempt: AttemptView): readonly Feedback[] {
  if (attempt.decision === null) return [];
  const redChecks = run.contract.checks.flatMap((check) => {
    const result = attempt.checks.find((r) => r.checkId === check.id && !r.green);
    return result === undefined ? [] : [{ check, result }];
  });
  const { decision, verdict, files } = attempt;
  return [{ attempt: attempt.attempt, decision, verdict, redChecks, files }];
}
