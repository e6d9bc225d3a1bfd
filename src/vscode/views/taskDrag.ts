// Dragging tasks: to another category, or to another place in the queue.
import { DataTransferItem, window, type DataTransfer, type TreeDragAndDropController } from "vscode";
import type { Host } from "../host";
import { report } from "../run";
import { targetOf, type TaskRef } from "../taskRef";
import { dropOf } from "./queueMoves";
import type { Grouping } from "./taskGroups";
import type { TaskNode } from "./taskNodes";
import { messageText } from "../messageText";

/** Named by the editor: what a view with this id drags. */
const MIME = "application/vnd.code.tree.countersign.tasks";

export class TaskDrag implements TreeDragAndDropController<TaskNode> {
  readonly dragMimeTypes = [MIME];
  readonly dropMimeTypes = [MIME];

  constructor(
    private readonly host: Host,
    private readonly grouping: () => Grouping,
  ) {}

  handleDrag(nodes: readonly TaskNode[], transfer: DataTransfer): void {
    const refs = nodes.flatMap((node): readonly TaskRef[] => (node.kind === "task" ? [node.target] : []));
    if (refs.length > 0) transfer.set(MIME, new DataTransferItem(refs));
  }

  async handleDrop(target: TaskNode | undefined, transfer: DataTransfer): Promise<void> {
    const dropped: unknown = transfer.get(MIME)?.value;
    const refs = (Array.isArray(dropped) ? dropped : []).flatMap((one: unknown) => targetOf(one) ?? []);
    try {
      // One after the other: each finds the queue as the one before has left it.
      for (const ref of refs) await this.#drop(ref, target);
    } catch (error) {
      await report(this.host, error);
    }
  }

  async #drop(ref: TaskRef, target: TaskNode | undefined): Promise<void> {
    const { desk, view } = await this.host.desks.find(ref);
    const targetView = target?.kind === "task" ? desk.task(target.target.task) : undefined;
    const drop = dropOf(view, ref.root, { grouping: this.grouping(), target, targetView, waiting: desk.queue.waiting() });
    switch (drop?.kind) {
      case "category":
        await desk.act(ref.task, (harness, current) => harness.setCategory(current, drop.category));
        return;
      case "queue":
        await desk.queue.move(ref.task, drop.before);
        return;
      case "refused":
        await window.showInformationMessage(messageText(drop.reason));
        return;
      default:
        return;
    }
  }
}
