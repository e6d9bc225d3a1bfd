// What crosses the border between the graph's thread and everybody else. Plain data.
import type { ErrorCode } from "../../core/domain/errors";
import type { WorkspaceGraph } from "../../core/ports/knowledgeGraph";

/** The thread is started with this. */
export interface GraphWorkerData {
  readonly root: string;
  readonly stateDir: string;
}

export type GraphMethod = keyof WorkspaceGraph;

export interface GraphCall {
  readonly id: number;
  readonly method: GraphMethod;
  readonly args: readonly unknown[];
}

export type GraphAnswer =
  | { readonly kind: "value"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: "log"; readonly level: "debug" | "info" | "warn"; readonly message: string; readonly data: Readonly<Record<string, unknown>> };
