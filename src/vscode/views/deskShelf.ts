// What the Tasks tree keeps of one desk: the index of its tasks, and what was shown of its queue, so that a change tells
// which tasks look different now. Pure; no vscode here.
import type { DeskFiles } from "../../core/desk/deskPorts";
import { situationOf } from "../../core/desk/taskSituation";
import type { TaskId } from "../../core/domain/task";
import { actionsOf } from "../../core/projections/taskActions";
import { stateOf } from "../../core/projections/taskState";
import type { TaskView } from "../../core/projections/taskView";
import type { TaskOrder } from "./taskGroups";
import { TaskIndex, type IndexedDesk } from "./taskIndex";
import { positionsOf, type ShownTask } from "./taskRow";

export type ShownDesk = IndexedDesk & { readonly files: Pick<DeskFiles, "planFile"> };

/** Where trees find the desks of the window. */
export interface DeskSource {
  /** Opens the folders that are not open yet. */
  all(): Promise<readonly ShownDesk[]>;
  /** Those that are open; never waits. */
  readonly opened: readonly ShownDesk[];
}

export class DeskShelf {
  readonly index: TaskIndex;
  #positions: ReadonlyMap<TaskId, number>;
  #running: ReadonlySet<TaskId>;
  #isHeld: boolean;
  #isReadOnly: boolean;

  constructor(
    readonly desk: ShownDesk,
    order: () => TaskOrder,
    private readonly now: () => number,
  ) {
    this.index = new TaskIndex({ desk, order, now, situationOf: (view) => situationOf(desk, view) });
    this.#positions = positionsOf(desk.queue.waiting());
    this.#running = new Set(desk.queue.running());
    this.#isHeld = desk.queue.isHeld;
    this.#isReadOnly = desk.ownership.kind === "theirs";
  }

  get isReadOnly(): boolean {
    return this.#isReadOnly;
  }

  shown(view: TaskView): ShownTask {
    const situation = situationOf(this.desk, view);
    return {
      view,
      state: stateOf(view, situation),
      actions: actionsOf(view, situation),
      position: this.#positions.get(view.request.id) ?? null,
      now: this.now(),
    };
  }

  reset(): void {
    this.index.reset();
    this.#positions = positionsOf(this.desk.queue.waiting());
  }

  /** Looks at the queue again; returns the tasks that run, wait or may be started otherwise than before. */
  queueChanged(): readonly TaskId[] {
    const [positions, running, isHeld] = [this.#positions, this.#running, this.#isHeld];
    this.#positions = positionsOf(this.desk.queue.waiting());
    this.#running = new Set(this.desk.queue.running());
    this.#isHeld = this.desk.queue.isHeld;
    const ids = new Set([...positions.keys(), ...this.#positions.keys(), ...running, ...this.#running]);
    const isOther = (id: TaskId): boolean => {
      const waits = this.#positions.has(id);
      return positions.get(id) !== this.#positions.get(id) || running.has(id) !== this.#running.has(id) || (waits && isHeld !== this.#isHeld);
    };
    return [...ids].filter(isOther);
  }

  /** True when every task may be done something else with than before. */
  ownershipChanged(): boolean {
    const before = this.#isReadOnly;
    this.#isReadOnly = this.desk.ownership.kind === "theirs";
    if (before !== this.#isReadOnly) this.index.reset();
    return before !== this.#isReadOnly;
  }
}
