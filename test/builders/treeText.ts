// A tree's model as text, one line a node, so that a test reads like what the user sees.
import type { TreeModel, TreeNode } from "../../src/vscode/views/treeModel";

/** `depth`: levels to show; closed nodes are opened too. */
export async function treeText<N extends TreeNode>(model: TreeModel<N>, depth = 9, node: N | null = null): Promise<readonly string[]> {
  if (depth === 0) return [];
  const lines: string[] = [];
  for (const child of await model.children(node)) {
    const { label, description } = model.row(child);
    lines.push(description === "" ? label : `${label} | ${description}`);
    lines.push(...(await treeText(model, depth - 1, child)).map((text) => `  ${text}`));
  }
  return lines;
}

/** The node below `path`, by labels. */
export async function nodeAt<N extends TreeNode>(model: TreeModel<N>, ...path: readonly string[]): Promise<N> {
  let node: N | null = null;
  for (const label of path) {
    const children: readonly N[] = await model.children(node);
    const found: N | undefined = children.find((child) => model.row(child).label === label);
    if (found === undefined) throw new Error(`There is no "${label}" among ${children.map((child) => model.row(child).label).join(", ")}.`);
    node = found;
  }
  if (node === null) throw new Error("Name a node.");
  return node;
}
