import { strict as assert } from "node:assert";
import { Progress } from "../../src/cli/progress";
import type { EventBody, EventKind } from "../../src/core/domain/event";
import type { SessionId } from "../../src/core/domain/task";
import { nextView } from "../../src/core/projections/taskFold";
import type { TaskView } from "../../src/core/projections/taskView";
import { FULL_CONTRACT } from "../builders/contractBuilder";
import { SAMPLES, numbered } from "../builders/eventBuilder";
import { FAILED_VERDICT, FILES, RED_RESULTS, REQUEST } from "../builders/fibonacciTask";
import { GoldenFolder } from "../builders/goldenFile";
import { aTerminal } from "../builders/terminalBuilder";
import { A_BASE } from "../builders/viewBuilder";

const golden = new GoldenFolder("cli/progress");
const session = "generator-1-0001" as SessionId;

type Happening = EventBody | { readonly said: string };

/** What a person sees of these events. */
function shown(happenings: readonly Happening[], isTTY = false): string {
  const { terminal, text } = aTerminal({ isTTY });
  const progress = new Progress(terminal);
  let view: TaskView | null = null;
  let seq = 0;
  for (const happening of [{ ...SAMPLES.taskCreated, request: REQUEST, reason: "PREP tasks are planned and verified" } as const, ...happenings]) {
    if ("said" in happening) {
      progress.live({ kind: "textStreamed", task: REQUEST.id, session, text: happening.said });
      continue;
    }
    for (const event of numbered(REQUEST.id, [happening], (seq += 1))) {
      view = nextView(view, event);
      assert.ok(view !== null);
      progress.event(event, view);
    }
  }
  return text();
}

const called = (call: string, tool: string, summary: string): EventBody => ({ ...SAMPLES.toolCalled, call, tool, summary });
const finished = (call: string, tool: string, summary: string, ok = true): EventBody => ({ ...SAMPLES.toolFinished, call, tool, summary, ok });

const ATTEMPT: readonly Happening[] = [
  { ...SAMPLES.baseSnapshotted, base: A_BASE },
  SAMPLES.setupFinished,
  { ...SAMPLES.setupFinished, place: "cleanRoom", steps: SAMPLES.setupFinished.steps.map((step) => ({ ...step, cached: true })) },
  { ...SAMPLES.contractRefused, problems: ["Check K1 is green on the base commit, before any work: it proves nothing.\nIts output:\n55"] },
  { ...SAMPLES.contractFrozen, contract: FULL_CONTRACT, hash: "5f2c0123456789abcdef" },
  SAMPLES.phaseStarted,
  SAMPLES.sessionStarted,
  { said: "I read the parser\nand " },
  { said: "its tests." },
  called("a", "read_file", "src/parse.js"),
  called("b", "run_command", `node ${A_BASE.worktree}/bin/tally.js`),
  finished("b", "run_command", "exit 1", false),
  finished("a", "read_file", "60 lines"),
  { ...SAMPLES.turnCompleted, usd: 0.0421 },
  { said: '{"summary": "done"}' },
  { ...SAMPLES.turnCompleted, turn: 2, usd: null },
  SAMPLES.modelRetried,
  { ...SAMPLES.handoffWritten, file: "self-eval.md" },
  { ...SAMPLES.attemptStarted },
  { ...SAMPLES.attemptCommitted, files: FILES },
  ...FULL_CONTRACT.checks.slice(0, 2).flatMap((check): EventBody[] => [
    { ...SAMPLES.checkStarted, check, expected: "green" },
    { ...SAMPLES.checkFinished, result: RED_RESULTS.find((r) => r.checkId === check.id)!, expected: "green" },
  ]),
  { ...SAMPLES.verdictGiven, verdict: FAILED_VERDICT },
  { ...SAMPLES.attemptRejected, score: 55, decision: { pass: false, reasons: ["Check K2 (C2) is red: exit code 0, expected 2."] } },
  { ...SAMPLES.attemptCutShort, attempt: 2, detail: "the phase reached its time limit" },
  { ...SAMPLES.attemptAccepted, attempt: 3, score: 95 },
  { ...SAMPLES.notificationRaised, level: "info", text: "not shown" },
  SAMPLES.notificationRaised,
  { ...SAMPLES.singleAgentAnswered, text: "Done." },
];

describe("Progress", () => {
  after(() => golden.hasNoOthers());

  it("tells the life of an attempt", () => golden.matches("attempt.txt", shown(ATTEMPT)));

  it("stands every kind of event, with and without colour", () => {
    for (const kind of Object.keys(SAMPLES) as EventKind[]) {
      const body = SAMPLES[kind];
      assert.doesNotMatch(shown([SAMPLES.attemptStarted, body]), /undefined|NaN|\[object/, kind);
      assert.doesNotMatch(shown([SAMPLES.attemptStarted, body], true), /undefined|NaN|\[object|\ue000/, kind);
    }
  });

  it("shows a change check that is red on the base as it should be, and a green one as wrong", () => {
    const where = { site: "base", round: 1 } as const;
    const check = FULL_CONTRACT.checks[0]!;
    const red = { ...RED_RESULTS[1]!, checkId: "K1" };
    const good = shown([{ ...SAMPLES.checkStarted, where, check, expected: "red" }, { kind: "checkFinished", where, result: red, expected: "red" }]);
    assert.match(good, /✔ red {3}K1 /);
    const bad = shown([{ ...SAMPLES.checkStarted, where, check, expected: "red" }, { kind: "checkFinished", where, result: { ...red, green: true, reason: "" }, expected: "red" }]);
    assert.match(bad, /✘ green K1 /);
  });

  it("does not say what a voided response said", () => {
    const text = shown([{ said: "I read a" }, SAMPLES.modelRetried, { said: "I read it." }, SAMPLES.turnCompleted]);
    assert.match(text, /^ {4}I read it\.$/m);
    assert.doesNotMatch(text, /I read a/);
  });

  it("keeps a long speech and hostile text within bounds", () => {
    assert.match(shown([{ said: "x".repeat(5000) }, SAMPLES.turnCompleted]), /^ {4}x{300}…$/m);
    const hostile = shown([{ said: "\u001b[2J" }, called("a", "run_command", "\u202eevil"), finished("a", "run_command", "exit 0")]);
    for (const character of ["\u001b", "\u202e"]) assert.ok(!hostile.includes(character));
  });
});
