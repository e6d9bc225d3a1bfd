// The Tasks tree: folders, groups, tasks and their parts as nodes, and which nodes a change concerns. Pure; no vscode
// here.
import { basename } from "node:path";
import type { DeskChange } from "../../core/desk/taskDesk";
import type { EventKind } from "../../core/domain/event";
import type { TaskId } from "../../core/domain/task";
import { counted } from "../../shared/figures";
import { DeskShelf, type DeskSource, type ShownDesk } from "./deskShelf";
import { row, type Row } from "./row";
import { GROUP_NAMES, isFiltering, type GroupKey, type TaskOrder } from "./taskGroups";
import { groupNodeId, nodesOf, taskNodeId, type NodeOf, type TaskNode } from "./taskNodes";
import { TaskParts, isPart } from "./taskParts";
import { CATEGORY_MEANINGS, taskRow, taskTooltip } from "./taskRow";
import { Interner, type TreeModel } from "./treeModel";

export interface TaskSource extends DeskSource {
  readonly troubles: readonly FolderInTrouble[];
}

export interface FolderInTrouble {
  readonly folder: { readonly name: string; readonly uri: { toString(): string } };
  readonly message: string;
}

/** Tasks of a group that are shown at first, and how many more each time. */
export const PAGE = 200;
const TICK_MS = 15_000;
/** Groups that are closed at first: what is over. */
const CLOSED: ReadonlySet<GroupKey> = new Set(["cancelled", "finished", "discarded", "month", "older"]);
const CHANGES_QUEUE: ReadonlySet<EventKind> = new Set(["runQueued", "runDequeued", "runStarted", "taskDone", "changesDiscarded", "changesRequested", "attemptChosen", "categoryChanged"]);

export class TaskTree implements TreeModel<TaskNode> {
  readonly #nodes = new Interner<TaskNode>();
  readonly #shelves = new Map<string, DeskShelf>();
  readonly #limits = new Map<string, number>();
  readonly #parts: TaskParts;

  constructor(
    private readonly source: TaskSource,
    private readonly order: () => TaskOrder,
    private readonly now: () => number,
  ) {
    this.#parts = new TaskParts(this.#nodes, { desk: (root) => this.#desk(root), now });
  }

  async children(node: TaskNode | null): Promise<readonly TaskNode[]> {
    if (node === null) return this.#roots(await this.source.all());
    switch (node.kind) {
      case "folder":
        return this.#groups(node.root);
      case "group":
        return this.#tasks(node.root, node.key);
      case "trouble":
      case "more":
        return [];
      default:
        return this.#parts.children(node);
    }
  }

