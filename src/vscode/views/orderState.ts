// The user's grouping and filter of the Tasks tree, kept with the workspace.
import { EventEmitter, type Disposable, type Memento } from "vscode";
import { CATEGORIES } from "../../core/domain/task";
import { isRecord, oneOf, texts } from "../record";
import { GROUPINGS, NO_FILTER, STATE_GROUPS, type Grouping, type TaskFilter, type TaskOrder } from "./taskGroups";

const KEY = "countersign.taskOrder";

export class OrderState implements Disposable {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChange = this.#changed.event;
  #order: TaskOrder;

  constructor(private readonly memento: Memento) {
    this.#order = orderIn(memento.get<unknown>(KEY));
  }

  get order(): TaskOrder {
    return this.#order;
  }

  setGrouping(grouping: Grouping): Promise<void> {
    return this.#set({ ...this.#order, grouping });
  }

  setFilter(filter: TaskFilter): Promise<void> {
    return this.#set({ ...this.#order, filter });
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #set(order: TaskOrder): Promise<void> {
    this.#order = order;
    this.#changed.fire(undefined);
    await this.memento.update(KEY, order);
  }
}

/** What an older or newer version has kept is used as far as it is known. */
function orderIn(kept: unknown): TaskOrder {
  const order = isRecord(kept) ? kept : {};
  const filter = isRecord(order["filter"]) ? order["filter"] : {};
  const known = <T extends string>(all: readonly T[], value: unknown): readonly T[] => all.filter((one) => texts(value).includes(one));
  return {
    grouping: oneOf(GROUPINGS, order["grouping"]) ?? "category",
    filter: {
      categories: known(CATEGORIES, filter["categories"]),
      states: known(STATE_GROUPS, filter["states"]),
      text: typeof filter["text"] === "string" ? filter["text"] : NO_FILTER.text,
    },
  };
}
