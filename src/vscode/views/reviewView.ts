// The Review view: its tree, the check boxes of reviewed files, and their decorations.
import { TreeItemCheckboxState, window, type Disposable } from "vscode";
import { messageOf } from "../../core/domain/errors";
import type { Host } from "../host";
import { registerChangeDecorations } from "./changeDecorations";
import { NodeTree } from "./nodeTree";
import { ReviewedMarks, keyOf } from "./reviewedMarks";
import { ReviewTree, tasksInReview } from "./reviewTree";
import { systemTimers } from "./timers";

export function registerReviewView(host: Host): readonly Disposable[] {
  const marks = new ReviewedMarks(host.context.workspaceState);
  const model = new ReviewTree(host.desks, marks, host.drafts);
  const tree = new NodeTree(model, systemTimers);
  // The boxes of folders follow from their files, which are not all known to the editor.
  const view = window.createTreeView("countersign.review", { treeDataProvider: tree, manageCheckboxStateManually: true, showCollapseAll: true });
  const onFailure = (error: unknown): void => host.log.error(`What was marked as reviewed could not be kept: ${messageOf(error)}`);
  return [
    tree,
    view,
    registerChangeDecorations(),
    ...tree.attach(view),
    view.onDidChangeCheckboxState(({ items }) => {
      const marked = items.map(([node, state]) => [node, state === TreeItemCheckboxState.Checked] as const);
      model.mark(marked).then((nodes) => tree.refresh(nodes), onFailure);
    }),
    host.desks.onDidChangeFolders(() => {
      tree.refresh("all");
      forgetReviewed(host, marks).catch(onFailure);
    }),
    host.desks.onDidChange(({ desk, change }) => tree.refresh(model.changed(desk, change))),
    host.drafts.onDidChange((ref) => tree.refresh(model.commented(ref))),
  ];
}

/** Marks of tasks whose review is over; those of folders that are not open now stay. */
async function forgetReviewed(host: Host, marks: ReviewedMarks): Promise<void> {
  const { opened } = host.desks;
  const inReview = new Set(tasksInReview(opened).map(({ ref }) => keyOf(ref)));
  await marks.prune((key) => inReview.has(key) || !opened.some(({ root }) => key.startsWith(`${root}\n`)));
}
