// A desk for what only looks at one: tasks grow event by event, as a journal's would, and whoever listens is told.
import type { DashboardDesk, DashboardSource, SourceChange } from "../../src/core/dashboard/dashboardSource";
import type { DeskChange, Ownership } from "../../src/core/desk/taskDesk";
import type { EventBody, JournalEvent, LiveEvent } from "../../src/core/domain/event";
import type { TaskId } from "../../src/core/domain/task";
import { costKey, costRowAfter, isCall } from "../../src/core/projections/costRows";
import { nextView } from "../../src/core/projections/taskFold";
import type { TaskView } from "../../src/core/projections/taskView";
import type { CostRow } from "../../src/core/ports/taskStore";
import type { DashboardState, Limits } from "../../src/shared/dashboardState";

const MORNING = Date.UTC(2026, 0, 5, 9, 0, 0);

export class FakeDesk implements DashboardDesk {
  readonly #views = new Map<TaskId, TaskView>();
  readonly #costs = new Map<string, CostRow>();
  readonly #running = new Set<TaskId>();
  readonly #listeners = new Set<(change: DeskChange) => void>();
  readonly journal: JournalEvent[] = [];
  ownership: Ownership = { kind: "free" };
  /** Of the journal; events behind it are told but not yet to be read. */
  readable = Infinity;

  constructor(readonly root = "/home/ada/tally") {}

  readonly queue = {
    waiting: (): readonly TaskView[] => this.tasks().filter((view) => view.queueRank !== null && !this.#running.has(view.request.id)).toSorted((a, b) => (a.queueRank ?? 0) - (b.queueRank ?? 0)),
    running: (): readonly TaskId[] => [...this.#running],
    isRunning: (id: TaskId): boolean => this.#running.has(id),
    isHeld: false,
  };
  readonly files = { planFile: (task: TaskId, file: string): string => `${this.root}/.countersign/plans/${task}/${file}` };

  tasks(): readonly TaskView[] {
    return [...this.#views.values()].toReversed();
  }

  task(id: TaskId): TaskView | undefined {
    return this.#views.get(id);
  }

  isInterrupted(view: TaskView): boolean {
    return view.status === "running" && !this.#running.has(view.request.id) && this.ownership.kind !== "theirs";
  }

  async events(task: TaskId): Promise<readonly JournalEvent[]> {
    await Promise.resolve();
    return this.journal.filter((event) => event.task === task && event.seq <= this.readable);
  }

  async costs(filter: { readonly from?: string }): Promise<readonly CostRow[]> {
    await Promise.resolve();
    return [...this.#costs.values()].filter(({ day }) => day >= (filter.from ?? ""));
  }

  onChange(listener: (change: DeskChange) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Puts one more event on record, a second after the last one. */
  append(task: TaskId, body: EventBody): void {
    const seq = this.journal.length + 1;
    this.replay({ seq, time: new Date(MORNING + seq * 1000).toISOString(), task, ...body });
  }

  /** Puts a recorded event on record as it stands. */
  replay(event: JournalEvent): void {
    this.journal.push(event);
    const view = nextView(this.#views.get(event.task) ?? null, event);
    if (view === null) return;
    this.#views.set(event.task, view);
    if (isCall(event)) {
      const key = JSON.stringify(costKey(view, event));
      this.#costs.set(key, costRowAfter(this.#costs.get(key) ?? null, view, event));
    }
    this.#tell({ kind: "event", event, view });
  }

  live(event: LiveEvent): void {
    this.#tell({ kind: "live", event });
  }

  /** Says that this process runs the task, or no longer does. */
  setRunning(task: TaskId, isRunning: boolean): void {
    if (isRunning) this.#running.add(task);
    else this.#running.delete(task);
    this.#tell({ kind: "queue" });
  }

  setOwnership(ownership: Ownership): void {
    this.ownership = ownership;
    this.#tell({ kind: "ownership", ownership });
  }

  #tell(change: DeskChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

const LIMITS: Limits = { taskUsd: 50, warnAt: 0.5, dayAlertUsd: 100, dayUsd: null, passScore: 80, attempts: 3 };

/** A window with these folders open. */
export class FakeSource implements DashboardSource {
  readonly #listeners = new Set<(change: SourceChange) => void>();
  readonly #desks: FakeDesk[] = [];
  shownPlace: DashboardState["place"] = "open";
  shownTroubles: readonly string[] = [];

  constructor(...desks: readonly FakeDesk[]) {
    for (const desk of desks) this.open(desk);
  }

  open(desk: FakeDesk): void {
    this.#desks.push(desk);
    desk.onChange((change) => this.#tell({ kind: "desk", desk, change }));
    this.#tell({ kind: "folders" });
  }

  desks(): readonly DashboardDesk[] {
    return this.#desks;
  }

  place(): DashboardState["place"] {
    return this.shownPlace;
  }

  troubles(): readonly string[] {
    return this.shownTroubles;
  }

  folderName(root: string): string {
    return root.split("/").at(-1) ?? root;
  }

  limits(): Limits {
    return LIMITS;
  }

  /** Something about the folders is different. */
  folders(): void {
    this.#tell({ kind: "folders" });
  }

  onChange(listener: (change: SourceChange) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  #tell(change: SourceChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
