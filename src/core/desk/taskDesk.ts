// All tasks of one folder, for a host that lives long: follows the journal, whoever writes it, and takes it over while
// there is something to do. Knows no editor and no disk.
import { CountersignError, messageOf } from "../domain/errors";
import type { JournalEvent, LiveEvent } from "../domain/event";
import type { TaskId, TaskRequest } from "../domain/task";
import type { CostRow } from "../ports/taskStore";
import { nextView, type TaskView } from "../projections/taskView";
import type { DeskDeps, DeskEngine, DeskFiles, WorktreeUse } from "./deskPorts";
import { TaskQueue } from "./taskQueue";

/** Who owns the journal: nobody, this process, or another one by its name. */
export type Ownership = { readonly kind: "free" } | { readonly kind: "ours" } | { readonly kind: "theirs"; readonly owner: string };

export type DeskChange =
  /** Anything may be different: read again. */
  | { readonly kind: "reset" }
  | { readonly kind: "event"; readonly event: JournalEvent; readonly view: TaskView }
  | { readonly kind: "live"; readonly event: LiveEvent }
  | { readonly kind: "ownership"; readonly ownership: Ownership }
  /** What runs here is different, which no event tells: a run ends after its last event. */
  | { readonly kind: "queue" }
  /** Something went wrong that belongs to no task. */
  | { readonly kind: "trouble"; readonly message: string };

/** An idle owner gives the journal up after this, so that another window or the command line can work, ms. */
export const IDLE_RELEASE_MS = 15_000;

export class TaskDesk {
  readonly queue: TaskQueue;
  readonly #views = new Map<TaskId, TaskView>();
  readonly #listeners = new Set<(change: DeskChange) => void>();
  #lastSeq = 0;
  #ownership: Ownership = { kind: "free" };
  #engine: Promise<DeskEngine> | null = null;
  /** The journal is given up before it is taken again. */
  #releasing: Promise<void> = Promise.resolve();
  #busy = 0;
  #idle: { dispose(): void } | null = null;
  #following: Promise<void> = Promise.resolve();
  #watch: { dispose(): void } | null = null;
  #closed = false;

  private constructor(private readonly deps: DeskDeps) {
    this.queue = new TaskQueue({
      desk: this,
      withEngine: (work) => this.withEngine(work),
      maxConcurrent: deps.maxConcurrentTasks,
      onChange: () => this.#tell({ kind: "queue" }),
      onTrouble: (error) => this.#trouble(error),
    });
  }

  /** Reads what there is; nothing is made in the folder. */
  static async open(deps: DeskDeps): Promise<TaskDesk> {
    const desk = new TaskDesk(deps);
    await desk.#reload();
    desk.#watch = deps.reader.watch(() => desk.#follow());
    await desk.#look();
    return desk;
  }

  get root(): string {
    return this.deps.root;
  }

  get files(): DeskFiles {
    return this.deps.files;
  }

  get ownership(): Ownership {
    return this.#ownership;
  }

