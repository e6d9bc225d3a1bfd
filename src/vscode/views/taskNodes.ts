// The nodes of the Tasks tree: who they are, not how they look. A node is made once for each id. Pure; no vscode here.
import type { Phase } from "../../core/domain/task";
import type { Target, TaskRef } from "../taskRef";
import type { GroupKey } from "./taskGroups";
import type { TreeNode } from "./treeModel";

export type TaskNode = TreeNode &
  (
    | { readonly kind: "folder"; readonly root: string }
    /** A folder whose tasks cannot be shown, by its URI. */
    | { readonly kind: "trouble"; readonly folder: string }
    | { readonly kind: "group"; readonly root: string; readonly key: GroupKey }
    /** The rest of a long list. */
    | { readonly kind: "more"; readonly root: string; readonly key: GroupKey }
    | { readonly kind: "task"; readonly target: TaskRef }
    | { readonly kind: "phase"; readonly target: TaskRef; readonly phase: Phase; readonly attempt: number }
    | { readonly kind: "contract"; readonly target: TaskRef }
    /** `attempt` 0: on the base commit. */
    | { readonly kind: "check"; readonly target: Target; readonly attempt: number; readonly check: string }
    | { readonly kind: "attempt"; readonly target: Target; readonly attempt: number }
    | { readonly kind: "issue"; readonly target: Target; readonly attempt: number; readonly index: number }
    | { readonly kind: "files"; readonly target: TaskRef }
    | { readonly kind: "file"; readonly target: TaskRef; readonly file: string }
  );

export type NodeOf<K extends TaskNode["kind"]> = Extract<TaskNode, { readonly kind: K }>;

export function taskNodeId(target: TaskRef): string {
  return `task:${target.root}:${target.task}`;
}

export function groupNodeId(root: string, key: GroupKey): string {
  return `group:${root}:${key}`;
}

/** Nodes of the parts of a task; ids are made here and nowhere else. */
export function nodesOf(target: TaskRef) {
  const id = taskNodeId(target);
  return {
    task: (): NodeOf<"task"> => ({ kind: "task", id, target }),
    phase: (phase: Phase, attempt: number): NodeOf<"phase"> => ({ kind: "phase", id: `${id}:phase:${phase}:${attempt}`, target, phase, attempt }),
    contract: (): NodeOf<"contract"> => ({ kind: "contract", id: `${id}:contract`, target }),
    check: (attempt: number, check: string): NodeOf<"check"> => {
      return { kind: "check", id: `${id}:check:${attempt}:${check}`, target: { ...target, attempt }, attempt, check };
    },
    attempt: (attempt: number): NodeOf<"attempt"> => ({ kind: "attempt", id: `${id}:attempt:${attempt}`, target: { ...target, attempt }, attempt }),
    issue: (attempt: number, index: number): NodeOf<"issue"> => {
      return { kind: "issue", id: `${id}:issue:${attempt}:${index}`, target: { ...target, attempt }, attempt, index };
    },
    files: (): NodeOf<"files"> => ({ kind: "files", id: `${id}:files`, target }),
    file: (file: string): NodeOf<"file"> => ({ kind: "file", id: `${id}:file:${file}`, target, file }),
  };
}
