// A task store without a database: folds the whole journal at every sync. The reference that the real one must equal.
import type { JournalEvent } from "../../src/core/domain/event";
import type { TaskId } from "../../src/core/domain/task";
import type { Journal } from "../../src/core/ports/journal";
import type { CostRow, TaskStore } from "../../src/core/ports/taskStore";
import { costKey, costRowAfter, isCall } from "../../src/core/projections/costRows";
import { nextView } from "../../src/core/projections/taskFold";
import type { TaskView } from "../../src/core/projections/taskView";

export class MemoryTaskStore implements TaskStore {
  #views = new Map<TaskId, TaskView>();
  #costs = new Map<string, CostRow>();

  constructor(private readonly journal: Pick<Journal, "events">) {}

  async sync(): Promise<void> {
    this.#views = new Map();
    this.#costs = new Map();
    for await (const event of this.journal.events()) {
      const view = nextView(this.#views.get(event.task) ?? null, event);
      if (view === null) continue;
      this.#views.set(event.task, view);
      this.#count(view, event);
    }
  }

  tasks(): readonly TaskView[] {
    return [...this.#views.values()].toReversed();
  }

  task(id: TaskId): TaskView | null {
    return this.#views.get(id) ?? null;
  }

  costs({ from, to, task }: { readonly from?: string; readonly to?: string; readonly task?: TaskId }): readonly CostRow[] {
    const order = [...this.#views.keys()];
    const place = (row: CostRow): string =>
      [row.day, String(order.indexOf(row.task)).padStart(6, "0"), row.role, row.phase, row.model].join("\0");
    return [...this.#costs.values()]
      .filter((row) => (from ?? row.day) <= row.day && row.day <= (to ?? row.day) && (task ?? row.task) === row.task)
      .toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  }

  async save(): Promise<void> {
    await Promise.resolve();
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }

  #count(view: TaskView, event: JournalEvent): void {
    if (!isCall(event)) return;
    const key = JSON.stringify(costKey(view, event));
    this.#costs.set(key, costRowAfter(this.#costs.get(key) ?? null, view, event));
  }
}
