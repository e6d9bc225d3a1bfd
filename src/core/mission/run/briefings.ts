// What worker and qc of a task are told of the mission: what `contextFor` lets through, and nothing else.
import type { EventBody } from "../../domain/event";
import { CountersignError } from "../../domain/errors";
import type { PlannedTask } from "../../domain/mission";
import type { MissionPart } from "../../engine/missionPart";
import type { TaskRun } from "../../engine/taskRun";
import { bullets, joinSections, quoted, section } from "../../roles/role";
import { contextFor, measureContext, type DependencyResult, type MissionContext, type WorkerContext } from "../contextFor";
import { readPreamble } from "./briefStep";
import type { MissionHost } from "./missionHost";
import { missionOf } from "./missionOf";

export interface Briefings {
  readonly part: Pick<MissionPart, "worker" | "qc">;
  /** Their sizes, against what the project manager has. */
  readonly measures: readonly EventBody[];
}

export async function briefingsFor(run: TaskRun, host: MissionHost, planned: PlannedTask): Promise<Briefings> {
  const context = await contextOf(run, host, planned);
  const worker = contextFor("worker", context);
  const qc = contextFor("qc", context);
  const measures = (["worker", "qc"] as const).map((role): EventBody => {
    const { bytes, tokens, managerBytes, managerTokens } = measureContext(role, context);
    return { kind: "contextMeasured", role, attempt: 0, bytes, tokens, managerBytes, managerTokens };
  });
  return { part: { worker: { preamble: worker.workerPreamble, context: workerText(worker) }, qc: { preamble: qc.qcPreamble, context: "" } }, measures };
}

/** The task's title, description and criteria stand in its request and contract: only what comes besides is said here. */
function workerText({ files, dependencies, leftOut }: WorkerContext): string {
  const more = [
    leftOut.files === 0 ? "" : `and ${leftOut.files} more`,
    leftOut.dependencies === 0 ? "" : `The results of ${leftOut.dependencies} more tasks are in the worktree, too.`,
  ];
  return joinSections([
    section("Files that this task is expected to touch", joinSections([bullets(files.map(({ path }) => path)), more[0] ?? ""])),
    section(
      "Work that this task builds on",
      joinSections([...dependencies.map(({ id, title, result }) => quoted("dependency", `${id}: ${title}`, result)), more[1] ?? ""]),
    ),
  ]);
}

/** All that is known of a task: what of it a role gets, `contextFor` says. */
async function contextOf(run: TaskRun, host: MissionHost, planned: PlannedTask): Promise<MissionContext> {
  const { plan } = missionOf(run);
  if (plan === null) throw new CountersignError("internal", "The mission has no plan yet.");
  const [workerPreamble, qcPreamble, dependencies, research] = await Promise.all([
    preambleOf(host, "worker", planned.workerRole),
    preambleOf(host, "qc", planned.qcRole),
    resultsOf(run, host, planned),
    researchOf(run),
  ]);
  return {
    mission: { title: plan.title, request: plan.request, overview: plan.overview },
    title: planned.title,
    requirements: planned.criteria,
    description: planned.prompt + (planned.context ?? ""),
    criteria: planned.criteria,
    workerPreamble,
    qcPreamble,
    files: planned.files.map((path) => ({ path, text: "" })),
    dependencies,
    checkResults: [],
    diff: "",
    research,
    planningNotes: plan.assumptions.join("\n"),
    alternatives: [],
    otherTasks: plan.tasks.filter(({ id }) => id !== planned.id).map(({ title, prompt, criteria }) => [title, prompt, ...criteria].join("\n")),
    workerReasoning: "",
  };
}

/** The project manager's conversations as they are on disk. */
async function researchOf({ deps, recorder }: TaskRun): Promise<string> {
  const sessions = recorder.view.sessions.filter(({ role }) => role === "project_manager");
  const texts = await Promise.all(sessions.map(({ id }) => deps.plans.read(recorder.task, `sessions/${id}.ndjson`)));
  return texts.map((text) => text ?? "").join("\n");
}

async function preambleOf(host: MissionHost, role: "worker" | "qc", description: string): Promise<string> {
  const text = await readPreamble(host, { role, description });
  if (text !== null) return text;
  throw new CountersignError("notFound", `The preamble of the ${role} "${description}" is gone from .countersign/agents/. Put it back, or start the mission anew.`);
}

async function resultsOf(run: TaskRun, host: MissionHost, { dependencies }: PlannedTask): Promise<readonly DependencyResult[]> {
  const nodes = missionOf(run).nodes.filter(({ id }) => dependencies.includes(id));
  const results = nodes.map(async ({ id, task }): Promise<readonly DependencyResult[]> => {
    const view = task === null ? null : await host.viewOf(task);
    const last = view?.attempts.findLast(({ decision }) => decision?.pass === true);
    if (view === null || last === undefined) return [];
    const files = last.files.map(({ path, status }) => `${path} (${status})`).join(", ");
    return [{ id, title: view.request.title, result: `${last.selfEvaluation?.summary ?? ""}\nFiles: ${files || "none"}` }];
  });
  return (await Promise.all(results)).flat();
}
