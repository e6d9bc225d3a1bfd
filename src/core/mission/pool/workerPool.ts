// A pool of workers that claim what is ready and have it carried out. It knows claims, leases and signs of life; what the
// work is, and what is ready, it does not know.
import { Bell } from "./bell";
import { Distribution } from "./distribution";
import { poolMetrics, type PoolMetrics } from "./poolMetrics";
import { PoolWorker, type WorkerMetrics } from "./poolWorker";
import { live, settle, type LifeDeps, type Surroundings } from "./workerLife";
import type { Claim } from "../../ports/workQueue";

export interface PoolDeps extends LifeDeps {
  /** A name that no worker has had before, in any pool. */
  readonly nameWorker: () => string;
}

export interface PoolTimes {
  /** How often leases are renewed and workers looked at, at most; a third of a lease where that is less. */
  readonly tickMs: number;
  /** How long `stop` waits for workers to end by themselves. */
  readonly stopMs: number;
}

export interface PoolHealth {
  readonly workers: readonly WorkerMetrics[];
  /** Workers that were found hung and replaced by this check. */
  readonly hung: readonly { readonly worker: string; readonly task: string }[];
  /** Tasks taken back by this check, also from workers of other pools. */
  readonly reclaimed: readonly string[];
}

const DEFAULT_TIMES: PoolTimes = { tickMs: 5_000, stopMs: 1_500 };
/** What is left of the two seconds that a stop may take, for handing tasks back. */
const HAND_BACK_MS = 400;
const TICKS_A_LEASE = 3;

export class WorkerPool {
  readonly #workers = new Map<PoolWorker, Promise<void>>();
  /** Workers that left, for the sums. */
  readonly #left: WorkerMetrics[] = [];
  readonly #bell = new Bell();
  readonly #waits = new Distribution();
  readonly #claimTimes = new Distribution();
  readonly #surroundings: Surroundings;
  readonly #startedAt: number;
  #tickMs: number;
  #tick: { dispose(): void } | null = null;
  #lastLook: number;
  #lost = 0;
  /** Work that nobody waits for any more and that has not ended. */
  #runaways = 0;
  #isStopped = false;

