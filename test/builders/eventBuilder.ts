// Builds journal events: one sample of every kind, numbered sequences, and arbitrary histories of several tasks.
import type { HunkId } from "../../src/core/domain/review";
import * as fc from "fast-check";
import type { EventBody, EventKind, JournalEvent } from "../../src/core/domain/event";
import type { SessionId, TaskId } from "../../src/core/domain/task";
import { aMissionPlan } from "./missionBuilder";
import { ANY_CHARACTER } from "./anyCharacter";
import { A_CONTRACT, A_PLAN, A_SELF_EVALUATION, SOME_USAGE, aCheckResult, aTaskRequest, aVerdict } from "./samples";

const MORNING = Date.UTC(2026, 0, 5, 9, 0, 0);
const session = "generator-1-0001" as SessionId;
const check = A_CONTRACT.checks[0]!;
const where = { site: "attempt", attempt: 1 } as const;
const base = {
  commit: "c0ffee",
  head: "beef",
  branch: "countersign/add-fibonacci-7k2m",
  worktree: "/cache/add-fibonacci-7k2m",
  gitDir: "/home/ada/tally/.git",
  root: "/home/ada/tally",
  shadow: false,
};
const step = { command: "npm ci", source: "package-lock.json", folder: "", cached: false, exitCode: 0, durationMs: 2100 };
const phase = { phase: "implementation", attempt: 1 } as const;

