// The steps of a mission, what its tasks are made of, and the order of its merges: pure parts, told by events.
import { strict as assert } from "node:assert";
import type { EventBody } from "../../src/core/domain/event";
import type { MissionPlan } from "../../src/core/domain/mission";
import type { TaskId } from "../../src/core/domain/task";
import { childPlan, childRequest } from "../../src/core/mission/run/childTask";
import { withEnvironmentTask } from "../../src/core/mission/run/environment";
import { MergeOrder } from "../../src/core/mission/run/mergeOrder";
import { nextMissionStep } from "../../src/core/mission/run/missionSteps";
import { nodeDecided } from "../../src/core/mission/run/nodeDecisions";
import { preambleFile, preambleHash, wantedPreambles } from "../../src/core/mission/run/wantedPreambles";
import { applyEvent } from "../../src/core/projections/taskFold";
import { startView, type TaskView } from "../../src/core/projections/taskView";
import { SAMPLES } from "../builders/eventBuilder";
import { aMissionPlan, aPlannedTask } from "../builders/missionBuilder";
import { aTaskRequest } from "../builders/samples";

const CHILD = "do-it-7k2m" as TaskId;
const PLAN: MissionPlan = withEnvironmentTask(aMissionPlan(aPlannedTask("a"), aPlannedTask("b", { dependencies: ["a"] })));

function after(bodies: readonly EventBody[], { approvePlan = false, optimize = false, chain = null as string | null } = {}): TaskView {
  const request = aTaskRequest({ approvePlan, requestedType: "mission", mission: { optimize, maxWorkers: 2, chain } });
  let seq = 1;
  const at = { time: "2026-01-05T09:00:00.000Z", task: request.id };
  const start = startView({ ...at, seq, kind: "taskCreated", request, type: "mission", reason: "the type was given" });
  return bodies.reduce<TaskView>((view, body) => applyEvent(view, { ...at, ...body, seq: (seq += 1) }), start);
}

const based = SAMPLES.baseSnapshotted;
const planned: EventBody = { kind: "missionPlanned", plan: PLAN, warnings: [], edited: false };
const briefed: readonly EventBody[] = wantedPreambles({ plan: PLAN }).map((wanted) => ({ kind: "preambleReady", ...wanted, hash: preambleHash(wanted), reused: false }));
const claimed = (node: string, token = 1): EventBody => ({ kind: "nodeClaimed", node, child: CHILD, worker: "w", token });
const failed = (node: string): EventBody => ({ kind: "nodeFailed", node, child: CHILD, token: 1, reason: "3 attempts did not pass verification" });
const environment: EventBody = { kind: "environmentChecked", node: "task-0", token: 1, ok: true, reason: "", commands: [] };
const finished: EventBody = { kind: "missionFinished", commit: "c0ffee", failed: [], blocked: [] };

describe("nextMissionStep", () => {
  const rows: readonly (readonly [string, TaskView, string])[] = [
    ["before anything", after([]), "snapshot"],
    ["with a base", after([based]), "decompose"],
    ["where the request is to be sharpened", after([based], { optimize: true }), "optimize"],
    ["once it is sharpened", after([based, SAMPLES.requestOptimized], { optimize: true }), "decompose"],
    ["of a chain file", after([based], { chain: "**Task ID:** a" }), "import"],
    ["of a chain file, whatever else was asked for", after([based], { chain: "**Task ID:** a", optimize: true }), "import"],
    ["with a plan", after([based, planned]), "brief"],
    ["with a plan that waits for the user", after([based, planned, SAMPLES.planApprovalRequested], { approvePlan: true }), "approve"],
    ["with a plan that the user approved", after([based, planned, SAMPLES.planApprovalRequested, SAMPLES.planApproved], { approvePlan: true }), "brief"],
    ["with one preamble missing", after([based, planned, ...briefed.slice(1)]), "brief"],
    ["with all preambles", after([based, planned, ...briefed]), "work"],
    ["with nothing left to do", after([based, planned, ...briefed, finished]), "report"],
    ["after a decision about what failed", after([based, planned, ...briefed, environment, claimed("a"), failed("a"), finished, { kind: "nodeDecided", node: "a", decision: "skipped" }]), "work"],
  ];
  for (const [when, view, step] of rows) it(`is ${step} ${when}`, () => assert.equal(nextMissionStep(view).kind, step));
});

describe("a mission's record", () => {
  const nodes = (view: TaskView): Readonly<Record<string, string>> => Object.fromEntries((view.mission?.nodes ?? []).map(({ id, state }) => [id, state]));

  it("tells how far each task is", () => {
    const merged: EventBody = { kind: "nodeMerged", node: "a", child: CHILD, token: 1, from: "beef", commit: "c0ffee" };
    const view = after([based, planned, environment, claimed("a"), merged, claimed("b", 4)]);
    assert.deepEqual(nodes(view), { "task-0": "merged", a: "merged", b: "claimed" });
    assert.deepEqual([view.mission?.head, view.mission?.nodes[2]?.token], ["c0ffee", 4]);
  });

  it("keeps the task of one whose mission was interrupted, and takes it from one that hung", () => {
    const reclaimed = (hung: boolean): TaskView => after([based, planned, claimed("a"), { kind: "nodeReclaimed", node: "a", token: 1, hung, reason: "why" }]);
    assert.deepEqual([false, true].map((hung) => reclaimed(hung).mission?.nodes[1]?.task), [CHILD, null]);
    assert.equal(nodes(reclaimed(false))["a"], "open");
  });

  it("begins a task that is retried anew, under tokens that go on", () => {
    const view = after([based, planned, environment, claimed("a", 3), failed("a"), { kind: "nodeDecided", node: "a", decision: "retried" }]);
    assert.deepEqual([view.mission?.nodes[1]?.state, view.mission?.nodes[1]?.task, view.mission?.nodes[1]?.token], ["open", null, 3]);
    assert.equal(view.status, "queued");
  });
});

