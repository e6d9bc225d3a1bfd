import { strict as assert } from "node:assert";
import { Deadline, stopCause } from "../../src/core/engine/deadline";
import { ManualClock } from "../fakes/manualClock";

function aDeadline(limitMs = 1000) {
  const clock = new ManualClock();
  const outer = new AbortController();
  return { clock, outer, deadline: new Deadline(limitMs, clock, outer.signal) };
}

/** Work that lasts until the test ends it. */
function held() {
  let end: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { done, end };
}

describe("Deadline", () => {
  it("times out at its limit and not before", async () => {
    const { clock, deadline } = aDeadline();
    await clock.advance(999);
    assert.equal(deadline.signal.aborted, false);
    await clock.advance(1);
    assert.equal(deadline.signal.aborted, true);
    assert.equal(stopCause(deadline.signal), "timedOut");
  });

  it("is not moved by a clock that is set", async () => {
    const { clock, deadline } = aDeadline();
    clock.jump(3_600_000);
    await clock.advance(999);
    assert.equal(deadline.signal.aborted, false);
  });

  it("passes a cancel on at once, with its cause", () => {
    const { outer, deadline } = aDeadline();
    outer.abort();
    assert.equal(stopCause(deadline.signal), "cancelled");
  });

  it("is cancelled from the start when the run is", () => {
    const clock = new ManualClock();
    const deadline = new Deadline(1000, clock, AbortSignal.abort());
    assert.equal(stopCause(deadline.signal), "cancelled");
    assert.equal(clock.waiting, 0);
  });

  it("keeps its first cause: a cancel stays a cancel, a time-out a time-out", async () => {
    const cancelled = aDeadline();
    cancelled.outer.abort();
    await cancelled.clock.advance(5000);
    assert.equal(stopCause(cancelled.deadline.signal), "cancelled");
    const late = aDeadline();
    await late.clock.advance(1000);
    late.outer.abort();
    assert.equal(stopCause(late.deadline.signal), "timedOut");
  });

  it("stands still off the clock and goes on with what was left", async () => {
    const { clock, deadline } = aDeadline();
    await clock.advance(600);
    const work = held();
    const off = deadline.offTheClock(() => work.done);
    await clock.advance(1_000_000);
    assert.equal(deadline.signal.aborted, false);
    work.end();
    await off;
    await clock.advance(399);
    assert.equal(deadline.signal.aborted, false);
    await clock.advance(1);
    assert.equal(stopCause(deadline.signal), "timedOut");
  });

  it("goes on counting after work off the clock failed", async () => {
    const { clock, deadline } = aDeadline();
    await assert.rejects(deadline.offTheClock(() => Promise.reject(new Error("no room"))), /no room/);
    await clock.advance(1000);
    assert.equal(stopCause(deadline.signal), "timedOut");
  });

  it("gives work off the clock a signal that only a cancel aborts", async () => {
    const { clock, outer, deadline } = aDeadline(10);
    const work = held();
    let seen: AbortSignal | undefined;
    const off = deadline.offTheClock((signal) => {
      seen = signal;
      return work.done;
    });
    await clock.advance(1000);
    assert.equal(seen?.aborted, false);
    outer.abort();
    assert.equal(seen?.aborted, true);
    assert.equal(stopCause(deadline.signal), "cancelled");
    work.end();
    await off;
    assert.equal(clock.waiting, 0, "no timer starts again after the cancel");
  });

  it("counts two pieces of work at the same time once, until both are over", async () => {
    const { clock, deadline } = aDeadline();
    const [first, second] = [held(), held()];
    const both = [deadline.offTheClock(() => first.done), deadline.offTheClock(() => second.done)];
    first.end();
    await both[0];
    await clock.advance(5000);
    assert.equal(deadline.signal.aborted, false);
    second.end();
    await Promise.all(both);
    await clock.advance(1000);
    assert.equal(deadline.signal.aborted, true);
  });

  it("leaves no timer and no listener behind", async () => {
    const { clock, outer, deadline } = aDeadline();
    deadline.dispose();
    assert.equal(clock.waiting, 0);
    outer.abort();
    await clock.advance(5000);
    assert.equal(deadline.signal.aborted, false);
  });

  it("does not start again when work off the clock ends after it was disposed of", async () => {
    const { clock, deadline } = aDeadline();
    const work = held();
    const off = deadline.offTheClock(() => work.done);
    deadline.dispose();
    work.end();
    await off;
    assert.equal(clock.waiting, 0);
  });
});

describe("stopCause", () => {
  it("takes any other reason for a cancel", () => {
    assert.equal(stopCause(AbortSignal.abort(new Error("x"))), "cancelled");
    assert.equal(stopCause(AbortSignal.abort()), "cancelled");
  });
});
