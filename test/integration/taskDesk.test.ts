// The desk on a real folder: whole tasks side by side, windows beside one another, and a host that ends in the middle.
import { strict as assert } from "node:assert";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { CountersignError } from "../../src/core/domain/errors";
import type { TaskId } from "../../src/core/domain/task";
import type { TaskDesk } from "../../src/core/desk/taskDesk";
import { HEARTBEAT_MS } from "../../src/adapters/store/ownerLock";
import { DeskBench, changed, until, untilEvent, untilStatus } from "../builders/deskBench";
import { processesOf } from "../builders/processes";
import { aPassingScript, aScript, calls, runs, writes, WRITE_HELLO } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const locked = (error: unknown): boolean => CountersignError.is(error, "locked");

describe("openDesk", function () {
  this.timeout(60_000);
  const folder = tempFolder();
  let bench: DeskBench;
  const open = new Set<TaskDesk>();

  beforeEach(() => {
    bench = new DeskBench(folder());
  });
  afterEach(async () => {
    await Promise.all([...open].map((desk) => desk.shutDown()));
    open.clear();
  });

  async function desk(): Promise<TaskDesk> {
    const opened = await bench.open();
    open.add(opened);
    return opened;
  }

  const journalFile = (): string => path.join(bench.repo.dir, ".countersign/state/journal.ndjson");

  it("makes nothing in a folder that is only looked at", async () => {
    await (await desk()).shutDown();
    assert.ok(!bench.repo.has(".countersign"));
  });

  it("runs tasks side by side up to the limit, each to its end, and reviews one while another runs", async () => {
    const one = await desk();
    const gates = ["first", "second", "third"].map((name) => bench.gate(name));
    const ids: TaskId[] = [];
    for (const [at, gate] of gates.entries()) {
      const script = aPassingScript().generator(1, calls(gate.waits), calls(WRITE_HELLO, writes(`of ${at}.txt`, `${at}\n`)));
      ids.push((await one.create(bench.request(script, `Task ${at}`))).request.id);
    }
    for (const id of ids) await one.queue.run(id);
    await until(() => gates[0]!.hasBegun && gates[1]!.hasBegun);
    assert.deepEqual([one.queue.running(), one.queue.waiting().map((view) => view.request.id), gates[2]!.hasBegun], [ids.slice(0, 2), ids.slice(2), false]);
    gates[0]!.open();
    const first = await untilStatus(one, ids[0]!, "review");
    await until(() => gates[2]!.hasBegun);
    const { result } = await one.act(first.request.id, (harness, view) => harness.accept(view, null));
    assert.deepEqual(result.applied, ["greeting.txt", "of 0.txt"]);
    assert.deepEqual(one.queue.running(), ids.slice(1));
    for (const gate of gates) gate.open();
    for (const id of ids.slice(1)) await untilStatus(one, id, "review");
    assert.deepEqual(ids.map((id) => one.need(id).status), ["accepted", "review", "review"]);
    assert.equal(bench.repo.git("worktree", "list").split("\n").length, 3);
  });

  it("shows another window what happens in this one, refuses it meanwhile, and lets it work afterwards", async () => {
    const [one, two] = [await desk(), await desk()];
    const gate = bench.gate();
    const { request } = await one.create(bench.request(aPassingScript().generator(1, calls(gate.waits), calls(WRITE_HELLO))));
    await one.queue.run(request.id);
    await until(() => gate.hasBegun);
    await changed(two, () => two.task(request.id)?.contract ?? undefined);
    assert.equal(two.ownership.kind, "theirs");
    assert.deepEqual([two.need(request.id).status, two.isInterrupted(two.need(request.id))], ["running", false]);
    await assert.rejects(two.queue.cancel(request.id), locked);
    await assert.rejects(two.create(bench.request(aScript())), locked);
    gate.open();
    const ended = await untilStatus(one, request.id, "review");
    await changed(two, () => (two.need(request.id).lastSeq === ended.lastSeq ? true : undefined));
    assert.deepEqual(two.need(request.id), ended);
    assert.equal((await two.costs({})).reduce((sum, row) => sum + row.calls, 0), ended.sessions.reduce((sum, session) => sum + session.turns, 0));
    await one.shutDown();
    await two.act(request.id, (harness, view) => harness.accept(view, null));
    assert.equal(bench.repo.read("greeting.txt"), "hello\n");
  });

  it("leaves a run as it stands when the host ends, and another one resumes it to the same end", async () => {
    const undisturbed = await endOf(new DeskBench(path.join(folder(), "undisturbed")));
    const one = await desk();
    const gate = bench.gate();
    const { request } = await one.create(bench.request(script(gate.waits)));
    await one.queue.run(request.id);
    await until(() => gate.hasBegun);
    const events = one.events(request.id);
    await one.shutDown();
    const before = (await events).length;
    assert.deepEqual(processesOf(folder()), [], "its commands are gone");
    const two = await desk();
    assert.equal((await two.events(request.id)).length, before, "nothing was put on record after the end had begun");
    const cut = two.need(request.id);
    assert.deepEqual([cut.status, two.isInterrupted(cut), two.queue.running(), two.queue.isHeld], ["running", true, [], true]);
    const interrupted = await two.files.transcript(request.id, cut.sessions.at(-1)!.id, 0);
    assert.equal(interrupted.entries.at(-1)?.kind, "toolStarted", "and no result of the killed command either");
    await two.queue.run(request.id);
    const view = await untilStatus(two, request.id, "review");
    const outcome = { attempts: view.attempts.map((a) => [a.attempt, a.decision, a.files, a.checks.map((c) => c.green)]), sessions: view.sessions.map((s) => s.role), handoffs: view.handoffs };
    assert.deepEqual(outcome, undisturbed);
    const told = await two.files.transcript(request.id, view.sessions.find((s) => s.role === "generator")!.id, 0);
    assert.match(JSON.stringify(told.entries), /interrupted, outcome unknown: check before repeating/);
  });

  it("does not count a check as red that the end of the host had killed", async () => {
    const one = await desk();
    const gate = bench.gate();
    const check = `[ "$(cat greeting.txt 2>/dev/null)" = hello ] || exit 1; ${gate.command}`;
    const contract = { criteria: [{ id: "C1", kind: "change", text: "It greets." }], checks: [{ id: "K1", criterion: "C1", kind: "command", run: check }], commitments: [], retryProtocol: "Mend it." };
    const { request } = await one.create(bench.request(aPassingScript().negotiator({ json: contract })));
    await one.queue.run(request.id);
    await until(() => gate.hasBegun);
    await one.shutDown();
    bench.repo.git("worktree", "prune");
    const two = await desk();
    assert.deepEqual(two.need(request.id).attempts.map((a) => [a.checked, a.checks]), [[false, []]]);
    await two.queue.run(request.id);
    await untilEvent(two, "checkStarted");
    gate.open();
    const view = await untilStatus(two, request.id, "review");
    assert.deepEqual(view.attempts.map((a) => a.checks.map((c) => c.green)), [[true]]);
  });

  it("keeps the order of the queue, and holds it, when the host ends", async () => {
    const one = await desk();
    bench.settings.maxConcurrentTasks = 1;
    const gate = bench.gate();
    const ids: TaskId[] = [];
    for (const title of ["A", "B", "C"]) ids.push((await one.create(bench.request(aPassingScript().generator(1, calls(gate.waits), calls(WRITE_HELLO)), title))).request.id);
    for (const id of ids) await one.queue.run(id);
    await one.queue.move(ids[2]!, ids[1]!);
    await until(() => gate.hasBegun);
    await one.shutDown();
    gate.open();
    const two = await desk();
    assert.deepEqual(two.queue.waiting().map((view) => view.request.id), [ids[2], ids[1]]);
    await two.queue.fill();
    assert.deepEqual(two.queue.running(), []);
    const order: string[] = [];
    two.onChange((change) => {
      if (change.kind === "event" && change.event.kind === "runStarted") order.push(change.event.task);
    });
    await two.queue.run(ids[0]!);
    for (const id of ids) await untilStatus(two, id, "review");
    assert.deepEqual(order, [ids[2], ids[1], ids[0]], "what was cut off waits for its turn like any other");
    assert.equal(two.queue.waiting().length, 0);
  });

  it("cancels what runs when it is closed, with the work so far on the task's branch", async () => {
    const one = await desk();
    const gate = bench.gate();
    const { request } = await one.create(bench.request(aPassingScript().generator(1, calls(WRITE_HELLO, gate.waits))));
    await one.queue.run(request.id);
    await until(() => gate.hasBegun);
    await one.close();
    const two = await desk();
    const view = two.need(request.id);
    assert.deepEqual([view.status, two.isInterrupted(view)], ["cancelled", false]);
    assert.equal(bench.repo.git("show", `${view.base!.branch}:greeting.txt`), "hello");
  });

  it("says when no model is set up, in the task, and can run it once there is one", async () => {
    const one = await desk();
    const { models: _models, ...request } = bench.request(aPassingScript());
    const { request: made } = await one.create({ ...request, models: { planner: "claude-opus-5-5", contract_negotiator: "x", generator: "x", evaluator: "x", single_agent: "x" } });
    await one.queue.run(made.id);
    const failed = await untilStatus(one, made.id, "failed");
    assert.match(failed.detail, /No model is set up\. Set a key\./);
    await one.queue.run(made.id, bench.request(aPassingScript()).models);
    assert.equal((await untilStatus(one, made.id, "review", "failed")).status, "review");
  });

  it("takes over a journal that grew meanwhile, and one that was removed", async () => {
    const [one, two] = [await desk(), await desk()];
    await one.create(bench.request(aScript(), "A"));
    await one.shutDown();
    const made = await two.create(bench.request(aScript(), "B"));
    assert.deepEqual(two.tasks().map((view) => view.request.title), ["B", "A"]);
    assert.equal(made.lastSeq, 2);
    await two.shutDown();
    const three = await desk();
    const reset = new Promise<void>((resolve) => {
      three.onChange((change) => (change.kind === "reset" ? resolve() : undefined));
    });
    rmSync(path.join(bench.repo.dir, ".countersign"), { recursive: true });
    await reset;
    assert.deepEqual(three.tasks(), []);
    await three.create(bench.request(aScript(), "C"));
    assert.deepEqual(three.tasks().map((view) => view.request.title), ["C"]);
  });

  it("stops, and says so, when the journal is taken away under a run; nothing is lost of what stood there", async () => {
    const one = await desk();
    const gate = bench.gate();
    const { request } = await one.create(bench.request(aPassingScript().generator(1, calls(gate.waits), calls(runs(`sleep ${HEARTBEAT_MS / 1000 + 1}`)), calls(WRITE_HELLO))));
    const other = await one.create(bench.request(aPassingScript(), "Other"));
    bench.settings.maxConcurrentTasks = 1;
    await one.queue.run(request.id);
    await one.queue.run(other.request.id);
    await until(() => gate.hasBegun);
    const text = readFileSync(journalFile(), "utf8");
    rmSync(path.join(bench.repo.dir, ".countersign/state/owner.lock"));
    const told = new Promise<string>((resolve) => {
      one.onChange((change) => (change.kind === "trouble" ? resolve(change.message) : undefined));
    });
    gate.open();
    assert.match(await told, /no longer owned by this process/);
    await changed(one, () => (one.queue.running().length === 0 ? true : undefined));
    assert.ok(one.queue.isHeld);
    assert.ok(readFileSync(journalFile(), "utf8").startsWith(text));
    assert.equal(one.need(other.request.id).status, "queued");
  });

  function script(first: ReturnType<typeof runs>): ReturnType<typeof aPassingScript> {
    return aPassingScript().generator(1, calls(writes("begun.txt", "begun\n")), calls(first), calls(WRITE_HELLO));
  }

  /** What a user sees of the same task when nothing disturbs it. */
  async function endOf(other: DeskBench): Promise<object> {
    const opened = await other.open();
    open.add(opened);
    const { request } = await opened.create(other.request(script(runs("true"))));
    await opened.queue.run(request.id);
    const view = await untilStatus(opened, request.id, "review");
    return { attempts: view.attempts.map((a) => [a.attempt, a.decision, a.files, a.checks.map((c) => c.green)]), sessions: view.sessions.map((s) => s.role), handoffs: view.handoffs };
  }
});
