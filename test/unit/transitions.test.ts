import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { EventBody } from "../../src/core/domain/event";
import { firstAttempt, nextStep, type Step } from "../../src/core/engine/transitions";
import { applyEvent } from "../../src/core/projections/taskFold";
import type { AttemptView, TaskView } from "../../src/core/projections/taskView";
import { SAMPLES, numbered } from "../builders/eventBuilder";
import { A_CONTRACT, A_PLAN, aVerdict } from "../builders/samples";
import { A_BASE, aView, anAttempt } from "../builders/viewBuilder";

const round = (afterAttempt: number): TaskView["rounds"][number] => ({ afterAttempt, sessions: 2, request: { text: "Rename it.", comments: [] } });
const contract = { hash: "5f2c", contract: A_CONTRACT };
const PASS = { pass: true, reasons: [] };
const FAIL = { pass: false, reasons: ["K1 is red"] };
const cutShort = { outcome: "timedOut", detail: "the phase reached its time limit" } as const;

const planned = { base: A_BASE, plan: A_PLAN };
const frozen = { ...planned, contract };
const single = { base: A_BASE, type: "single_agent" } as const;
const bare: Partial<AttemptView> = { commit: null, selfEvaluation: null, checks: [], checked: false };
const attempted = (...attempts: readonly Partial<AttemptView>[]): Partial<TaskView> => ({
  ...frozen,
  attempts: attempts.map((change, index) => anAttempt({ attempt: index + 1, ...change })),
});

