// Names a task across the folders of a window, and how trees, links and commands pass such a name on.
import type { TaskId } from "../core/domain/task";

export interface TaskRef {
  /** Absolute root of the folder that the task belongs to. */
  readonly root: string;
  readonly task: TaskId;
}

/** What a tree item or a button that stands for (a part of) a task hands to a command. */
export interface HasTarget {
  readonly target: TaskRef & {
    /** Relative path of a changed file. */
    readonly path?: string;
    readonly attempt?: number;
    readonly session?: string;
  };
}

export type Target = HasTarget["target"];

/** The target in a command's argument: a tree item, a plain target (from a link), or neither. */
export function targetOf(argument: unknown): Target | undefined {
  const candidate = isRecord(argument) && isRecord(argument["target"]) ? argument["target"] : argument;
  return isTarget(candidate) ? candidate : undefined;
}

function isTarget(value: unknown): value is Target {
  return isRecord(value) && typeof value["root"] === "string" && typeof value["task"] === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
