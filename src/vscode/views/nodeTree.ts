// Shows a model of nodes as a tree of the editor: nodes are refreshed one by one and a few times a second at most, times
// tick while the view is seen, tooltips are made when they are needed. Knows nothing of tasks.
import { EventEmitter, type Disposable, type TreeDataProvider, type TreeItem, type TreeView } from "vscode";
import { Coalescer } from "./coalescer";
import type { Timers } from "./timers";
import { tooltip, treeItem } from "./treeItems";
import type { TreeModel, TreeNode } from "./treeModel";

export const REFRESH_GAP_MS = 250;
/** Pauses after which a refresh that the editor has not come to is no longer waited for. */
const PATIENCE = 20;

export class NodeTree<N extends TreeNode> implements TreeDataProvider<N>, Disposable {
  readonly #changes = new EventEmitter<N[] | undefined>();
  readonly onDidChangeTreeData = this.#changes.event;
  /** Of the nodes that the editor has asked for; a node of the root has none. */
  readonly #parents = new Map<N, N | undefined>();
  /** The descriptions that the editor was given. */
  readonly #shown = new Map<N, string>();
  readonly #closed = new Set<N>();
  readonly #coalescer: Coalescer<N>;
  /** A node that was refreshed and not asked for since: the editor is behind, and would only fall back further. */
  #awaited: N | null = null;
  #waits = 0;
  #tick: { readonly ms: number; dispose(): void } | null = null;

  constructor(
    private readonly model: TreeModel<N>,
    private readonly timers: Timers,
  ) {
    this.#coalescer = new Coalescer(
      timers,
      REFRESH_GAP_MS,
      (nodes) => this.#fire(nodes),
      () => this.#isAwaiting(),
    );
  }

  /** Ticks while the view is visible. */
  attach(view: TreeView<N>): Disposable[] {
    this.#setTicking(view.visible);
    return [
      view.onDidChangeVisibility(({ visible }) => this.#setTicking(visible)),
      view.onDidCollapseElement(({ element }) => this.#closed.add(element)),
      view.onDidExpandElement(({ element }) => this.#closed.delete(element)),
    ];
  }

  refresh(nodes: readonly N[] | "all"): void {
    if (nodes === "all") this.#coalescer.addAll();
    else this.#coalescer.add(nodes);
  }

  async getChildren(node?: N): Promise<N[]> {
    const children = await this.model.children(node ?? null);
    for (const child of children) this.#parents.set(child, node);
    return [...children];
  }

  getTreeItem(node: N): TreeItem {
    const row = this.model.row(node);
    if (node === this.#awaited) this.#awaited = null;
    this.#shown.set(node, row.description);
    return treeItem(node.id, row);
  }

  resolveTreeItem(item: TreeItem, node: N): TreeItem {
    const markdown = this.model.tooltip(node);
    if (markdown !== null) item.tooltip = tooltip(markdown);
    return item;
  }

  dispose(): void {
    this.#tick?.dispose();
    this.#coalescer.dispose();
    this.#changes.dispose();
  }

  #fire(nodes: readonly N[] | "all"): void {
    this.#awaited = null;
    this.#waits = 0;
    if (nodes === "all") {
      this.#shown.clear();
      this.#parents.clear();
      this.#changes.fire(undefined);
    } else this.#fireKnown(nodes);
    // Something may have begun that ticks faster.
    if (this.#tick !== null && this.model.tickMs() < this.#tick.ms) this.#armTick();
  }

  #fireKnown(nodes: readonly N[]): void {
    const known = nodes.filter((node) => this.#shown.has(node));
    const [first] = known;
    if (first === undefined) return;
    this.#awaited = first;
    this.#changes.fire(known);
  }

  #isAwaiting(): boolean {
    if (this.#awaited === null) return false;
    this.#waits += 1;
    return this.#waits <= PATIENCE;
  }

  #setTicking(isTicking: boolean): void {
    if (isTicking) {
      this.refresh(this.#outdated());
      this.#armTick();
    } else {
      this.#tick?.dispose();
      this.#tick = null;
    }
  }

  #armTick(): void {
    this.#tick?.dispose();
    const ms = this.model.tickMs();
    const timer = this.timers.after(ms, () => this.#setTicking(true));
    this.#tick = { ms, dispose: () => timer.dispose() };
  }

  /** Nodes in sight of the user whose description is no longer what the editor was given. */
  #outdated(): readonly N[] {
    return [...this.#shown].filter(([node, shown]) => !this.#isHidden(node) && this.model.row(node).description !== shown).map(([node]) => node);
  }

  #isHidden(node: N): boolean {
    for (let parent = this.#parents.get(node); parent !== undefined; parent = this.#parents.get(parent)) {
      if (this.#closed.has(parent)) return true;
    }
    return false;
  }
}
