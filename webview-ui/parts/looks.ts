// Icons and colours of states, levels and actions: the same as in the trees.
import type { Activity, DocumentName, PhaseSpan, StateName, TaskRow } from "../../src/shared/dashboardState";
import type { TaskAction } from "../../src/shared/taskActions";
import type { IconName, Tone } from "./icons";

export interface Look {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly spins?: boolean;
}

const STATE_LOOKS: Readonly<Record<StateName, Look>> = {
  new: { icon: "circle-large-outline", tone: "plain" },
  inQueue: { icon: "watch", tone: "active" },
  running: { icon: "loading", tone: "active", spins: true },
  awaiting_command: { icon: "shield", tone: "attention" },
  interrupted: { icon: "debug-disconnect", tone: "attention" },
  awaiting_approval: { icon: "checklist", tone: "attention" },
  review: { icon: "git-pull-request", tone: "attention" },
  merging: { icon: "git-pull-request", tone: "active" },
  merged: { icon: "pass", tone: "good" },
  accepted: { icon: "pass-filled", tone: "good" },
  done: { icon: "pass", tone: "good" },
  discarded: { icon: "circle-slash", tone: "muted" },
  escalated: { icon: "warning", tone: "attention" },
  failed: { icon: "error", tone: "bad" },
  paused: { icon: "debug-pause", tone: "attention" },
  cancelled: { icon: "stop-circle", tone: "muted" },
};

/** What nobody but the user will start is theirs. */
export function lookOf({ state, category }: Pick<TaskRow, "state" | "category">): Look {
  return state === "new" && category === "YOURS" ? { icon: "person", tone: "plain" } : STATE_LOOKS[state];
}

export const PHASE_LOOKS: Readonly<Record<NonNullable<PhaseSpan["outcome"]>, Look>> = {
  completed: { icon: "pass", tone: "good" },
  failed: { icon: "error", tone: "bad" },
  cancelled: { icon: "circle-slash", tone: "attention" },
  paused: { icon: "debug-pause", tone: "attention" },
};

export const PASS: Look = { icon: "pass", tone: "good" };
export const FAIL: Look = { icon: "error", tone: "bad" };
export const OPEN: Look = { icon: "circle-large-outline", tone: "muted" };
export const BUSY: Look = { icon: "loading", tone: "active", spins: true };

export const LEVEL_LOOKS: Readonly<Record<Activity["level"], Tone>> = { info: "muted", good: "good", warning: "attention", error: "bad" };

export const GROUP_ICONS: Readonly<Record<Activity["group"], IconName>> = {
  progress: "circle-filled",
  tools: "tools",
  checks: "beaker",
  models: "sparkle",
  you: "person",
};

export const ACTION_ICONS: Readonly<Record<TaskAction, IconName>> = {
  answer: "shield",
  run: "play",
  resume: "debug-continue",
  approve: "pass",
  cancel: "debug-stop",
  review: "diff-multiple",
  accept: "check-all",
  choose: "history",
  retry: "request-changes",
  compare: "compare-changes",
  undo: "discard",
  commit: "git-commit",
  done: "pass-filled",
  move: "arrow-down",
  reorder: "arrow-up",
  discard: "trash",
};

export const DOCUMENT_ICONS: Readonly<Record<DocumentName, IconName>> = {
  plan: "list-ordered",
  selfEvaluation: "person",
  qaReport: "verified",
  failureReport: "warning",
};
