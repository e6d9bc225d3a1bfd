import assert from "node:assert/strict";
import { actionsOf, type TaskAction, type TaskSituation } from "../../src/core/projections/taskActions";
import type { TaskView } from "../../src/core/projections/taskView";
import { A_BASE, aView, anAttempt } from "../builders/viewBuilder";

const AT_REST: TaskSituation = { isRunning: false, isQueued: false, isHeld: false, isInterrupted: false, isReadOnly: false };
const ATTEMPT = anAttempt({ decision: { pass: true, reasons: [] }, score: 92 });
const IN_REVIEW: Partial<TaskView> = { status: "review", base: A_BASE, attempts: [ATTEMPT] };
const ACCEPTED = { applied: ["a.js"], conflicts: [], before: "f00" };

describe("actionsOf", () => {
  const cases: readonly [string, Partial<TaskView>, Partial<TaskSituation>, readonly TaskAction[]][] = [
    ["a new task", { status: "queued" }, {}, ["run", "move", "discard"]],
    ["a new YOURS task", { status: "queued", category: "YOURS", type: null }, {}, ["done", "move", "discard"]],
    ["a task that waits", { status: "queued", queueRank: 1 }, { isQueued: true }, ["cancel", "move", "reorder", "discard"]],
    ["a task that waits in a queue that is held", { status: "queued", queueRank: 1 }, { isQueued: true, isHeld: true }, ["run", "cancel", "move", "reorder", "discard"]],
    ["a cancelled task in a queue that is held", { status: "cancelled", queueRank: 1 }, { isQueued: true, isHeld: true }, ["resume", "cancel", "reorder", "discard"]],
    ["a running task", { status: "running", base: A_BASE }, { isRunning: true }, ["cancel"]],
    ["a running task with an attempt before", { ...IN_REVIEW, status: "running" }, { isRunning: true }, ["cancel", "review"]],
    ["a task that another process runs", { status: "running" }, {}, []],
    ["a task that was cut off", { status: "running", base: A_BASE }, { isInterrupted: true }, ["resume", "discard"]],
    ["a plan that waits", { status: "awaiting_approval", base: A_BASE }, {}, ["approve", "discard"]],
    ["an approved plan that waits for a place", { status: "awaiting_approval", base: A_BASE }, { isQueued: true }, ["cancel", "reorder", "discard"]],
    ["a failed task", { status: "failed", base: A_BASE }, {}, ["resume", "discard"]],
    ["a paused task", { status: "paused", base: A_BASE }, {}, ["resume", "discard"]],
    ["a cancelled task", { status: "cancelled", base: A_BASE }, {}, ["resume", "discard"]],
    ["a task in review", IN_REVIEW, {}, ["review", "accept", "retry", "discard"]],
    ["a second attempt in review", { ...IN_REVIEW, attempts: [ATTEMPT, { ...ATTEMPT, attempt: 2 }] }, {}, ["review", "accept", "retry", "compare", "discard"]],
    ["a task of which some files are accepted", { ...IN_REVIEW, accepted: ACCEPTED }, {}, ["review", "accept", "retry", "undo", "commit", "discard"]],
    ["an accepted task", { ...IN_REVIEW, status: "accepted", accepted: ACCEPTED }, {}, ["review", "undo", "commit"]],
    ["a committed task", { ...IN_REVIEW, status: "accepted", accepted: ACCEPTED, committed: "d0d0" }, {}, ["review", "undo"]],
    ["an accepted task of a folder without git", { ...IN_REVIEW, base: { ...A_BASE, shadow: true }, status: "accepted", accepted: ACCEPTED }, {}, ["review", "undo"]],
    ["a discarded task", { ...IN_REVIEW, status: "discarded" }, {}, []],
    ["a task done by hand", { status: "done", category: "YOURS" }, {}, []],
    ["an escalated task", { ...IN_REVIEW, status: "escalated", category: "YOURS" }, {}, ["review", "retry", "done", "discard"]],
    ["a task in review in a second window", { ...IN_REVIEW, attempts: [ATTEMPT, { ...ATTEMPT, attempt: 2 }] }, { isReadOnly: true }, ["review", "compare"]],
    ["a new task in a second window", { status: "queued" }, { isReadOnly: true }, []],
  ];
  for (const [name, view, situation, expected] of cases) {
    it(`offers for ${name}: ${expected.join(", ") || "nothing"}`, () => {
      assert.deepEqual(actionsOf(aView(view), { ...AT_REST, ...situation }), expected);
    });
  }
});
