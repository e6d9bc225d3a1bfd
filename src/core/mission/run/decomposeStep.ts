// Decomposition: the request is sharpened where that was asked for, and cut into a graph of tasks by the project manager,
// or read from a chain file. What the linter does not take goes back; what it assumed is shown.
import type { MissionDraft, MissionPlan } from "../../domain/mission";
import type { OptimizedRequest } from "../../domain/missionReport";
import type { AnswerPlace, Review, SessionEnd } from "../../engine/agentSession";
import { instructionsIn, topLevelOf } from "../../engine/repositoryContext";
import { escalated, GO_ON, type StepEnd } from "../../engine/taskLoop";
import type { TaskRun } from "../../engine/taskRun";
import { CHAIN_FILE } from "../../handoff/planNames";
import type { Instructions } from "../../roles/planner";
import { managerMessage, planRefusalMessage, projectManager, requestOptimizer } from "../../roles/missionRoles";
import { taskText } from "../../roles/role";
import { parseChain } from "../chain/chainFile";
import { printChain } from "../chain/printChain";
import { lintPlan, MOST_TOOL_CALLS, type PlanNote } from "../planLinter";
import { withEnvironmentTask } from "./environment";
import type { MissionHost } from "./missionHost";
import { missionOf } from "./missionOf";

/** Below `.countersign/agents/`: what earlier missions taught. */
export const LESSONS_FILE = "lessons.md";
/** A refused plan goes back this often. */
const PLAN_REFUSALS = 2;

export function optimizeStep(run: TaskRun): Promise<SessionEnd<OptimizedRequest>> {
  return run.phase("request_optimizer", 0, async (deadline) => {
    const { request } = run.recorder.view;
    const end = await run.session({
      definition: requestOptimizer,
      attempt: 0,
      firstMessage: taskText(request),
      dir: run.base.worktree,
      toolCallLimit: run.deps.settings.toolCalls,
      deadline,
      review: () => Promise.resolve({ kind: "accepted" }),
    });
    if (end.outcome === "completed") await run.recorder.commit({ kind: "requestOptimized", ...end.value });
    return end;
  });
}

export function decomposeStep(run: TaskRun, host: MissionHost): Promise<SessionEnd<MissionDraft>> {
  return run.phase("project_manager", 0, async (deadline) => {
    const { deps, recorder, base } = run;
    const files = deps.filesAt(base.worktree);
    const [instructions, topLevel, lessons] = await Promise.all([instructionsIn(files), topLevelOf(files), lessonsIn(host)]);
    const { request } = recorder.view;
    const { optimized } = missionOf(run);
    const asked = optimized?.request ?? taskText(request);
    const end = await run.session({
      definition: projectManager,
      attempt: 0,
      firstMessage: managerMessage({
        request: asked,
        assumptions: optimized?.assumptions ?? [],
        ambiguities: optimized?.ambiguities ?? [],
        attachments: request.attachments,
        topLevel,
        instructions: [...instructions, ...lessons],
        maxWorkers: request.mission?.maxWorkers ?? 1,
      }),
      dir: base.worktree,
      toolCallLimit: deps.settings.toolCalls,
      deadline,
      review: (draft, place) => reviewPlan(run, { ...draft, request: asked }, place),
    });
    if (end.outcome !== "completed") return end;
    const plan = { ...end.value, request: asked };
    await takePlan(run, { plan: withEnvironmentTask(plan), warnings: linted(run, plan).warnings, edited: false });
    return end;
  });
}

async function reviewPlan(run: TaskRun, plan: MissionPlan, { turn, sentBack }: AnswerPlace): Promise<Review> {
  const { refusal } = missionOf(run);
  const { problems } = linted(run, plan);
  if (problems.length === 0) return { kind: "accepted" };
  // A session that goes on after a crash may show the answer that was refused just before it.
  if (refusal?.turn !== turn) await run.recorder.commit({ kind: "missionPlanRefused", turn, problems });
  if (sentBack < PLAN_REFUSALS) return { kind: "sentBack", message: planRefusalMessage(problems) };
  return { kind: "refused", detail: `no valid plan after ${sentBack + 1} rounds: ${problems.join(" ")}` };
}

function linted({ deps }: TaskRun, { tasks }: MissionPlan): { readonly problems: readonly string[]; readonly warnings: readonly string[] } {
  const { problems, warnings } = lintPlan(tasks, { network: deps.reachesNetwork(), mostToolCalls: MOST_TOOL_CALLS });
  return { problems: problems.map(noteText), warnings: warnings.map(noteText) };
}

function noteText({ task, text }: PlanNote): string {
  return task === null || text.includes(`"${task}"`) ? text : `${task}: ${text}`;
}

/** What the user gave is taken or refused as it is: there is nobody to send it back to. */
export async function importStep(run: TaskRun): Promise<StepEnd> {
  const { request } = run.recorder.view;
  const read = planIn(run, request.mission?.chain ?? "");
  if (!read.ok) return escalated(`the chain file cannot be carried out: ${read.problems.join(" ")}`);
  await takePlan(run, { plan: read.plan, warnings: read.warnings, edited: false });
  return GO_ON;
}

/** Puts a plan on record, and where people can read it. */
export async function takePlan(run: TaskRun, taken: { readonly plan: MissionPlan; readonly warnings: readonly string[]; readonly edited: boolean }): Promise<void> {
  await run.handoff(CHAIN_FILE, printChain(taken.plan));
  await run.recorder.commit({ kind: "missionPlanned", ...taken });
}

export type PlanRead =
  | { readonly ok: true; readonly plan: MissionPlan; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The plan that a chain file tells. */
export function planIn(run: TaskRun, markdown: string): PlanRead {
  const read = parseChain(markdown);
  if (read.kind === "refused") return { ok: false, problems: read.problems };
  const { plan } = read.chain;
  const { problems, warnings } = linted(run, plan);
  if (problems.length > 0) return { ok: false, problems };
  const request = plan.request.trim() === "" ? taskText(run.recorder.view.request) : plan.request;
  return { ok: true, plan: withEnvironmentTask({ ...plan, request }), warnings: [...new Set([...read.chain.warnings, ...warnings])] };
}

async function lessonsIn(host: MissionHost): Promise<readonly Instructions[]> {
  const text = await host.agentFiles.read(LESSONS_FILE);
  return text === null || text.trim() === "" ? [] : [{ path: `.countersign/agents/${LESSONS_FILE}`, text }];
}
