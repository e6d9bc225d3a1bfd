// What the knowledge graph keeps of finished work: a fold of the journal's events, one task at a time. Nothing of a task
// is a node before its gate has let it pass, and nothing of it stays once the user has thrown the work away. Pure.
import type { JournalEvent } from "../domain/event";
import type { GraphEdge, GraphNode, NodeId } from "../domain/graph";
import type { TaskId } from "../domain/task";
import { fileId } from "./fileNodes";

export interface TaskFacts {
  readonly task: TaskId;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly criteria: readonly string[];
  /** What the plan chose, or what a single agent answered. */
  readonly summary: string;
  readonly attempts: number;
  /** Of the last attempt that was committed: paths, without those it deleted. */
  readonly files: readonly string[];
  readonly score: number | null;
  /** When the gate let it pass, ISO 8601; null before. */
  readonly passedAt: string | null;
  readonly status: "review" | "accepted" | "discarded";
}

/** Raise it whenever the same events give other facts or nodes. */
export const TASKS_VERSION = 1;

/** null for events of tasks whose beginning is not known. */
export function nextFacts(facts: TaskFacts | null, event: JournalEvent): TaskFacts | null {
  if (event.kind === "taskCreated") return started(event);
  return facts === null ? null : { ...facts, ...changeOf(facts, event) };
}

function started({ task, request: { title, description, category } }: Extract<JournalEvent, { readonly kind: "taskCreated" }>): TaskFacts {
  return { task, title, description, category, criteria: [], summary: "", attempts: 0, files: [], score: null, passedAt: null, status: "review" };
}

function changeOf(facts: TaskFacts, event: JournalEvent): Partial<TaskFacts> {
  switch (event.kind) {
    case "planProposed":
      return { summary: event.plan.rationale };
    case "singleAgentAnswered":
      return { summary: event.text };
    case "contractFrozen":
      return { criteria: event.contract.criteria.map(({ text }) => text) };
    case "attemptStarted":
      return { attempts: event.attempt };
    case "attemptCommitted":
      return { files: event.files.filter(({ status }) => status !== "deleted").map(({ path }) => path) };
    case "attemptAccepted":
      return { score: event.score };
    case "taskPassed":
      return { passedAt: event.time, attempts: event.attempt, status: "review" };
    case "changesAccepted":
      return event.remaining.length === 0 ? { status: "accepted" } : {};
    case "acceptUndone":
      return facts.status === "accepted" ? { status: "review" } : {};
    case "changesRequested":
      // Not finished any more; what the next attempts commit waits for the gate again.
      return { passedAt: null };
    case "changesDiscarded":
      return { status: "discarded" };
    default:
      return {};
  }
}

const LONGEST_TASK_TEXT = 100_000;

export function taskNodeId(task: TaskId): NodeId {
  return `task:${task}`;
}

const DELIVERABLES = /^\.countersign\/plans\/[^/]+\/deliverables\//;

/** The task first, then its deliverables; none before the gate and after a discard. */
export function nodesOfTask(facts: TaskFacts): readonly GraphNode[] {
  const { task, title, description, criteria, summary, attempts, category, score, passedAt, status } = facts;
  if (passedAt === null || status === "discarded") return [];
  const text = [description, summary, ...criteria.map((criterion) => `- ${criterion}`)].filter((part) => part !== "").join("\n");
  const properties = { status, category, attempts, passedAt, files: facts.files.length, ...(score === null ? {} : { score }) };
  return [{ id: taskNodeId(task), type: "task", name: title, text: text.slice(0, LONGEST_TASK_TEXT), properties }, ...deliverablesOf(facts)];
}

function deliverablesOf({ task, files }: TaskFacts): readonly GraphNode[] {
  return files
    .filter((path) => DELIVERABLES.test(path))
    .map((path) => ({ id: `deliverable:${task}/${path.replace(DELIVERABLES, "")}`, type: "deliverable", name: path.replace(DELIVERABLES, ""), text: "", properties: { path } }));
}

/** To its deliverables, and to what it wrote of these files: what was not accepted yet is not among them. */
export function edgesOfTask(facts: TaskFacts, hasFile: (path: string) => boolean): readonly GraphEdge[] {
  if (nodesOfTask(facts).length === 0) return [];
  const targets = [...deliverablesOf(facts).map(({ id }) => id), ...facts.files.filter(hasFile).map(fileId)];
  return targets.map((target) => ({ source: taskNodeId(facts.task), type: "produced", target, properties: {} }));
}
