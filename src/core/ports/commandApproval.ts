// Asking a person whether a command may run where no sandbox confines it, and keeping what they have answered.
import type { TaskId } from "../domain/task";
import type { CommandSpec } from "./commandRunner";

/** For how long an answer counts. */
export type ApprovalScope = "once" | "task" | "workspace";

/**
 * What a person has allowed beyond one run. `line`: exactly that command line, of agents and checks. `entry`: whatever
 * a policy entry covers. `setUp`: a set-up command for as long as what its result depends on stays the same. `task`
 * null: for every task of the workspace.
 */
export type KeptApproval =
  | { readonly kind: "line"; readonly command: string; readonly task: TaskId | null }
  | { readonly kind: "entry"; readonly entry: string; readonly task: TaskId | null }
  | { readonly kind: "setUp"; readonly command: string; readonly dependsOn: string };

export interface CommandRequest {
  /** Absolute path of the workspace that the task belongs to. */
  readonly root: string;
  readonly task: TaskId;
  /** The task's title. */
  readonly title: string;
  readonly command: string;
  readonly purpose: CommandSpec["purpose"];
  /** Why it is asked about: one or two sentences. */
  readonly reason: string;
  /** What it consists of and what that may touch, a line each. */
  readonly touches: readonly string[];
  /** A policy entry that an approval may cover instead of this line alone; null where none is offered. */
  readonly entry: string | null;
  /** A policy entry that would have allowed it unasked; null where none would. */
  readonly allowedWith: string | null;
  /** What can be answered; a set-up command is allowed for its lock file (`once`) or not at all. */
  readonly scopes: readonly ApprovalScope[];
  /** Whether an answer to another request settles this one as well. */
  readonly isCoveredBy: (approval: KeptApproval) => boolean;
}

export type CommandAnswer =
  /** `entry`: with scope `task` or `workspace`, whatever the offered entry covers instead of the line. */
  | { readonly kind: "allowed"; readonly scope: ApprovalScope; readonly entry: string | null }
  /** Settled by an answer to another request. */
  | { readonly kind: "covered"; readonly scope: ApprovalScope }
  | { readonly kind: "refused"; readonly by: "person" | "nobody"; readonly reason: string }
  /** The command is not wanted any more. */
  | { readonly kind: "withdrawn" };

/**
 * Contract: never rejects. Resolves with `withdrawn` soon after `signal` was aborted, and what was shown of the request
 * is gone then. Many requests may wait at once; they are one prompt. What is answered is kept by the caller.
 */
export interface CommandApproval {
  ask(request: CommandRequest, signal: AbortSignal): Promise<CommandAnswer>;
}

/**
 * What a person has allowed in one workspace. Contract: kept where no repository can bring it along; `all` never
 * rejects (what cannot be read is nothing allowed); `keep` and `forget` reject with CountersignError `io`, are
 * idempotent, and count for every process that asks afterwards.
 */
export interface ApprovalStore {
  all(): Promise<readonly KeptApproval[]>;
  keep(approval: KeptApproval): Promise<void>;
  forget(approval: KeptApproval): Promise<void>;
}
