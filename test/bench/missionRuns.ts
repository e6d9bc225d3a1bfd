// Carries out a graph of tasks with a real pool, each task taking the same time, in real time or as fast as a clock can be
// moved; what is offered when, is the strategy's: by longest path as the product does it, first come first served, or
// level by level.
import { EmbeddedWorkQueue } from "../../src/adapters/queue/embeddedWorkQueue";
import { SystemClock } from "../../src/adapters/clock/systemClock";
import type { PoolMetrics } from "../../src/core/mission/pool/poolMetrics";
import { WorkerPool } from "../../src/core/mission/pool/workerPool";
import { createSchedule, type Schedule, type ScheduleNode } from "../../src/core/mission/schedule";
import { applyChange, progressOf, readyNodes, remainingPaths, type ScheduleChange } from "../../src/core/mission/scheduler";
import type { Clock } from "../../src/core/ports/clock";
import { deferred } from "../builders/deferred";
import type { ManualClock } from "../fakes/manualClock";

export type Strategy = "longest path" | "first come" | "batches";

export interface MissionRun {
  readonly makespanMs: number;
  /** Of the workers' time, the share in which they were idle while a task could have been done; 0–1. */
  readonly idleWhileReady: number;
  readonly metrics: PoolMetrics;
}

export interface RunOptions {
  readonly strategy: Strategy;
  readonly workers: number;
  readonly latencyMs: number;
  /** Null: real time. */
  readonly clock: ManualClock | null;
}

export async function runMission(nodes: readonly ScheduleNode[], options: RunOptions): Promise<MissionRun> {
  const { strategy, workers, latencyMs } = options;
  const clock = options.clock ?? new SystemClock();
  const queue = new EmbeddedWorkQueue(clock, { leaseMs: 60_000 });
  const meter = new IdleMeter(workers, clock);
  const levels = levelsOf(nodes);
  let schedule = createSchedule(nodes);
  const finished = deferred();
  const change = (kind: ScheduleChange["kind"], id: string): void => {
    const result = applyChange(schedule, { kind, id });
    if (result.kind === "refused") throw new Error(result.reason);
    schedule = result.schedule;
    meter.look(schedule);
  };
  const offer = async (): Promise<void> => {
    const paths = remainingPaths(schedule);
    const offered = strategy === "batches" ? readyNodes(schedule).filter(({ id }) => levels.get(id) === openLevel(schedule, levels)) : readyNodes(schedule);
    await queue.offer(offered.map(({ id }) => ({ task: id, priority: strategy === "longest path" ? (paths.get(id) ?? 0) : 0, lastToken: 0 })));
    pool.wake();
  };
  const isDone = (): boolean => progressOf(schedule).kind === "done";
  let named = 0;
  const pool = new WorkerPool({
    queue,
    clock,
    execute: async (claim, signal) => {
      change("started", claim.task);
      await clock.sleep(latencyMs, signal);
      return { kind: "completed" };
    },
    onSettled: async ({ claim }) => {
      change("passed", claim.task);
      await offer();
      if (isDone()) finished.resolve();
    },
    onTrouble: (error) => {
      throw error;
    },
    nameWorker: () => `w${(named += 1)}`,
  });
  const started = clock.monotonic();
  meter.look(schedule);
  await offer();
  pool.spawn(workers);
  if (options.clock !== null) {
    await new Promise(setImmediate);
    while (!isDone()) await options.clock.advance(latencyMs);
  }
  await finished.promise;
  const makespanMs = clock.monotonic() - started;
  const metrics = await pool.metrics();
  await pool.stop();
  return { makespanMs, idleWhileReady: meter.idleMs(schedule) / (workers * makespanMs), metrics };
}

/** The longest path and the work for each worker: no order of these tasks can take less. In tasks. */
export function leastMakespan(nodes: readonly ScheduleNode[], workers: number): number {
  return Math.max(...remainingPaths(createSchedule(nodes)).values(), nodes.length / workers);
}

/** Adds up, over time, how many workers were idle that could have worked. */
class IdleMeter {
  #since: number;
  #missing = 0;
  #idleMs = 0;

  constructor(
    private readonly workers: number,
    private readonly clock: Clock,
  ) {
    this.#since = clock.monotonic();
  }

  look(schedule: Schedule): void {
    this.idleMs(schedule);
  }

  idleMs(schedule: Schedule): number {
    const now = this.clock.monotonic();
    this.#idleMs += this.#missing * (now - this.#since);
    const running = [...schedule.states.values()].filter((state) => state === "running").length;
    this.#since = now;
    this.#missing = Math.min(this.workers - running, readyNodes(schedule).length);
    return this.#idleMs;
  }
}

function levelsOf(nodes: readonly ScheduleNode[]): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const { id, dependencies } of createSchedule(nodes).order) levels.set(id, Math.max(-1, ...dependencies.map((other) => levels.get(other) ?? 0)) + 1);
  return levels;
}

/** The first level that is not done. */
function openLevel(schedule: Schedule, levels: ReadonlyMap<string, number>): number {
  return Math.min(...schedule.nodes.filter(({ id }) => schedule.states.get(id) !== "passed").map(({ id }) => levels.get(id) ?? 0));
}
