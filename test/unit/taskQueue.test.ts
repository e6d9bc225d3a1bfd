// The order in which tasks run, on record and changed by the user; what runs side by side, and how that ends.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { CountersignError } from "../../src/core/domain/errors";
import type { DeskChange, TaskDesk } from "../../src/core/desk/taskDesk";
import { ROLES, type TaskId, type TaskRequest } from "../../src/core/domain/task";
import { SAMPLES } from "../builders/eventBuilder";
import { MemoryDeskFolder, settled, titled } from "../fakes/memoryDesk";

const A = "a" as TaskId;
const B = "b" as TaskId;
const C = "c" as TaskId;
const D = "d" as TaskId;
const PASSED = [SAMPLES.taskPassed];

const refused = (code: string, text: RegExp) => (error: unknown) => CountersignError.is(error) && error.code === code && text.test(error.message);

describe("TaskQueue", () => {
  let folder: MemoryDeskFolder;
  let desk: TaskDesk;
  let changes: DeskChange[];

  beforeEach(async () => {
    folder = new MemoryDeskFolder();
    desk = await folder.open("window 1");
    changes = [];
    desk.onChange((change) => changes.push(change));
    for (const title of ["A", "B", "C", "D"]) await desk.create(titled(title));
  });

  const waiting = (): string => desk.queue.waiting().map((view) => view.request.id).join(" ");
  const running = (): string => desk.queue.running().toSorted().join(" ");
  const troubles = (): readonly string[] => changes.flatMap((change) => (change.kind === "trouble" ? [change.message] : []));

  async function runAll(...ids: readonly TaskId[]): Promise<void> {
    for (const id of ids) await desk.queue.run(id);
  }

  it("runs so many side by side as are allowed, the others in the order in which they were asked for", async () => {
    await runAll(A, B, C, D);
    assert.deepEqual([running(), waiting()], ["a b", "c d"]);
    folder.run(B).end(PASSED);
    await settled();
    assert.deepEqual([running(), waiting()], ["a c", "d"]);
    folder.run(A).end(PASSED);
    folder.run(C).end(PASSED);
    await settled();
    assert.deepEqual([running(), waiting()], ["d", ""]);
    assert.deepEqual(folder.runs.map(({ id }) => id), [A, B, C, D]);
  });

  it("takes a higher limit at once when it is told, and a lower one with the next that ends", async () => {
    await runAll(A, B, C, D);
    folder.limit = 3;
    await desk.queue.fill();
    assert.deepEqual([running(), waiting()], ["a b c", "d"]);
    folder.limit = 1;
    folder.run(A).end(PASSED);
    folder.run(B).end(PASSED);
    await settled();
    assert.deepEqual([running(), waiting()], ["c", "d"]);
    folder.run(C).end(PASSED);
    await settled();
    assert.deepEqual([running(), waiting()], ["d", ""]);
  });

  it("starts a task once, however often and at the same time it is asked to", async () => {
    const results = await Promise.allSettled([desk.queue.run(A), desk.queue.run(A), desk.queue.run(A)]);
    await settled();
    assert.equal(folder.runs.length, 1);
    assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "fulfilled", "fulfilled"]);
    assert.equal(folder.events.filter(({ kind }) => kind === "runQueued").length, 1);
    await assert.rejects(desk.queue.run(A), refused("conflict", /is running already/));
  });

  it("refuses what cannot be run, with what can be done instead", async () => {
    await desk.create(titled("Y", { category: "YOURS" }));
    await assert.rejects(desk.queue.run("y" as TaskId), refused("conflict", /is YOURS/));
    await desk.queue.run(A);
    folder.run(A).end(PASSED);
    await settled();
    await assert.rejects(desk.queue.run(A), refused("conflict", /is review: there is nothing to run/));
    await assert.rejects(desk.queue.run("nobody" as TaskId), refused("notFound", /There is no task/));
  });

  it("changes the order as the user says, and has it on record", async () => {
    folder.limit = 0;
    await runAll(A, B, C, D);
    await desk.queue.move(D, A);
    assert.equal(waiting(), "d a b c");
    await desk.queue.move(A, null);
    await desk.queue.move(B, C);
    await desk.queue.move(C, B);
    assert.equal(waiting(), "d c b a");
    const other = await folder.open("window 2");
    assert.deepEqual(other.queue.waiting().map((view) => view.request.id), [D, C, B, A]);
    await assert.rejects(desk.queue.move("nobody" as TaskId, null), refused("notFound", /There is no task/));
  });

  it("keeps any order over any number of moves (property)", async () => {
    folder.limit = 0;
    await runAll(A, B, C, D);
    const move = fc.record({ id: fc.constantFrom(A, B, C, D), before: fc.constantFrom(A, B, C, D, null) });
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 60, maxLength: 120 }), async (moves) => {
        let expected = desk.queue.waiting().map((view) => view.request.id);
        for (const { id, before } of moves) {
          if (id === before) continue;
          await desk.queue.move(id, before);
          const rest = expected.filter((other) => other !== id);
          expected = rest.toSpliced(before === null ? rest.length : rest.indexOf(before), 0, id);
          assert.equal(waiting(), expected.join(" "));
        }
      }),
      { numRuns: 8 },
    );
  });

  it("moves nothing that does not wait: what runs would be run again", async () => {
    folder.limit = 1;
    await runAll(A, B);
    for (const id of [A, C]) await assert.rejects(desk.queue.move(id, null), refused("conflict", /does not wait in the queue/));
    folder.run(A).end(PASSED);
    await settled();
    assert.deepEqual([running(), waiting()], ["b", ""]);
  });

  it("takes a waiting task out of the queue, and ends one that runs", async () => {
    folder.limit = 1;
    await runAll(A, B, C);
    await desk.queue.cancel(B);
    assert.equal(waiting(), "c");
    await desk.queue.cancel(A);
    assert.deepEqual([desk.need(A).status, running()], ["cancelled", "c"]);
    await desk.queue.cancel(D);
    assert.equal(desk.need(D).status, "queued");
  });

  it("ends a task that began while its cancel was on the way", async () => {
    folder.limit = 1;
    await runAll(A, B);
    const cancelling = desk.queue.cancel(B);
    folder.run(A).end(PASSED);
    await cancelling;
    await settled();
    assert.equal(running(), "");
    assert.ok(["queued", "cancelled"].includes(desk.need(B).status), desk.need(B).status);
    assert.equal(waiting(), "");
  });

  it("goes on with the models that were said, and forgets them with a cancel", async () => {
    const models = Object.fromEntries(ROLES.map((role) => [role, "claude-haiku-5-5"])) as TaskRequest["models"];
    folder.limit = 1;
    await desk.queue.run(A);
    await desk.queue.run(B, models);
    await desk.queue.run(C, models);
    await desk.queue.cancel(C);
    await desk.queue.run(C);
    folder.run(A).end(PASSED);
    await settled();
    assert.equal(folder.run(B).models, models);
    folder.run(B).end(PASSED);
    await settled();
    assert.equal(folder.run(C).models, undefined);
  });

  it("approves once, for the run that it was said for", async () => {
    await desk.queue.approve(A);
    assert.equal(await desk.queue.approves(desk.need(A), []), true);
    assert.equal(await desk.queue.approves(desk.need(A), []), false);
    folder.run(A).end(PASSED);
    await desk.queue.approve(B);
    assert.equal(await desk.queue.approves(desk.need(B), ["no check"]), false, "what has problems is not taken");
    assert.equal(await desk.queue.approves(desk.need(B), []), false);
    await desk.queue.approve(C);
    await desk.queue.cancel(C);
    assert.equal(await desk.queue.approves(desk.need(C), []), false, "said for a run that is over");
    await assert.rejects(desk.queue.approve(C).then(() => desk.queue.approve(C)), refused("conflict", /is running already/));
    assert.equal(await desk.queue.approves(desk.need(C), []), false, "said for a run that there was none of");
  });

  it("is held until somebody runs something: what waited in another life spends nothing by itself", async () => {
    folder.limit = 0;
    await runAll(A, B);
    await desk.shutDown();
    folder.limit = 2;
    desk = await folder.open("window 1");
    await desk.queue.fill();
    assert.deepEqual([desk.queue.isHeld, running(), waiting()], [true, "", "a b"]);
    changes = [];
    desk.onChange((change) => changes.push(change));
    await desk.queue.run(B);
    assert.deepEqual([desk.queue.isHeld, running(), waiting()], [false, "a b", ""]);
    assert.ok(changes.some((change) => change.kind === "queue"));
  });

  it("is held, and does not try again and again, when a run cannot even put its end on record", async () => {
    folder.limit = 1;
    await runAll(A, B, C);
    folder.run(A).fail(new CountersignError("io", "The disk is full."));
    await settled();
    assert.deepEqual([desk.queue.isHeld, running(), waiting()], [true, "", "b c"]);
    assert.deepEqual(troubles(), ["The disk is full."]);
    assert.ok(desk.isInterrupted(desk.need(A)));
    await desk.queue.run(A);
    await settled();
    assert.deepEqual([folder.runs.length, running()], [2, "b"], "and goes on in its order when it is told to");
  });

  it("leaves what runs as it stands when the host ends, without a word in the journal", async () => {
    await runAll(A, B, C);
    const events = folder.events.length;
    await desk.shutDown();
    assert.equal(folder.events.length, events);
    assert.deepEqual([running(), troubles()], ["", []]);
    assert.ok(folder.asked.includes("window 1 kills"));
    assert.equal(folder.asked.at(-1), "window 1 closes", "the journal is given up last");
  });

  it("cancels what runs when it is closed, and keeps what waits", async () => {
    await runAll(A, B, C);
    await desk.close();
    assert.deepEqual([desk.need(A).status, desk.need(B).status, waiting()], ["cancelled", "cancelled", "c"]);
    assert.ok(!folder.asked.includes("window 1 kills"));
  });

  it("tells that a run has begun and ended, when that is so", async () => {
    const states: string[] = [];
    desk.onChange((change) => {
      if (change.kind === "queue") states.push(running());
    });
    await desk.queue.run(A);
    folder.run(A).end(PASSED);
    await settled();
    assert.deepEqual(states, ["", "a", ""]);
  });
});
