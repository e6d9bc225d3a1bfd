// Workers that claim, work, hang, drain and stop.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { EmbeddedWorkQueue } from "../../src/adapters/queue/embeddedWorkQueue";
import { CountersignError } from "../../src/core/domain/errors";
import { deferred } from "../builders/deferred";
import { LEASE_MS, PoolBench, TICK_MS } from "../builders/poolBench";
import { ManualClock } from "../fakes/manualClock";

describe("WorkerPool", () => {
  it("works on as many tasks at once as there are workers, by priority, and settles each", async () => {
    const bench = new PoolBench();
    assert.deepEqual(bench.pool.spawn(2), ["w1", "w2"]);
    await bench.offer("a", "b", "c");
    assert.deepEqual(bench.begun.map(({ claim }) => claim.task), ["a", "b"]);
    await bench.complete("b");
    assert.deepEqual(bench.begun.map(({ claim }) => claim.task), ["a", "b", "c"]);
    bench.work("c").resolve({ kind: "failed", reason: "no" });
    await bench.complete("a");
    assert.deepEqual(bench.outcomes, ["b:completed", "c:failed", "a:completed"]);
    const { completed, failed, queue } = await bench.pool.metrics();
    assert.deepEqual([completed, failed, queue.completed, queue.failed, queue.ready], [2, 1, 2, 1, 0]);
  });

  it("claims again only when the outcome has been dealt with", async () => {
    const dealtWith: string[] = [];
    const bench: PoolBench = new PoolBench(new ManualClock(), {
      onSettled: async ({ claim }) => {
        await new Promise(setImmediate);
        await bench.queue.offer([{ task: `${claim.task}+`, priority: 9, lastToken: 0 }]);
        dealtWith.push(claim.task);
      },
    });
    bench.pool.spawn();
    await bench.offer("a", "b");
    await bench.complete("a");
    await bench.quiet();
    assert.deepEqual([dealtWith, bench.begun.map(({ claim }) => claim.task)], [["a"], ["a", "a+"]]);
  });

  it("takes what throws for a failure, and for a release when it was told to end", async () => {
    const bench = new PoolBench();
    bench.pool.spawn(2);
    await bench.offer("a", "b");
    bench.work("a").reject(new Error("broken"));
    bench.pool.cancel("b");
    bench.work("b").reject(new Error("aborted"));
    await bench.quiet();
    assert.deepEqual(bench.reports.map(({ outcome }) => outcome), [
      { kind: "failed", reason: "broken" },
      { kind: "released", reason: "cancelled" },
    ]);
  });

  it("goes on with the next task when the one it had was withdrawn", async () => {
    const bench = new PoolBench();
    bench.pool.spawn();
    await bench.offer("a", "b");
    await bench.queue.withdraw(["a"]);
    bench.pool.cancel("a");
    bench.work("a").resolve({ kind: "released", reason: "cancelled" });
    await bench.quiet();
    assert.deepEqual([bench.outcomes, bench.work("b").claim.worker], [["a:released withdrawn"], "w1"]);
  });

  it("does not begin at once again what was just put back", async () => {
    const bench = new PoolBench();
    bench.pool.spawn();
    await bench.offer("a");
    bench.work("a").resolve({ kind: "released", reason: "out of budget" });
    await bench.quiet();
    assert.equal(bench.begun.length, 1);
    await bench.clock.advance(TICK_MS);
    assert.equal(bench.begun.length, 2);
  });

  describe("leases", () => {
    it("finds a hung worker, aborts it, and has the task done by another one", async () => {
      const bench = new PoolBench();
      bench.pool.spawn();
      await bench.offer("a");
      const hung = bench.work("a");
      await bench.clock.advance(LEASE_MS + 2 * TICK_MS);
      assert.deepEqual([hung.signal.aborted, hung.signal.reason], [true, "hung"]);
      assert.deepEqual(bench.begun.map(({ claim }) => [claim.worker, claim.task, claim.token]), [["w1", "a", 1], ["w2", "a", 2]]);
      // It comes back after all, and is not heard.
      hung.heartbeat();
      hung.resolve({ kind: "completed" });
      await bench.complete("a");
      assert.deepEqual(bench.outcomes, ["a:lost reclaimed", "a:completed"]);
      const { lost, runaways, completed, queue } = await bench.pool.metrics();
      assert.deepEqual([lost, runaways, completed, queue.reclaimed, bench.pool.size], [1, 0, 1, 1, 1]);
    });

    it("finds out that a task was withdrawn, and counts work that does not end", async () => {
      const bench = new PoolBench();
      bench.pool.spawn(2);
      await bench.offer("silent", "alive");
      await bench.clock.advance(TICK_MS);
      await bench.queue.withdraw(["silent", "alive"]);
      bench.work("alive").heartbeat();
      await bench.clock.advance(TICK_MS);
      assert.deepEqual(bench.begun.map(({ signal }) => signal.reason as unknown), ["withdrawn", "withdrawn"]);
      assert.deepEqual([(await bench.pool.metrics()).runaways, bench.pool.size], [2, 2]);
      bench.work("alive").resolve({ kind: "completed" });
      await bench.quiet();
      assert.deepEqual(bench.outcomes.toSorted(), ["alive:lost withdrawn", "silent:lost withdrawn"]);
      assert.equal((await bench.pool.metrics()).runaways, 1);
    });

    it("keeps a worker that shows life for as long as it takes", async () => {
      const bench = new PoolBench();
      bench.pool.spawn();
      await bench.offer("a");
      for (let i = 0; i < 20; i += 1) {
        bench.work("a").heartbeat();
        await bench.clock.advance(LEASE_MS / 2);
      }
      const [worker] = (await bench.pool.healthCheck()).workers;
      assert.deepEqual([bench.begun.length, bench.work("a").signal.aborted, worker?.state], [1, false, "working"]);
      assert.equal(worker?.heartbeatAt, bench.clock.now() - LEASE_MS / 2);
      await bench.complete("a");
      assert.deepEqual(bench.outcomes, ["a:completed"]);
    });

    it("says in a health check who was hung and what was taken back", async () => {
      const clock = new ManualClock();
      // Renewed by the first tick, at 25 s: it runs out at 105 s, between two ticks.
      const queue = new EmbeddedWorkQueue(clock, { leaseMs: 80_000, ready: [{ task: "a", priority: 1, lastToken: 0 }] });
      const { pool, quiet } = new PoolBench(clock, { queue }, { tickMs: 25_000, stopMs: 1_500 });
      pool.spawn();
      await quiet();
      await clock.advance(104_999);
      assert.deepEqual((await pool.healthCheck()).hung, []);
      await clock.advance(1);
      const { hung, reclaimed } = await pool.healthCheck();
      assert.deepEqual([hung, reclaimed], [[{ worker: "w1", task: "a" }], ["a"]]);
      assert.deepEqual((await pool.healthCheck()).workers.map(({ name }) => name), ["w2"]);
    });

    it("takes no sign of life for another task's", async () => {
      const bench = new PoolBench();
      bench.pool.spawn();
      await bench.offer("a", "b");
      await bench.complete("a");
      for (let i = 0; i < 15; i += 1) {
        bench.work("a").heartbeat();
        await bench.clock.advance(TICK_MS);
      }
      assert.deepEqual(bench.begun.map(({ claim }) => [claim.worker, claim.task]), [["w1", "a"], ["w1", "b"], ["w2", "b"]]);
    });

    it("looks three times a lease, however seldom it was told to", async () => {
      const bench = new PoolBench(new ManualClock(), {}, { tickMs: 100 * LEASE_MS, stopMs: 1_500 });
      bench.pool.spawn();
      await bench.offer("a");
      await bench.clock.advance(2 * LEASE_MS);
      assert.equal(bench.work("a").claim.token, 2);
    });

    it("has a task that another pool lost done at once", async () => {
      const bench = new PoolBench();
      await bench.queue.offer([{ task: "a", priority: 1, lastToken: 0 }]);
      await bench.queue.claim("of another pool");
      // Its first look comes 5 s after the last one before the lease runs out.
      await bench.clock.advance(LEASE_MS - 1);
      bench.pool.spawn();
      await bench.quiet();
      await bench.clock.advance(1);
      const { reclaimed, hung } = await bench.pool.healthCheck();
      await bench.quiet();
      assert.deepEqual([reclaimed, hung, bench.work("a").claim.worker], [["a"], [], "w1"]);
    });

    it("blames no worker for the time in which the whole process stood still", async () => {
      const clock = new StallingClock();
      const bench = new PoolBench(clock);
      bench.pool.spawn();
      await bench.offer("a");
      await clock.advance(TICK_MS);
      clock.stall(10 * LEASE_MS);
      await clock.advance(2 * TICK_MS);
      assert.deepEqual([bench.begun.length, bench.work("a").signal.aborted], [1, false]);
      // From then on its silence counts.
      await clock.advance(LEASE_MS + TICK_MS);
      assert.equal(bench.work("a").claim.token, 2);
    });
  });

  describe("scale", () => {
    it("lets surplus workers finish, idle ones leave at once", async () => {
      const bench = new PoolBench();
      bench.pool.spawn(3);
      await bench.offer("a", "b");
      assert.equal(bench.pool.scale(1), 1);
      await bench.quiet();
      assert.deepEqual([bench.pool.size, (await bench.pool.metrics()).workers.map(({ state }) => state)], [1, ["leaving", "working"]]);
      assert.equal(bench.work("a").signal.aborted, false);
      await bench.offer("c");
      await bench.complete("a");
      assert.equal(bench.begun.length, 2);
      await bench.complete("b");
      assert.deepEqual(bench.begun.map(({ claim }) => claim.task), ["a", "b", "c"]);
      assert.deepEqual(bench.outcomes, ["a:completed", "b:completed"]);
      assert.equal((await bench.pool.metrics()).completed, 2, "what has left is in the sums");
    });

    it("keeps who was about to leave before it starts others", async () => {
      const bench = new PoolBench();
      bench.pool.spawn(2);
      await bench.offer("a", "b");
      assert.equal(bench.pool.scale(0), 2);
      assert.equal(bench.pool.scale(3), 0);
      await bench.complete("a");
      assert.deepEqual((await bench.pool.metrics()).workers.map(({ name }) => name), ["w1", "w2", "w3"]);
    });
  });

  describe("stop", () => {
    it("aborts all work and resolves when it has ended", async () => {
      const bench = new PoolBench();
      bench.pool.spawn(2);
      await bench.offer("a", "b", "c");
      for (const { signal, resolve } of bench.begun) signal.addEventListener("abort", () => resolve({ kind: "released", reason: "cancelled" }));
      await bench.pool.stop();
      assert.deepEqual(bench.outcomes, ["a:released", "b:released"]);
      const { queue, workers } = await bench.pool.metrics();
      assert.deepEqual([queue.ready, queue.claimed, workers, bench.begun.length], [3, 0, [], 2]);
      assert.deepEqual([bench.pool.spawn(), bench.clock.waiting], [[], 0], "nothing goes on");
    });

    it("hands back, within two seconds, what does not end", async () => {
      const bench = new PoolBench();
      bench.pool.spawn();
      await bench.offer("a");
      const before = bench.clock.monotonic();
      let tookMs = -1;
      const stopped = bench.pool.stop().then(() => (tookMs = bench.clock.monotonic() - before));
      await bench.clock.advance(2_000);
      await stopped;
      assert.ok(tookMs >= 0 && tookMs <= 2_000, `${tookMs} ms`);
      assert.deepEqual([bench.outcomes, (await bench.queue.metrics()).ready, bench.work("a").signal.reason], [["a:lost settled"], 1, "stopped"]);
      bench.work("a").resolve({ kind: "completed" });
      await bench.quiet();
      assert.equal((await bench.queue.metrics()).completed, 0);
    });

    it("resolves at once when nobody works", async () => {
      const bench = new PoolBench();
      bench.pool.spawn(3);
      await bench.quiet();
      await bench.pool.stop();
      await bench.pool.stop();
    });
  });

  it("does not fall asleep over what became ready while it looked", async () => {
    const clock = new ManualClock();
    const queue = new SlowQueue(clock, { leaseMs: LEASE_MS });
    const bench = new PoolBench(clock, { queue });
    bench.pool.spawn();
    await bench.quiet();
    // The answer "nothing" is still under way.
    await queue.offer([{ task: "a", priority: 1, lastToken: 0 }]);
    bench.pool.wake();
    queue.answers.resolve();
    await bench.quiet();
    assert.equal(bench.begun.length, 1);
  });

  describe("metrics", () => {
    it("blames no worker that was busy for how long a task was ready", async () => {
      const bench = new PoolBench();
      bench.pool.spawn();
      await bench.offer("a", "b");
      await bench.clock.advance(4_000);
      await bench.complete("a");
      const { workers, waitMs } = await bench.pool.metrics();
      assert.deepEqual([waitMs.max, workers[0]?.idleWhileReadyMs, workers[0]?.task], [4_000, 0, "b"]);
    });

    it("tells busy time, idle time, and idle time while the next task was ready", async () => {
      const bench = new PoolBench();
      bench.pool.spawn(2);
      await bench.clock.advance(1_000);
      await bench.offer("a");
      await bench.clock.advance(3_000);
      await bench.complete("a");
      // Ready for a second before anybody was told.
      await bench.queue.offer([{ task: "b", priority: 1, lastToken: 0 }]);
      await bench.clock.advance(1_000);
      bench.pool.wake();
      await bench.quiet();
      const { workers, upMs, waitMs, utilisation, idleWhileReady, throughput, conflicts } = await bench.pool.metrics();
      const figures = workers.map(({ name, busyMs, idleMs, idleWhileReadyMs, claims, task, since }) => ({ name, busyMs, idleMs, idleWhileReadyMs, claims, task, since: since - bench.clock.now() }));
      assert.deepEqual(figures, [
        { name: "w1", busyMs: 3_000, idleMs: 2_000, idleWhileReadyMs: 0, claims: 1, task: null, since: -1_000 },
        { name: "w2", busyMs: 0, idleMs: 5_000, idleWhileReadyMs: 1_000, claims: 1, task: "b", since: 0 },
      ]);
      assert.deepEqual([upMs, waitMs.count, waitMs.max, utilisation, idleWhileReady, throughput, conflicts], [5_000, 2, 1_000, 0.3, 0.1, 12, 0]);
    });
  });

  it("goes on when the queue could not be reached, and says so", async () => {
    const clock = new ManualClock();
    const queue = new UnreachableQueue(clock, { leaseMs: LEASE_MS });
    const bench = new PoolBench(clock, { queue });
    bench.pool.spawn();
    await queue.offer([{ task: "a", priority: 1, lastToken: 0 }]);
    await bench.quiet();
    assert.equal(bench.begun.length, 0);
    queue.isReachable = true;
    await clock.advance(TICK_MS);
    queue.isReachable = false;
    await bench.complete("a");
    queue.isReachable = true;
    assert.deepEqual(bench.outcomes, ["a:completed unknown"]);
    // Nobody knows whether it was settled: it was not, and its lease brings it back.
    await clock.advance(LEASE_MS + 2 * TICK_MS);
    await bench.complete("a");
    assert.deepEqual([bench.outcomes.at(-1), bench.troubles.every((error) => CountersignError.is(error, "io"))], ["a:completed", true]);
    await bench.pool.stop();
  });

  it("has every task completed once under a token that counts, whoever fails, hangs or comes too late", async () => {
    const fate = fc.constantFrom("completes", "completes", "completes", "hangs", "releases", "throws while hung");
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 60, size: "max" }), fc.integer({ min: 1, max: 6 }), async (fates, workers) => {
        const bench = new PoolBench();
        const tasks = Array.from({ length: 12 }, (_, index) => `t${index}`);
        bench.pool.spawn(workers);
        await bench.offer(...tasks);
        for (let step = 0; step < fates.length + 200 && bench.outcomes.filter((one) => one.endsWith(":completed")).length < tasks.length; step += 1) {
          const open = bench.begun.filter(({ claim, signal }) => !signal.aborted && !bench.reports.some((report) => report.claim.task === claim.task && report.claim.token === claim.token));
          const work = open[0];
          const kind = fates[step] ?? "completes";
          if (kind === "completes") work?.resolve({ kind: "completed" });
          else if (kind === "releases") work?.resolve({ kind: "released", reason: "later" });
          else if (kind === "throws while hung") work?.signal.addEventListener("abort", () => work.reject(new Error("ended")));
          for (const other of open) if (other !== work) other.heartbeat();
          await bench.clock.advance(kind === "completes" ? TICK_MS : LEASE_MS / 2);
        }
        const completed = bench.outcomes.filter((one) => one.endsWith(":completed"));
        assert.deepEqual(completed.toSorted(), tasks.map((task) => `${task}:completed`).toSorted());
        assert.equal(bench.pool.size, workers);
        await Promise.all([bench.pool.stop(), bench.clock.advance(2_000)]);
      }),
      { numRuns: 25 },
    );
  });
});

/** Its own time jumps while no timer rings, as when a machine sleeps or its one thread is blocked. */
class StallingClock extends ManualClock {
  #stalled = 0;

  stall(ms: number): void {
    this.#stalled += ms;
  }

  override monotonic(): number {
    return super.monotonic() + this.#stalled;
  }
}

class SlowQueue extends EmbeddedWorkQueue {
  readonly answers = deferred();

  override async claim(worker: string): ReturnType<EmbeddedWorkQueue["claim"]> {
    const claim = await super.claim(worker);
    await this.answers.promise;
    return claim;
  }
}

class UnreachableQueue extends EmbeddedWorkQueue {
  isReachable = false;

  override claim(worker: string): ReturnType<EmbeddedWorkQueue["claim"]> {
    return this.isReachable ? super.claim(worker) : Promise.reject(new CountersignError("io", "The queue cannot be reached."));
  }

  override settle(...args: Parameters<EmbeddedWorkQueue["settle"]>): ReturnType<EmbeddedWorkQueue["settle"]> {
    return this.isReachable ? super.settle(...args) : Promise.reject(new CountersignError("io", "The queue cannot be reached."));
  }
}
