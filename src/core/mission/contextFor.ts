// What each role of a mission gets to know of a task: the only way from the project manager's knowledge into a prompt.
// Pure; it renders nothing and leaves out by type, not by care.
import { estimateTokens } from "../domain/tokenEstimate";
import type { ContextBlock } from "./contextDeduplicator";

/** Source: the reference system; what a worker needs beyond these it reads with its tools. */
export const MOST_FILES = 10;
export const MOST_DEPENDENCIES = 5;

/** All that is known of one task of a mission. */
export interface MissionContext {
  readonly mission: { readonly title: string; readonly request: string; readonly overview: string };
  readonly title: string;
  readonly requirements: readonly string[];
  readonly description: string;
  readonly criteria: readonly string[];
  /** Of the role that works, and of the one that verifies. */
  readonly workerPreamble: string;
  readonly qcPreamble: string;
  /** The most important first. */
  readonly files: readonly ContextFile[];
  /** What it directly depends on, the most important first. */
  readonly dependencies: readonly DependencyResult[];
  /** The engine's results of the attempt that is judged. */
  readonly checkResults: readonly string[];
  readonly diff: string;
  /** What the project manager has read and found. */
  readonly research: string;
  readonly planningNotes: string;
  /** Approaches that were weighed and not taken. */
  readonly alternatives: readonly string[];
  /** The rest of the mission. */
  readonly otherTasks: readonly string[];
  /** Self-evaluation, log and conversation of the attempt that is judged. */
  readonly workerReasoning: string;
}

export interface ContextFile {
  readonly path: string;
  /** What of it matters; empty for a file that is only named. */
  readonly text: string;
}

export interface DependencyResult {
  readonly id: string;
  readonly title: string;
  readonly result: string;
}

/** Fields that a value of the type cannot have, whatever it was made of. */
type Without<Field extends keyof MissionContext> = { readonly [F in Field]?: never };

export interface WorkerContext
  extends Without<"mission" | "criteria" | "qcPreamble" | "checkResults" | "diff" | "research" | "planningNotes" | "alternatives" | "otherTasks" | "workerReasoning"> {
  readonly role: "worker";
  readonly title: string;
  readonly requirements: readonly string[];
  readonly description: string;
  readonly workerPreamble: string;
  /** At most `MOST_FILES`. */
  readonly files: readonly ContextFile[];
  /** At most `MOST_DEPENDENCIES`. */
  readonly dependencies: readonly DependencyResult[];
  /** How many there are beyond these, to be looked up where they are needed. */
  readonly leftOut: { readonly files: number; readonly dependencies: number };
}

export interface QcContext
  extends Without<"mission" | "description" | "workerPreamble" | "files" | "dependencies" | "research" | "planningNotes" | "alternatives" | "otherTasks" | "workerReasoning"> {
  readonly role: "qc";
  readonly title: string;
  readonly requirements: readonly string[];
  readonly criteria: readonly string[];
  readonly qcPreamble: string;
  readonly checkResults: readonly string[];
  readonly diff: string;
}

export interface ManagerContext extends MissionContext {
  readonly role: "project_manager";
}

export interface ContextOfRole {
  readonly worker: WorkerContext;
  readonly qc: QcContext;
  readonly project_manager: ManagerContext;
}

export type MissionRole = keyof ContextOfRole;

export function contextFor<R extends MissionRole>(role: R, context: MissionContext): ContextOfRole[R] {
  return CONTEXTS[role](context);
}

const CONTEXTS: { readonly [R in MissionRole]: (context: MissionContext) => ContextOfRole[R] } = {
  worker: ({ title, requirements, description, workerPreamble, files, dependencies }) => ({
    role: "worker",
    title,
    requirements,
    description,
    workerPreamble,
    files: files.slice(0, MOST_FILES),
    dependencies: dependencies.slice(0, MOST_DEPENDENCIES),
    leftOut: { files: Math.max(0, files.length - MOST_FILES), dependencies: Math.max(0, dependencies.length - MOST_DEPENDENCIES) },
  }),
  qc: ({ title, requirements, criteria, qcPreamble, checkResults, diff }) => ({ role: "qc", title, requirements, criteria, qcPreamble, checkResults, diff }),
  project_manager: (context) => ({ role: "project_manager", ...context }),
};

/** The context's texts, each by its name, in the order in which they are sent; empty ones are left out. */
export function blocksOf(context: WorkerContext | QcContext | ManagerContext): readonly ContextBlock[] {
  const blocks = [
    block("Role", context.role === "qc" ? context.qcPreamble : context.workerPreamble),
    block("Task", context.title),
    ...list("Requirement", context.requirements),
    block("Description", context.description ?? ""),
    ...list("Criterion", context.criteria ?? []),
    ...(context.files ?? []).map(({ path, text }) => block(path, text === "" ? path : `${path}\n${text}`)),
    ...(context.dependencies ?? []).map(({ id, title, result }) => block(id, `${title}\n${result}`)),
    ...list("Check", context.checkResults ?? []),
    block("Diff", context.diff ?? ""),
    ...(context.role === "project_manager" ? managerBlocks(context) : []),
  ];
  return blocks.filter(({ text }) => text !== "");
}

function managerBlocks({ mission, qcPreamble, research, planningNotes, alternatives, otherTasks, workerReasoning }: ManagerContext): readonly ContextBlock[] {
  return [
    block("Mission", [mission.title, mission.request, mission.overview].join("\n")),
    block("Role of the one who verifies", qcPreamble),
    block("Research", research),
    block("Planning notes", planningNotes),
    ...list("Alternative", alternatives),
    ...list("Other task", otherTasks),
    block("Reasoning", workerReasoning),
  ];
}

function block(label: string, text: string): ContextBlock {
  return { label, text, holdsPlace: true };
}

/** Points of which nobody misses one that was said before. */
function list(label: string, texts: readonly string[]): readonly ContextBlock[] {
  return texts.map((text, index) => ({ label: `${label} ${index + 1}`, text, holdsPlace: false }));
}

export interface ContextMeasure {
  readonly bytes: number;
  /** Estimated. */
  readonly tokens: number;
  readonly managerBytes: number;
  readonly managerTokens: number;
  /** Share of the project manager's tokens that this role is spared; 0–1. */
  readonly reduction: number;
}

/** A role's context beside the project manager's of the same task. */
export function measureContext(role: MissionRole, context: MissionContext): ContextMeasure {
  const own = sizeOf(blocksOf(contextFor(role, context)));
  const manager = sizeOf(blocksOf(contextFor("project_manager", context)));
  return {
    ...own,
    managerBytes: manager.bytes,
    managerTokens: manager.tokens,
    reduction: manager.tokens === 0 ? 0 : 1 - own.tokens / manager.tokens,
  };
}

function sizeOf(blocks: readonly ContextBlock[]): { readonly bytes: number; readonly tokens: number } {
  return {
    bytes: blocks.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
    tokens: blocks.reduce((sum, { text }) => sum + estimateTokens(text.length), 0),
  };
}
