// Missions as a person has them on the command line: a chain file carried out, a plan edited before anything is spent, a
// task that failed decided about, one diff accepted.
import { strict as assert } from "node:assert";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { printChain } from "../../src/core/mission/chain/printChain";
import { Bench, ensureBuilt } from "../builders/cliRun";
import { aMissionPlan } from "../builders/missionBuilder";
import { aMissionScript, plannedOf, writesFile, type NodeScript } from "../builders/missionScript";
import { aFail } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

describe("countersign, missions", function () {
  this.timeout(120_000);
  before(ensureBuilt);
  const folder = tempFolder();

  it("carries a chain file out, says whose each line is, lets what failed be left out, and accepts one diff", async () => {
    const bench = new Bench(folder());
    const failing: NodeScript = { id: "task-2", change: { maxRetries: 0 }, attempts: [[writesFile("task-2", "wrong")]], verdicts: [aFail()] };
    const nodes: readonly NodeScript[] = [{ id: "task-1" }, failing, { id: "task-3", after: ["task-1", "task-2"] }];
    const file = path.join(folder(), "mission.md");
    writeFileSync(file, printChain(aMissionPlan(...nodes.map(plannedOf))));
    const model = bench.model(aMissionScript(nodes));
    const run = await bench.run(["chain", file, "--workers", "2", "--model", model]);
    assert.equal(run.code, 2, run.out + run.err);
    for (const line of [/^\s*The environment holds/m, /^\[task-1\] .*QA passed/m, /^\[task-2\] .*QA failed/m, /task-1 merged/, /task-2 failed/, /Escalated to you/]) assert.match(run.out, line);
    const mission = String(bench.event("missionPlanned")["task"]);
    assert.match(run.out, new RegExp(`node ${mission} task-2 retry`));
    assert.ok(existsSync(path.join(bench.repo.dir, ".countersign/plans", mission, "execution-report.md")));
    const list = await bench.run(["tasks"]);
    assert.match(list.out, new RegExp(`^${mission}[^]*\\n└ do-task-1-[^]*\\n└ do-task-2-`, "m"));
    const wrong = await bench.run(["node", mission, "task-1", "skip"]);
    assert.deepEqual([wrong.code, /task-1 is passed: it cannot be skipped/.test(wrong.err)], [1, true], wrong.err);
    const decided = await bench.run(["node", mission, "task-2", "skip"]);
    assert.equal(decided.code, 0, decided.err);
    const resumed = await bench.run(["resume"]);
    assert.equal(resumed.code, 0, resumed.out + resumed.err);
    const part = bench.events().find((event) => event.kind === "nodeClaimed" && event["node"] === "task-3")?.["child"];
    const refused = await bench.run(["resume", String(part)]);
    assert.match(refused.err, new RegExp(`is part of a mission and runs with it: resume ${mission}`));
    const accepted = await bench.run(["accept", mission]);
    assert.equal(accepted.code, 0, accepted.err);
    assert.deepEqual(["task-1", "task-2", "task-3"].map((id) => bench.repo.has(`${id}.txt`)), [true, false, true]);
  });

  it("shows the plan before anything is spent on it, and takes it as it was edited", async () => {
    const bench = new Bench(folder());
    const running = bench.start(["run", "Write files", "--type", "mission", "--approve-plan", "--model", bench.model(aMissionScript([{ id: "task-1" }, { id: "task-2" }]))]);
    await running.until(/Approve it\? \[y\/N\] /);
    assert.ok(!bench.kinds().includes("nodeClaimed") && !bench.kinds().includes("preambleReady"));
    const plan = path.join(".countersign/plans", String(bench.event("missionPlanned")["task"]), "chain-output.md");
    const text = bench.repo.read(plan);
    assert.ok(text.includes("task-2"));
    const { tasks, ...rest } = aMissionPlan(...[{ id: "task-1" }].map(plannedOf));
    bench.repo.write(plan, printChain({ ...rest, tasks }));
    running.say("y\n");
    const ended = await running.ended;
    assert.equal(ended.code, 0, ended.out + ended.err);
    assert.deepEqual(bench.events().flatMap((event) => (event.kind === "nodeMerged" ? [event["node"]] : [])), ["task-1"]);
    assert.equal(bench.event("planApproved")["edited"], true);
  });
});
