// The fold that turns a task's events into what the engine, the store and every display know of it.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { EventBody, JournalEvent } from "../../src/core/domain/event";
import type { HunkId } from "../../src/core/domain/review";
import type { SessionId, TaskId } from "../../src/core/domain/task";
import { addCost, addUsage, NO_COST, NO_USAGE } from "../../src/core/domain/usage";
import { NOTICES } from "../../src/core/projections/reviewView";
import { nextView } from "../../src/core/projections/taskFold";
import type { TaskView } from "../../src/core/projections/taskView";
import { SAMPLES, histories, numbered } from "../builders/eventBuilder";
import { A_CONTRACT, SOME_USAGE, aCheckResult } from "../builders/samples";
import { aTask } from "../builders/taskBuilder";

function after(...bodies: readonly EventBody[]): TaskView {
  return aTask().with(...bodies).view();
}

describe("nextView", () => {
  it("knows nothing of a task that was never created", () => {
    const [event] = numbered("a-0001" as TaskId, [SAMPLES.taskPassed]);
    assert.equal(nextView(null, event!), null);
  });

  it("starts with what was asked for", () => {
    const view = nextView(null, aTask().events()[0]!);
    assert.deepEqual([view?.status, view?.category, view?.type, view?.phase, view?.lastSeq], ["queued", "PREP", "multi_agent", null, 1]);
  });

  it("changes nothing but the time and the number for a kind that it does not know", () => {
    const before = aTask().withPlan().view();
    const unknown = { ...SAMPLES.taskPassed, kind: "somethingNew", seq: 90, time: "2026-02-01T00:00:00.000Z", task: before.request.id };
    const view = nextView(before, unknown as unknown as JournalEvent);
    assert.deepEqual(view, { ...before, lastSeq: 90, updatedAt: "2026-02-01T00:00:00.000Z" });
  });

  it("survives JSON after every event of every kind (property)", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const [views, bySeq] = [new Map<string, TaskView>(), steps.entries()];
        for (const [index, { task, body }] of bySeq) {
          const event = { seq: index + 1, time: "2026-01-05T09:00:00.000Z", task, ...body };
          const view = nextView(views.get(task) ?? null, event);
          assert.deepEqual(JSON.parse(JSON.stringify(view)), view);
          if (view !== null) views.set(task, view);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("never changes a view that it has given out (property)", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const views = new Map<string, TaskView>();
        for (const [index, { task, body }] of steps.entries()) {
          const before = views.get(task) ?? null;
          const frozen = JSON.stringify(before);
          const view = nextView(before, { seq: index + 1, time: "2026-01-05T09:00:00.000Z", task, ...body });
          assert.equal(JSON.stringify(before), frozen);
          if (view !== null) views.set(task, view);
        }
      }),
      { numRuns: 30 },
    );
  });

  const ENDINGS: readonly (readonly [string, EventBody, Partial<TaskView>])[] = [
    ["a pass waits for review", SAMPLES.taskPassed, { status: "review", phase: null }],
    ["attempts used up make it YOURS", SAMPLES.taskEscalated, { status: "escalated", category: "YOURS", detail: "3 attempts failed" }],
    ["a spent budget pauses it", SAMPLES.taskPaused, { status: "paused", detail: "$50 are spent" }],
    [
      "a plan that waits for approval says so",
      { kind: "taskPaused", reason: "awaitingApproval", detail: "the plan waits" },
      { status: "awaiting_approval", detail: "the plan waits" },
    ],
    ["a cancelled run", SAMPLES.taskCancelled, { status: "cancelled", detail: "Ctrl-C" }],
    ["an error", SAMPLES.taskFailed, { status: "failed", detail: "npm ci failed" }],
    ["everything accepted", SAMPLES.changesAccepted, { status: "accepted" }],
    ["everything discarded", SAMPLES.changesDiscarded, { status: "discarded" }],
  ];

  for (const [name, body, expected] of ENDINGS) {
    it(`ends: ${name}`, () => {
      const view = after(body);
      assert.deepEqual({ ...view, ...expected }, view);
    });
  }

  it("runs again after a pause, without the reason for it", () => {
    const view = after(SAMPLES.taskPaused, { kind: "runStarted", resumed: true, version: "0.1.0" });
    assert.deepEqual([view.status, view.detail], ["running", ""]);
  });

  it("keeps the last notices, and of those of version 0.1 does not guess what they are about", () => {
    const many = Array.from({ length: NOTICES + 2 }, (_, index) => ({ ...SAMPLES.notificationRaised, text: `${index}`, about: "budget" as const }));
    const { notices } = after(...many, SAMPLES.notificationRaised);
    assert.deepEqual(notices.map(({ text }) => text), [...many.slice(3).map(({ text }) => text), SAMPLES.notificationRaised.text]);
    assert.deepEqual(notices.slice(-2).map(({ about }) => about), ["budget", null]);
  });

  it("stays in review until all of it is accepted, and remembers what was there before the first file", () => {
    const first = { applied: ["a.js"], conflicts: [], before: "f00" };
    const second = { applied: ["b.js"], conflicts: ["c.js"], before: "ba4" };
    const partly = after(SAMPLES.taskPassed, { kind: "changesAccepted", result: first, remaining: ["b.js", "c.js"] });
    assert.equal(partly.status, "review");
    const whole = after(
      SAMPLES.taskPassed,
      { kind: "changesAccepted", result: first, remaining: ["b.js", "c.js"] },
      { kind: "changesAccepted", result: second, remaining: [] },
    );
    assert.equal(whole.status, "accepted");
    assert.deepEqual(whole.accepted, { applied: ["a.js", "b.js"], conflicts: ["c.js"], before: "f00" });
  });

  it("sums accepts up from the first one on, a path in conflict once, and remembers each of them", () => {
    const first = { applied: ["a.js", "b.js"], conflicts: [], before: "b1", after: "a1", merged: "m1" };
    const second = { applied: [], conflicts: ["b.js"], before: "b2", after: "a2", merged: "m2" };
    const view = after(
      SAMPLES.taskPassed,
      { kind: "changesAccepted", result: first, remaining: ["c.js"] },
      SAMPLES.changesCommitted,
      { kind: "changesAccepted", result: second, remaining: ["c.js"] },
    );
    assert.deepEqual(view.accepted, { applied: ["a.js"], conflicts: ["b.js"], before: "b1", after: "a2", merged: "m2" });
    assert.deepEqual(view.acceptSteps, [{ before: "b1", after: "a1" }, { before: "b2", after: "a2" }]);
    assert.deepEqual([view.acceptedPaths, view.committed], [["a.js", "b.js"], null]);
    const old = after({ kind: "changesAccepted", result: { applied: ["a.js"], conflicts: [], before: "b1" }, remaining: [] });
    assert.deepEqual(old.acceptSteps, [{ before: "b1", after: null }]);
  });

  it("is in review again after an undo, with nothing decided; a task that was not accepted stays what it is", () => {
    const undone = after(SAMPLES.taskPassed, SAMPLES.hunksDecided, SAMPLES.changesAccepted, SAMPLES.changesCommitted, SAMPLES.acceptUndone);
    const { status, accepted, acceptSteps, acceptedPaths, hunks, committed } = undone;
    assert.deepEqual({ status, accepted, acceptSteps, acceptedPaths, hunks, committed }, { status: "review", accepted: null, acceptSteps: [], acceptedPaths: [], hunks: {}, committed: null });
    assert.equal(after(SAMPLES.changesAccepted, SAMPLES.changesRequested, SAMPLES.taskCancelled, SAMPLES.acceptUndone).status, "cancelled");
  });

  it("takes the last word about a hunk, and forgets all of them with a request for changes", () => {
    const [a, b] = ["1,1+a", "9,0+b"] as unknown as readonly [HunkId, HunkId];
    const decide = (accepted: readonly HunkId[], rejected: readonly HunkId[]): EventBody => ({ kind: "hunksDecided", path: "__proto__", accepted, rejected });
    const decisions = (...events: readonly EventBody[]): unknown => Object.entries(after(...events).hunks);
    assert.deepEqual(decisions(decide([a, b], [])), [["__proto__", { accepted: [a, b], rejected: [] }]]);
    assert.deepEqual(decisions(decide([a, b], []), decide([], [a])), [["__proto__", { accepted: [b], rejected: [a] }]]);
    assert.deepEqual(decisions(decide([], [a, b]), decide([a], [])), [["__proto__", { accepted: [a], rejected: [b] }]]);
    assert.deepEqual(decisions(decide([a], []), SAMPLES.changesRequested), []);
  });

  it("begins a round as the task was first asked for, with the contract and without an answer", () => {
    const view = aTask().withPlan().withContract().withSession("planner").withAttempt("fail").escalated().with(SAMPLES.changesRequested).view();
    assert.deepEqual([view.status, view.category, view.detail, view.answer, view.contract === null], ["queued", "PREP", "", null, false]);
    assert.deepEqual(view.rounds.map(({ afterAttempt, sessions }) => [afterAttempt, sessions]), [[1, 2]]);
    assert.notEqual(view.plan, null);
    const early = aTask().withPlan().with(SAMPLES.contractRefused, SAMPLES.taskFailed, SAMPLES.changesRequested).view();
    assert.deepEqual([early.plan, early.contractRounds, early.refusal, early.baseChecks], [null, 0, null, []], "what was planned did not know of it");
  });

  it("shows a phase that goes on after a pause as one that runs, from when it first began", () => {
    const started: EventBody = { ...SAMPLES.phaseStarted, phase: "implementation", attempt: 1 };
    const paused: EventBody = { kind: "phaseEnded", phase: "implementation", attempt: 1, outcome: "paused", durationMs: 700 };
    const [before, after2] = [after(started, paused).phases[0], after(started, paused, started).phases[0]];
    assert.deepEqual([before?.outcome, after2?.outcome, after2?.durationMs], ["paused", null, null]);
    assert.equal(after2?.startedAt, before?.startedAt);
  });

  it("keeps another category as what was asked for", () => {
    const view = after({ kind: "categoryChanged", category: "DISPATCH", type: "single_agent", reason: "short" });
    assert.deepEqual([view.category, view.type, view.request.category], ["DISPATCH", "single_agent", "DISPATCH"]);
  });

  it("tells attempts apart, each with its own checks, verdict and decision", () => {
    const view = aTask().withAttempt("fail").withAttempt("pass").view();
    const summary = view.attempts.map((a) => [a.attempt, a.commit, a.checks.map((c) => c.green), a.checked, a.verdict?.verdict, a.decision?.pass, a.score]);
    assert.deepEqual(summary, [
      [1, "c0ffee1", [false], true, "FAIL", false, 40],
      [2, "c0ffee2", [true], true, "PASS", true, 92],
    ]);
  });

  it("keeps one result a check: that of its last run", () => {
    const where = { site: "attempt", attempt: 1 } as const;
    const view = after(
      { kind: "attemptStarted", attempt: 1 },
      { ...SAMPLES.checkFinished, where, result: aCheckResult({ green: false }) },
      { ...SAMPLES.checkFinished, where, result: aCheckResult({ checkId: "K2" }) },
      { ...SAMPLES.checkFinished, where, result: aCheckResult({ green: true }) },
    );
    assert.deepEqual(view.attempts[0]?.checks.map(({ checkId, green }) => [checkId, green]), [["K2", true], ["K1", true]]);
  });

  it("shows the base checks of the last round only (a later contract may have fewer checks)", () => {
    const round = (n: number, checkId: string): EventBody => {
      return { ...SAMPLES.checkFinished, where: { site: "base", round: n }, result: aCheckResult({ checkId }) };
    };
    const view = after(round(1, "K1"), round(1, "K2"), round(2, "K1"));
    assert.deepEqual([view.baseRound, view.baseChecks.map(({ checkId }) => checkId)], [2, ["K1"]]);
  });

  it("forgets a refused contract and keeps the frozen one", () => {
    const refused = after({ kind: "contractProposed", round: 1, contract: A_CONTRACT }, { kind: "contractRefused", round: 2, turn: 2, problems: ["x"] });
    assert.deepEqual([refused.proposedContract, refused.contractRounds, refused.contract], [null, 2, null]);
    assert.deepEqual(aTask().withContract().view().contract, { hash: "5f2c", contract: A_CONTRACT });
  });

  it("keeps what a session cost before it was interrupted", () => {
    const session = "generator-1-0001" as SessionId;
    const started: EventBody = { ...SAMPLES.sessionStarted, session };
    const view = after(started, SAMPLES.turnCompleted, { ...SAMPLES.sessionEnded, outcome: "cancelled", detail: "Ctrl-C" }, started, {
      ...SAMPLES.turnCompleted,
      turn: 2,
    });
    const [only] = view.sessions;
    assert.equal(view.sessions.length, 1);
    assert.deepEqual([only?.turns, only?.cost.usd, only?.outcome, only?.endedAt, only?.detail], [2, 0.025, null, null, ""]);
  });

  it("counts a call without a known price, and one that failed, apart from the dollars", () => {
    const view = after(SAMPLES.sessionStarted, SAMPLES.turnCompleted, SAMPLES.callFailed);
    assert.deepEqual(view.cost, { usd: 0.0125, unpricedCalls: 1 });
    assert.deepEqual(view.usage, addUsage(SOME_USAGE, SOME_USAGE));
    assert.equal(view.sessions[0]?.turns, 1);
  });

  it("has sessions that sum up to the task (property)", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const views = new Map<string, TaskView>();
        for (const [index, { task, body }] of steps.entries()) {
          // The samples' own session is one that these histories never started.
          if ("session" in body && body.session === SAMPLES.turnCompleted.session) continue;
          const view = nextView(views.get(task) ?? null, { seq: index + 1, time: "2026-01-05T09:00:00.000Z", task, ...body });
          if (view !== null) views.set(task, view);
        }
        for (const view of views.values()) {
          assert.deepEqual(view.sessions.reduce((sum, s) => addUsage(sum, s.usage), NO_USAGE), view.usage);
          const cost = view.sessions.reduce((sum, s) => addCost(sum, s.cost), NO_COST);
          assert.equal(cost.unpricedCalls, view.cost.unpricedCalls);
          assert.ok(Math.abs(cost.usd - view.cost.usd) < 1e-9);
        }
      }),
    );
  });

  it("knows which day's alert was given in its run", () => {
    const day = { kind: "budgetWarned", scope: "day", spentUsd: 100.5, limitUsd: 100 } as const;
    assert.deepEqual([after(SAMPLES.budgetWarned).dayWarning, after(day).dayWarning], [null, { day: "2026-01-05", limitUsd: 100 }]);
  });

  it("lists a handoff file once", () => {
    assert.deepEqual(after(SAMPLES.handoffWritten, SAMPLES.handoffWritten).handoffs, ["plan.md"]);
  });

  it("keeps a phase's first start when it is started again, and its end", () => {
    const view = after(SAMPLES.phaseStarted, SAMPLES.phaseStarted, SAMPLES.phaseEnded);
    const [only] = view.phases;
    assert.equal(view.phases.length, 1);
    assert.deepEqual([only?.startedAt, only?.durationMs, only?.outcome], ["2026-01-05T09:00:03.000Z", 8000, "completed"]);
  });
});
