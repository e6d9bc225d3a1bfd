// Commands of the Tasks view: what it shows, the order of the queue, a task's category and id.
import { env, window, type Disposable } from "vscode";
import { allows } from "../../core/desk/taskSituation";
import type { Host } from "../host";
import { pickTask, type PickedTask } from "../pickTask";
import { command } from "../run";
import { pickCategory, pickFilter, pickGrouping } from "./filterPick";
import type { OrderState } from "./orderState";
import { beforeAfterStep, type Direction } from "./queueMoves";
import { NO_FILTER } from "./taskGroups";

const MESSAGE_MS = 4000;

export interface TaskTreeActions {
  readonly state: OrderState;
  /** Reads everything again, folders that could not be opened included. */
  readonly refresh: () => void;
  readonly showMore: (list: string) => void;
}

export function registerTaskTreeCommands(host: Host, { state, refresh, showMore }: TaskTreeActions): readonly Disposable[] {
  return [
    command(host, "filterTasks", async () => {
      const filter = await pickFilter(state.order.filter);
      if (filter !== undefined) await state.setFilter(filter);
    }),
    command(host, "clearFilter", () => state.setFilter(NO_FILTER)),
    command(host, "groupTasks", async () => {
      const grouping = await pickGrouping(state.order.grouping);
      if (grouping !== undefined) await state.setGrouping(grouping);
    }),
    command(host, "refresh", () => Promise.resolve(refresh())),
    command(host, "showMoreTasks", (argument) => Promise.resolve(showMore(listOf(argument)))),
    command(host, "queueUp", (argument) => moveInQueue(host, argument, "up")),
    command(host, "queueDown", (argument) => moveInQueue(host, argument, "down")),
    command(host, "moveTask", (argument) => moveToCategory(host, argument)),
    command(host, "copyTaskId", async (argument) => {
      const task = await pickTask(host, argument, { title: "Copy the ID of which task?", fits: () => true, none: "There are no tasks yet." });
      if (task !== undefined) await env.clipboard.writeText(task.view.request.id);
    }),
  ];
}

async function moveInQueue(host: Host, argument: unknown, direction: Direction): Promise<void> {
  const task = await pickTask(host, argument, {
    title: direction === "up" ? "Move which task up in the queue?" : "Move which task down in the queue?",
    fits: (view, desk) => allows(desk, view, "reorder"),
    none: "No task waits in the queue.",
  });
  if (task === undefined) return;
  const { queue } = task.desk;
  const before = beforeAfterStep(queue.waiting(), task.view.request.id, direction);
  if (before !== undefined) await queue.move(task.view.request.id, before);
}

async function moveToCategory(host: Host, argument: unknown): Promise<void> {
  const task = await pickTask(host, argument, {
    title: "Move which task to another category?",
    fits: (view, desk) => allows(desk, view, "move"),
    none: "No task can be moved to another category now: only those that were not started yet.",
  });
  if (task === undefined) return;
  await move(task);
}

async function move({ desk, view }: PickedTask): Promise<void> {
  const { title, id } = view.request;
  const category = await pickCategory(title, view.category);
  if (category === undefined) return;
  await desk.act(id, (harness, current) => harness.setCategory(current, category));
  window.setStatusBarMessage(`"${title}" is ${category} now`, MESSAGE_MS);
}

function listOf(argument: unknown): string {
  return typeof argument === "object" && argument !== null && "list" in argument && typeof argument.list === "string" ? argument.list : "";
}
