// Runs tasks side by side, up to a limit; the others wait in an order that is on record and that the user can change.
import type { TaskId, TaskRequest } from "../domain/task";
import { CountersignError } from "../domain/errors";
import { ABANDONED, isAbandoned } from "../engine/abandoned";
import { assertRunnable, isRunnable } from "../engine/harness";
import type { TaskView } from "../projections/taskView";
import type { DeskEngine } from "./deskPorts";

export interface QueueDeps {
  readonly desk: { tasks(): readonly TaskView[]; need(id: TaskId): TaskView };
  readonly withEngine: <T>(work: (engine: DeskEngine) => Promise<T>) => Promise<T>;
  readonly maxConcurrent: () => number;
  /** A run has begun or ended, or the queue is no longer held. */
  readonly onChange: () => void;
  /** A run could not even put its end on record; the queue is held then. */
  readonly onTrouble: (error: unknown) => void;
}

interface Run {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
  /** Kills the commands of all runs. */
  readonly endAll: () => void;
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
    const waiting = this.deps.desk.tasks().filter((view) => view.queueRank !== null && isRunnable(view) && !this.isRunning(view.request.id));
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
   * call of `run` ends it; a run that could not put its end on record begins it again.
   */
  get isHeld(): boolean {
    return this.#held;
  }

  /** Runs a task now, or as soon as a place is free. Rejects with `conflict` for one that cannot be run. */
  async run(id: TaskId, models?: TaskRequest["models"]): Promise<void> {
    await this.deps.withEngine(async ({ harness }) => {
      const view = this.deps.desk.need(id);
      if (this.isRunning(id)) throw new CountersignError("conflict", `"${view.request.title}" is running already.`);
      assertRunnable(view);
      if (models !== undefined) this.#models.set(id, models);
      const last = this.waiting().at(-1)?.queueRank ?? 0;
      if (view.queueRank === null) await harness.enqueue(view, last + 1);
    });
    this.#hold(false);
    await this.#pump();
  }

  /** The user has looked at the plan: it is taken as it stands, unless it has problems. */
  async approve(id: TaskId): Promise<void> {
    this.#approved.add(id);
    try {
      await this.run(id);
    } catch (error) {
      // Said for a run that there is none of: another one would take it for its own.
      this.#approved.delete(id);
      throw error;
    }
  }

  /** The engine's question. Said once: problems of an edited plan are told, and the task waits again. */
  approves(view: TaskView, problems: readonly string[]): Promise<boolean> {
    const said = this.#approved.delete(view.request.id);
    return Promise.resolve(said && problems.length === 0);
  }

  /** Puts a waiting task before another one; null: last. Rejects with `conflict` for one that does not wait. */
  async move(id: TaskId, before: TaskId | null): Promise<void> {
    await this.deps.withEngine(async ({ harness }) => {
      const view = this.waiting().find((waiting) => waiting.request.id === id);
      if (view === undefined) throw new CountersignError("conflict", `"${this.deps.desk.need(id).request.title}" does not wait in the queue. Nothing was moved.`);
      const others = this.waiting().filter((waiting) => waiting !== view);
      const index = before === null ? others.length : Math.max(0, others.findIndex((waiting) => waiting.request.id === before));
      const rank = between(others[index - 1]?.queueRank ?? null, others[index]?.queueRank ?? null);
      if (rank !== null) return harness.enqueue(view, rank);
      // No number is left between the two: all get new ones.
      for (const [at, waiting] of others.toSpliced(index, 0, view).entries()) await harness.enqueue(waiting, at + 1);
    });
  }

  /** Ends a run, or takes the task out of the queue. What was done is kept. Resolves when it has ended. */
  async cancel(id: TaskId): Promise<void> {
    const run = this.#runs.get(id);
    if (run !== undefined) {
      run.controller.abort();
      return run.ended;
    }
    await this.deps.withEngine(async ({ harness }) => {
      this.#forget(id);
      const view = this.deps.desk.need(id);
      // It may have begun while the journal was being taken.
      this.#runs.get(id)?.controller.abort();
      if (view.queueRank !== null) await harness.dequeue(view);
    });
    await this.#runs.get(id)?.ended;
  }

  /** Cancels what runs and waits for it; what waits keeps its place. */
  close(): Promise<void> {
    return this.#endAll();
  }

  /** Leaves what runs as it stands, to be resumed, and waits until nothing of it is left; what waits keeps its place. */
  abandon(): Promise<void> {
    return this.#endAll(ABANDONED);
  }

  async #endAll(reason?: string): Promise<void> {
    this.#closed = true;
    for (const run of this.#runs.values()) run.controller.abort(reason);
    for (const run of this.#runs.values()) if (reason === ABANDONED) run.endAll();
    await Promise.all([...this.#runs.values()].map((run) => run.ended));
  }

  /** Starts what may run by now, where the limit was raised. Does nothing while nobody waits. */
  async fill(): Promise<void> {
    if (this.waiting().length > 0) await this.#pump();
  }

  /** Starts what may run. */
  async #pump(): Promise<void> {
    if (this.#held || this.#closed) return;
    await this.deps.withEngine(async (engine) => {
      if (this.#held || this.#closed) return;
      for (const view of this.waiting().slice(0, Math.max(0, this.deps.maxConcurrent() - this.#runs.size))) this.#start(engine, view);
    });
  }

  #start({ harness, endAll }: DeskEngine, view: TaskView): void {
    const { id } = view.request;
    const controller = new AbortController();
    const models = this.#models.get(id);
    const ended = this.deps
      .withEngine(() => harness.run(view, controller.signal, models))
      .catch((error: unknown) => {
        if (isAbandoned(controller.signal)) return;
        // Not even its end could be put on record: the others would fare the same, and this one again and again.
        this.#hold(true);
        this.deps.onTrouble(error);
      })
      .then(() => {
        this.#forget(id);
        this.#runs.delete(id);
        this.deps.onChange();
        return this.#pump();
      })
      .catch((error: unknown) => this.deps.onTrouble(error));
    this.#runs.set(id, { controller, ended, endAll });
    this.deps.onChange();
  }

  #hold(isHeld: boolean): void {
    if (this.#held === isHeld) return;
    this.#held = isHeld;
    this.deps.onChange();
  }

  /** What was said for a run that is over, or will not be. */
  #forget(id: TaskId): void {
    this.#models.delete(id);
    this.#approved.delete(id);
  }
}

/** A rank between two others; null when there is no number between them: doubles allow some fifty moves into the same gap. */
function between(after: number | null, next: number | null): number | null {
  if (after === null) return (next ?? 2) - 1;
  if (next === null) return after + 1;
  const rank = (after + next) / 2;
  return after < rank && rank < next ? rank : null;
}