  row(node: TaskNode): Row {
    switch (node.kind) {
      case "folder":
        return row(basename(node.root), { description: this.#folderDescription(node.root), icon: { name: "folder", tone: "plain" }, expands: "open", context: "folder" });
      case "trouble":
        return troubleRow(this.source.troubles.find(({ folder }) => folder.uri.toString() === node.folder));
      case "group":
        return this.#groupRow(node);
      case "more":
        return this.#moreRow(node);
      case "task": {
        const task = this.shown(node);
        return task === undefined ? row("", { context: "gone" }) : taskRow(task, this.order().filter.text);
      }
      default:
        return this.#parts.row(node);
    }
  }

  tooltip(node: TaskNode): string | null {
    switch (node.kind) {
      case "task": {
        const task = this.shown(node);
        return task === undefined ? null : taskTooltip(task);
      }
      case "group":
        return node.key in CATEGORY_MEANINGS ? `**${node.key}**: ${CATEGORY_MEANINGS[node.key as keyof typeof CATEGORY_MEANINGS]}` : null;
      default:
        return isPart(node) ? this.#parts.tooltip(node) : null;
    }
  }

  tickMs(): number {
    return TICK_MS;
  }

  /** The nodes that look different, or have other children, after a change of a desk. */
  changed(desk: ShownDesk, change: DeskChange): readonly TaskNode[] | "all" {
    const shelf = this.#shelves.get(desk.root);
    if (shelf === undefined) return change.kind === "live" || change.kind === "trouble" ? [] : "all";
    switch (change.kind) {
      case "reset":
        shelf.reset();
        return "all";
      case "ownership":
        return shelf.ownershipChanged() ? "all" : [];
      case "queue":
        return this.#moved(shelf, shelf.queueChanged());
      case "event": {
        const queue = CHANGES_QUEUE.has(change.event.kind) ? shelf.queueChanged() : [];
        return this.#moved(shelf, [change.event.task, ...queue]);
      }
      case "live":
      case "trouble":
        return [];
    }
  }

  /** Grouping, filter or the day are different: everything is placed anew. */
  reorder(): void {
    for (const shelf of this.#shelves.values()) shelf.index.reset();
    this.#limits.clear();
  }

  /** Shows another page of a list. Returns the nodes to refresh. */
  showMore(list: string): readonly TaskNode[] | "all" {
    this.#limits.set(list, (this.#limits.get(list) ?? PAGE) + PAGE);
    const node = this.#nodes.known(list);
    return node === undefined ? "all" : [node];
  }

  /** How many tasks there are, and how many of them the filter shows. */
  get counts(): { readonly tasks: number; readonly shown: number } {
    const opened = this.source.opened;
    return {
      tasks: opened.reduce((sum, desk) => sum + desk.tasks().length, 0),
      shown: opened.reduce((sum, desk) => sum + this.#shelf(desk).index.shown, 0),
    };
  }

  shown(node: NodeOf<"task">): ReturnType<DeskShelf["shown"]> | undefined {
    const desk = this.#desk(node.target.root);
    const view = desk?.task(node.target.task);
    return desk === undefined || view === undefined ? undefined : this.#shelf(desk).shown(view);
  }

  #roots(desks: readonly ShownDesk[]): readonly TaskNode[] {
    for (const root of this.#shelves.keys()) if (!desks.some((desk) => desk.root === root)) this.#shelves.delete(root);
    const troubles = this.source.troubles.map(({ folder }) => {
      const uri = folder.uri.toString();
      return this.#nodes.of<NodeOf<"trouble">>({ kind: "trouble", id: `trouble:${uri}`, folder: uri });
    });
    const [only] = desks;
    if (desks.length === 1 && only !== undefined) return [...troubles, ...this.#groups(only.root)];
    const filled = desks.filter((desk) => this.#shelf(desk).index.groups().length > 0);
    return [...troubles, ...filled.map(({ root }) => this.#nodes.of<NodeOf<"folder">>({ kind: "folder", id: folderId(root), root }))];
  }

  #groups(root: string): readonly TaskNode[] {
    const desk = this.#desk(root);
    if (desk === undefined) return [];
    if (this.order().grouping === "none") return this.#tasks(root, "all");
    const groups = this.#shelf(desk).index.groups();
    // An empty tree says in words that nothing matches.
    if (isFiltering(this.order().filter) && groups.length === 0) return [];
    return groups.map(({ key }) => this.#nodes.of<NodeOf<"group">>({ kind: "group", id: groupNodeId(root, key), root, key }));
  }

  #tasks(root: string, key: GroupKey): readonly TaskNode[] {
    const tasks = this.#members(root, key);
    const list = groupNodeId(root, key);
    const shown = tasks.slice(0, this.#limits.get(list) ?? PAGE).map((task) => this.#nodes.of(nodesOf({ root, task }).task()));
    if (shown.length === tasks.length) return shown;
    return [...shown, this.#nodes.of<NodeOf<"more">>({ kind: "more", id: `more:${list}`, root, key })];
  }

  #members(root: string, key: GroupKey): readonly TaskId[] {
    const desk = this.#desk(root);
    return desk === undefined ? [] : (this.#shelf(desk).index.groups().find((group) => group.key === key)?.tasks ?? []);
  }

  #moved(shelf: DeskShelf, tasks: readonly TaskId[]): readonly TaskNode[] | "all" {
    const { root } = shelf.desk;
    const ids = new Set<string>();
    for (const task of tasks) {
      const { groups, isRegrouped } = shelf.index.update(task);
      const isFlat = this.order().grouping === "none" && groups.length > 0;
      if (isRegrouped || isFlat) return this.#refreshed([folderId(root)], "all");
      for (const key of groups) ids.add(groupNodeId(root, key));
      ids.add(taskNodeId({ root, task }));
    }
    return this.#refreshed([...ids], []);
  }

  #refreshed(ids: readonly string[], otherwise: "all" | readonly TaskNode[]): readonly TaskNode[] | "all" {
    const nodes = ids.flatMap((id) => this.#nodes.known(id) ?? []);
    return nodes.length > 0 ? nodes : otherwise;
  }

  #groupRow({ root, key }: NodeOf<"group">): Row {
    const count = this.#members(root, key).length;
    return row(GROUP_NAMES[key], {
      description: String(count),
      expands: count === 0 ? "never" : CLOSED.has(key) ? "closed" : "open",
      context: `group key=${key}`,
      spoken: `${GROUP_NAMES[key]}, ${counted(count, "task")}`,
    });
  }

  #moreRow({ root, key, id }: NodeOf<"more">): Row {
    const list = groupNodeId(root, key);
    const [shown, all] = [this.#limits.get(list) ?? PAGE, this.#members(root, key).length];
    return row("Show more", {
      description: `${shown} of ${all}`,
      icon: { name: "ellipsis", tone: "plain" },
      context: "more",
      click: { kind: "command", command: "countersign.showMoreTasks", title: "Show more", args: [{ id, list }] },
    });
  }

  #folderDescription(root: string): string {
    const desk = this.#desk(root);
    if (desk === undefined) return "";
    return desk.ownership.kind === "theirs" ? "read-only" : String(this.#shelf(desk).index.shown);
  }

  #desk(root: string): ShownDesk | undefined {
    return this.source.opened.find((desk) => desk.root === root);
  }

  #shelf(desk: ShownDesk): DeskShelf {
    const known = this.#shelves.get(desk.root);
    if (known?.desk === desk) return known;
    const made = new DeskShelf(desk, this.order, this.now);
    this.#shelves.set(desk.root, made);
    return made;
  }
}

function folderId(root: string): string {
  return `folder:${root}`;
}

function troubleRow(trouble: FolderInTrouble | undefined): Row {
  return row(trouble?.folder.name ?? "Folder", {
    description: trouble?.message ?? "",
    icon: { name: "error", tone: "bad" },
    context: "trouble",
    click: { kind: "command", command: "countersign.refresh", title: "Try Again", args: [] },
    spoken: `${trouble?.folder.name ?? "A folder"} could not be opened: ${trouble?.message ?? ""}. Select to try again.`,
  });
}
