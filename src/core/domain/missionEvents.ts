// What happens in a mission, beside what happens in any task: part of the event union. Past tense. Tasks of a mission
// have events of their own; these stand on the mission's record unless a comment says otherwise.
import type { MissionPlan } from "./mission";
import type { TaskId } from "./task";
import type { TaskBase } from "./workspace";

/** How a task of the mission ended, as far as the mission is concerned. */
export type NodeEnding = "merged" | "failed";

/** What a person decides about a task of a mission. `takenOver`: they do it by hand, and it is not waited for. */
export type NodeDecision = "retried" | "skipped" | "takenOver";

export type MissionEventBody =
  | { readonly kind: "requestOptimized"; readonly request: string; readonly assumptions: readonly string[]; readonly ambiguities: readonly string[] }
  /** `edited`: a person changed it in chain-output.md. `warnings`: what was assumed or added, for a person. */
  | { readonly kind: "missionPlanned"; readonly plan: MissionPlan; readonly warnings: readonly string[]; readonly edited: boolean }
  | { readonly kind: "missionPlanRefused"; readonly turn: number; readonly problems: readonly string[] }
  /** `hash`: of the role's description. `reused`: the file was there. */
  | { readonly kind: "preambleReady"; readonly role: "worker" | "qc"; readonly hash: string; readonly description: string; readonly reused: boolean }
  /** A worker has claimed a node; `token` grows with each claim of it, and what is merged must show the last one. */
  | { readonly kind: "nodeClaimed"; readonly node: string; readonly child: TaskId; readonly worker: string; readonly token: number }
  /** The engine has carried the environment task out; `outputFile`: in the mission's folder. */
  | {
      readonly kind: "environmentChecked";
      readonly node: string;
      readonly token: number;
      readonly ok: boolean;
      /** "" while all is well. */
      readonly reason: string;
      readonly commands: readonly { readonly command: string; readonly exitCode: number | null; readonly durationMs: number; readonly outputFile: string }[];
    }
  /** Passed on its own, and not together with what was merged before: it goes on in its own worktree. */
  | { readonly kind: "nodeSentBack"; readonly node: string; readonly child: TaskId; readonly reason: "conflict" | "redTogether"; readonly detail: string }
  | { readonly kind: "nodeMerged"; readonly node: string; readonly child: TaskId; readonly token: number; readonly from: string; readonly commit: string }
  | { readonly kind: "nodeFailed"; readonly node: string; readonly child: TaskId; readonly token: number; readonly reason: string }
  /**
   * Its worker was silent for too long, or its mission was interrupted: the node is ready again. `hung`: whoever comes next
   * begins anew, since the one before may still be at work in its worktree.
   */
  | { readonly kind: "nodeReclaimed"; readonly node: string; readonly token: number; readonly hung: boolean; readonly reason: string }
  | { readonly kind: "nodeDecided"; readonly node: string; readonly decision: NodeDecision }
  /** Everything is merged, skipped, failed or blocked. `commit`: what there is to review. */
  | { readonly kind: "missionFinished"; readonly commit: string; readonly failed: readonly string[]; readonly blocked: readonly string[] }
  /** Of a task of a mission: what its generator and evaluator get, against what the project manager has. */
  | { readonly kind: "contextMeasured"; readonly role: "worker" | "qc"; readonly attempt: number; readonly bytes: number; readonly tokens: number; readonly managerBytes: number; readonly managerTokens: number }
  /** Of a task of a mission: a worker asked the project manager. */
  | { readonly kind: "questionAsked"; readonly attempt: number; readonly question: string; readonly answer: string }
  /** Of a task of a mission: it goes on from another commit, with its work on it; these files have conflict markers. */
  | { readonly kind: "baseMoved"; readonly base: TaskBase; readonly work: string; readonly conflicts: readonly string[] }
  /** Of a task of a mission: its work is in the mission's branch. */
  | { readonly kind: "workMerged"; readonly commit: string };
