// A chain file (the Markdown in which project managers write a mission) → a plan. It finds every task, keeps every text,
// says what it assumed, and refuses duplicate ids, unknown dependencies and circles by name. Pure.
import { DEFAULT_ESTIMATE, DEFAULT_MAX_RETRIES, type MissionPlan, type PlannedTask } from "../../domain/mission";
import { buildDag, describeAddedEdge, type Dag } from "../dag";
import { readTask, DEFAULT_QC_ROLE, DEFAULT_WORKER_ROLE, noteOf, type Assumption, type ChainTask } from "./chainTask";
import { readDependencies, TaskNames } from "./dependencies";
import { readOverview, type ChainSection } from "./overview";
import type { RawTask, Segments } from "./rawTask";
import { segmentsOf } from "./segments";
import { sharedQcRole } from "./sharedRole";

export interface Chain {
  readonly plan: MissionPlan;
  readonly dag: Dag;
  readonly tasks: readonly ChainTask[];
  readonly sections: readonly ChainSection[];
  /** What was assumed, and what a person should look at. */
  readonly warnings: readonly string[];
}

export type ChainResult =
  | { readonly kind: "parsed"; readonly chain: Chain }
  /** Everything that is wrong at once, with ids and lines. */
  | { readonly kind: "refused"; readonly problems: readonly string[] };

/** Beyond this nobody looks through a plan before it is run. */
export const MOST_TASKS = 1000;

export function parseChain(text: string): ChainResult {
  const lines = linesOf(text);
  const segments = withoutMentions(segmentsOf(lines), lines);
  const raw = segments.parts.flatMap((part) => (part.kind === "task" ? [part.task] : []));
  if (raw.length === 0) return refused(["No task was found. A task begins with a line like **Task ID:** task-1.1, or with a heading like ### Task 1.1: Title."]);
  if (raw.length > MOST_TASKS) return refused([`The file has ${raw.length} tasks; a mission has ${MOST_TASKS} at the most.`]);
  const assumptions = new Map<Assumption, string[]>();
  const sections = sectionsOf(segments, lines);
  const shared = sharedQcRole(sections.map((section) => section.text));
  const assume = (what: Assumption, id: string): void => {
    assumptions.set(what, [...(assumptions.get(what) ?? []), id]);
  };
  const read = raw.map((task) => readTask(task, lines, { qcRole: shared ?? DEFAULT_QC_ROLE, assume }));
  const repeated = duplicates(read);
  if (repeated.length > 0) return refused(repeated);
  const names = new TaskNames(read);
  const found = read.map((one) => ({ one, ...readDependencies(one, names) }));
  const unknown = found.flatMap(({ one, unknown: missing }) =>
    missing.map((name) => `"${one.task.id}" (line ${one.line}) depends on "${name}", and there is no such task in the file.`),
  );
  if (unknown.length > 0) return refused(unknown);
  for (const { one } of found) if (one.dependsOn === null) assume("dependencies", one.task.id);
  const tasks = found.map(({ one, ids, remarks }) => ({ ...one, task: withDependencies(one.task, ids, remarks) }));
  const planned = tasks.map(({ task }) => task);
  const dag = buildDag(planned);
  if (!dag.ok) return refused(dag.problems.map((problem) => (problem.kind === "cycle" ? circle(problem.path, tasks) : "")));
  const warnings = [
    ...assumptionsIn(assumptions, shared),
    ...found.flatMap((one) => one.warnings),
    ...segments.hidden.map((line) => `Line ${line + 1} stands in a block of text and is read as text, although it looks like a task.`),
    ...dag.added.map(describeAddedEdge),
    ...environment(planned),
  ];
  return { kind: "parsed", chain: { plan: { ...readOverview(sections), tasks: planned }, dag: dag.dag, tasks, sections, warnings } };
}

function withDependencies(task: PlannedTask, dependencies: readonly string[], remarks: readonly string[]): PlannedTask {
  if (remarks.length === 0) return { ...task, dependencies };
  const note = noteOf({ label: "Dependencies", text: remarks.join(", ") });
  return { ...task, dependencies, context: task.context === undefined ? note : `${task.context}\n\n${note}` };
}

function refused(problems: readonly string[]): ChainResult {
  return { kind: "refused", problems };
}

