// The Tasks view: its tree, badge, message and context keys, kept up to date with the desks.
import { basename } from "node:path";
import { window, workspace, type Disposable, type TreeView } from "vscode";
import { situationOf } from "../../core/desk/taskSituation";
import { needsPerson, stateOf } from "../../core/projections/taskState";
import { counted } from "../../shared/figures";
import type { ContextKeys } from "../contextKeys";
import type { Host } from "../host";
import { Coalescer } from "./coalescer";
import { filterText } from "./filterPick";
import { NodeTree } from "./nodeTree";
import { OrderState } from "./orderState";
import { TaskDrag } from "./taskDrag";
import { isFiltering } from "./taskGroups";
import type { TaskNode } from "./taskNodes";
import { TaskTree, type TaskSource } from "./taskTree";
import { registerTaskTreeCommands } from "./taskTreeCommands";
import { systemTimers } from "./timers";

const HEADER_GAP_MS = 250;

export function registerTasksView(host: Host, keys: ContextKeys): readonly Disposable[] {
  const state = new OrderState(host.context.workspaceState);
  const model = new TaskTree(loading(host, keys), () => state.order, () => Date.now());
  const tree = new NodeTree(model, systemTimers);
  const view = window.createTreeView("countersign.tasks", {
    treeDataProvider: tree,
    dragAndDropController: new TaskDrag(host, () => state.order.grouping),
    showCollapseAll: true,
  });
  const header = new Coalescer<never>(systemTimers, HEADER_GAP_MS, () => showHeader(host, keys, { view, model, state }));
  const reorder = (): void => {
    model.reorder();
    tree.refresh("all");
    header.addAll();
  };
  header.addAll();
  return [
    state,
    tree,
    view,
    header,
    ...tree.attach(view),
    state.onDidChange(reorder),
    host.desks.onDidChangeFolders(() => {
      tree.refresh("all");
      header.addAll();
    }),
    host.desks.onDidChange(({ desk, change }) => {
      tree.refresh(model.changed(desk, change));
      if (change.kind !== "live") header.addAll();
    }),
    ...registerTaskTreeCommands(host, {
      state,
      refresh: () => {
        host.desks.retry();
        reorder();
      },
      showMore: (list) => tree.refresh(model.showMore(list)),
    }),
  ];
}

/** The desks; once all of them have been asked for, the views may say that there is nothing. */
function loading({ desks }: Host, keys: ContextKeys): TaskSource {
  return {
    get opened() {
      return desks.opened;
    },
    get troubles() {
      return desks.troubles;
    },
    async all() {
      const all = await desks.all();
      keys.set("hasTasks", all.some((desk) => desk.tasks().length > 0));
      keys.set("loaded", workspace.isTrusted);
      return all;
    },
  };
}

interface Shown {
  readonly view: TreeView<TaskNode>;
  readonly model: TaskTree;
  readonly state: OrderState;
}

function showHeader(host: Host, keys: ContextKeys, { view, model, state }: Shown): void {
  const { tasks, shown } = model.counts;
  const isFiltered = isFiltering(state.order.filter);
  const waiting = host.desks.opened.flatMap((desk) => desk.tasks().filter((task) => needsPerson(stateOf(task, situationOf(desk, task)))));
  view.badge = waiting.length === 0 ? undefined : { value: waiting.length, tooltip: `${counted(waiting.length, "task")} waiting for you` };
  const followed = host.desks.opened.flatMap(({ ownership, root }) => (ownership.kind === "theirs" ? [{ root, owner: ownership.owner }] : []));
  const folder = (root: string): string => (host.desks.opened.length === 1 ? "this folder" : basename(root));
  keys.set("hasTasks", tasks > 0);
  keys.set("readOnly", followed.length > 0);
  keys.set("filtered", isFiltered);
  keys.set("filteredOut", isFiltered && tasks > 0 && shown === 0);
  const lines = [
    ...followed.map(({ root, owner }) => `Read-only: ${owner} runs the tasks of ${folder(root)}.`),
    ...(isFiltered && shown > 0 ? [`${filterText(state.order.filter)}. ${shown} of ${counted(tasks, "task")}.`] : []),
  ];
  // An empty tree explains itself in its welcome view, which a message would hide.
  view.message = shown === 0 ? "" : lines.join("\n");
}
