// What a pool has done and how well its workers were used, from the figures of each. Pure.
import type { QueueMetrics } from "../../ports/workQueue";
import type { Percentiles } from "./distribution";
import type { WorkerMetrics } from "./poolWorker";

export interface PoolMetrics {
  /** Workers that are there. */
  readonly workers: readonly WorkerMetrics[];
  readonly queue: QueueMetrics;
  /** Since the pool was made, in milliseconds. */
  readonly upMs: number;
  readonly completed: number;
  readonly failed: number;
  readonly released: number;
  /** Claims whose work counts no more: hung, withdrawn or stopped. */
  readonly lost: number;
  /** Lost work that has not ended yet. */
  readonly runaways: number;
  /** Completed tasks a minute. */
  readonly throughput: number;
  /** How long tasks were ready before somebody claimed them. */
  readonly waitMs: Percentiles;
  /** How long claiming took. */
  readonly claimMs: Percentiles;
  /** Of the time that workers were there, the share in which they worked; 0–1. */
  readonly utilisation: number;
  /** Of the time that workers were there, the share in which they were idle although their next task was ready; 0–1. */
  readonly idleWhileReady: number;
  /** Of all tries to claim a task, the share that somebody else was quicker at; 0–1. */
  readonly conflicts: number;
}

export interface PoolFigures extends Pick<PoolMetrics, "workers" | "queue" | "upMs" | "lost" | "runaways" | "waitMs" | "claimMs"> {
  /** Workers that have left. */
  readonly left: readonly WorkerMetrics[];
}

export function poolMetrics({ left, ...figures }: PoolFigures): PoolMetrics {
  const all = [...figures.workers, ...left];
  const sum = (key: "completed" | "failed" | "released" | "busyMs" | "idleMs" | "idleWhileReadyMs"): number => all.reduce((total, worker) => total + worker[key], 0);
  const present = sum("busyMs") + sum("idleMs");
  const { claims, conflicts } = figures.queue;
  return {
    ...figures,
    completed: sum("completed"),
    failed: sum("failed"),
    released: sum("released"),
    throughput: share(sum("completed"), figures.upMs / 60_000),
    utilisation: share(sum("busyMs"), present),
    idleWhileReady: share(sum("idleWhileReadyMs"), present),
    conflicts: share(conflicts, claims + conflicts),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