const ROWS: readonly (readonly [string, Partial<TaskView>, Step])[] = [
  ["a new task", {}, { kind: "snapshot" }],
  ["a new single-agent task", { type: "single_agent" }, { kind: "snapshot" }],
  ["a base", { base: A_BASE }, { kind: "plan" }],
  ["a plan", planned, { kind: "negotiate" }],
  ["a refused contract", { ...planned, contractRounds: 1 }, { kind: "negotiate" }],
  ["a proposed contract", { ...planned, proposedContract: A_CONTRACT, contractRounds: 1 }, { kind: "freeze" }],
  ["a contract that waits for approval", { ...planned, proposedContract: A_CONTRACT, approval: "requested" }, { kind: "freeze" }],
  ["an approved contract that is not frozen", { ...planned, proposedContract: A_CONTRACT, approval: "approved" }, { kind: "freeze" }],
  ["a frozen contract", frozen, { kind: "implement", attempt: 1 }],
  ["an attempt that began", attempted(bare), { kind: "implement", attempt: 1 }],
  ["an evaluated attempt", attempted({ ...bare, selfEvaluation: { ...anAttempt().selfEvaluation! } }), { kind: "commit", attempt: 1 }],
  ["an attempt cut short", attempted({ ...bare, cutShort }), { kind: "commit", attempt: 1 }],
  ["a committed attempt", attempted({ checked: false }), { kind: "check", attempt: 1 }],
  ["some of its checks", attempted({ checked: false, checks: anAttempt().checks.slice(0, 1) }), { kind: "check", attempt: 1 }],
  ["all of its checks", attempted({ inspection: null }), { kind: "inspect", attempt: 1 }],
  ["an inspected attempt", attempted({}), { kind: "evaluate", attempt: 1 }],
  ["a verdict", attempted({ verdict: aVerdict() }), { kind: "decide", attempt: 1 }],
  ["a missing verdict", attempted({ noVerdict: "refused" }), { kind: "decide", attempt: 1 }],
  ["a committed attempt that was cut short", attempted({ checked: false, cutShort }), { kind: "decide", attempt: 1 }],
  ["an accepted attempt", attempted({ decision: PASS }), { kind: "pass", attempt: 1 }],
  ["a rejected first attempt", attempted({ decision: FAIL }), { kind: "implement", attempt: 2 }],
  ["a second attempt that began", attempted({ decision: FAIL }, bare), { kind: "implement", attempt: 2 }],
  ["a rejected second attempt", attempted({ decision: FAIL }, { decision: FAIL }), { kind: "implement", attempt: 3 }],
  ["an accepted third attempt", attempted({ decision: FAIL }, { decision: FAIL }, { decision: PASS }), { kind: "pass", attempt: 3 }],
  ["a rejected third attempt", attempted({ decision: FAIL }, { decision: FAIL }, { decision: FAIL }), { kind: "escalate", reason: "3 attempts did not pass verification" }],
  ["a single agent's base", single, { kind: "answer", attempt: 1 }],
  ["a single agent's attempt that began", { ...single, attempts: [anAttempt(bare)] }, { kind: "answer", attempt: 1 }],
  ["a single agent's answer", { ...single, answer: "Done.", attempts: [anAttempt(bare)] }, { kind: "commit", attempt: 1 }],
  ["a single agent's committed answer", { ...single, answer: "Done.", attempts: [anAttempt()] }, { kind: "pass", attempt: 1 }],
  ["a single agent cut short", { ...single, attempts: [anAttempt({ ...bare, cutShort })] }, { kind: "commit", attempt: 1 }],
  ["a single agent cut short and committed", { ...single, attempts: [anAttempt({ cutShort })] }, { kind: "escalate", reason: cutShort.detail }],
  ["a request for changes in what passed", { ...attempted({ decision: PASS }), rounds: [round(1)] }, { kind: "implement", attempt: 2 }],
  ["a request for changes in an attempt that was never decided", { ...attempted({ decision: FAIL }, bare), rounds: [round(2)] }, { kind: "implement", attempt: 3 }],
  ["a request before the first attempt", { ...frozen, rounds: [round(0)] }, { kind: "implement", attempt: 1 }],
  ["a request before there was a contract", { ...planned, rounds: [round(0)] }, { kind: "negotiate" }],
  ["a round's attempt that began", { ...attempted({ decision: PASS }, bare), rounds: [round(1)] }, { kind: "implement", attempt: 2 }],
  ["a round's first rejected attempt", { ...attempted({ decision: PASS }, { decision: FAIL }), rounds: [round(1)] }, { kind: "implement", attempt: 3 }],
  ["a round's accepted attempt", { ...attempted({ decision: PASS }, { decision: FAIL }, { decision: PASS }), rounds: [round(1)] }, { kind: "pass", attempt: 3 }],
  [
    "a round's third rejected attempt",
    { ...attempted({ decision: PASS }, { decision: FAIL }, { decision: FAIL }, { decision: FAIL }), rounds: [round(1)] },
    { kind: "escalate", reason: "3 attempts did not pass verification" },
  ],
  [
    "a second request, after a round that failed",
    { ...attempted({ decision: FAIL }, { decision: FAIL }, { decision: FAIL }), rounds: [round(0), round(3)] },
    { kind: "implement", attempt: 4 },
  ],
  ["a request to a single agent", { ...single, attempts: [anAttempt()], rounds: [round(1)] }, { kind: "answer", attempt: 2 }],
  ["a request to a single agent that was cut short", { ...single, attempts: [anAttempt({ cutShort })], rounds: [round(1)] }, { kind: "answer", attempt: 2 }],
  ["a single agent's second answer", { ...single, answer: "Done.", attempts: [anAttempt(), anAttempt({ attempt: 2, ...bare })], rounds: [round(1)] }, { kind: "commit", attempt: 2 }],
  ["a single agent's second committed answer", { ...single, answer: "Done.", attempts: [anAttempt(), anAttempt({ attempt: 2 })], rounds: [round(1)] }, { kind: "pass", attempt: 2 }],
];

/** What the user asks for, wherever there is something to ask about. */
function requestAfter(view: TaskView): readonly EventBody[] {
  return view.base === null ? [] : [{ ...SAMPLES.changesRequested, afterAttempt: view.attempts.at(-1)?.attempt ?? 0 }];
}

