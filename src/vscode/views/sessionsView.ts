// The Agent Sessions view: its tree, kept up to date with the desks.
import { window, type Disposable } from "vscode";
import type { Host } from "../host";
import { command } from "../run";
import { NodeTree } from "./nodeTree";
import { SessionTree } from "./sessionTree";
import { systemTimers } from "./timers";

export function registerSessionsView(host: Host): readonly Disposable[] {
  const model = new SessionTree(host.desks, () => Date.now());
  const tree = new NodeTree(model, systemTimers);
  const view = window.createTreeView("countersign.sessions", { treeDataProvider: tree, showCollapseAll: true });
  return [
    tree,
    view,
    ...tree.attach(view),
    host.desks.onDidChangeFolders(() => tree.refresh("all")),
    host.desks.onDidChange(({ desk, change }) => tree.refresh(model.changed(desk, change))),
    command(host, "showMoreSessions", () => {
      model.showMore();
      tree.refresh("all");
      return Promise.resolve();
    }),
  ];
}
