// The work of a mission: a pool of workers carries out what the graph makes ready. What was decided is on the mission's
// record before it counts; queue and schedule are made anew from it whenever a run begins.
import { randomUUID } from "node:crypto";
import { CountersignError, messageOf } from "../../domain/errors";
import { ENVIRONMENT_TASK, type PlannedTask } from "../../domain/mission";
import type { StepEnd } from "../../engine/taskLoop";
import { cancelled, GO_ON } from "../../engine/taskLoop";
import type { TaskRun } from "../../engine/taskRun";
import type { NodeView } from "../../projections/missionView";
import type { Claim, ClaimRef, SettledAs, WorkOffer, WorkQueue } from "../../ports/workQueue";
import type { WorkReport } from "../pool/workerLife";
import { WorkerPool } from "../pool/workerPool";
import { applyChange, blockedNodes, readyNodes, remainingPaths, type ScheduleChange } from "../scheduler";
import type { Schedule } from "../schedule";
import { checkEnvironment } from "./environment";
import type { MissionHost } from "./missionHost";
import { missionOf } from "./missionOf";
import { MergeOrder } from "./mergeOrder";
import { NodeWork, type NodeEnd } from "./nodeWork";
import { missionSchedule } from "./missionSchedule";

/** A worker without a sign of life for so long is taken for hung. Longer than any one thing that it does. */
const LEASE_MS = 1_800_000;

export function workStep(run: TaskRun, host: MissionHost): Promise<StepEnd> {
  return new MissionWork(run, host).carryOut();
}

class MissionWork {
  private readonly queue: WorkQueue;
  private readonly pool: WorkerPool;
  private readonly node: NodeWork;
  private schedule: Schedule;
  /** Nodes that somebody works on. */
  private readonly running = new Map<string, ClaimRef["token"]>();
  /** Their work, until it has really ended: nothing else may go on with their worktrees before. */
  private readonly works = new Set<Promise<unknown>>();
  /** Why the mission stops when nothing runs any more, although there is something left to do. */
  private stop: Extract<StepEnd, { kind: "end" }> | null = null;
  private trouble: Error | null = null;
  private finish: () => void = () => undefined;
  private readonly over = new Promise<void>((resolve) => {
    this.finish = resolve;
  });

  constructor(
    private readonly run: TaskRun,
    private readonly host: MissionHost,
  ) {
    const mission = missionOf(run);
    this.schedule = missionSchedule(mission);
    const { clock } = run.deps;
    const tokens = new Map(mission.nodes.map(({ id, token }) => [id, token]));
    this.queue = host.openQueue(clock, { leaseMs: LEASE_MS, ready: [], tokens });
    const order = new MergeOrder(mission.nodes.map(({ id }) => id));
    this.node = new NodeWork(run, host, { order, isCurrent: (claim) => this.queue.isCurrent(claim) });
    this.pool = new WorkerPool({
      queue: this.queue,
      clock,
      execute: (claim, signal, heartbeat) => this.watched(this.execute(claim, signal, heartbeat)),
      onSettled: (report) => this.settledBy(report),
      onTrouble: (error) => this.fail(error),
      nameWorker: () => `worker-${randomUUID().slice(0, 8)}`,
    });
  }

  async carryOut(): Promise<StepEnd> {
    const { run } = this;
    await this.recover();
    const stopped = (): void => this.finish();
    run.signal.addEventListener("abort", stopped, { once: true });
    try {
      await this.goOn();
      this.pool.spawn(run.recorder.view.request.mission?.maxWorkers ?? 1);
      if (!run.signal.aborted) await this.over;
    } finally {
      run.signal.removeEventListener("abort", stopped);
      await this.pool.stop();
      await Promise.allSettled(this.works);
    }
    if (run.signal.aborted) return cancelled();
    if (this.trouble !== null) throw this.trouble;
    if (this.stop !== null) return this.stop;
    await this.conclude();
    return GO_ON;
  }

  /** Whoever worked when the last run ended does no longer. A merge that is on record and not yet on the branch is made. */
  private async recover(): Promise<void> {
    const { run } = this;
    const mission = missionOf(run);
    for (const { id, token } of mission.nodes.filter(({ state }) => state === "claimed")) {
      await run.recorder.commit({ kind: "nodeReclaimed", node: id, token, hung: false, reason: "the mission was interrupted" });
    }
    const last = mission.nodes.find(({ merged }) => merged !== null && merged.commit === mission.head)?.merged;
    if (last !== undefined && last !== null) await run.deps.workspace.moveBranch(run.base, { expected: last.from, to: last.commit });
    this.schedule = missionSchedule(missionOf(run));
  }