describe("nodeDecided", () => {
  const stuck = [based, planned, environment, claimed("a"), failed("a"), { ...finished, failed: ["a"], blocked: ["b"] }, { kind: "taskEscalated", reason: "a did not pass" }] as readonly EventBody[];

  it("takes a decision about what failed", () => {
    for (const decision of ["retried", "skipped", "takenOver"] as const) assert.deepEqual(nodeDecided(after(stuck), "a", decision), { kind: "nodeDecided", node: "a", decision });
  });

  const refusals: readonly (readonly [string, () => EventBody, RegExp])[] = [
    ["one that is not there", () => nodeDecided(after(stuck), "x", "skipped"), /There is no task x/],
    ["a retry of what has passed", () => nodeDecided(after(stuck), "task-0", "retried"), /task-0 is passed/],
    ["anything while the mission runs", () => nodeDecided(after([based, planned, SAMPLES.runStarted]), "a", "skipped"), /is running\. Nothing was changed/],
    ["anything of a task that is no mission", () => nodeDecided({ ...after(stuck), mission: null }, "a", "skipped"), /is no mission/],
    ["anything once it was accepted", () => nodeDecided({ ...after(stuck), status: "accepted" }, "a", "skipped"), /accepted/],
  ];
  for (const [what, decide, message] of refusals) it(`refuses ${what}`, () => assert.throws(decide, message));
});

describe("a task of a mission", () => {
  const planOf = aPlannedTask("a", { context: "The format is CSV.", files: ["a.csv"], maxRetries: 1 });

  it("is asked for what the project manager wrote, and for nothing of the mission", () => {
    const request = childRequest(after([based]), planOf);
    assert.deepEqual([request.title, request.description, request.requestedType, request.approvePlan], ["Do a", "Do what a is for.\n\nThe format is CSV.", "multi_agent", false]);
    assert.deepEqual(request.partOf, { mission: aTaskRequest().id, node: "a" });
    assert.equal(request.mission, undefined);
  });

  it("has its criteria and commands as its plan", () => {
    const { acceptanceCriteria, verificationCommands, deliverables, estimatedToolCalls } = childPlan(planOf);
    assert.deepEqual([acceptanceCriteria, verificationCommands, deliverables, estimatedToolCalls], [planOf.criteria, planOf.verificationCommands, ["a.csv"], 10]);
  });
});

describe("withEnvironmentTask", () => {
  it("puts one before all others where there is none, and lets whoever waits for nothing wait for it", () => {
    assert.deepEqual(PLAN.tasks.map(({ id, dependencies }) => [id, dependencies]), [["task-0", []], ["a", ["task-0"]], ["b", ["a"]]]);
  });

  it("takes the one that is there, first", () => {
    const own = aPlannedTask("task-0", { verificationCommands: ["npm test"] });
    const { tasks } = withEnvironmentTask(aMissionPlan(aPlannedTask("a"), own));
    assert.deepEqual(tasks.map(({ id, dependencies }) => [id, dependencies]), [["task-0", []], ["a", ["task-0"]]]);
    assert.deepEqual(tasks[0]?.verificationCommands, ["npm test"]);
  });
});

describe("preambles", () => {
  it("are wanted once for each different role, and none for the engine's own task", () => {
    assert.deepEqual(wantedPreambles({ plan: PLAN }).map(({ role }) => role), ["worker", "qc"]);
  });

  it("have a name that white space does not change", () => {
    const name = preambleFile({ role: "worker", description: "Knows  the\ncommand line " });
    assert.equal(name, preambleFile({ role: "worker", description: "Knows the command line" }));
    assert.match(name, /^worker-[0-9a-f]{8}\.md$/);
    assert.notEqual(name.slice(7), preambleFile({ role: "qc", description: "Knows the command line" }).slice(3));
  });
});

describe("MergeOrder", () => {
  it("lets one after the other merge: of those that wait, what comes first in the plan", async () => {
    const order = new MergeOrder(["a", "b", "c"]);
    const done: string[] = [];
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const first = order.inTurn("b", async () => {
      await gate;
      done.push("b");
    });
    const merge = (node: string): Promise<void> => order.inTurn(node, () => Promise.resolve(void done.push(node)));
    const others = [merge("c"), merge("a")];
    open();
    await Promise.all([first, ...others]);
    assert.deepEqual(done, ["b", "a", "c"]);
  });

  it("goes on after a merge that failed", async () => {
    const order = new MergeOrder(["a", "b"]);
    await assert.rejects(order.inTurn("a", () => Promise.reject(new Error("no"))), /no/);
    assert.equal(await order.inTurn("b", () => Promise.resolve("merged")), "merged");
  });
});