/** One body of every kind: a kind added to the union is missing here until it has a sample. */
export const SAMPLES: { readonly [K in EventKind]: Extract<EventBody, { readonly kind: K }> } = {
  taskCreated: { kind: "taskCreated", request: aTaskRequest(), type: "multi_agent", reason: "PREP" },
  runStarted: { kind: "runStarted", resumed: false, version: "0.1.0" },
  runQueued: { kind: "runQueued", rank: 1.5 },
  runDequeued: { kind: "runDequeued" },
  categoryChanged: { kind: "categoryChanged", category: "DISPATCH", type: "single_agent", reason: "a short DISPATCH task" },
  taskDone: { kind: "taskDone" },
  baseSnapshotted: { kind: "baseSnapshotted", base },
  setupFinished: { kind: "setupFinished", place: "worktree", steps: [step] },
  protectionNoted: { kind: "protectionNoted", state: "missing", why: "bubblewrap is not installed.", install: ["sudo apt-get install bubblewrap"] },
  commandAsked: { kind: "commandAsked", ask: 1, command: "npm test", purpose: "check", reason: "No entry of your policy covers it." },
  commandWithdrawn: { kind: "commandWithdrawn", ask: 1 },
  commandDecided: { kind: "commandDecided", command: "npm test", purpose: "check", decision: "refused", by: "person", reason: "You refused it." },
  phaseStarted: { kind: "phaseStarted", ...phase, limitMs: 3_600_000 },
  phaseEnded: { kind: "phaseEnded", ...phase, outcome: "completed", durationMs: 8000 },
  sessionStarted: { kind: "sessionStarted", session, role: "generator", ...phase, model: "claude-opus-5-5" },
  turnCompleted: {
    kind: "turnCompleted",
    session,
    turn: 1,
    model: "claude-opus-5-5",
    usage: SOME_USAGE,
    usd: 0.0125,
    durationMs: 900,
    stop: "toolUse",
    toolCalls: 1,
  },
  callFailed: { kind: "callFailed", session, model: "claude-opus-5-5", usage: SOME_USAGE, usd: null, reason: "stalled" },
  modelRetried: { kind: "modelRetried", session, reason: "overloaded", tries: 1, delayMs: 500 },
  toolCalled: { kind: "toolCalled", session, call: "call_1", tool: "read_file", summary: "src/cli.js 1–60" },
  toolFinished: { kind: "toolFinished", session, call: "call_1", tool: "read_file", ok: true, summary: "60 lines", durationMs: 3 },
  sessionEnded: { kind: "sessionEnded", session, outcome: "completed", detail: "" },
  requestOptimized: { kind: "requestOptimized", request: "Add it", assumptions: ["It is one file"], ambiguities: [] },
  missionPlanned: { kind: "missionPlanned", plan: aMissionPlan(), warnings: [], edited: false },
  missionPlanRefused: { kind: "missionPlanRefused", turn: 2, problems: ["Tasks wait for each other in a circle: a → b → a."] },
  preambleReady: { kind: "preambleReady", role: "worker", hash: "0a1b2c3d", description: "Knows the command line", reused: false },
  nodeClaimed: { kind: "nodeClaimed", node: "task-1.1", child: base.branch.slice(12) as TaskId, worker: "worker-1", token: 1 },
  environmentChecked: { kind: "environmentChecked", node: "task-0", token: 1, ok: true, reason: "", commands: [{ command: "npm test", exitCode: 0, durationMs: 900, outputFile: "verification/environment/1.log" }] },
  nodeSentBack: { kind: "nodeSentBack", node: "task-1.1", child: base.branch.slice(12) as TaskId, reason: "conflict", detail: "src/cli.js" },
  nodeMerged: { kind: "nodeMerged", node: "task-1.1", child: base.branch.slice(12) as TaskId, token: 1, from: base.commit, commit: base.commit },
  nodeFailed: { kind: "nodeFailed", node: "task-1.1", child: base.branch.slice(12) as TaskId, token: 1, reason: "3 attempts did not pass verification" },
  nodeReclaimed: { kind: "nodeReclaimed", node: "task-1.1", token: 1, hung: false, reason: "the mission was interrupted" },
  nodeDecided: { kind: "nodeDecided", node: "task-1.1", decision: "skipped" },
  missionFinished: { kind: "missionFinished", commit: base.commit, failed: [], blocked: [] },
  contextMeasured: { kind: "contextMeasured", role: "worker", attempt: 1, bytes: 4000, tokens: 1000, managerBytes: 100_000, managerTokens: 25_000 },
  questionAsked: { kind: "questionAsked", attempt: 1, question: "Which flag?", answer: "--json" },
  baseMoved: { kind: "baseMoved", base, work: base.commit, conflicts: ["src/cli.js"] },
  workMerged: { kind: "workMerged", commit: base.commit },
  planProposed: { kind: "planProposed", plan: A_PLAN },
  planApprovalRequested: { kind: "planApprovalRequested" },
  planApproved: { kind: "planApproved", edited: true },
  contractRefused: { kind: "contractRefused", round: 1, turn: 2, problems: ["K1 is green on the base commit"] },
  contractProposed: { kind: "contractProposed", round: 2, contract: A_CONTRACT },
  contractFrozen: { kind: "contractFrozen", hash: "5f2c", contract: A_CONTRACT },
  attemptStarted: { kind: "attemptStarted", attempt: 1 },
  singleAgentAnswered: { kind: "singleAgentAnswered", text: "Done.\nTwo lines, “quoted” \u2028 and 🙂" },
  selfEvaluated: { kind: "selfEvaluated", attempt: 1, selfEvaluation: A_SELF_EVALUATION },
  attemptCutShort: { kind: "attemptCutShort", attempt: 1, outcome: "timedOut", detail: "after 3600 s" },
  attemptCommitted: { kind: "attemptCommitted", attempt: 1, commit: "c0ffee1", files: [] },
  checkStarted: { kind: "checkStarted", expected: "green", where, check },
  checkFinished: { kind: "checkFinished", expected: "green", where, result: aCheckResult() },
  attemptChecked: { kind: "attemptChecked", attempt: 1, green: 1, red: 0 },
  attemptInspected: { kind: "attemptInspected", attempt: 1, findings: [{ kind: "protectedChanged", weight: "note", check: "K1", path: "test/cli.test.js", text: "The attempt changes test/cli.test.js, which K1 runs." }] },
  verdictMissing: { kind: "verdictMissing", attempt: 1, detail: "no valid verdict" },
  verdictGiven: { kind: "verdictGiven", attempt: 1, verdict: aVerdict() },
  attemptAccepted: { kind: "attemptAccepted", attempt: 1, score: 92, decision: { pass: true, reasons: [] } },
  attemptRejected: { kind: "attemptRejected", attempt: 1, score: 40, decision: { pass: false, reasons: ["K1 is red"] } },
  handoffWritten: { kind: "handoffWritten", file: "plan.md" },
  taskPassed: { kind: "taskPassed", attempt: 1 },
  taskEscalated: { kind: "taskEscalated", reason: "3 attempts failed" },
  taskPaused: { kind: "taskPaused", reason: "outOfBudget", detail: "$50 are spent" },
  taskCancelled: { kind: "taskCancelled", detail: "Ctrl-C" },
  taskFailed: { kind: "taskFailed", code: "setup", detail: "npm ci failed" },
  budgetWarned: { kind: "budgetWarned", scope: "task", spentUsd: 25.5, limitUsd: 50 },
  notificationRaised: { kind: "notificationRaised", level: "warning", text: "Half the budget is spent" },
  changesAccepted: { kind: "changesAccepted", result: { applied: ["a.js"], conflicts: [], before: "f00" }, remaining: [] },
  hunksDecided: { kind: "hunksDecided", path: "src/a.ts", accepted: ["3,1+a1" as HunkId], rejected: [] },
  acceptUndone: { kind: "acceptUndone", result: { restored: ["src/a.ts"], conflicts: [], before: "c".repeat(40) } },
  changesCommitted: { kind: "changesCommitted", commit: "d".repeat(40), files: ["src/a.ts"] },
  changesRequested: {
    kind: "changesRequested",
    afterAttempt: 1,
    request: {
      text: "Name it after what it does.",
      comments: [{ path: "src/a.ts", side: "attempt", attempt: 1, line: 3, endLine: 4, quote: "const x = 1;", text: "Why 1?" }],
    },
  },
  attemptChosen: { kind: "attemptChosen", attempt: 1 },
  changesDiscarded: { kind: "changesDiscarded" },
  secretsRedacted: { kind: "secretsRedacted", where: "execution-log.md", kinds: ["GitHub token"], count: 2 },
};

