import assert from "node:assert/strict";
import { actionsOf, type TaskSituation } from "../../src/core/projections/taskActions";
import { attemptChosen, choosableAttempts } from "../../src/core/projections/reviewedAttempt";
import type { TaskAction } from "../../src/shared/taskActions";
import { CATEGORIES, type TaskStatus } from "../../src/core/domain/task";
import { assertRunnable } from "../../src/core/engine/harness";
import { categoryChanged, changesRequested, taskDone } from "../../src/core/engine/taskDecisions";
import type { TaskView } from "../../src/core/projections/taskView";
import { A_BASE, aView, anAttempt } from "../builders/viewBuilder";

const AT_REST: TaskSituation = { isRunning: false, isQueued: false, isHeld: false, isInterrupted: false, isReadOnly: false };
const ATTEMPT = anAttempt({ decision: { pass: true, reasons: [] }, score: 92 });
const IN_REVIEW: Partial<TaskView> = { status: "review", base: A_BASE, attempts: [ATTEMPT] };
const A_WAIT = { ask: 1, command: "make", purpose: "agent", reason: "No entry covers it.", since: "2026-01-05T09:00:00.000Z" } as const;
const ACCEPTED = { applied: ["a.js"], conflicts: [], before: "f00" };

describe("actionsOf", () => {
  const cases: readonly [string, Partial<TaskView>, Partial<TaskSituation>, readonly TaskAction[]][] = [
    ["a new task", { status: "queued" }, {}, ["run", "move", "discard"]],
    ["a new YOURS task", { status: "queued", category: "YOURS", type: null }, {}, ["done", "move", "discard"]],
    ["a task that waits", { status: "queued", queueRank: 1 }, { isQueued: true }, ["cancel", "move", "reorder", "discard"]],
    ["a task that waits in a queue that is held", { status: "queued", queueRank: 1 }, { isQueued: true, isHeld: true }, ["run", "cancel", "move", "reorder", "discard"]],
    ["a cancelled task in a queue that is held", { status: "cancelled", base: A_BASE, queueRank: 1 }, { isQueued: true, isHeld: true }, ["resume", "cancel", "retry", "reorder", "discard"]],
    ["a running task", { status: "running", base: A_BASE }, { isRunning: true }, ["cancel"]],
    ["a running task of which a command waits", { status: "running", base: A_BASE, waits: [A_WAIT] }, { isRunning: true }, ["answer", "cancel"]],
    ["a task of which a command waits in another process", { status: "running", waits: [A_WAIT] }, {}, []],
    ["a running task with an attempt before", { ...IN_REVIEW, status: "running" }, { isRunning: true }, ["cancel", "review"]],
    ["a task that another process runs", { status: "running" }, {}, []],
    ["a task that was cut off", { status: "running", base: A_BASE }, { isInterrupted: true }, ["resume", "retry", "discard"]],
    ["a plan that waits", { status: "awaiting_approval", base: A_BASE }, {}, ["approve", "discard"]],
    ["an approved plan that waits for a place", { status: "awaiting_approval", base: A_BASE }, { isQueued: true }, ["cancel", "reorder", "discard"]],
    ["a failed task", { status: "failed", base: A_BASE }, {}, ["resume", "retry", "discard"]],
    ["a task that failed before anything was begun", { status: "failed" }, {}, ["resume", "move", "discard"]],
    ["a paused task", { status: "paused", base: A_BASE }, {}, ["resume", "retry", "discard"]],
    ["a cancelled task", { status: "cancelled", base: A_BASE }, {}, ["resume", "retry", "discard"]],
    ["a task in review", IN_REVIEW, {}, ["review", "accept", "retry", "discard"]],
    ["a second attempt in review", { ...IN_REVIEW, attempts: [ATTEMPT, { ...ATTEMPT, attempt: 2 }] }, {}, ["review", "accept", "choose", "retry", "compare", "discard"]],
    ["a task of which some files are accepted", { ...IN_REVIEW, accepted: ACCEPTED }, {}, ["review", "accept", "retry", "undo", "commit", "discard"]],
    ["an accepted task", { ...IN_REVIEW, status: "accepted", accepted: ACCEPTED }, {}, ["review", "undo", "commit"]],
    ["a task accepted by a version that could not undo", { ...IN_REVIEW, status: "accepted", accepted: ACCEPTED, acceptSteps: [{ before: "f00", after: null }] }, {}, ["review", "commit"]],
    ["a committed task", { ...IN_REVIEW, status: "accepted", accepted: ACCEPTED, committed: "d0d0" }, {}, ["review", "undo"]],
    ["an accepted task of a folder without git", { ...IN_REVIEW, base: { ...A_BASE, shadow: true }, status: "accepted", accepted: ACCEPTED }, {}, ["review", "undo"]],
    ["a discarded task", { ...IN_REVIEW, status: "discarded" }, {}, []],
    ["a task done by hand", { status: "done", category: "YOURS" }, {}, []],
    ["a task in review after a second attempt", { ...IN_REVIEW, attempts: [ATTEMPT, { ...ATTEMPT, attempt: 2 }], chosen: 1 }, {}, ["review", "accept", "choose", "retry", "compare", "discard"]],
    ["an escalated task without an attempt that passed", { ...IN_REVIEW, attempts: [{ ...ATTEMPT, decision: { pass: false, reasons: ["K1 is red"] } }], status: "escalated", category: "YOURS" }, {}, ["review", "retry", "done", "discard"]],
    ["an escalated task", { ...IN_REVIEW, status: "escalated", category: "YOURS" }, {}, ["review", "choose", "retry", "done", "discard"]],
    ["a task in review in a second window", { ...IN_REVIEW, attempts: [ATTEMPT, { ...ATTEMPT, attempt: 2 }] }, { isReadOnly: true }, ["review", "compare"]],
    ["a new task in a second window", { status: "queued" }, { isReadOnly: true }, []],
  ];
  for (const [name, view, situation, expected] of cases) {
    it(`offers for ${name}: ${expected.join(", ") || "nothing"}`, () => {
      assert.deepEqual(actionsOf(aView(view), { ...AT_REST, ...situation }), expected);
    });
  }

  it("offers nothing that the engine refuses", () => {
    let offered = 0;
    for (const view of views()) {
      const actions = actionsOf(view, { ...AT_REST, isInterrupted: view.status === "running" });
      const engine: Readonly<Partial<Record<TaskAction, () => unknown>>> = {
        run: () => assertRunnable(view),
        resume: () => assertRunnable(view),
        approve: () => assertRunnable(view),
        choose: () => choosableAttempts(view).map(({ attempt }) => attemptChosen(view, attempt)),
        retry: () => changesRequested(view, { text: "Again, please", comments: [] }),
        done: () => taskDone(view),
        move: () => CATEGORIES.flatMap((category) => categoryChanged(view, category)),
      };
      for (const action of actions) {
        if (engine[action] === undefined) continue;
        offered += 1;
        assert.doesNotThrow(engine[action], `${action} of ${view.status}, ${view.category}`);
      }
    }
    assert.ok(offered > 50);
  });
});

function views(): readonly TaskView[] {
  const statuses = Object.keys({ queued: 0, running: 0, awaiting_approval: 0, review: 0, merging: 0, merged: 0, accepted: 0, discarded: 0, done: 0, escalated: 0, failed: 0, paused: 0, cancelled: 0 } satisfies Record<TaskStatus, 0>) as TaskStatus[];
  return statuses.flatMap((status) =>
    [null, A_BASE].flatMap((base) =>
      CATEGORIES.flatMap((category) => ([null, "multi_agent"] as const).map((type) => aView({ status, base, category, type, attempts: base === null ? [] : [ATTEMPT] }))),
    ),
  );
}
