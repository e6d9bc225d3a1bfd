// Builds views of tasks and attempts directly, for what only reads them.
import type { AttemptView, TaskView } from "../../src/core/projections/taskView";
import type { TaskBase } from "../../src/core/domain/workspace";
import { FULL_CONTRACT, resultsOf } from "./contractBuilder";
import { A_SELF_EVALUATION } from "./samples";
import { aTask } from "./taskBuilder";

export const A_BASE: TaskBase = {
  commit: "c0ffee0000000000000000000000000000000000",
  head: "beef000000000000000000000000000000000000",
  branch: "countersign/add-fibonacci-7k2m",
  worktree: "/cache/countersign/add-fibonacci-7k2m",
  gitDir: "/home/ada/tally/.git",
  root: "/home/ada/tally",
  shadow: false,
};

/** A multi-agent task that was just created and started. */
export function aView(change: Partial<TaskView> = {}): TaskView {
  return { ...aTask().view(), ...change };
}

/** An attempt that was committed and whose checks are green, without a verdict. */
export function anAttempt(change: Partial<AttemptView> = {}): AttemptView {
  return {
    attempt: 1,
    startedAt: "2026-01-05T09:00:00.000Z",
    commit: "a77e3b0000000000000000000000000000000000",
    files: [{ path: "src/commands/fibonacci.js", status: "added", added: 24, removed: 0 }],
    selfEvaluation: A_SELF_EVALUATION,
    cutShort: null,
    checks: resultsOf(FULL_CONTRACT),
    checked: true,
    verdict: null,
    inspection: [],
    noVerdict: null,
    decision: null,
    score: null,
    ...change,
  };
}
