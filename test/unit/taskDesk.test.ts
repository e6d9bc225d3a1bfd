// What a desk knows of a folder that others work in, too: whose journal it is, what they write, and what becomes of it.
import { strict as assert } from "node:assert";
import { CountersignError } from "../../src/core/domain/errors";
import type { TaskId } from "../../src/core/domain/task";
import { IDLE_RELEASE_MS } from "../../src/core/desk/engineSeat";
import { OWNER_LOOK_MS, type DeskChange, type TaskDesk } from "../../src/core/desk/taskDesk";
import { nextView } from "../../src/core/projections/taskFold";
import type { TaskView } from "../../src/core/projections/taskView";
import { SAMPLES, numbered } from "../builders/eventBuilder";
import { deferred } from "../builders/deferred";
import { aTaskRequest } from "../builders/samples";
import { MemoryDeskFolder, settled, titled } from "../fakes/memoryDesk";

const A = "a" as TaskId;
const CREATED = { kind: "taskCreated", request: aTaskRequest({ id: A, title: "A" }), type: "multi_agent", reason: "" } as const;
const STARTED = { kind: "runStarted", resumed: false, version: "0.1.0" } as const;

const locked = (error: unknown): boolean => CountersignError.is(error, "locked");

describe("TaskDesk", () => {
  let folder: MemoryDeskFolder;
  let desk: TaskDesk;
  let changes: DeskChange[];

  beforeEach(() => {
    folder = new MemoryDeskFolder();
    changes = [];
  });

  async function open(window = "window 1"): Promise<TaskDesk> {
    desk = await folder.open(window);
    desk.onChange((change) => changes.push(change));
    return desk;
  }

  const kinds = (): readonly string[] => changes.map((change) => (change.kind === "event" ? change.event.kind : change.kind));

  it("knows what is there, newest first, and has made and owned nothing", async () => {
    folder.write(A, CREATED);
    folder.write("b" as TaskId, { ...CREATED, request: aTaskRequest({ id: "b" as TaskId }) });
    await open();
    assert.deepEqual(desk.tasks().map((view) => view.request.id), ["b", "a"]);
    assert.deepEqual([desk.ownership, folder.asked], [{ kind: "free" }, []]);
    assert.throws(() => desk.need("c" as TaskId), (error) => CountersignError.is(error, "notFound"));
  });

  it("follows what another process writes, event by event, each once", async () => {
    await open();
    folder.owner = "process 7";
    folder.write(A, CREATED);
    await folder.noticed();
    folder.write(A, STARTED);
    await Promise.all([folder.noticed(), folder.noticed()]);
    assert.deepEqual(kinds(), ["ownership", "taskCreated", "runStarted"]);
    assert.deepEqual([desk.need(A).status, desk.ownership], ["running", { kind: "theirs", owner: "process 7" }]);
    assert.ok(!desk.isInterrupted(desk.need(A)));
  });

  it("has the same views as the journal, whoever wrote it", async () => {
    await open();
    await desk.create(titled("A"));
    await folder.clock.advance(IDLE_RELEASE_MS);
    folder.write(A, STARTED, SAMPLES.planProposed);
    await folder.noticed();
    await desk.act(A, async (harness, view) => harness.enqueue(view, 4));
    const expected = folder.events.reduce<TaskView | null>(nextView, null);
    assert.deepEqual(desk.need(A), expected);
    assert.deepEqual(changes.flatMap((change) => (change.kind === "event" ? [change.event.seq] : [])), folder.events.map(({ seq }) => seq));
  });

  it("reads what was written before the journal became its own, also while it is being taken", async () => {
    await open();
    const gate = deferred();
    folder.gate = gate.promise;
    const creating = desk.create(titled("B"));
    folder.write(A, CREATED, STARTED);
    await folder.noticed();
    gate.resolve();
    await creating;
    assert.deepEqual(desk.tasks().map((view) => view.request.id), ["b", "a"]);
    assert.deepEqual(kinds(), ["taskCreated", "runStarted", "ownership", "taskCreated"]);
    assert.ok(desk.isInterrupted(desk.need(A)), "nobody can be running it");
  });

  it("says whose the journal is, takes it when it has something to do, and gives it up after a while", async () => {
    await open();
    await desk.create(titled("A"));
    assert.deepEqual([desk.ownership, folder.owner], [{ kind: "ours" }, "window 1"]);
    await folder.clock.advance(IDLE_RELEASE_MS);
    await settled();
    assert.deepEqual([desk.ownership, folder.owner], [{ kind: "free" }, null]);
    const ownerships = changes.flatMap((change) => (change.kind === "ownership" ? [change.ownership.kind] : []));
    assert.deepEqual(ownerships, ["ours", "free"]);
  });

  it("works beside another window: refused while that owns the journal, in its turn afterwards", async () => {
    await open();
    const other = await folder.open("window 2");
    await desk.create(titled("A"));
    await folder.noticed();
    assert.deepEqual([other.ownership, other.task(A)?.status], [{ kind: "theirs", owner: "window 1" }, "queued"]);
    await assert.rejects(other.create(titled("B")), locked);
    await assert.rejects(other.queue.run(A), locked);
    await assert.rejects(other.act(A, () => Promise.resolve()), locked);
    await folder.clock.advance(IDLE_RELEASE_MS);
    await folder.noticed();
    assert.deepEqual(other.ownership, { kind: "free" });
    await other.create(titled("B"));
    await folder.noticed();
    assert.deepEqual(desk.tasks().map((view) => view.request.id), ["b", "a"]);
  });

  it("keeps the journal while a task runs", async () => {
    await open();
    await desk.create(titled("A"));
    await desk.queue.run(A);
    await folder.clock.advance(20 * IDLE_RELEASE_MS);
    assert.equal(folder.owner, "window 1");
    folder.run(A).end([SAMPLES.taskPassed]);
    await settled();
    await folder.clock.advance(IDLE_RELEASE_MS);
    assert.equal(folder.owner, null);
  });

  it("finds out by itself that an owner has died, which changes no file, and that what ran there was cut off", async () => {
    folder.owner = "process 7";
    folder.write(A, CREATED, STARTED);
    await open();
    assert.deepEqual([desk.ownership.kind, desk.isInterrupted(desk.need(A))], ["theirs", false]);
    await folder.clock.advance(OWNER_LOOK_MS);
    await settled();
    assert.equal(desk.ownership.kind, "theirs");
    folder.owner = null;
    await folder.clock.advance(OWNER_LOOK_MS);
    await settled();
    assert.deepEqual([desk.ownership.kind, desk.isInterrupted(desk.need(A))], ["free", true]);
    const left = folder.clock.waiting;
    await folder.clock.advance(10 * OWNER_LOOK_MS);
    assert.equal(folder.clock.waiting, left, "nobody is looked for who is not there");
  });

  it("starts anew when the journal was removed, or is another one", async () => {
    folder.write(A, CREATED, STARTED, SAMPLES.taskPassed);
    await open();
    folder.replace();
    await folder.noticed();
    assert.deepEqual([desk.tasks(), kinds()], [[], ["reset"]]);
    const id = "other" as TaskId;
    folder.replace(...numbered(id, [{ ...CREATED, request: aTaskRequest({ id }) }]));
    await folder.noticed();
    assert.deepEqual(desk.tasks().map((view) => view.request.id), [id]);
    folder.replace();
    await desk.create(titled("B"));
    assert.deepEqual(desk.tasks().map((view) => view.request.id), ["b"], "also where that is found out by taking it");
  });

  it("logs a listener that throws, and tells the others all the same", async () => {
    desk = await folder.open("window 1");
    const seen: string[] = [];
    desk.onChange(() => {
      throw new Error("a view is broken");
    });
    const subscription = desk.onChange((change) => seen.push(change.kind));
    await desk.create(titled("A"));
    assert.deepEqual(seen, ["ownership", "event"]);
    assert.match(folder.logger.text, /a listener of the desk failed .*a view is broken/);
    subscription.dispose();
    await desk.create(titled("B"));
    assert.equal(seen.length, 2);
  });

  it("tells a trouble with reading once, until all is well again", async () => {
    await open();
    folder.failing = { read: new CountersignError("damaged", "The journal is damaged at line 3.") };
    await folder.noticed();
    await folder.noticed();
    assert.deepEqual(changes, [{ kind: "trouble", message: "The journal is damaged at line 3." }]);
    folder.failing = {};
    await folder.noticed();
    folder.failing = { read: new CountersignError("damaged", "The journal is damaged at line 3.") };
    await folder.noticed();
    assert.equal(changes.length, 2);
  });

  it("does not open on a journal that cannot be read, and leaves nobody watching", async () => {
    folder.failing = { read: new CountersignError("damaged", "The journal is damaged at line 3.") };
    await assert.rejects(folder.open("window 1"), (error) => CountersignError.is(error, "damaged"));
    folder.failing = {};
    await folder.noticed();
    assert.equal(folder.clock.waiting, 0);
  });

  it("does to a task one thing after the other, each with the view that the one before left", async () => {
    await open();
    await desk.create(titled("A"));
    const gate = deferred();
    const seen: (number | null)[] = [];
    const act = (rank: number): Promise<void> =>
      desk.act(A, async (harness, view) => {
        seen.push(view.queueRank);
        await gate.promise;
        await harness.enqueue(view, rank);
      });
    const acts = [act(1), desk.act(A, () => Promise.reject(new Error("no"))), act(3)];
    await settled();
    assert.deepEqual(seen, [null]);
    gate.resolve();
    const results = await Promise.allSettled(acts);
    assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
    assert.deepEqual(seen, [null, 1]);
  });

  it("does nothing to a task that runs", async () => {
    await open();
    await desk.create(titled("A"));
    await desk.queue.run(A);
    await assert.rejects(desk.act(A, () => Promise.resolve()), (error) => CountersignError.is(error, "conflict") && /is running\. Cancel it first/.test(error.message));
  });

  it("ends once, after what is under way, and takes nothing more", async () => {
    await open();
    await desk.create(titled("A"));
    const gate = deferred();
    const acting = desk.act(A, async (harness, view) => {
      await gate.promise;
      await harness.enqueue(view, 1);
    });
    await settled();
    const ending = Promise.all([desk.shutDown(), desk.shutDown(), desk.close()]);
    await assert.rejects(desk.create(titled("B")), (error) => CountersignError.is(error, "cancelled"));
    assert.equal(folder.owner, "window 1");
    gate.resolve();
    await Promise.all([acting, ending]);
    assert.deepEqual([folder.owner, folder.events.at(-1)?.kind], [null, "runQueued"]);
    const told = changes.length;
    folder.write(A, SAMPLES.taskPassed);
    await folder.noticed();
    assert.deepEqual([changes.length, folder.clock.waiting], [told, 0]);
  });

  it("works on after it could not give the journal up in order", async () => {
    await open();
    await desk.create(titled("A"));
    folder.failing = { close: new CountersignError("io", "The database could not be saved.") };
    await folder.clock.advance(IDLE_RELEASE_MS);
    await settled();
    assert.ok(changes.some((change) => change.kind === "trouble" && /could not be saved/.test(change.message)));
    folder.failing = {};
    await desk.create(titled("B"));
    assert.equal(desk.ownership.kind, "ours");
  });

  it("finds a task's events in the journal", async () => {
    folder.write(A, CREATED);
    folder.write("b" as TaskId, { ...CREATED, request: aTaskRequest({ id: "b" as TaskId }) });
    folder.write(A, STARTED);
    await open();
    assert.deepEqual((await desk.events(A)).map(({ seq }) => seq), [1, 3]);
    assert.deepEqual((await desk.events(A, 2)).map(({ seq }) => seq), [3]);
  });
});
