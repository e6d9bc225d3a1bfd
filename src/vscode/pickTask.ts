// Which task a command means: the one of its tree item or link, else the one the user picks among those that fit.
import { window, type QuickPickItem } from "vscode";
import type { TaskDesk } from "../core/desk/taskDesk";
import type { TaskView } from "../core/projections/taskView";
import type { Host } from "./host";
import { targetOf } from "./taskRef";
import { inform } from "./tell";

export interface PickedTask {
  readonly desk: TaskDesk;
  readonly view: TaskView;
}

export interface PickOptions {
  /** Title of the quick pick, e.g. "Run which task?" */
  readonly title: string;
  /** Whether the command can do something with it. */
  readonly fits: (view: TaskView, desk: TaskDesk) => boolean;
  /** Said when none fits. */
  readonly none: string;
}

/** undefined: the user left, or was told that no task fits. */
export async function pickTask(host: Host, argument: unknown, options: PickOptions): Promise<PickedTask | undefined> {
  const target = targetOf(argument);
  if (target !== undefined) return host.desks.find(target);
  const desks = await host.desks.all();
  const items = desks.flatMap((desk) => desk.tasks().filter((view) => options.fits(view, desk)).map((view) => itemOf(desk, view, desks.length > 1)));
  if (items.length === 0) {
    inform(host, options.none);
    return undefined;
  }
  const chosen = items.length === 1 ? items[0] : await window.showQuickPick(items, { title: options.title, matchOnDescription: true, matchOnDetail: true });
  return chosen?.task;
}

interface TaskItem extends QuickPickItem {
  readonly task: PickedTask;
}

function itemOf(desk: TaskDesk, view: TaskView, showsFolder: boolean): TaskItem {
  const detail = showsFolder ? { detail: desk.root } : {};
  return { label: view.request.title, description: `${view.status.replace("_", " ")} · ${view.category}`, ...detail, task: { desk, view } };
}
