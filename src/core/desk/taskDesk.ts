// All tasks of one folder, for a host that lives long: follows the journal, whoever writes it, and takes it over while
// there is something to do. Knows no editor and no disk.
import { CountersignError, messageOf } from "../domain/errors";
import type { JournalEvent, LiveEvent } from "../domain/event";
import type { TaskId, TaskRequest } from "../domain/task";
import type { CostRow } from "../ports/taskStore";
import { nextView } from "../projections/taskFold";
import type { TaskView } from "../projections/taskView";
import type { DeskDeps, DeskEngine, DeskFiles, WorktreeUse } from "./deskPorts";
import { EngineSeat } from "./engineSeat";
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

/** An owner that dies changes no file: it is looked for, ms. */
export const OWNER_LOOK_MS = 10_000;

export class TaskDesk {
  readonly queue: TaskQueue;
  readonly #views = new Map<TaskId, TaskView>();
  readonly #listeners = new Set<(change: DeskChange) => void>();
  /** The last thing that is being done to a task. */
  readonly #acts = new Map<TaskId, Promise<unknown>>();
  readonly #seat: EngineSeat;
  #lastSeq = 0;
  /** As the reader counted when everything was read. */
  #forgotten = 0;
  #ownership: Ownership = { kind: "free" };
  /** One read at a time, in order. Never rejects. */
  #following: Promise<void> = Promise.resolve();
  #watch: { dispose(): void } | null = null;
  #nextLook: { dispose(): void } | null = null;
  #followTrouble = "";
  #ending: Promise<void> | null = null;

  /** The journal that was taken last is another one than was read. */
  #isAnew = false;

  private constructor(private readonly deps: DeskDeps) {
    this.#seat = new EngineSeat({
      take: () => this.#take(),
      onTaken: async () => {
        await this.#following;
        await (this.#isAnew ? this.#reload() : this.#catchUp());
        this.#setOwnership({ kind: "ours" });
      },
      onFree: () => this.#follow(),
      onTrouble: (error) => this.#trouble(error),
      clock: deps.clock,
    });
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
    try {
      await desk.#reload();
      desk.#watch = deps.reader.watch(() => desk.#follow());
      // What was written before somebody watched.
      desk.#follow();
      await desk.#following;
      return desk;
    } catch (error) {
      await desk.shutDown();
      throw error;
    }
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

  /**
   * Does something to a task that is not running, one thing after the other; the task's next view is known when it
   * resolves. Rejects with `conflict` for one that runs.
   */
  act<T>(id: TaskId, work: (harness: DeskEngine["harness"], view: TaskView) => Promise<T>): Promise<T> {
    const before = this.#acts.get(id) ?? Promise.resolve();
    const mine = before.then(() =>
      this.withEngine(({ harness }) => {
        const view = this.need(id);
        if (!this.queue.isRunning(id)) return work(harness, view);
        throw new CountersignError("conflict", `"${view.request.title}" is running. Cancel it first; what it has done is kept.`);
      }),
    );
    // Whoever asked gets the failure; the next one begins all the same.
    const settled: Promise<void> = mine
      .catch(() => null)
      .then(() => {
        if (this.#acts.get(id) === settled) this.#acts.delete(id);
      });
    this.#acts.set(id, settled);
    return mine;
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
  close(): Promise<void> {
    this.#ending ??= this.#end(() => this.queue.close());
    return this.#ending;
  }

  /**
   * For a host that ends: tasks that run are left as they stand and can be resumed, because a person who closes a window
   * has not cancelled them. Their commands are killed, and nothing that comes of that is put on record.
   */
  shutDown(): Promise<void> {
    this.#ending ??= this.#end(() => this.queue.abandon());
    return this.#ending;
  }

  async #end(endRuns: () => Promise<void>): Promise<void> {
    this.#watch?.dispose();
    this.#nextLook?.dispose();
    const runs = endRuns();
    // Takes nothing more from now on; what runs is under way until it has ended.
    await this.#seat.close();
    await runs;
    await this.#following;
    await this.deps.reader.close();
    this.#listeners.clear();
  }

  /** Owns the journal for as long as `work` takes, and a while longer. Rejects with `locked` while another process owns it. */
  withEngine<T>(work: (engine: DeskEngine) => Promise<T>): Promise<T> {
    return this.#seat.use(work);
  }

  async #take(): Promise<DeskEngine> {
    const listeners = {
      onEvent: (event: JournalEvent) => this.#apply(event),
      onLive: (event: LiveEvent) => this.#tell({ kind: "live", event }),
    };
    const engine = await this.deps.own(listeners, (view, problems) => this.queue.approves(view, problems));
    // A journal that was removed begins anew: what is known of the one before does not count.
    this.#isAnew = engine.lastSeq < this.#lastSeq;
    return engine;
  }

  async #reload(): Promise<void> {
    const { reader } = this.deps;
    const { store } = reader;
    this.#forgotten = reader.forgotten();
    await store.sync();
    this.#views.clear();
    this.#lastSeq = 0;
    for (const view of store.tasks().toReversed()) {
      this.#views.set(view.request.id, view);
      this.#lastSeq = Math.max(this.#lastSeq, view.lastSeq);
    }
    this.#tell({ kind: "reset" });
  }

  /** Reads on where another process writes. */
  #follow(): void {
    this.#following = this.#following.then(async () => {
      // What is ours tells of itself.
      if (this.#seat.isTaken || this.#ending !== null) return;
      try {
        await this.#look();
        await this.#catchUp();
        this.#followTrouble = "";
      } catch (error) {
        // Every look would tell it again.
        if (messageOf(error) !== this.#followTrouble) this.#trouble(error);
        this.#followTrouble = messageOf(error);
      }
    });
  }

  /** Everything on disk that is not known yet; all of it where the journal is another one than before. */
  async #catchUp(): Promise<void> {
    const { reader } = this.deps;
    const events: JournalEvent[] = [];
    for await (const event of reader.events(this.#lastSeq + 1)) events.push(event);
    if (reader.forgotten() !== this.#forgotten) return this.#reload();
    for (const event of events) this.#apply(event);
  }

  async #look(): Promise<void> {
    const owner = await this.deps.reader.owner();
    if (!this.#seat.isTaken) this.#setOwnership(owner === null ? { kind: "free" } : { kind: "theirs", owner });
  }

  #setOwnership(ownership: Ownership): void {
    this.#nextLook?.dispose();
    if (ownership.kind === "theirs" && this.#ending === null) this.#nextLook = this.deps.clock.after(OWNER_LOOK_MS, () => this.#follow());
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
