// A stretch of the journal, folded in memory and then written to the database in one go. It decides what the tables
// hold and knows nothing of files.
import type { JournalEvent } from "../../core/domain/event";
import type { TaskId } from "../../core/domain/task";
import type { Logger } from "../../core/ports/logger";
import type { CostRow } from "../../core/ports/taskStore";
import { costKey, costRowAfter, isCall, type CallEvent, type CostKey } from "../../core/projections/costRows";
import { nextView } from "../../core/projections/taskFold";
import type { TaskView } from "../../core/projections/taskView";
import type { JournalMark } from "./journalLine";
import type { SqlDatabase } from "./sqlDatabase";
import { PUT_COST, PUT_META, PUT_NOTIFICATION, costValues, putTasks } from "./taskRows";

/** What was projected before this stretch. */
export interface Projected {
  view(task: TaskId): TaskView | null;
  cost(key: CostKey): CostRow | null;
}

type Raised = Extract<JournalEvent, { readonly kind: "notificationRaised" }>;

/** Raise it whenever the same events give other rows or views: snapshots of another number are made anew. */
export const PROJECTION_VERSION = 4;

export class Projection {
  readonly #views = new Map<TaskId, TaskView>();
  /** Number of the event that created a task. */
  readonly #created = new Map<TaskId, number>();
  readonly #costs = new Map<string, CostRow>();
  readonly #notifications: Raised[] = [];

  constructor(
    private readonly before: Projected,
    private readonly logger: Logger,
  ) {}

  /** The views that this stretch changed. */
  get views(): ReadonlyMap<TaskId, TaskView> {
    return this.#views;
  }

  apply(event: JournalEvent): void {
    const known = this.#views.get(event.task) ?? this.before.view(event.task);
    const view = nextView(known, event);
    if (view === null) {
      this.logger.warn("passed over an event of an unknown task", { seq: event.seq, task: event.task, kind: event.kind });
      return;
    }
    if (known === null) this.#created.set(event.task, event.seq);
    this.#views.set(event.task, view);
    if (isCall(event)) this.#count(event, view);
    if (event.kind === "notificationRaised") this.#notifications.push(event);
  }

  /** To be called in a transaction. */
  write(database: SqlDatabase, mark: JournalMark): void {
    putTasks(database, [...this.#views.values()], this.#created);
    database.runAll(PUT_COST, [...this.#costs.values()].map(costValues));
    const notifications = this.#notifications.map((n) => [n.seq, n.time, n.task, n.level, n.text] as const);
    database.runAll(PUT_NOTIFICATION, notifications);
    const meta = { mark: JSON.stringify(mark), projection: String(PROJECTION_VERSION) };
    database.runAll(PUT_META, Object.entries(meta));
  }

  /** Adds call after call to what was there, so that the sums do not depend on where a stretch began. */
  #count(event: CallEvent, view: TaskView): void {
    const key = costKey(view, event);
    const name = JSON.stringify(Object.values(key));
    const before = this.#costs.get(name) ?? (this.#created.has(key.task) ? null : this.before.cost(key));
    this.#costs.set(name, costRowAfter(before, view, event));
  }
}
