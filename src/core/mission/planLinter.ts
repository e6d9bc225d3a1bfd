// What is wrong with a plan before anything is spent on it. Problems go back to the project manager, task by task;
// warnings are shown to the person who approves. Pure.
import { ENVIRONMENT_TASK, type PlannedTask } from "../domain/mission";
import { TASK_ID } from "./chain/taskIds";
import { contradictionsIn } from "./criteriaConflicts";
import { buildDag, describeAddedEdge, describeDagProblem, type DagProblem } from "./dag";
import { unmeetableBy } from "./unmeetableCriteria";

export interface PlanNote {
  /** null: the plan as a whole. */
  readonly task: string | null;
  readonly text: string;
}

export interface PlanLint {
  readonly problems: readonly PlanNote[];
  readonly warnings: readonly PlanNote[];
}

export interface LintSettings {
  /** Whether commands of agents may reach the network. */
  readonly network: boolean;
  /** A task that is estimated at more tool calls is to be split. */
  readonly mostToolCalls: number;
}

/** Tasks of 10–50 tool calls fit into one worker's context with room for a second try; beyond that they are several. */
export const MOST_TOOL_CALLS = 50;
const MOST_RETRIES = 10;
/** More files than a worker's context has room for. */
const MOST_FILES = 10;

export function lintPlan(tasks: readonly PlannedTask[], settings: LintSettings): PlanLint {
  const graph = buildDag(tasks);
  const problems = [...(graph.ok ? [] : graph.problems.map(noteOf)), ...tasks.flatMap((task) => problemsOf(task, settings))];
  const added = graph.ok ? graph.added.map((edge): PlanNote => ({ task: edge.to, text: describeAddedEdge(edge) })) : [];
  return { problems, warnings: [...environmentWarnings(tasks), ...added, ...tasks.flatMap(warningsOf)] };
}

function noteOf(problem: DagProblem): PlanNote {
  const task = problem.kind === "unknownDependency" ? problem.task : problem.kind === "duplicateId" ? problem.id : (problem.path[0] ?? null);
  return { task, text: describeDagProblem(problem) };
}

function problemsOf(task: PlannedTask, { network, mostToolCalls }: LintSettings): readonly PlanNote[] {
  const { id, criteria, estimatedToolCalls, maxRetries } = task;
  const texts = [
    ...(TASK_ID.test(id) ? [] : [`The id "${id}" is no name for a branch: use letters, digits, dots, dashes and underscores, as in task-1.2.`]),
    ...missingIn(task),
    ...(sameRole(task) ? ["Worker and QC have the same role: nobody verifies their own work."] : []),
    ...(estimatedToolCalls > mostToolCalls ? [`${estimatedToolCalls} estimated tool calls are more than ${mostToolCalls}: split the task.`] : []),
    ...(Number.isInteger(estimatedToolCalls) && estimatedToolCalls >= 1 ? [] : [`${estimatedToolCalls} is no number of tool calls.`]),
    ...(Number.isInteger(maxRetries) && maxRetries >= 0 && maxRetries <= MOST_RETRIES ? [] : [`maxRetries is a whole number from 0 to ${MOST_RETRIES}, not ${maxRetries}.`]),
    ...contradictionsIn(criteria),
    ...unmeetableBy(criteria, network),
    ...task.files.filter(leavesRepository).map((file) => `"${file}" is no path within the repository.`),
  ];
  return texts.map((text) => ({ task: id, text }));
}

function missingIn({ title, prompt, workerRole, qcRole, criteria }: PlannedTask): readonly string[] {
  const texts = { title, prompt, "worker role": workerRole, "QC role": qcRole };
  return [
    ...Object.entries(texts).filter(([, text]) => text.trim() === "").map(([name]) => `It has no ${name}.`),
    ...(criteria.some((criterion) => criterion.trim() !== "") ? [] : ["It has no criteria: nothing could show that it is done."]),
  ];
}

function sameRole({ workerRole, qcRole }: PlannedTask): boolean {
  const plain = (role: string): string => role.toLowerCase().replace(/\s+/g, " ").trim();
  return plain(workerRole) !== "" && plain(workerRole) === plain(qcRole);
}

function leavesRepository(file: string): boolean {
  const path = file.trim().replaceAll("\\", "/");
  return path === "" || path.startsWith("/") || path.startsWith("~") || /^[a-z]:/i.test(path) || path.split("/").includes("..");
}

function environmentWarnings(tasks: readonly PlannedTask[]): readonly PlanNote[] {
  const first = tasks.find(({ id }) => id === ENVIRONMENT_TASK);
  if (first === undefined) return [{ task: null, text: `There is no ${ENVIRONMENT_TASK}: one that validates the environment is put before the others.` }];
  const free = tasks.filter((task) => task.dependencies.length === 0 && task.id !== ENVIRONMENT_TASK).map(({ id }) => id);
  return [
    ...(first.dependencies.length === 0 ? [] : [{ task: ENVIRONMENT_TASK, text: "It validates the environment, and waits for other tasks." }]),
    ...(free.length === 0 ? [] : [{ task: null, text: `These do not wait for ${ENVIRONMENT_TASK} and will: ${free.join(", ")}.` }]),
  ];
}

function warningsOf({ id, files, verificationCommands }: PlannedTask): readonly PlanNote[] {
  const texts = [
    ...(files.length === 0 && id !== ENVIRONMENT_TASK ? ["It names no files: whether it collides with another task is not known."] : []),
    ...(files.length > MOST_FILES ? [`It names ${files.length} files, and a worker is shown ${MOST_FILES} at the most.`] : []),
    ...(verificationCommands.length === 0 ? ["It names no command that verifies it."] : []),
  ];
  return texts.map((text) => ({ task: id, text }));
}
