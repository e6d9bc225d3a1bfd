import { strict as assert } from "node:assert";
import type { EventBody } from "../../src/core/domain/event";
import { STATE_NAMES, isUnderWay, needsPerson, stateOf } from "../../src/core/projections/taskState";
import { SAMPLES } from "../builders/eventBuilder";
import { aTask } from "../builders/taskBuilder";

const asked = (ask: number, command: string): EventBody => ({ kind: "commandAsked", ask, command, purpose: "agent", reason: "No entry covers it." });
const decided = (ask: number | undefined): EventBody => ({ kind: "commandDecided", command: "make", purpose: "agent", decision: "allowed", by: "once", reason: "You allowed it once.", ...(ask === undefined ? {} : { ask }) });
const waiting = (...bodies: readonly EventBody[]): readonly string[] => aTask().with(...bodies).view().waits.map(({ ask, command }) => `${ask} ${command}`);
const HERE = { isRunning: true, isQueued: false, isInterrupted: false };
const ELSEWHERE = { isRunning: false, isQueued: false, isInterrupted: false };

describe("waitsAfter", () => {
  it("keeps commands in the order in which they were asked about, with since when and why", () => {
    assert.deepEqual(waiting(asked(1, "make"), asked(2, "make test")), ["1 make", "2 make test"]);
    const [wait] = aTask().with(asked(1, "make")).view().waits;
    assert.deepEqual(wait, { ask: 1, command: "make", purpose: "agent", reason: "No entry covers it.", since: "2026-01-05T09:00:03.000Z" });
  });

  it("ends one with its decision or its withdrawal, and no other, whatever its words are", () => {
    assert.deepEqual(waiting(asked(1, "make"), asked(2, "make"), decided(2)), ["1 make"]);
    assert.deepEqual(waiting(asked(1, "make"), asked(2, "make"), { kind: "commandWithdrawn", ask: 1 }), ["2 make"]);
    assert.deepEqual(waiting(asked(1, "make"), decided(undefined)), ["1 make"], "one that nobody was asked about");
  });

  for (const end of ["runStarted", "taskPassed", "taskEscalated", "taskPaused", "taskCancelled", "taskFailed"] as const) {
    it(`leaves none after ${end}`, () => assert.deepEqual(waiting(asked(1, "make"), SAMPLES[end]), []));
  }
});

describe("stateOf", () => {
  const view = aTask().with(asked(1, "make")).view();

  it("says of a running task that a command waits, in whatever process it runs", () => {
    assert.deepEqual([stateOf(view, HERE), stateOf(view, ELSEWHERE)], ["awaiting_command", "awaiting_command"]);
    assert.equal(stateOf(aTask().with(asked(1, "make"), decided(1)).view(), HERE), "running");
  });

  it("says of one that was cut off while a command waited that it was cut off", () => assert.equal(stateOf(view, { ...ELSEWHERE, isInterrupted: true }), "interrupted"));

  it("counts such a task among those that need the person, and as under way", () => {
    assert.deepEqual([needsPerson("awaiting_command"), needsPerson("running")], [true, false]);
    assert.deepEqual((Object.keys(STATE_NAMES) as (keyof typeof STATE_NAMES)[]).filter(isUnderWay), ["running", "awaiting_command"]);
  });
});
