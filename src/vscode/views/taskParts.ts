// What is below a task in the Tasks tree: phases, contract, attempts, checks, issues, handoff files. Pure; no vscode here.
import type { TaskId } from "../../core/domain/task";
import type { TaskView } from "../../core/projections/taskView";
import type { TaskRef } from "../taskRef";
import type { ShownDesk } from "./deskShelf";
import { row, type Row } from "./row";
import { nodesOf, type TaskNode } from "./taskNodes";
import { plain } from "./phrases";
import * as rows from "./taskPartRows";
import type { Interner } from "./treeModel";

export interface PartsDeps {
  readonly desk: (root: string) => ShownDesk | undefined;
  readonly now: () => number;
}

export type PartNode = Exclude<TaskNode, { readonly kind: "folder" | "trouble" | "group" | "more" }>;

export function isPart(node: TaskNode): node is PartNode {
  return "target" in node;
}

/** Tasks of a mission that somebody has begun, in the order of its plan. */
function childrenOf({ mission }: TaskView): readonly TaskId[] {
  return (mission?.nodes ?? []).flatMap(({ task }) => task ?? []);
}

export class TaskParts {
  constructor(
    private readonly nodes: Interner<TaskNode>,
    private readonly deps: PartsDeps,
  ) {}

  children(node: PartNode): readonly TaskNode[] {
    const view = this.#view(node.target);
    if (view === undefined) return [];
    const make = nodesOf({ root: node.target.root, task: node.target.task });
    return this.#unshared(node, view, make).map((child) => this.nodes.of(child));
  }

  row(node: PartNode): Row {
    const view = this.#view(node.target);
    return (view === undefined ? undefined : this.#rowOf(node, view)) ?? row("", { context: "gone" });
  }

  tooltip(node: PartNode): string | null {
    const view = this.#view(node.target);
    if (view === undefined) return null;
    if (node.kind === "check") {
      const check = this.#checks(view, node.attempt).find(({ id }) => id === node.check);
      return check === undefined ? null : rows.checkTooltip(check, contractOf(view));
    }
    if (node.kind === "issue") return plain(this.#issues(view, node.attempt)[node.index] ?? "");
    return null;
  }

  #unshared(node: PartNode, view: TaskView, make: ReturnType<typeof nodesOf>): readonly PartNode[] {
    switch (node.kind) {
      case "task":
        return [
          ...childrenOf(view).map((task) => nodesOf({ root: node.target.root, task }).task()),
          ...rows.taskPhases(view).map(({ phase, attempt }) => make.phase(phase, attempt)),
          ...(contractOf(view) === undefined ? [] : [make.contract()]),
          ...view.attempts.map(({ attempt }) => make.attempt(attempt)),
          ...(view.handoffs.length === 0 ? [] : [make.files()]),
        ];
      case "contract":
        return this.#checks(view, 0).map(({ id }) => make.check(0, id));
      case "attempt":
        return [
          ...rows.attemptPhases(view, node.attempt).map(({ phase, attempt }) => make.phase(phase, attempt)),
          ...this.#checks(view, node.attempt).map(({ id }) => make.check(node.attempt, id)),
          ...this.#issues(view, node.attempt).map((_text, index) => make.issue(node.attempt, index)),
        ];
      case "files":
        return view.handoffs.toSorted().map((file) => make.file(file));
      default:
        return [];
    }
  }

  #rowOf(node: PartNode, view: TaskView): Row | undefined {
    const isRunning = this.#isRunning(node.target, view);
    switch (node.kind) {
      case "phase": {
        const phase = view.phases.find((one) => one.phase === node.phase && one.attempt === node.attempt);
        return phase && rows.phaseRow(view, phase, node.target.root, { isRunning, now: this.deps.now() });
      }
      case "contract": {
        const contract = contractOf(view);
        return contract && rows.contractRow(contract, view.contract !== null);
      }
      case "attempt": {
        const attempt = attemptOf(view, node.attempt);
        return attempt && rows.attemptRow(view, attempt, isRunning);
      }
      case "check": {
        const check = this.#checks(view, node.attempt).find(({ id }) => id === node.check);
        return check && rows.checkRow(check, this.#file(node.target, check.result?.outputFile ?? null));
      }
      case "issue":
        return rows.issueRow(this.#issues(view, node.attempt)[node.index] ?? "");
      case "files":
        return rows.filesRow(view.handoffs.length);
      case "file":
        return rows.fileRow(node.file, this.#file(node.target, node.file) ?? node.file);
      case "task":
        return undefined;
    }
  }

  /** Attempt 0: the contract's checks, with what they came to on the base commit. */
  #checks(view: TaskView, attempt: number): readonly rows.ShownCheck[] {
    if (attempt === 0) return rows.shownChecks(contractOf(view), view.baseChecks, false);
    const found = attemptOf(view, attempt);
    // Before an attempt is committed, its checks are not its own affair yet.
    if (found === undefined || (found.commit === null && found.checks.length === 0)) return [];
    return rows.shownChecks(view.contract?.contract, found.checks, view.phase === "verification" && !found.checked);
  }

  #issues(view: TaskView, attempt: number): readonly string[] {
    const found = attemptOf(view, attempt);
    return found === undefined ? [] : rows.issuesOf(found);
  }

  #isRunning(target: TaskRef, view: TaskView): boolean {
    const desk = this.deps.desk(target.root);
    return view.status === "running" && desk !== undefined && !desk.isInterrupted(view);
  }

  #view(target: TaskRef): TaskView | undefined {
    return this.deps.desk(target.root)?.task(target.task);
  }

  #file(target: TaskRef, file: string | null): string | null {
    return file === null ? null : (this.deps.desk(target.root)?.files.planFile(target.task, file) ?? null);
  }
}

function contractOf(view: TaskView) {
  return view.contract?.contract ?? view.proposedContract ?? undefined;
}

function attemptOf(view: TaskView, attempt: number) {
  return view.attempts.find((one) => one.attempt === attempt);
}