/** The events as a journal would have numbered and timed them, a second apart. */
export function numbered(task: TaskId, bodies: readonly EventBody[], firstSeq = 1): readonly JournalEvent[] {
  return bodies.map((body, index) => {
    const seq = firstSeq + index;
    return { seq, time: new Date(MORNING + seq * 1000).toISOString(), task, ...body };
  });
}

/** What somebody appends, and how long they wait before it. */
export interface HistoryStep {
  readonly task: TaskId;
  readonly body: EventBody;
  readonly afterMs: number;
}

const TASKS = ["a-0001", "b-0002", "c-0003"] as const;
const SESSIONS = [
  { session: "planner-0-0001", role: "planner", phase: "planning" },
  { session: "generator-1-0002", role: "generator", phase: "implementation" },
  { session: "evaluator-1-0003", role: "evaluator", phase: "verification" },
] as const;
const MODELS = ["claude-opus-5-5", "claude-haiku-5-5", "mystery"] as const;

const tokens = fc.nat(200_000);
/** A JSON round trip knows no other prototype. */
const plain = { noNullPrototype: true };
const usage = fc.record({ input: tokens, output: tokens, cacheRead: tokens, cacheWrite5m: tokens, cacheWrite1h: tokens }, plain);
const called = fc.record(
  {
    session: fc.constantFrom(...SESSIONS.map((known) => known.session as SessionId)),
    model: fc.constantFrom(...MODELS),
    usage,
    usd: fc.option(fc.double({ min: 0, max: 3, noNaN: true })),
  },
  plain,
);
const anyText = fc.string({ unit: ANY_CHARACTER, maxLength: 40 });

const bodies: fc.Arbitrary<EventBody> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...Object.values(SAMPLES).filter(({ kind }) => kind !== "taskCreated")) },
  { weight: 3, arbitrary: called.map((call) => ({ ...SAMPLES.turnCompleted, ...call })) },
  { weight: 1, arbitrary: called.map((call) => ({ ...SAMPLES.callFailed, ...call })) },
  { weight: 1, arbitrary: anyText.map((text) => ({ ...SAMPLES.notificationRaised, text })) },
  { weight: 1, arbitrary: anyText.map((text) => ({ ...SAMPLES.singleAgentAnswered, text })) },
);

/** Histories of up to three tasks over some days; every task is created first and has three sessions. */
export const histories: fc.Arbitrary<readonly HistoryStep[]> = fc
  .array(fc.record({ task: fc.constantFrom(...TASKS), body: bodies, afterMs: fc.nat(20_000_000) }), { maxLength: 40 })
  .map((steps) => {
    const seen = new Set<string>();
    return steps.flatMap(({ task, body, afterMs }) => {
      const opening = seen.has(task) ? [] : opened(task as TaskId);
      seen.add(task);
      return [...opening, { task: task as TaskId, body, afterMs }];
    });
  });

function opened(task: TaskId): readonly HistoryStep[] {
  const request = aTaskRequest({ id: task, title: `Task ${task}` });
  const starts = SESSIONS.map(({ session: id, role, phase: at }) => {
    return { ...SAMPLES.sessionStarted, session: id as SessionId, role, phase: at };
  });
  return [{ ...SAMPLES.taskCreated, request }, ...starts].map((body) => ({ task, body, afterMs: 5 }));
}