/** A file with Windows line ends is read as one without; in any other, a carriage return is part of the text. */
function linesOf(text: string): readonly string[] {
  const lines = text.replace(/^\ufeff/, "").split("\n");
  const isWindows = lines.length > 1 && lines.slice(0, -1).every((line) => line.endsWith("\r"));
  return isWindows ? lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line)) : lines;
}

/** Headings that only mention a task become text again: nothing of a task stands under them. */
function withoutMentions(segments: Segments, lines: readonly string[]): Segments {
  const isSure = (task: RawTask): boolean => task.idLabel !== null || task.fields.some(({ field }) => field !== "body" && field !== "other" && field !== "title");
  const tasks = segments.parts.flatMap((part) => (part.kind === "task" ? [part.task] : []));
  const sure = tasks.filter(isSure);
  if (sure.length === tasks.length) return segments;
  const ids = new Set(sure.map(({ id }) => id));
  const aliases = new Set(sure.map(({ alias }) => alias));
  const first = sure[0]?.line ?? -1;
  const last = sure.at(-1)?.line ?? lines.length;
  const hasText = (task: RawTask): boolean => task.fields.some((field) => field.lines.some((line) => lines[line]?.trim() !== ""));
  const stays = (task: RawTask): boolean => isSure(task) || (!ids.has(task.id) && !aliases.has(task.id) && task.line > first && task.line < last && hasText(task));
  const parts = segments.parts.map((part): Segments["parts"][number] =>
    part.kind === "section" || stays(part.task) ? part : { kind: "section", section: { lines: [...linesIn(part.task)] } },
  );
  return { ...segments, parts };
}

/** Every line of a task. */
export function linesIn(task: RawTask): readonly number[] {
  const own = [task.line, task.heading?.line ?? task.line, task.idLabel?.line ?? task.line, task.idLabel?.idLine ?? task.line];
  return [...new Set([...own, ...task.fields.flatMap((field) => [field.line, ...field.lines])])].toSorted((a, b) => a - b);
}

function sectionsOf({ parts }: Segments, lines: readonly string[]): readonly ChainSection[] {
  const firstTask = parts.findIndex(({ kind }) => kind === "task");
  const lastTask = parts.findLastIndex(({ kind }) => kind === "task");
  return parts.flatMap((part, at) => {
    if (part.kind === "task") return [];
    const place = at < firstTask ? "preamble" : at > lastTask ? "appendix" : "between";
    const text = part.section.lines.map((line) => lines[line] ?? "").join("\n");
    return text.trim() === "" ? [] : [{ place, line: (part.section.lines[0] ?? 0) + 1, text } as const];
  });
}

function duplicates(tasks: readonly ChainTask[]): readonly string[] {
  const lines = new Map<string, number[]>();
  for (const { task, line } of tasks) lines.set(task.id, [...(lines.get(task.id) ?? []), line]);
  return [...lines].filter(([, at]) => at.length > 1).map(([id, at]) => `The id "${id}" is given to ${at.length} tasks, on lines ${at.join(", ")}.`);
}

function circle(path: readonly string[], tasks: readonly ChainTask[]): string {
  const lines = path.slice(0, -1).map((id) => tasks.find(({ task }) => task.id === id)?.line ?? 0);
  return `Tasks wait for each other in a circle: ${path.join(" → ")} (lines ${lines.join(", ")}).`;
}

const ASSUMED: Readonly<Record<Assumption, string>> = {
  title: "No title, taken from the prompt",
  workerRole: `No worker role, "${DEFAULT_WORKER_ROLE}" is assumed`,
  qcRole: `No QC role, "${DEFAULT_QC_ROLE}" is assumed`,
  prompt: "No prompt, made from what else the task says",
  criteria: "No criteria",
  maxRetries: `No max retries, ${DEFAULT_MAX_RETRIES} assumed`,
  toolCalls: `No estimated tool calls, ${DEFAULT_ESTIMATE} assumed`,
  dependencies: "No dependencies given, none assumed",
};

function assumptionsIn(assumptions: ReadonlyMap<Assumption, readonly string[]>, shared: string | null): readonly string[] {
  return [...assumptions].map(([what, ids]) => {
    const text = what === "qcRole" && shared !== null ? "No QC role, the one that the file gives for all tasks is assumed" : ASSUMED[what];
    return `${text}: ${ids.join(", ")}.`;
  });
}

function environment(tasks: readonly PlannedTask[]): readonly string[] {
  return tasks.some(({ id }) => /^task-0(?:\.0)?$/.test(id)) ? [] : ["There is no task-0: one that validates the environment is put before the others."];
}
