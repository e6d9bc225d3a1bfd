// A pool over an embedded queue, with time by hand and work that ends when the test says so.
import { EmbeddedWorkQueue } from "../../src/adapters/queue/embeddedWorkQueue";
import type { WorkReport } from "../../src/core/mission/pool/workerLife";
import { WorkerPool, type PoolDeps, type PoolTimes } from "../../src/core/mission/pool/workerPool";
import type { Claim, SettledAs } from "../../src/core/ports/workQueue";
import { ManualClock } from "../fakes/manualClock";
import { deferred, type Deferred } from "./deferred";

export const LEASE_MS = 60_000;
export const TICK_MS = 5_000;

export interface RunningWork extends Deferred<SettledAs> {
  readonly claim: Claim;
  readonly signal: AbortSignal;
  readonly heartbeat: () => void;
}

export class PoolBench {
  readonly queue: EmbeddedWorkQueue;
  readonly pool: WorkerPool;
  /** Everything ever begun, in order. */
  readonly begun: RunningWork[] = [];
  readonly reports: WorkReport[] = [];
  readonly troubles: unknown[] = [];
  #workers = 0;

  constructor(
    readonly clock = new ManualClock(),
    overrides: Partial<PoolDeps> = {},
    times: PoolTimes = { tickMs: TICK_MS, stopMs: 1_500 },
  ) {
    this.queue = new EmbeddedWorkQueue(clock, { leaseMs: LEASE_MS });
    const deps: PoolDeps = {
      queue: this.queue,
      clock,
      execute: (claim, signal, heartbeat) => {
        const work = { ...deferred<SettledAs>(), claim, signal, heartbeat };
        this.begun.push(work);
        return work.promise;
      },
      onSettled: (report) => {
        this.reports.push(report);
        return Promise.resolve();
      },
      onTrouble: (error) => this.troubles.push(error),
      nameWorker: () => `w${(this.#workers += 1)}`,
    };
    this.pool = new WorkerPool({ ...deps, ...overrides }, times);
  }

  async offer(...tasks: string[]): Promise<void> {
    await this.queue.offer(tasks.map((task, index) => ({ task, priority: tasks.length - index, lastToken: 0 })));
    this.pool.wake();
    await this.quiet();
  }

  /** The latest work on a task. */
  work(task: string): RunningWork {
    const work = this.begun.findLast(({ claim }) => claim.task === task);
    if (work === undefined) throw new Error(`nobody works on ${task}`);
    return work;
  }

  async complete(task: string): Promise<void> {
    this.work(task).resolve({ kind: "completed" });
    await this.quiet();
  }

  /** Lets everything happen that needs no time. */
  readonly quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  /** `a:completed`, `b:lost reclaimed` … in the order of the reports. */
  get outcomes(): string[] {
    return this.reports.map(({ claim, outcome, settlement }) => {
      const counts = settlement.kind === "settled" ? "" : ` ${settlement.reason}`;
      return `${claim.task}:${outcome?.kind ?? "lost"}${counts}`;
    });
  }
}
