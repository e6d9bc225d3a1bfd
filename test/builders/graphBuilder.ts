// Nodes, edges and changes of a knowledge graph.
import type { EdgeType, GraphChange, GraphEdge, GraphNode, NodeType } from "../../src/core/domain/graph";

/** `what`: the id without its type, and the name where none is given. */
export function aNode(type: NodeType, what: string, parts: Partial<GraphNode> = {}): GraphNode {
  return { id: what === "" ? "" : `${type}:${what}`, type, name: what, text: "", properties: {}, ...parts };
}

export function anEdge(source: string, type: EdgeType, target: string): GraphEdge {
  return { source, type, target, properties: {} };
}

export function put(...nodes: readonly GraphNode[]): GraphChange[] {
  return nodes.map((node) => ({ kind: "putNode", node }));
}

export function putEdge(source: string, type: EdgeType, target: string): GraphChange[] {
  return [{ kind: "putEdge", edge: anEdge(source, type, target) }];
}
