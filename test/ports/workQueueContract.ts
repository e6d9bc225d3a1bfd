// What every WorkQueue must do, whatever it stands on.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { Claim, WorkOffer, WorkQueue } from "../../src/core/ports/workQueue";
import { QueueModel, queueSteps } from "./workQueueModel";

export interface QueueUnderTest {
  readonly queue: WorkQueue;
  readonly leaseMs: number;
  /** Lets so much of the store's time go by. */
  readonly pass: (ms: number) => Promise<void>;
  /** The same store after a crash of whoever granted claims: knows what is ready and the tokens, not who held what. */
  readonly reopen: (ready: readonly WorkOffer[], tokens: ReadonlyMap<string, number>) => Promise<WorkQueue>;
}

/** `runs`: of each property. */
export function workQueueContract(name: string, make: () => Promise<QueueUnderTest>, runs = 150): void {
  describe(name, () => {
    it("hands out the highest priority first, and of equals what was ready first", async () => {
      const { queue } = await make();
      await queue.offer([offer("low", 1), offer("first", 5), offer("second", 5), offer("high", 9)]);
      assert.deepEqual(await claimAll(queue, 5), ["high", "first", "second", "low", null]);
    });

    it("takes an offer once, and the latest priority", async () => {
      const { queue } = await make();
      assert.deepEqual(await queue.offer([offer("a", 1), offer("a", 1), offer("b", 2)]), ["added", "ready", "added"]);
      assert.deepEqual(await queue.offer([offer("a", 3)]), ["ready"]);
      assert.deepEqual(await claimAll(queue, 3), ["a", "b", null]);
      assert.deepEqual(await queue.offer([offer("a", 3)]), ["claimed"]);
    });

    it("gives a worker the claim that it holds when it asks again, with a lease anew", async () => {
      const { queue, pass, leaseMs } = await make();
      await queue.offer([offer("a"), offer("b")]);
      const first = await claimed(queue, "w1");
      await pass(leaseMs / 2);
      const again = await claimed(queue, "w1");
      assert.deepEqual([again.task, again.token], [first.task, first.token]);
      assert.ok(again.leaseUntil > first.leaseUntil);
      assert.equal((await queue.metrics()).ready, 1);
    });

    it("says how long a task had been ready", async () => {
      const { queue, pass, leaseMs } = await make();
      await queue.offer([offer("a")]);
      await pass(leaseMs * 3);
      assert.ok((await queue.metrics()).oldestReadyMs >= leaseMs * 3);
      assert.ok((await claimed(queue, "w1")).waitedMs >= leaseMs * 3);
    });

    it("keeps a claim that is renewed, and takes back one that is not", async () => {
      const { queue, pass, leaseMs } = await make();
      await queue.offer([offer("kept", 2), offer("lost", 1)]);
      const kept = await claimed(queue, "w1");
      const lost = await claimed(queue, "w2");
      await pass(leaseMs * 0.6);
      assert.equal((await queue.renew(kept)).kind, "renewed");
      await pass(leaseMs * 0.6);
      const back = await queue.reclaim();
      assert.deepEqual(back.map(({ task, token, worker }) => ({ task, token, worker })), [{ task: "lost", token: lost.token, worker: "w2" }]);
      assert.deepEqual([await queue.isCurrent(kept), await queue.isCurrent(lost)], [true, false]);
      assert.deepEqual(await queue.reclaim(), []);
    });

    it("refuses whoever comes back after its task was taken back, and after another one has it", async () => {
      const { queue, pass, leaseMs } = await make();
      await queue.offer([offer("a")]);
      const old = await claimed(queue, "w1");
      await pass(leaseMs);
      await queue.reclaim();
      assert.deepEqual(await queue.settle(old, { kind: "completed" }), { kind: "stale", reason: "reclaimed" });
      const next = await claimed(queue, "w2");
      assert.ok(next.token > old.token);
      assert.deepEqual(await queue.renew(old), { kind: "stale", reason: "superseded" });
      assert.deepEqual(await queue.settle(old, { kind: "completed" }), { kind: "stale", reason: "superseded" });
      assert.deepEqual(await queue.settle(next, { kind: "completed" }), { kind: "settled" });
      assert.equal((await queue.metrics()).stale, 3);
    });

    it("answers a repeated settlement as the first one, and another one not", async () => {
      const { queue } = await make();
      await queue.offer([offer("a")]);
      const claim = await claimed(queue, "w1");
      for (const _ of [1, 2]) assert.deepEqual(await queue.settle(claim, { kind: "completed" }), { kind: "settled" });
      assert.deepEqual(await queue.settle(claim, { kind: "failed", reason: "no" }), { kind: "stale", reason: "settled" });
      assert.deepEqual(await queue.settle({ task: "a", token: claim.token + 1 }, { kind: "completed" }), { kind: "stale", reason: "unknown" });
      assert.deepEqual(await queue.settle({ task: "z", token: 1 }, { kind: "completed" }), { kind: "stale", reason: "unknown" });
      assert.equal((await queue.metrics()).completed, 1);
    });

    it("makes a released task ready again, with a higher token", async () => {
      const { queue } = await make();
      await queue.offer([offer("a")]);
      const first = await claimed(queue, "w1");
      await queue.settle(first, { kind: "released", reason: "the worker leaves" });
      const second = await claimed(queue, "w2");
      assert.deepEqual([second.task, second.token > first.token], ["a", true]);
    });

    it("does not take an offer by one who has not seen the last claim", async () => {
      const { queue } = await make();
      await queue.offer([offer("a")]);
      const claim = await claimed(queue, "w1");
      await queue.settle(claim, { kind: "completed" });
      assert.deepEqual(await queue.offer([offer("a", 1, 0)]), ["outdated"]);
      assert.equal(await queue.claim("w2"), null);
      assert.deepEqual(await queue.offer([offer("a", 1, claim.token)]), ["added"]);
      assert.ok((await claimed(queue, "w2")).token > claim.token);
    });

    it("takes tasks out, and with them the claims on them", async () => {
      const { queue } = await make();
      await queue.offer([offer("held", 2), offer("waits", 1)]);
      const held = await claimed(queue, "w1");
      assert.deepEqual(await queue.withdraw(["held", "waits", "none", "held"]), ["revoked", "withdrawn", "absent", "absent"]);
      assert.deepEqual(await queue.settle(held, { kind: "completed" }), { kind: "stale", reason: "withdrawn" });
      assert.equal(await queue.claim("w1"), null);
    });

    it("goes on from the highest tokens on record, and knows none of the claims before", async () => {
      const under = await make();
      await under.queue.offer([offer("a"), offer("b")]);
      const before = [await claimed(under.queue, "w1"), await claimed(under.queue, "w2")];
      await under.queue.settle(before[1]!, { kind: "completed" });
      const tokens = new Map(before.map(({ task, token }) => [task, token]));
      const queue = await under.reopen([offer("a", 1, tokens.get("a"))], tokens);
      assert.deepEqual(await queue.settle(before[0]!, { kind: "completed" }), { kind: "stale", reason: "reclaimed" });
      assert.deepEqual(await queue.offer([offer("b", 1, 0)]), ["outdated"]);
      const after = await claimed(queue, "w3");
      assert.deepEqual([after.task, after.token > before[0]!.token], ["a", true]);
    });

    it("does what its model does, whoever claims, renews, settles, crashes and comes back, in any order", async () => {
      await fc.assert(
        fc.asyncProperty(queueSteps, async (steps) => {
          const under = await make();
          const model = new QueueModel(under);
          for (const step of steps) await model.take(step);
          await model.finishAll();
        }),
        { numRuns: runs },
      );
    });

    it("lets ten workers do a hundred tasks, each once, with less than 1 % lost races", async () => {
      const { queue } = await make();
      const done: string[] = [];
      let tries = 0;
      await queue.offer(Array.from({ length: 100 }, (_, i) => offer(`task-${i}`, i % 7)));
      const work = async (worker: number): Promise<void> => {
        for (;;) {
          tries += 1;
          const claim = await queue.claim(`w${worker}`);
          if (claim === null) return;
          // Different paces, so that all of them meet in all ways.
          for (let i = 0; i < (worker * 7 + claim.token + done.length) % 5; i += 1) await new Promise(setImmediate);
          done.push(claim.task);
          assert.deepEqual(await queue.settle(claim, { kind: "completed" }), { kind: "settled" });
        }
      };
      await Promise.all(Array.from({ length: 10 }, (_, i) => work(i)));
      assert.deepEqual([done.length, new Set(done).size, tries], [100, 100, 110]);
      const { claims, conflicts, ready, claimed: held } = await queue.metrics();
      assert.deepEqual({ claims, ready, held }, { claims: 100, ready: 0, held: 0 });
      assert.ok(conflicts / claims < 0.01, `${conflicts} conflicts in ${claims} claims`);
    });
  });
}

function offer(task: string, priority = 1, lastToken = 0): WorkOffer {
  return { task, priority, lastToken };
}

async function claimed(queue: WorkQueue, worker: string): Promise<Claim> {
  const claim = await queue.claim(worker);
  assert.ok(claim !== null, `${worker} got nothing`);
  return claim;
}

async function claimAll(queue: WorkQueue, times: number): Promise<(string | null)[]> {
  const tasks: (string | null)[] = [];
  for (let i = 0; i < times; i += 1) tasks.push((await queue.claim(`one-of-all-${i}`))?.task ?? null);
  return tasks;
}
