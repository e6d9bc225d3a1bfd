// Runs tasks side by side, up to a limit; the others wait in an order that is on record and that the user can change.
import type { TaskId, TaskRequest } from "../domain/task";
import { CountersignError } from "../domain/errors";
import { assertRunnable, type Harness } from "../engine/harness";
import type { TaskView } from "../projections/taskView";
import type { DeskEngine } from "./deskPorts";

export interface QueueDeps {
  readonly desk: { tasks(): readonly TaskView[]; need(id: TaskId): TaskView };
  readonly withEngine: <T>(work: (engine: DeskEngine) => Promise<T>) => Promise<T>;
  readonly maxConcurrent: () => number;
  /** A run has begun or ended, or the queue is no longer held. */
  readonly onChange: () => void;
  /** A run that could not even put its end on record. */
  readonly onTrouble: (error: unknown) => void;
}

interface Run {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

export class TaskQueue {
  readonly #runs = new Map<TaskId, Run>();
  /** Models to go on with, said when the task was queued. */
  readonly #models = new Map<TaskId, TaskRequest["models"]>();
  readonly #approved = new Set<TaskId>();
  #held = true;
  #closed = false;

  constructor(private readonly deps: QueueDeps) {}

  /** Waiting tasks, next first. */
  waiting(): readonly TaskView[] {
    const waiting = this.deps.desk.tasks().filter((view) => view.queueRank !== null && !this.isRunning(view.request.id));
    return waiting.toSorted((a, b) => (a.queueRank ?? 0) - (b.queueRank ?? 0));
  }

  running(): readonly TaskId[] {
    return [...this.#runs.keys()];
  }

  isRunning(id: TaskId): boolean {
    return this.#runs.has(id);
  }

  /**
   * True until something is run: what waited when the host was closed spends no money before the user says so. Any
   * call of `run` ends it.
   */
  get isHeld(): boolean {
    return this.#held;
  }

  /** Runs a task now, or as soon as a place is free. Throws `conflict` for one that cannot be run. */
  async run(id: TaskId, models?: TaskRequest["models"]): Promise<void> {
    await this.deps.withEngine(async ({ harness }) => {
      if (this.isRunning(id)) throw new CountersignError("conflict", `"${this.deps.desk.need(id).request.title}" is running already.`);
      assertRunnable(this.deps.desk.need(id));
      if (models !== undefined) this.#models.set(id, models);
      const last = this.waiting().at(-1)?.queueRank ?? 0;
      if (this.deps.desk.need(id).queueRank === null) await harness.enqueue(this.deps.desk.need(id), last + 1);
    });
    if (this.#held) {
      this.#held = false;
      this.deps.onChange();
    }
    await this.#pump();
  }

  /** The user has looked at the plan: it is taken as it stands, unless it has problems. */
  async approve(id: TaskId): Promise<void> {
    this.#approved.add(id);
    await this.run(id);
  }

  /** The engine's question. Said once: problems of an edited plan are told, and the task waits again. */
  approves(view: TaskView, problems: readonly string[]): Promise<boolean> {
    const said = this.#approved.delete(view.request.id);
    return Promise.resolve(said && problems.length === 0);
  }

  /** Puts a waiting task before another one; null: last. */
  async move(id: TaskId, before: TaskId | null): Promise<void> {
    const others = this.waiting().filter((view) => view.request.id !== id);
    const index = before === null ? others.length : Math.max(0, others.findIndex((view) => view.request.id === before));
    const after = others[index - 1]?.queueRank;
    const next = others[index]?.queueRank;
    const rank = between(after ?? null, next ?? null);
    await this.deps.withEngine(({ harness }) => harness.enqueue(this.deps.desk.need(id), rank));
  }

  /** Ends a run, or takes the task out of the queue. What was done is kept. Resolves when it has ended. */
  async cancel(id: TaskId): Promise<void> {
    const run = this.#runs.get(id);
    if (run !== undefined) {
      run.controller.abort();
      return run.ended;
    }
    await this.deps.withEngine(async ({ harness }) => {
      if (this.deps.desk.need(id).queueRank !== null) await harness.dequeue(this.deps.desk.need(id));
    });
  }

  /** Cancels what runs and waits for it; what waits keeps its place. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const run of this.#runs.values()) run.controller.abort();
    await Promise.all([...this.#runs.values()].map((run) => run.ended));
  }

  /** Starts what may run by now, where the limit was raised. Does nothing while nobody waits. */
  async fill(): Promise<void> {
    if (this.waiting().length > 0) await this.#pump();
  }

  /** Starts what may run. */
  async #pump(): Promise<void> {
    if (this.#held || this.#closed) return;
    await this.deps.withEngine(({ harness }) => {
      for (const view of this.waiting().slice(0, Math.max(0, this.deps.maxConcurrent() - this.#runs.size))) this.#start(harness, view);
      return Promise.resolve();
    });
  }

  #start(harness: Harness, view: TaskView): void {
    const { id } = view.request;
    const controller = new AbortController();
    const models = this.#models.get(id);
    this.#models.delete(id);
    const ended = this.deps
      .withEngine(() => harness.run(view, controller.signal, models))
      .catch((error: unknown) => this.deps.onTrouble(error))
      .then(() => {
        this.#runs.delete(id);
        this.deps.onChange();
        return this.#pump();
      })
      .catch((error: unknown) => this.deps.onTrouble(error));
    this.#runs.set(id, { controller, ended });
    this.deps.onChange();
  }
}

/** A rank between two others. Doubles allow some fifty moves into the same gap before two ranks are equal. */
function between(after: number | null, next: number | null): number {
  if (after === null) return (next ?? 2) - 1;
  return next === null ? after + 1 : (after + next) / 2;
}