/** What a step may put on record, the last of it being what moves the task on. */
function historyOf(step: Step, view: TaskView, choice: number): readonly EventBody[] {
  switch (step.kind) {
    case "snapshot":
      return [SAMPLES.baseSnapshotted, SAMPLES.setupFinished];
    case "plan":
      return [{ ...SAMPLES.phaseStarted, phase: "planning", attempt: 0 }, { ...SAMPLES.handoffWritten }, SAMPLES.planProposed];
    case "negotiate": {
      const round = view.contractRounds + 1;
      const refused: EventBody = { ...SAMPLES.contractRefused, round };
      return choice % 2 === 0 && round <= 2 ? [refused] : [{ ...SAMPLES.contractProposed, round }];
    }
    case "freeze":
      return choice % 2 === 0 ? [SAMPLES.contractFrozen] : [SAMPLES.planApprovalRequested, SAMPLES.planApproved, SAMPLES.planProposed, SAMPLES.contractFrozen];
    case "answer":
    case "implement": {
      const { attempt } = step;
      const started: readonly EventBody[] = view.attempts.some((a) => a.attempt === attempt) ? [] : [{ ...SAMPLES.attemptStarted, attempt }];
      if (choice % 3 === 0) return [...started, { ...SAMPLES.attemptCutShort, attempt }];
      return [...started, step.kind === "answer" ? SAMPLES.singleAgentAnswered : { ...SAMPLES.selfEvaluated, attempt }];
    }
    case "commit":
      return [{ ...SAMPLES.attemptCommitted, attempt: step.attempt }];
    case "check": {
      const where = { site: "attempt", attempt: step.attempt } as const;
      return [{ ...SAMPLES.checkStarted, where }, { ...SAMPLES.checkFinished, where }, { ...SAMPLES.attemptChecked, attempt: step.attempt }];
    }
    case "inspect":
      return [{ ...SAMPLES.attemptInspected, attempt: step.attempt }];
    case "evaluate":
      return [choice % 2 === 0 ? { ...SAMPLES.verdictGiven, attempt: step.attempt } : { ...SAMPLES.verdictMissing, attempt: step.attempt }];
    case "decide":
      return [{ ...(choice % 3 === 0 ? SAMPLES.attemptAccepted : SAMPLES.attemptRejected), attempt: step.attempt }];
    case "pass":
    case "escalate":
      return [];
  }
}

describe("nextStep", () => {
  for (const [what, change, step] of ROWS) {
    it(`is ${step.kind} after ${what}`, () => {
      const view = aView(change);
      assert.deepEqual(nextStep(view, 2), step);
      assert.deepEqual(nextStep(structuredClone(view), 2), step, "the same view gives the same step");
    });
  }

  it("leads every task to its end, whatever its steps come to and wherever they are interrupted", () => {
    const move = fc.record({ choice: fc.nat(11), kept: fc.nat(4), asks: fc.nat(20).map((n) => n === 0) });
    const moves = fc.array(move, { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(moves, fc.integer({ min: 0, max: 3 }), fc.constantFrom("single_agent" as const, "multi_agent" as const), (rolls, maxRetries, type) => {
        let view = aView({ type });
        const seen: string[] = [];
        // At the end nobody asks for anything any more.
        const quiet = rolls.map((roll) => ({ ...roll, asks: false }));
        for (const { choice, kept, asks } of [...rolls, ...quiet, ...quiet, ...quiet]) {
          const asked = asks ? requestAfter(view) : [];
          for (const event of numbered(view.request.id, asked, view.lastSeq + 1)) view = applyEvent(view, event);
          const step = nextStep(view, maxRetries);
          assert.deepEqual(nextStep(structuredClone(view), maxRetries), step);
          seen.push(step.kind);
          const bodies = historyOf(step, view, choice);
          // A crash leaves the first of them; the run that goes on asks again.
          const written = kept < 3 ? bodies : bodies.slice(0, bodies.length - 1);
          const before = view;
          for (const event of numbered(view.request.id, written, view.lastSeq + 1)) view = applyEvent(view, event);
          const inRound = view.attempts.filter((a) => a.attempt >= firstAttempt(view)).length;
          assert.ok(inRound <= maxRetries + 1, `attempts: ${view.attempts.map((a) => a.attempt).join()}`);
          assert.deepEqual(view.attempts.map((a) => a.attempt), view.attempts.map((_, index) => index + 1));
          if (written.length === bodies.length && bodies.length > 0) assert.notDeepEqual(view, before);
        }
        assert.ok(["pass", "escalate"].includes(seen.at(-1) ?? ""), seen.join(" "));
      }),
    );
  });

  it("makes one attempt where no retries are allowed, and takes a lower limit at once", () => {
    assert.deepEqual(nextStep(aView(attempted({ decision: FAIL })), 0), { kind: "escalate", reason: "1 attempt did not pass verification" });
    assert.deepEqual(nextStep(aView(attempted({ decision: FAIL }, { decision: FAIL })), 0).kind, "escalate");
  });
});
