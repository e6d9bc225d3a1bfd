// What a person decides about a task itself: what goes on record, and what is refused with which advice.
import { strict as assert } from "node:assert";
import { CountersignError } from "../../src/core/domain/errors";
import type { ChangeRequest } from "../../src/core/domain/review";
import type { TaskStatus } from "../../src/core/domain/task";
import { categoryChanged, changesRequested, taskDone } from "../../src/core/engine/taskDecisions";
import type { TaskView } from "../../src/core/projections/taskView";
import { aTaskRequest } from "../builders/samples";
import { A_BASE, aView, anAttempt } from "../builders/viewBuilder";

const REQUEST: ChangeRequest = { text: "Rename it.", comments: [] };
const BEGUN: Partial<TaskView> = { base: A_BASE, attempts: [anAttempt(), anAttempt({ attempt: 2 })] };

const says = (code: string, text: RegExp) => (error: unknown) => CountersignError.is(error) && error.code === code && text.test(error.message);

describe("changesRequested", () => {
  for (const status of ["review", "escalated", "failed", "cancelled", "paused", "queued", "running"] as const) {
    it(`begins a round after the last attempt of a task that is ${status}`, () => {
      const event = changesRequested(aView({ ...BEGUN, status }), REQUEST);
      assert.deepEqual(event, { kind: "changesRequested", afterAttempt: 2, request: REQUEST });
    });
  }

  it("begins with the first attempt where there was none", () => {
    const event = changesRequested(aView({ base: A_BASE, status: "failed" }), REQUEST);
    assert.equal(event.kind === "changesRequested" && event.afterAttempt, 0);
  });

  const REFUSED: readonly (readonly [string, Partial<TaskView>, RegExp])[] = [
    ["accepted", { ...BEGUN, status: "accepted" }, /is accepted[^]*Undo the accept first/],
    ["discarded", { ...BEGUN, status: "discarded" }, /Start a new task/],
    ["done by hand", { ...BEGUN, status: "done" }, /Start a new task/],
    ["waiting for approval", { base: A_BASE, status: "awaiting_approval" }, /Edit plan\.md and approve it/],
    ["not begun", { status: "queued" }, /has not begun[^]*Run it first/],
    ["YOURS", { type: null, status: "queued" }, /is YOURS/],
  ];
  for (const [what, change, text] of REFUSED) {
    it(`refuses a task that is ${what}`, () => {
      assert.throws(() => changesRequested(aView(change), REQUEST), says("conflict", text));
    });
  }

  it("wants to be told something, in a text or in a comment", () => {
    const comment = { path: "a.ts", side: "attempt", attempt: 2, line: 1, endLine: 1, quote: "x", text: "Why?" } as const;
    const blank = { ...comment, text: "  \n" };
    assert.throws(() => changesRequested(aView(BEGUN), { text: " ", comments: [blank] }), says("badRequest", /needs a text or a comment/));
    const event = changesRequested(aView(BEGUN), { text: " ", comments: [blank, comment] });
    assert.deepEqual(event.kind === "changesRequested" && event.request, { text: "", comments: [comment] });
  });
});

describe("categoryChanged", () => {
  it("routes a task that has not begun anew", () => {
    const view = aView({ status: "queued", category: "PREP" });
    assert.deepEqual(categoryChanged(view, "DISPATCH"), [
      { kind: "categoryChanged", category: "DISPATCH", type: "single_agent", reason: "a short DISPATCH task is run at once" },
    ]);
    const yours = aView({ status: "queued", category: "YOURS", type: null, request: aTaskRequest({ category: "YOURS", requestedType: "multi_agent" }) });
    const [event] = categoryChanged(yours, "DISPATCH");
    assert.equal(event?.kind === "categoryChanged" && event.type, "multi_agent", "an explicit type wins here, too");
  });

  it("takes what becomes YOURS out of the queue", () => {
    const kinds = (view: TaskView): readonly string[] => categoryChanged(view, "YOURS").map(({ kind }) => kind);
    assert.deepEqual(kinds(aView({ status: "queued", queueRank: 3 })), ["runDequeued", "categoryChanged"]);
    assert.deepEqual(kinds(aView({ status: "queued" })), ["categoryChanged"]);
  });

  it("says nothing about a task that is in that category", () => {
    assert.deepEqual(categoryChanged(aView({ ...BEGUN, category: "PREP" }), "PREP"), []);
  });

  it("refuses what has begun", () => {
    const begun: readonly Partial<TaskView>[] = [{ base: A_BASE, status: "queued" }, { ...BEGUN, status: "review" }, { status: "running" }, { status: "discarded" }, { status: "done" }];
    for (const change of begun) assert.throws(() => categoryChanged(aView(change), "YOURS"), says("conflict", /has been run as PREP \(multi_agent\) and stays that/));
  });
});

describe("taskDone", () => {
  it("ends what is YOURS, from the beginning or by escalation", () => {
    assert.deepEqual(taskDone(aView({ category: "YOURS", type: null, status: "queued" })), { kind: "taskDone" });
    assert.deepEqual(taskDone(aView({ ...BEGUN, category: "YOURS", status: "escalated" })), { kind: "taskDone" });
  });

  it("refuses everything else with what to do instead", () => {
    const rest: readonly TaskStatus[] = ["queued", "running", "review", "accepted", "failed", "done"];
    for (const status of rest) assert.throws(() => taskDone(aView({ status })), says("conflict", status === "review" ? /Accept or discard it/ : /Only what is YOURS/));
    assert.throws(() => taskDone(aView({ category: "YOURS", status: "done" })), says("conflict", /is done/));
  });
});
