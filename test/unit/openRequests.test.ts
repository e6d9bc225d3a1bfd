import { strict as assert } from "node:assert";
import { requestsOf } from "../../src/core/projections/openRequests";
import type { AttemptView, TaskView } from "../../src/core/projections/taskView";
import { anAttempt } from "../builders/viewBuilder";

const rounds = [1, 2, 3].map((afterAttempt) => ({ afterAttempt, sessions: afterAttempt, request: { text: `after ${afterAttempt}`, comments: [] } }));
const attempts = (...passed: readonly (boolean | null)[]): readonly AttemptView[] =>
  passed.map((pass, at) => anAttempt({ attempt: at + 1, decision: pass === null ? null : { pass, reasons: [] } }));

function split(view: Pick<TaskView, "attempts" | "type">): readonly (readonly number[])[] {
  const { settled, open } = requestsOf({ ...view, rounds });
  return [settled.map((round) => round.afterAttempt), open.map((round) => round.afterAttempt)];
}

describe("requestsOf", () => {
  it("settles a request with the next attempt that passes, and keeps it open while none does", () => {
    assert.deepEqual(split({ type: "multi_agent", attempts: attempts(true, false, false, null) }), [[], [1, 2, 3]]);
    assert.deepEqual(split({ type: "multi_agent", attempts: attempts(true, true, false, null) }), [[1], [2, 3]]);
    assert.deepEqual(split({ type: "multi_agent", attempts: attempts(true, true, true, null) }), [[1, 2], [3]]);
  });

  it("settles a single agent's with its next answer", () => {
    const cut = { outcome: "timedOut", detail: "too long" } as const;
    const list = [anAttempt(), anAttempt({ attempt: 2 }), anAttempt({ attempt: 3, cutShort: cut }), anAttempt({ attempt: 4, commit: null })];
    assert.deepEqual(split({ type: "single_agent", attempts: list }), [[1], [2, 3]]);
  });
});
