// What a tree shows, apart from the editor: nodes, their children, their rows. Pure; no vscode here.
import type { Row } from "./row";

/** The same object for the same thing, for as long as the tree lives: the editor knows nodes by identity. */
export interface TreeNode {
  readonly id: string;
}

export interface TreeModel<N extends TreeNode> {
  /** null: the root. */
  children(node: N | null): Promise<readonly N[]>;
  /** Of a node whose thing is gone, any row: its parent is about to be asked again. */
  row(node: N): Row;
  /** Markdown; null: none. */
  tooltip(node: N): string | null;
  /** How often descriptions may change by themselves, ms. */
  tickMs(): number;
}

/** Gives the same node for the same id. */
export class Interner<N extends TreeNode> {
  readonly #nodes = new Map<string, N>();

  of<T extends N>(node: T): T {
    const known = this.#nodes.get(node.id);
    if (known !== undefined) return known as T;
    this.#nodes.set(node.id, node);
    return node;
  }

  /** The node of this id, if anybody has asked for it. */
  known(id: string): N | undefined {
    return this.#nodes.get(id);
  }
}
