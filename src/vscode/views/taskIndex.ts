// The tasks of one desk in the groups and the order in which they are shown, kept so that a change of one task looks at
// that task only. Pure; no vscode here.
import type { SituationDesk } from "../../core/desk/taskSituation";
import type { TaskDesk } from "../../core/desk/taskDesk";
import type { TaskId } from "../../core/domain/task";
import type { TaskSituation } from "../../core/projections/taskActions";
import type { TaskView } from "../../core/projections/taskView";
import { groupKeys, isFiltering, placementOf, type GroupKey, type Placement, type TaskOrder } from "./taskGroups";

export type IndexedDesk = Pick<TaskDesk, "root" | "tasks" | "task"> &
  SituationDesk & { readonly queue: Pick<TaskDesk["queue"], "waiting" | "running"> };

export interface IndexDeps {
  readonly desk: IndexedDesk;
  readonly situationOf: (view: TaskView) => TaskSituation;
  readonly order: () => TaskOrder;
  readonly now: () => number;
}

export interface IndexedGroup {
  readonly key: GroupKey;
  readonly tasks: readonly TaskId[];
}

/** What has moved: groups whose members or order are different now, and whether groups have come or gone. */
export interface IndexChange {
  readonly groups: readonly GroupKey[];
  readonly isRegrouped: boolean;
}

const UNMOVED: IndexChange = { groups: [], isRegrouped: false };

export class TaskIndex {
  /** null: filtered out. In the order of the desk, newest first. */
  #placements: Map<TaskId, Placement | null> | null = null;
  #groups: readonly IndexedGroup[] | null = null;

  constructor(private readonly deps: IndexDeps) {}

  /** Groups to show, in order. Without a filter all categories are: tasks can be dropped on an empty one. */
  groups(): readonly IndexedGroup[] {
    return (this.#groups ??= this.#grouped());
  }

  /** How many tasks the filter lets pass. */
  get shown(): number {
    return this.groups().reduce((sum, { tasks }) => sum + tasks.length, 0);
  }

  /** Everything may be different. */
  reset(): void {
    this.#placements = null;
    this.#groups = null;
  }

  update(id: TaskId): IndexChange {
    // Nobody has asked yet.
    if (this.#placements === null) return UNMOVED;
    const view = this.deps.desk.task(id);
    if (view === undefined) return UNMOVED;
    const before = this.#placements.get(id);
    const after = this.#placementOf(view);
    if (before !== undefined && isSame(before, after)) return UNMOVED;
    const keys = this.groups().map(({ key }) => key);
    this.#placements.set(id, after);
    this.#groups = null;
    const isRegrouped = keys.join() !== this.groups().map(({ key }) => key).join();
    return { groups: [...new Set([before, after].flatMap((placement) => placement?.group ?? []))], isRegrouped };
  }

  #placementOf(view: TaskView): Placement | null {
    return placementOf(view, this.deps.situationOf(view), this.deps.order(), this.deps.now());
  }

  #grouped(): readonly IndexedGroup[] {
    const { grouping, filter } = this.deps.order();
    this.#placements ??= new Map(this.deps.desk.tasks().map((view) => [view.request.id, this.#placementOf(view)]));
    const members = new Map<GroupKey, { readonly id: TaskId; readonly placement: Placement }[]>();
    for (const [id, placement] of this.#placements) {
      if (placement === null) continue;
      const group = members.get(placement.group);
      if (group === undefined) members.set(placement.group, [{ id, placement }]);
      else group.push({ id, placement });
    }
    const showsEmpty = grouping === "category" && this.#placements.size > 0 && !isFiltering(filter);
    return groupKeys(grouping).flatMap((key) => {
      const found = members.get(key) ?? [];
      if (found.length === 0 && !showsEmpty) return [];
      found.sort((a, b) => a.placement.section - b.placement.section || a.placement.order - b.placement.order);
      return { key, tasks: found.map(({ id }) => id) };
    });
  }
}

function isSame(a: Placement | null, b: Placement | null): boolean {
  return a === b || (a !== null && b !== null && a.group === b.group && a.section === b.section && a.order === b.order);
}
