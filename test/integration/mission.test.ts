// Missions as a whole: a graph of tasks, worked on side by side on a real repository, merged by the host, reported.
import { strict as assert } from "node:assert";
import { EngineBench } from "../builders/engineBench";
import { aMissionScript, fileOf, writesFile, type NodeScript } from "../builders/missionScript";
import { aFail, aPass, aPassOfRequests, calls, reads, runs, writes, type ScriptBuilder, type TurnInput } from "../builders/scriptBuilder";
import { filesInCommit } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";
import type { TaskRequest } from "../../src/core/domain/task";
import type { NodeView } from "../../src/core/projections/missionView";
import type { TaskView } from "../../src/core/projections/taskView";

const MISSION: Partial<TaskRequest> = { title: "Write files", description: "Write files.", requestedType: "mission", mission: { optimize: false, maxWorkers: 3, chain: null } };

const findingsOf = (verdict: object): readonly object[] => (verdict as { readonly findings: readonly object[] }).findings;

describe("a mission", function () {
  this.timeout(120_000);
  const folder = tempFolder();

  async function played(script: ScriptBuilder, change: Partial<TaskRequest> = {}): Promise<EngineBench> {
    const bench = await EngineBench.open(folder(), script);
    await bench.create({ ...MISSION, ...change });
    return bench;
  }

  const nodesOf = (view: TaskView): Readonly<Record<string, NodeView["state"]>> => Object.fromEntries((view.mission?.nodes ?? []).filter(({ id }) => id !== "task-0").map(({ id, state }) => [id, state]));

  it("carries a diamond out, merges what passed, and puts the whole in review", async () => {
    const bench = await played(aMissionScript([{ id: "a" }, { id: "b", after: ["a"] }, { id: "c", after: ["a"] }, { id: "d", after: ["b", "c"], guards: [`grep -qx b ${fileOf("b")}`, `grep -qx c ${fileOf("c")}`] }]));
    const mission = await bench.mission("passed");
    assert.deepEqual(nodesOf(mission), { a: "merged", b: "merged", c: "merged", d: "merged" });
    assert.equal(mission.status, "review");
    const files = filesInCommit(mission.base?.gitDir ?? "", mission.attempts.at(-1)?.commit ?? "");
    assert.deepEqual(["a", "b", "c", "d"].map((id) => files[fileOf(id)]), ["a\n", "b\n", "c\n", "d\n"]);
    assert.deepEqual(mission.attempts.at(-1)?.files.map(({ path }) => path), ["a.txt", "b.txt", "c.txt", "d.txt"]);
    await bench.close();
  });

  it("sends a conflict back to the later task, with both sides' work in its worktree", async () => {
    const both = (text: string): readonly TurnInput[] => [calls(writes("shared.txt", text))];
    const bench = await played(
      // What each writes first does not go together with the other's; a second attempt sees both.
      aMissionScript(["a", "b"].map((id): NodeScript => ({
        id,
        change: { files: [`what-${id}-expects`] },
        checks: [`grep -q ${id} shared.txt`],
        attempts: [both(`${id}\n`), [calls(reads("shared.txt")), ...both("a\nb\n")]],
        verdicts: [aPass(), aPassOfRequests(1)],
      }))),
      { mission: { optimize: false, maxWorkers: 2, chain: null } },
    );
    const mission = await bench.mission("passed");
    const node = mission.mission?.nodes.find(({ sentBack }) => sentBack > 0);
    assert.ok(node?.task !== undefined && node.task !== null, JSON.stringify(mission.mission?.nodes));
    const task = await bench.view(node.task);
    assert.deepEqual([node.sentBack, task.status, task.attempts.length], [1, "merged", 2]);
    const seen = JSON.stringify(bench.requests.filter(({ purpose }) => purpose.node === node.id && purpose.role === "worker" && purpose.attempt === 2).at(-1)?.messages);
    assert.match(seen, /<<<<<<< work that was merged before/);
    const files = filesInCommit(mission.base?.gitDir ?? "", mission.attempts.at(-1)?.commit ?? "");
    assert.equal(files["shared.txt"], "a\nb\n");
    await bench.close();
  });

  it("blocks only what depends on a task that failed, and goes on when that is skipped", async () => {
    const never: NodeScript = { id: "b", after: ["a"], change: { maxRetries: 0 }, attempts: [[writesFile("b", "wrong")]], verdicts: [aFail()] };
    const bench = await played(aMissionScript([{ id: "a" }, never, { id: "c", after: ["a"] }, { id: "d", after: ["b"] }]));
    const stuck = await bench.mission("escalated");
    assert.deepEqual(nodesOf(stuck), { a: "merged", b: "failed", c: "merged", d: "open" });
    assert.deepEqual(stuck.mission?.finished, { commit: stuck.mission?.head, failed: ["b"], blocked: ["d"] });
    assert.match(stuck.detail, /^b did not pass, which blocks d: retry, skip or take over/);
    const report = await bench.handoff(stuck.request.id, "execution-report.md");
    assert.match(report, /## What failed\n\n- \*\*b\*\* Do b: 1 attempt did not pass verification\. It blocks d\./);
    await bench.harness.decideNode(stuck, "b", "skipped");
    const mission = await bench.mission("passed");
    assert.deepEqual(nodesOf(mission), { a: "merged", b: "skipped", c: "merged", d: "merged" });
    const files = filesInCommit(mission.base?.gitDir ?? "", mission.attempts.at(-1)?.commit ?? "");
    assert.deepEqual([files["b.txt"], files["d.txt"]], [undefined, "d\n"]);
    await bench.close();
  });

  it("finds what is green alone and red together, and sends it back to the later task", async () => {
    const limit = "sh -c 'test $(ls *.txt | wc -l) -le 1'";
    const node = (id: string): NodeScript => ({
      id,
      checks: [`sh -c 'find . -name ${id}.txt | grep -q .'`],
      guards: [limit],
      attempts: [[writesFile(id)], [calls(runs(`sh -c 'mkdir -p notes && mv ${id}.txt notes/'`))]],
      verdicts: [aPass(2), { ...aPass(2), findings: [...findingsOf(aPass(2)), ...findingsOf(aPassOfRequests(1)).slice(1)] }],
    });
    const bench = await played(aMissionScript([node("a"), node("b")]), { mission: { optimize: false, maxWorkers: 2, chain: null } });
    const mission = await bench.mission("passed");
    const back = (await bench.events()).filter((event) => event.kind === "nodeSentBack");
    assert.deepEqual(back.map((event) => event.kind === "nodeSentBack" && [event.reason, event.detail.includes(limit)]), [["redTogether", true]]);
    const files = Object.keys(filesInCommit(mission.base?.gitDir ?? "", mission.attempts.at(-1)?.commit ?? ""));
    assert.equal(files.filter((file) => file.startsWith("notes/")).length, 1, files.join());
    await bench.close();
  });

  it("is cancelled with all that its workers do, and resumes to the same end", async () => {
    const slow: NodeScript = { id: "b", after: ["a"], attempts: [[calls(runs("sleep 60"), writes("b.txt", "b\n"))]] };
    const bench = await played(aMissionScript([{ id: "a" }, slow, { id: "c", after: ["a"] }]));
    const stop = new AbortController();
    const running = bench.mission("cancelled", stop.signal);
    await bench.until((events) => events.some((event) => event.kind === "toolCalled" && event.tool === "run_command"));
    stop.abort();
    const cancelled = await running;
    assert.equal(cancelled.status, "cancelled");
    assert.equal((await bench.view(cancelled.mission?.nodes.find(({ id }) => id === "b")?.task ?? undefined)).status, "cancelled", "nobody works on it any more");
    await bench.goOnWith(aMissionScript([{ id: "a" }, { id: "b", after: ["a"] }, { id: "c", after: ["a"] }]));
    const mission = await bench.mission("passed");
    assert.deepEqual(nodesOf(mission), { a: "merged", b: "merged", c: "merged" });
    assert.equal((await bench.events()).filter(({ kind }) => kind === "nodeMerged").length, 3);
    await bench.close();
  });

  it("ends before anything is spent where the environment does not hold", async () => {
    const environment: NodeScript = { id: "task-0", change: { files: [], verificationCommands: ["test -f README.md", "test -f missing.txt"] } };
    const bench = await played(aMissionScript([environment, { id: "a", after: ["task-0"] }]));
    const mission = await bench.mission("escalated");
    assert.deepEqual(mission.mission?.finished?.failed, ["task-0"]);
    assert.deepEqual(mission.mission?.finished?.blocked, ["a"]);
    assert.match(mission.mission?.nodes[0]?.detail ?? "", /^the environment does not hold: `test -f missing\.txt` ended with exit code 1/);
    assert.deepEqual(bench.requests.filter(({ purpose }) => purpose.node !== undefined), [], "no worker was asked");
    await bench.close();
  });
});
