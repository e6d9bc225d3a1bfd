// Facts of files as nodes and edges of the knowledge graph. Pure; ids depend on path and name alone.
import type { GraphEdge, GraphNode, NodeId, NodeType } from "../domain/graph";
import type { FileFacts, SymbolFact } from "./facts";
import { targetsOf, type FileIndex } from "./resolveImports";

const LONGEST_OUTLINE = 2000;
const TYPE_OF: Readonly<Record<SymbolFact["kind"], NodeType>> = {
  function: "function",
  class: "module",
  interface: "module",
  type: "module",
  enum: "module",
  struct: "module",
  trait: "module",
  heading: "concept",
};

export function fileId(path: string): NodeId {
  return `file:${path}`;
}

export function packageId(name: string): NodeId {
  return `module:${name}`;
}

/** The file first, then what it declares. */
export function nodesOfFile(path: string, bytes: number, facts: FileFacts): readonly GraphNode[] {
  const outline = facts.symbols.map(({ name }) => name).join(", ").slice(0, LONGEST_OUTLINE);
  const text = [facts.lead, outline].filter((part) => part !== "").join("\n");
  const file: GraphNode = { id: fileId(path), type: "file", name: path, text, properties: { path, bytes } };
  const symbols = facts.symbols.map(({ name, kind, line }): GraphNode => {
    const type = TYPE_OF[kind];
    return { id: symbolId(type, path, name), type, name, text: "", properties: { path, line, kind } };
  });
  return [file, ...new Map(symbols.map((node) => [node.id, node])).values()];
}

/** From what a file declares to the file. */
export function partsOfFile(path: string, nodes: readonly GraphNode[]): readonly GraphEdge[] {
  return nodes.filter(({ type }) => type !== "file").map(({ id }) => ({ source: id, type: "part_of", target: fileId(path), properties: {} }));
}

/** What a file imports or links to, among these files; nothing of itself. */
export function linksOfFile(path: string, facts: FileFacts, index: FileIndex): { readonly edges: readonly GraphEdge[]; readonly packages: readonly string[] } {
  const edges = new Map<string, GraphEdge>();
  const packages = new Set<string>();
  const add = (type: "imports" | "references", target: NodeId): void => void edges.set(`${type} ${target}`, { source: fileId(path), type, target, properties: {} });
  for (const fact of facts.imports) {
    const targets = targetsOf(path, fact, index);
    for (const file of targets.files) if (file !== path) add(fact.how, fileId(file));
    for (const name of targets.packages) {
      packages.add(name);
      add(fact.how, packageId(name));
    }
  }
  return { edges: [...edges.values()], packages: [...packages] };
}

export function packageNode(name: string): GraphNode {
  const [, ...rest] = name.split("/");
  return { id: packageId(name), type: "module", name: rest.join("/"), text: "", properties: { kind: "package" } };
}

function symbolId(type: NodeType, path: string, name: string): NodeId {
  return `${type}:${path}#${name}`;
}
