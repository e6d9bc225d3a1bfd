// The rows of all tasks, kept so that a change of one task makes one row anew.
import { taskKey, type TaskRow } from "../../shared/dashboardState";
import { situationOf } from "../desk/taskSituation";
import type { DeskChange } from "../desk/taskDesk";
import type { JournalEvent } from "../domain/event";
import type { TaskId } from "../domain/task";
import type { TaskView } from "../projections/taskView";
import type { DashboardDesk } from "./dashboardSource";
import { rowOf } from "./taskRow";

type Rows = Readonly<Record<string, TaskRow>>;

/** After these the places of other tasks in the queue are different, too. */
const MOVES_QUEUE: ReadonlySet<JournalEvent["kind"]> = new Set(["runQueued", "runDequeued", "runStarted", "attemptChosen"]);

/** States that end without an event of the task's own. */
const UNSETTLED: ReadonlySet<TaskRow["state"]> = new Set(["running", "awaiting_command", "inQueue", "interrupted"]);

export class RowTable {
  #rows: Rows = {};
  /** null: all of them. */
  #stale: Map<DashboardDesk, Set<TaskId>> | null = null;

  constructor(private readonly desks: () => readonly DashboardDesk[]) {}

  /** Every row is made anew. */
  reset(): void {
    this.#stale = null;
  }

  note(desk: DashboardDesk, change: DeskChange): void {
    if (change.kind === "reset") return this.reset();
    if (change.kind === "event") {
      this.#mark(desk, change.event.task);
      if (MOVES_QUEUE.has(change.event.kind)) this.#markActive(desk);
    } else if (change.kind === "queue" || change.kind === "ownership") {
      this.#markActive(desk);
    }
  }

  /** The same object as before while nothing has changed. */
  rows(): Rows {
    if (this.#stale === null) this.#rows = Object.fromEntries(this.desks().flatMap((desk) => rowsOf(desk, desk.tasks())));
    else if (this.#stale.size > 0) this.#rows = { ...this.#rows, ...Object.fromEntries([...this.#stale].flatMap(anew)) };
    this.#stale = new Map();
    return this.#rows;
  }

  #mark(desk: DashboardDesk, task: TaskId): void {
    if (this.#stale === null) return;
    const known = this.#stale.get(desk);
    if (known === undefined) this.#stale.set(desk, new Set([task]));
    else known.add(task);
  }

  /** Tasks whose state depends on what runs here and who owns the journal. */
  #markActive(desk: DashboardDesk): void {
    for (const view of desk.tasks()) if (isActive(desk, view)) this.#mark(desk, view.request.id);
    for (const { root, state, task } of Object.values(this.#rows)) if (root === desk.root && UNSETTLED.has(state)) this.#mark(desk, task as TaskId);
  }
}

function anew([desk, ids]: readonly [DashboardDesk, ReadonlySet<TaskId>]): ReturnType<typeof rowsOf> {
  return rowsOf(desk, [...ids].flatMap((id) => desk.task(id) ?? []));
}

function isActive(desk: DashboardDesk, view: TaskView): boolean {
  return view.status === "running" || view.queueRank !== null || desk.queue.isRunning(view.request.id);
}

function rowsOf(desk: DashboardDesk, views: readonly TaskView[]): readonly (readonly [string, TaskRow])[] {
  const places = new Map(desk.queue.waiting().map((view, index) => [view.request.id, index + 1]));
  return views.map((view) => {
    const { id } = view.request;
    const context = { root: desk.root, situation: situationOf(desk, view), queuePlace: places.get(id) ?? null };
    return [taskKey({ root: desk.root, task: id }), rowOf(view, context)];
  });
}
