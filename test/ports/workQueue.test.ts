// Runs the contract of WorkQueue on the queue in the journal's owner, and on those that stand on locks.
import { strict as assert } from "node:assert";
import { EmbeddedLockStore } from "../../src/adapters/queue/embeddedLockStore";
import { LockingWorkQueue } from "../../src/adapters/queue/lockingWorkQueue";
import { openWorkQueue } from "../../src/adapters/queue/openWorkQueue";
import type { LockStore } from "../../src/core/ports/lockStore";
import { CLAIM_STRATEGIES, type WorkQueue } from "../../src/core/ports/workQueue";
import { ManualClock } from "../fakes/manualClock";
import { workQueueContract } from "./workQueueContract";

const LEASE_MS = 60_000;

for (const strategy of CLAIM_STRATEGIES) {
  workQueueContract(`openWorkQueue, ${strategy}`, () => {
    const clock = new ManualClock();
    const open = (locks: LockStore, rest = {}): WorkQueue => openWorkQueue(strategy, clock, { leaseMs: LEASE_MS, locks, ...rest });
    return Promise.resolve({
      queue: open(new EmbeddedLockStore(clock)),
      leaseMs: LEASE_MS,
      pass: (ms) => clock.advance(ms),
      reopen: (ready, tokens) => Promise.resolve(open(new EmbeddedLockStore(clock, tokens), { ready, tokens })),
    });
  });
}

for (const strategy of ["lease", "optimistic"] as const) {
  describe(`LockingWorkQueue, ${strategy}, in several processes`, () => {
    it("has no task done twice, although each process knows only its own claims", async () => {
      const { queues, offerAll } = processes(5, strategy);
      await offerAll(100);
      const done: string[] = [];
      await Promise.all(
        queues.map(async (queue, index) => {
          for (let claim = await queue.claim(`w${index}`); claim !== null; claim = await queue.claim(`w${index}`)) {
            done.push(claim.task);
            for (let i = 0; i < (index + done.length) % 3; i += 1) await new Promise(setImmediate);
            assert.deepEqual(await queue.settle(claim, { kind: "completed" }), { kind: "settled" });
          }
        }),
      );
      assert.deepEqual([done.length, new Set(done).size], [100, 100]);
      const metrics = await Promise.all(queues.map((queue) => queue.metrics()));
      const conflicts = metrics.reduce((sum, one) => sum + one.conflicts, 0);
      // What others have had, a process finds out by trying, or by looking first.
      if (strategy === "optimistic") assert.equal(conflicts, 400);
      else assert.ok(conflicts < 400, `${conflicts} lost races`);
    });

    it("lets another process take what a dead one held, and refuses the dead one when it comes back", async () => {
      const { clock, queues, offerAll } = processes(2, strategy);
      const [dead, alive] = [queues[0]!, queues[1]!];
      await offerAll(1);
      const old = await dead.claim("w0");
      assert.ok(old !== null);
      assert.equal(await alive.claim("w1"), null);
      await clock.advance(LEASE_MS);
      // The reconciler has read in the journal that it is ready, with the token that was given.
      assert.deepEqual(await alive.offer([{ task: old.task, priority: 1, lastToken: old.token }]), ["added"]);
      const next = await alive.claim("w1");
      assert.ok(next !== null && next.token > old.token);
      assert.equal(await dead.isCurrent(old), false);
      assert.equal((await dead.settle(old, { kind: "completed" })).kind, "stale");
      assert.deepEqual((await dead.reclaim()).map(({ task }) => task), [old.task]);
      assert.deepEqual([(await dead.metrics()).ready, await dead.claim("w9")], [0, null]);
      assert.deepEqual(await alive.settle(next, { kind: "completed" }), { kind: "settled" });
    });
  });
}

function processes(count: number, strategy: "lease" | "optimistic"): { clock: ManualClock; queues: readonly LockingWorkQueue[]; offerAll: (tasks: number) => Promise<void> } {
  const clock = new ManualClock();
  const locks = new EmbeddedLockStore(clock);
  const queues = Array.from({ length: count }, () => new LockingWorkQueue(clock, { leaseMs: LEASE_MS, strategy, locks }));
  const offerAll = async (tasks: number): Promise<void> => {
    const offers = Array.from({ length: tasks }, (_, index) => ({ task: `task-${index}`, priority: 1, lastToken: 0 }));
    for (const queue of queues) await queue.offer(offers);
  };
  return { clock, queues, offerAll };
}