  /** Offers what is ready now; ends the work when there is nothing to wait for. */
  private async goOn(): Promise<void> {
    const paths = remainingPaths(this.schedule);
    const tokens = new Map(missionOf(this.run).nodes.map(({ id, token }) => [id, token]));
    const ready = readyNodes(this.schedule).filter(({ id }) => !this.running.has(id));
    const offers = ready.map(({ id }): WorkOffer => ({ task: id, priority: paths.get(id) ?? 0, lastToken: tokens.get(id) ?? 0 }));
    await this.queue.offer(offers);
    this.pool.wake();
    if (ready.length === 0 && this.running.size === 0) this.finish();
  }

  private watched<T>(work: Promise<T>): Promise<T> {
    this.works.add(work);
    const ended = (): void => void this.works.delete(work);
    work.then(ended, ended);
    return work;
  }

  private async execute(claim: Claim, signal: AbortSignal, heartbeat: () => void): Promise<SettledAs> {
    this.change({ kind: "started", id: claim.task });
    this.running.set(claim.task, claim.token);
    try {
      const end = await this.carryOutNode(claim, signal, heartbeat);
      // Somebody else has the task by now: what became of it here does not count.
      return this.running.get(claim.task) === claim.token ? this.settled(claim, end) : { kind: "released", reason: "its claim does not count any more" };
    } catch (error) {
      // A host that goes away leaves everything as it stands; anything else is the run's failure, not the node's.
      if (!this.run.signal.aborted) this.fail(error);
      return { kind: "released", reason: messageOf(error) };
    } finally {
      this.leave(claim);
    }
  }

  private leave({ task, token }: ClaimRef): void {
    if (this.running.get(task) === token) this.running.delete(task);
  }

  /** Nobody waits for a worker that gave no sign of life: its task begins anew in a worktree of its own. */
  private async settledBy({ claim, outcome }: WorkReport): Promise<void> {
    if (outcome === null && !this.run.signal.aborted && this.running.get(claim.task) === claim.token) {
      this.leave(claim);
      this.change({ kind: "released", id: claim.task });
      await this.run.recorder.commit({ kind: "nodeReclaimed", node: claim.task, token: claim.token, hung: true, reason: "its worker gave no sign of life" });
    }
    await this.goOn();
  }

  private async carryOutNode(claim: Claim, signal: AbortSignal, heartbeat: () => void): Promise<NodeEnd> {
    const planned = this.planned(claim.task);
    const ended = AbortSignal.any([signal, this.run.signal]);
    if (planned.id !== ENVIRONMENT_TASK) return this.node.carryOut(planned, claim, { signal: ended, heartbeat });
    const checked = await checkEnvironment(this.run, planned, claim, ended);
    await this.run.recorder.commit(checked);
    return checked.ok ? { kind: "merged" } : { kind: "failed", reason: checked.reason };
  }

  private fail(error: unknown): void {
    this.trouble ??= error instanceof Error ? error : new CountersignError("internal", messageOf(error));
    this.finish();
  }

  private settled({ task }: Claim, end: NodeEnd): SettledAs {
    switch (end.kind) {
      case "merged":
        this.change({ kind: "passed", id: task });
        return { kind: "completed" };
      case "failed":
        this.change({ kind: "failed", id: task });
        return end;
      case "held":
        // It stays as if it ran: what depends on it waits, and nobody claims it again in this run.
        this.stop ??= end.stop;
        return { kind: "failed", reason: end.reason };
      case "stopped":
        return { kind: "released", reason: end.reason };
    }
  }

  private change(change: ScheduleChange): void {
    const result = applyChange(this.schedule, change);
    if (result.kind === "refused") throw new CountersignError("internal", result.reason);
    this.schedule = result.schedule;
  }

  private planned(id: string): PlannedTask {
    const task = missionOf(this.run).plan?.tasks.find((known) => known.id === id);
    if (task === undefined) throw new CountersignError("internal", `The plan has no task ${id}.`);
    return task;
  }

  private async conclude(): Promise<void> {
    const { run } = this;
    const mission = missionOf(run);
    const commit = mission.head ?? run.base.commit;
    const failed = mission.nodes.filter(({ state }: NodeView) => state === "failed").map(({ id }) => id);
    const blocked = blockedNodes(this.schedule).map(({ id }) => id);
    await run.recorder.commit({ kind: "missionFinished", commit, failed, blocked });
  }
}
