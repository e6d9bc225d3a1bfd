// A worker's life: claim, carry out, settle, tell, and again, until it leaves or the pool stops. It never rejects.
import { messageOf } from "../../domain/errors";
import type { Clock } from "../../ports/clock";
import type { Claim, SettledAs, Settlement, StaleReason, WorkQueue } from "../../ports/workQueue";
import type { Bell } from "./bell";
import type { PoolWorker } from "./poolWorker";

/**
 * The work on one claim. It ends soon after its signal aborts, and calls `heartbeat` at every sign of progress: without
 * any for a whole lease it is taken for hung. What it throws is a failure; after an abort, a release.
 */
export type Execute = (claim: Claim, signal: AbortSignal, heartbeat: () => void) => Promise<SettledAs>;

export interface WorkReport {
  readonly claim: Claim;
  /** What came of it; null when the pool gave up waiting: it was hung, its claim was withdrawn, or the pool was stopped. */
  readonly outcome: SettledAs | null;
  /** `stale`: the outcome does not count. */
  readonly settlement: Settlement;
}

export interface LifeDeps {
  readonly queue: WorkQueue;
  readonly clock: Clock;
  readonly execute: Execute;
  /** The worker claims again when it resolves, so that what this outcome made ready can be offered before. */
  readonly onSettled: (report: WorkReport) => Promise<void>;
  /** The queue could not be reached, or `onSettled` rejected. The pool goes on and tries again. */
  readonly onTrouble: (error: unknown) => void;
}

/** What the pool is to its workers. */
export interface Surroundings {
  readonly bell: Bell;
  readonly isStopped: () => boolean;
  readonly onClaimed: (claim: Claim, tookMs: number) => void;
  /** Nobody waits for this work any more. */
  readonly onLost: (worker: PoolWorker, work: Promise<unknown>) => void;
}

export async function live(worker: PoolWorker, deps: LifeDeps, pool: Surroundings): Promise<void> {
  const goesOn = (): boolean => !worker.isLeaving && !pool.isStopped();
  while (goesOn()) {
    const { rings } = pool.bell;
    const claim = await claimNext(worker, deps, pool);
    if (claim === null) {
      if (goesOn()) await pool.bell.sleep(rings);
    } else if (pool.isStopped()) {
      await settle(claim, { kind: "released", reason: "the pool was stopped" }, deps);
    } else {
      const outcome = await work(worker, claim, deps, pool);
      // Whoever puts a task back would get it again at once.
      if (outcome?.kind === "released" && goesOn()) await pool.bell.sleep(pool.bell.rings);
    }
  }
  worker.leave();
}

export async function settle(claim: Claim, outcome: SettledAs, deps: LifeDeps): Promise<Settlement> {
  try {
    return await deps.queue.settle(claim, outcome);
  } catch (error) {
    deps.onTrouble(error);
    // Whether it was settled nobody knows; its lease will tell.
    return { kind: "stale", reason: "unknown" };
  }
}

async function claimNext(worker: PoolWorker, deps: LifeDeps, pool: Surroundings): Promise<Claim | null> {
  const started = deps.clock.monotonic();
  try {
    const claim = await deps.queue.claim(worker.name);
    if (claim !== null) pool.onClaimed(claim, deps.clock.monotonic() - started);
    return claim;
  } catch (error) {
    deps.onTrouble(error);
    return null;
  }
}

/** What came of it, if it counts. */
async function work(worker: PoolWorker, claim: Claim, deps: LifeDeps, pool: Surroundings): Promise<SettledAs | null> {
  const controller = new AbortController();
  const lost = new Promise<StaleReason>((resolve) => {
    const lose = (reason: StaleReason, why: string): void => {
      controller.abort(why);
      resolve(reason);
    };
    worker.begin({ claim, controller, lose });
  });
  const execution = execute(worker, claim, controller.signal, deps);
  const ending = await Promise.race([execution, lost]);
  const outcome = typeof ending === "string" ? null : ending;
  if (outcome === null) pool.onLost(worker, execution);
  const settlement = typeof ending === "string" ? ({ kind: "stale", reason: ending } as const) : await settle(claim, ending, deps);
  const counted = settlement.kind === "settled" ? outcome : null;
  worker.end(counted);
  try {
    await deps.onSettled({ claim, outcome, settlement });
  } catch (error) {
    deps.onTrouble(error);
  }
  return counted;
}

async function execute(worker: PoolWorker, claim: Claim, signal: AbortSignal, deps: LifeDeps): Promise<SettledAs> {
  const { run } = worker;
  try {
    return await deps.execute(claim, signal, () => {
      if (worker.run === run) worker.heartbeat();
    });
  } catch (error) {
    return signal.aborted ? { kind: "released", reason: messageOf(signal.reason) } : { kind: "failed", reason: messageOf(error) };
  }
}
