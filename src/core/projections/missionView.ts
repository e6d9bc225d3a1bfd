// A mission as its events tell it: the plan, what became of each task in it, where its branch stands. Part of the
// mission's own task view; what the graph makes of it (ready, blocked) is computed from it and stored nowhere.
import type { JournalEvent } from "../domain/event";
import type { MissionPlan } from "../domain/mission";
import type { MissionEventBody } from "../domain/missionEvents";
import type { TaskId } from "../domain/task";

/** `open`: nobody works on it; it may wait for others. */
export type NodeState = "open" | "claimed" | "merged" | "failed" | "skipped" | "takenOver";

export interface NodeView {
  readonly id: string;
  readonly state: NodeState;
  /** The task that does it; null before it was claimed. A retry has a new one. */
  readonly task: TaskId | null;
  readonly worker: string | null;
  /** The highest token that was given for it; 0 before the first claim. */
  readonly token: number;
  readonly claimedAt: string | null;
  readonly endedAt: string | null;
  /** Commit of the mission's branch that its work is in. */
  readonly merged: { readonly from: string; readonly commit: string } | null;
  /** Times that it was sent back after it had passed alone. */
  readonly sentBack: number;
  /** Why it stands where it stands; "" while all is well. */
  readonly detail: string;
}

export interface PreambleView {
  readonly role: "worker" | "qc";
  readonly hash: string;
  readonly description: string;
  readonly reused: boolean;
}

export interface MissionView {
  readonly optimized: Omit<Extract<MissionEventBody, { readonly kind: "requestOptimized" }>, "kind"> | null;
  readonly plan: MissionPlan | null;
  readonly warnings: readonly string[];
  readonly edited: boolean;
  readonly refusal: { readonly turn: number; readonly problems: readonly string[] } | null;
  readonly preambles: readonly PreambleView[];
  /** In the order of the plan. */
  readonly nodes: readonly NodeView[];
  /** Where the mission's branch stands; null: at its base. */
  readonly head: string | null;
  readonly finished: { readonly commit: string; readonly failed: readonly string[]; readonly blocked: readonly string[] } | null;
}

export const NEW_MISSION: MissionView = {
  optimized: null,
  plan: null,
  warnings: [],
  edited: false,
  refusal: null,
  preambles: [],
  nodes: [],
  head: null,
  finished: null,
};

export function missionAfter(mission: MissionView, event: JournalEvent): MissionView {
  switch (event.kind) {
    case "requestOptimized": {
      const { request, assumptions, ambiguities } = event;
      return { ...mission, optimized: { request, assumptions, ambiguities } };
    }
    case "missionPlanRefused":
      return { ...mission, refusal: { turn: event.turn, problems: event.problems } };
    case "missionPlanned":
      return { ...mission, plan: event.plan, warnings: event.warnings, edited: event.edited, nodes: event.plan.tasks.map(({ id }) => newNode(id)) };
    case "preambleReady": {
      const { role, hash, description, reused } = event;
      return { ...mission, preambles: [...mission.preambles.filter((known) => known.role !== role || known.hash !== hash), { role, hash, description, reused }] };
    }
    case "missionFinished":
      return { ...mission, finished: { commit: event.commit, failed: event.failed, blocked: event.blocked } };
    case "nodeMerged":
      return { ...withNode(mission, event), head: event.commit };
    case "nodeClaimed":
    case "environmentChecked":
    case "nodeSentBack":
    case "nodeFailed":
    case "nodeReclaimed":
      return withNode(mission, event);
    case "nodeDecided":
      return { ...withNode(mission, event), finished: null };
    default:
      return mission;
  }
}

type NodeEvent = Extract<JournalEvent, { readonly kind: "nodeClaimed" | "environmentChecked" | "nodeSentBack" | "nodeMerged" | "nodeFailed" | "nodeReclaimed" | "nodeDecided" }>;

function withNode(mission: MissionView, event: NodeEvent): MissionView {
  return { ...mission, nodes: mission.nodes.map((node) => (node.id === event.node ? { ...node, ...changeOf(node, event) } : node)) };
}

function changeOf(node: NodeView, event: NodeEvent): Partial<NodeView> {
  switch (event.kind) {
    case "nodeClaimed":
      return { state: "claimed", task: event.child, worker: event.worker, token: event.token, claimedAt: node.task === event.child ? node.claimedAt : event.time, detail: "" };
    case "environmentChecked":
      return { state: event.ok ? "merged" : "failed", token: event.token, endedAt: event.time, detail: event.reason };
    case "nodeSentBack":
      return { sentBack: node.sentBack + 1, detail: event.detail };
    case "nodeMerged":
      return { state: "merged", endedAt: event.time, merged: { from: event.from, commit: event.commit }, detail: "" };
    case "nodeFailed":
      return { state: "failed", endedAt: event.time, detail: event.reason };
    case "nodeReclaimed":
      return { state: "open", worker: null, detail: event.reason, ...(event.hung ? { task: null, claimedAt: null } : {}) };
    case "nodeDecided":
      if (event.decision === "retried") return { state: "open", task: null, worker: null, claimedAt: null, endedAt: null, sentBack: 0, detail: "" };
      return { state: event.decision, endedAt: event.time, detail: "" };
  }
}

function newNode(id: string): NodeView {
  return { id, state: "open", task: null, worker: null, token: 0, claimedAt: null, endedAt: null, merged: null, sentBack: 0, detail: "" };
}