  constructor(
    private readonly deps: PoolDeps,
    private readonly times: PoolTimes = DEFAULT_TIMES,
  ) {
    this.#tickMs = times.tickMs;
    this.#startedAt = this.#lastLook = deps.clock.monotonic();
    this.#surroundings = {
      bell: this.#bell,
      isStopped: () => this.#isStopped,
      onClaimed: (claim, tookMs) => this.#claimed(claim, tookMs),
      onLost: (worker, work) => this.#replace(worker, work),
    };
  }

  /** Workers that are not about to leave. */
  get size(): number {
    return this.#staying().length;
  }

  /** Adds workers and says their names; none once the pool was stopped. */
  spawn(count = 1): readonly string[] {
    if (this.#isStopped) return [];
    const workers = Array.from({ length: count }, () => new PoolWorker(this.deps.nameWorker(), this.deps.clock));
    for (const worker of workers) this.#workers.set(worker, this.#live(worker));
    this.#schedule();
    return workers.map(({ name }) => name);
  }

  /**
   * Makes it `count` workers: starts new ones, or lets surplus ones leave, idle ones at once and the others when they have
   * finished what they are doing. Says how many have yet to finish.
   */
  scale(count: number): number {
    const staying = this.#staying();
    const idleFirst = staying.toSorted((a, b) => Number(a.run !== null) - Number(b.run !== null));
    for (const worker of idleFirst.slice(0, Math.max(0, staying.length - count))) worker.isLeaving = true;
    // Whoever was about to leave may as well stay.
    const missing = Math.max(0, count - staying.length);
    const kept = this.#finishing().slice(0, missing);
    for (const worker of kept) worker.isLeaving = false;
    this.spawn(missing - kept.length);
    this.wake();
    return this.#finishing().length;
  }

  /** Something may have become ready. */
  wake(): void {
    this.#bell.ring();
  }

  /** Aborts the work on a task, if it is done here; whoever calls has withdrawn it from the queue. */
  cancel(task: string): void {
    for (const { run } of this.#workers.keys()) if (run?.claim.task === task) run.controller.abort("cancelled");
  }

  /** Renews the leases of workers that show life, takes back what has run out, and replaces whoever lost their task so. */
  async healthCheck(): Promise<PoolHealth> {
    const { queue, clock } = this.deps;
    const isLate = clock.monotonic() - this.#lastLook > TICKS_A_LEASE * this.#tickMs;
    this.#lastLook = clock.monotonic();
    const working = [...this.#workers.keys()].filter(({ run }) => run !== null);
    // Where the process stood still, so did every worker: that they were silent means nothing.
    await Promise.all(working.filter((worker) => worker.isAlive || isLate).map((worker) => this.#renew(worker)));
    const reclaimed = await queue.reclaim();
    const hung = working.filter(({ run }) => reclaimed.some(({ task, token }) => task === run?.claim.task && token === run.claim.token));
    const found = hung.map(({ name, run }) => ({ worker: name, task: run?.claim.task ?? "" }));
    for (const { run } of hung) run?.lose("reclaimed", "hung");
    // Whoever is silent would not hear otherwise that the task was taken away from it.
    await Promise.all(working.filter((worker) => !worker.isAlive).map((worker) => this.#check(worker)));
    if (reclaimed.length > 0) this.wake();
    return { workers: this.#metricsOfWorkers(), hung: found, reclaimed: reclaimed.map(({ task }) => task) };
  }

  async metrics(): Promise<PoolMetrics> {
    return poolMetrics({
      workers: this.#metricsOfWorkers(),
      left: this.#left,
      queue: await this.deps.queue.metrics(),
      upMs: this.deps.clock.monotonic() - this.#startedAt,
      waitMs: this.#waits.percentiles(),
      claimMs: this.#claimTimes.percentiles(),
      lost: this.#lost,
      runaways: this.#runaways,
    });
  }

  /** Aborts all work and resolves when it has ended, within two seconds: tasks of whoever has not ended are handed back. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#tick?.dispose();
    this.wake();
    for (const { run } of this.#workers.keys()) run?.controller.abort("stopped");
    await this.#within(this.times.stopMs, Promise.all(this.#workers.values()));
    const handedBack = [...this.#workers.keys()].map(async ({ run }) => {
      if (run === null) return;
      await settle(run.claim, { kind: "released", reason: "the pool was stopped" }, this.deps);
      run.lose("settled", "stopped");
    });
    await this.#within(HAND_BACK_MS, Promise.all([...handedBack, ...this.#workers.values()]));
  }

  async #live(worker: PoolWorker): Promise<void> {
    // Nothing of it happens before `spawn` has returned.
    await Promise.resolve();
    await live(worker, this.deps, this.#surroundings);
    this.#workers.delete(worker);
    this.#left.push(worker.metrics());
  }

  #claimed({ waitedMs, leaseMs }: Claim, tookMs: number): void {
    this.#waits.add(waitedMs);
    this.#claimTimes.add(tookMs);
    if (leaseMs / TICKS_A_LEASE >= this.#tickMs) return;
    this.#tickMs = leaseMs / TICKS_A_LEASE;
    this.#tick?.dispose();
    this.#tick = null;
    this.#schedule();
  }

  /** A worker that may be busy for long with work that is lost leaves, and another one comes. */
  #replace(worker: PoolWorker, work: Promise<unknown>): void {
    this.#lost += 1;
    this.#runaways += 1;
    const ended = (): void => void (this.#runaways -= 1);
    work.then(ended, ended);
    const isMissed = !worker.isLeaving;
    worker.isLeaving = true;
    if (isMissed) this.spawn();
  }

  async #renew(worker: PoolWorker): Promise<void> {
    const { run } = worker;
    if (run === null) return;
    worker.isAlive = false;
    const renewal = await this.deps.queue.renew(run.claim);
    if (renewal.kind === "stale" && worker.run === run) run.lose(renewal.reason, renewal.reason);
  }

  async #check({ run }: PoolWorker): Promise<void> {
    if (run !== null && !(await this.deps.queue.isCurrent(run.claim))) run.lose("withdrawn", "withdrawn");
  }

  #schedule(): void {
    if (this.#tick !== null || this.#isStopped) return;
    this.#tick = this.deps.clock.after(this.#tickMs, () => {
      this.#tick = null;
      this.healthCheck()
        .then(() => this.wake())
        .catch((error: unknown) => this.deps.onTrouble(error))
        .finally(() => this.#schedule());
    });
  }

  #staying(): readonly PoolWorker[] {
    return [...this.#workers.keys()].filter(({ isLeaving }) => !isLeaving);
  }

  #finishing(): readonly PoolWorker[] {
    return [...this.#workers.keys()].filter(({ isLeaving, run }) => isLeaving && run !== null);
  }

  #metricsOfWorkers(): readonly WorkerMetrics[] {
    return [...this.#workers.keys()].map((worker) => worker.metrics());
  }

  /** A sleep, not a timer that only watches: the process must not end before this does. */
  async #within(ms: number, work: Promise<unknown>): Promise<void> {
    const ended = new AbortController();
    const end = (): void => ended.abort();
    work.then(end, end);
    await this.deps.clock.sleep(ms, ended.signal);
  }
}