  /** Returns what ends the subscription. A listener that throws is logged and does not stop the others. */
  onChange(listener: (change: DeskChange) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Newest first. */
  tasks(): readonly TaskView[] {
    return [...this.#views.values()].toReversed();
  }

  task(id: TaskId): TaskView | undefined {
    return this.#views.get(id);
  }

  /** Throws `notFound`. */
  need(id: TaskId): TaskView {
    const view = this.#views.get(id);
    if (view === undefined) throw new CountersignError("notFound", `There is no task "${id}" in ${this.root}. It may have been removed with its journal.`);
    return view;
  }

  /** True for a task that says it runs while no living process could be running it: it was cut off. */
  isInterrupted(view: TaskView): boolean {
    return view.status === "running" && !this.queue.isRunning(view.request.id) && this.#ownership.kind !== "theirs";
  }

  async events(task: TaskId, fromSeq = 1): Promise<readonly JournalEvent[]> {
    const found: JournalEvent[] = [];
    for await (const event of this.deps.reader.events(fromSeq)) if (event.task === task) found.push(event);
    return found;
  }

  async costs(filter: { readonly from?: string; readonly to?: string; readonly task?: TaskId }): Promise<readonly CostRow[]> {
    await this.deps.reader.store.sync();
    return this.deps.reader.store.costs(filter);
  }

  async create(request: Omit<TaskRequest, "id">): Promise<TaskView> {
    return this.withEngine(({ harness }) => harness.create(request));
  }

  /** Does something to a task that is not running; the task's next view is known when it resolves. */
  act<T>(id: TaskId, work: (harness: DeskEngine["harness"], view: TaskView) => Promise<T>): Promise<T> {
    return this.withEngine(({ harness }) => {
      if (this.queue.isRunning(id)) {
        throw new CountersignError("conflict", `"${this.need(id).request.title}" is running. Cancel it first; what it has done is kept.`);
      }
      return work(harness, this.need(id));
    });
  }

  /** Worktrees that are on disk, largest first. */
  async worktrees(): Promise<readonly WorktreeUse[]> {
    const uses = this.tasks().flatMap((view) => {
      const { base, request } = view;
      return base === null ? [] : [this.deps.files.worktreeSize(base).then((bytes) => ({ task: request.id, path: base.worktree, bytes }))];
    });
    return (await Promise.all(uses)).filter((use) => use.bytes > 0).toSorted((a, b) => b.bytes - a.bytes);
  }

  /** Cancels what runs, waits for its end, and gives the journal up. */
  async close(): Promise<void> {
    await this.queue.close();
    await this.#finish();
  }

  /**
   * For a host that ends: tasks that run are left as they stand and can be resumed, because a person who closes a window
   * has not cancelled them. Their commands are killed.
   */
  async shutDown(): Promise<void> {
    const engine = this.#engine;
    const ending = this.#finish();
    await engine?.then(
      (open) => open.endAll(),
      () => undefined,
    );
    await ending;
  }

  async #finish(): Promise<void> {
    this.#closed = true;
    this.#watch?.dispose();
    await this.#following;
    await this.#release();
    await this.deps.reader.close();
    this.#listeners.clear();
  }

  /** Owns the journal for as long as `work` takes, and a while longer. Rejects with `locked` while another process owns it. */
  async withEngine<T>(work: (engine: DeskEngine) => Promise<T>): Promise<T> {
    this.#busy += 1;
    this.#idle?.dispose();
    try {
      return await work(await this.#own());
    } finally {
      this.#busy -= 1;
      if (this.#busy === 0 && !this.#closed) this.#releaseWhenIdle();
    }
  }

  async #own(): Promise<DeskEngine> {
    if (this.#closed) throw new CountersignError("cancelled", "The folder is being closed. Nothing was started.");
    this.#engine ??= this.#takeOver();
    try {
      return await this.#engine;
    } catch (error) {
      this.#engine = null;
      await this.#look();
      throw error;
    }
  }

  async #takeOver(): Promise<DeskEngine> {
    const listeners = {
      onEvent: (event: JournalEvent) => this.#apply(event),
      onLive: (event: LiveEvent) => this.#tell({ kind: "live", event }),
    };
    await this.#releasing;
    const engine = await this.deps.own(listeners, (view, problems) => this.queue.approves(view, problems));
    // What others wrote before the journal became ours.
    await this.#following;
    for await (const event of engine.events(this.#lastSeq + 1)) this.#apply(event);
    this.#setOwnership({ kind: "ours" });
    return engine;
  }

  #releaseWhenIdle(): void {
    this.#idle?.dispose();
    this.#idle = this.deps.clock.after(IDLE_RELEASE_MS, () => {
      if (this.#busy === 0) this.#release().catch((error: unknown) => this.#trouble(error));
    });
  }

  #release(): Promise<void> {
    this.#idle?.dispose();
    const engine = this.#engine;
    this.#engine = null;
    if (engine === null) return this.#releasing;
    this.#releasing = engine.then((open) => open.close()).finally(() => this.#setOwnership({ kind: "free" }));
    return this.#releasing;
  }

  async #reload(): Promise<void> {
    const { store } = this.deps.reader;
    await store.sync();
    this.#views.clear();
    for (const view of store.tasks().toReversed()) {
      this.#views.set(view.request.id, view);
      this.#lastSeq = Math.max(this.#lastSeq, view.lastSeq);
    }
    this.#tell({ kind: "reset" });
  }

  /** Reads on where another process writes. One read at a time, in order. */
  #follow(): void {
    if (this.#engine !== null || this.#closed) return;
    this.#following = this.#following.then(async () => {
      try {
        await this.#look();
        for await (const event of this.deps.reader.events(this.#lastSeq + 1)) this.#apply(event);
      } catch (error) {
        this.#trouble(error);
      }
    });
  }

  async #look(): Promise<void> {
    if (this.#ownership.kind === "ours" && this.#engine !== null) return;
    const owner = await this.deps.reader.owner();
    if (this.#engine === null) this.#setOwnership(owner === null ? { kind: "free" } : { kind: "theirs", owner });
  }

  #setOwnership(ownership: Ownership): void {
    if (JSON.stringify(ownership) === JSON.stringify(this.#ownership)) return;
    this.#ownership = ownership;
    this.#tell({ kind: "ownership", ownership });
  }

  /** Events come once through the listeners and perhaps again from the file: each counts once. */
  #apply(event: JournalEvent): void {
    if (event.seq <= this.#lastSeq) return;
    this.#lastSeq = event.seq;
    const view = nextView(this.#views.get(event.task) ?? null, event);
    if (view === null) return;
    this.#views.set(event.task, view);
    this.#tell({ kind: "event", event, view });
  }

  #tell(change: DeskChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.deps.logger.warn("a listener of the desk failed", { change: change.kind, error: messageOf(error) });
      }
    }
  }

  #trouble(error: unknown): void {
    this.deps.logger.warn("the desk is in trouble", { error: messageOf(error) });
    this.#tell({ kind: "trouble", message: messageOf(error) });
  }
}
