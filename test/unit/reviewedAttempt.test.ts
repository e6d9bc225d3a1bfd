import { strict as assert } from "node:assert";
import { CountersignError } from "../../src/core/domain/errors";
import { attemptChosen, choosableAttempts, reviewedAttempt } from "../../src/core/projections/reviewedAttempt";
import type { TaskView } from "../../src/core/projections/taskView";
import { SAMPLES } from "../builders/eventBuilder";
import { aTask, type TaskBuilder } from "../builders/taskBuilder";
import { A_BASE, aView, anAttempt } from "../builders/viewBuilder";

/** The user asked for changes in an attempt that passed; the attempts after it failed. */
function aRegret(): TaskBuilder {
  const begun = aTask().with({ kind: "baseSnapshotted", base: A_BASE }).withPlan().withContract();
  const again = { ...SAMPLES.changesRequested, afterAttempt: 1 };
  return begun.withAttempt("pass").passed().with(SAMPLES.hunksDecided, again, SAMPLES.runStarted).withAttempt("fail").withAttempt("fail").escalated();
}
const chosen = { kind: "attemptChosen", attempt: 1 } as const;
const numbers = (view: TaskView): readonly number[] => choosableAttempts(view).map(({ attempt }) => attempt);
const refusal = (view: TaskView, attempt: number): string => {
  try {
    attemptChosen(view, attempt);
  } catch (error) {
    if (CountersignError.is(error)) return `${error.code}: ${error.message}`;
  }
  return "none";
};

describe("attemptChosen", () => {
  it("puts an attempt that passed back into review after a round that failed, with nothing decided", () => {
    const view = aRegret().view();
    assert.deepEqual([view.status, view.category, reviewedAttempt(view)?.attempt, numbers(view)], ["escalated", "YOURS", 3, [1]]);
    assert.deepEqual(attemptChosen(view, 1), chosen);
    const after = aRegret().with(chosen).view();
    assert.deepEqual([after.status, after.category, after.detail, reviewedAttempt(after)?.attempt], ["review", "PREP", "", 1]);
    assert.deepEqual([after.hunks, after.acceptedPaths, numbers(after)], [{}, [], []]);
  });

  it("leaves what was decided about the attempt in review alone when that is chosen again", () => {
    const after = aRegret().with(chosen, SAMPLES.hunksDecided);
    assert.equal(attemptChosen(after.view(), 1), null);
    assert.deepEqual(after.with(chosen).view().hunks, after.view().hunks);
    assert.notDeepEqual(after.view().hunks, {});
  });

  it("ends with the next request for changes: its attempts are the ones in review", () => {
    const next = aRegret().with(chosen, { ...SAMPLES.changesRequested, afterAttempt: 3 }, SAMPLES.runStarted).withAttempt("pass").passed().view();
    assert.deepEqual([next.chosen, reviewedAttempt(next)?.attempt, numbers(next)], [null, 4, [1]]);
  });

  it("refuses what did not pass, what is not there, and what is over", () => {
    const view = aRegret().view();
    assert.match(refusal(view, 2), /^conflict: Attempt 2 .* did not pass/);
    assert.match(refusal(view, 9), /^notFound: /);
    assert.match(refusal(aRegret().with(chosen, SAMPLES.changesAccepted).view(), 3), /^conflict: .* is accepted/);
    assert.deepEqual(numbers(aRegret().with(chosen, SAMPLES.changesAccepted).view()), []);
  });

  it("takes a single agent's answers for passed, but for one that was cut short", () => {
    const cutShort = { outcome: "timedOut", detail: "after 3600 s" } as const;
    const attempts = [anAttempt({ checks: [] }), anAttempt({ attempt: 2, checks: [], cutShort }), anAttempt({ attempt: 3, checks: [] })];
    assert.deepEqual(numbers(aView({ type: "single_agent", status: "review", base: A_BASE, attempts })), [1]);
  });
});
