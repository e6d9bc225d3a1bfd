// What the knowledge graph is made of: typed nodes, typed edges, and the bounds of both. Data and pure functions.
import { CountersignError } from "./errors";

export const NODE_TYPES = [
  "todo",
  "file",
  /** An idea with a name: a heading of a document. */
  "concept",
  /** What has members: a class, an interface, a type, a package from elsewhere. The property `kind` says which. */
  "module",
  "function",
  "person",
  "project",
  "memory",
  "task",
  "session",
  "deliverable",
  "custom",
] as const;
export type NodeType = (typeof NODE_TYPES)[number];

export const EDGE_TYPES = ["depends_on", "part_of", "relates_to", "references", "implements", "imports", "produced", "assigned_to", "follows", "custom"] as const;
export type EdgeType = (typeof EDGE_TYPES)[number];

/** Names a node for ever: `<type>:<what>`, e.g. `file:src/cli.ts`, `function:src/cli.ts#main`, `task:add-fib-7k2m`. */
export type NodeId = string;

export type GraphValue = string | number | boolean;
export type GraphProperties = Readonly<Record<string, GraphValue>>;

export interface GraphNode {
  readonly id: NodeId;
  readonly type: NodeType;
  /** What people call it; weighs most in a search. */
  readonly name: string;
  /** Further words to find it by: a summary, a comment, what was said about it. May be empty. */
  readonly text: string;
  /** Facts to ask for by their exact value. Files and what is in them have `path`, symbols `line` (1-based) and `kind`. */
  readonly properties: GraphProperties;
}

/** From `source` to `target`: the source depends on, is part of, imports … the target. One of a type between two nodes. */
export interface GraphEdge {
  readonly source: NodeId;
  readonly type: EdgeType;
  readonly target: NodeId;
  readonly properties: GraphProperties;
}

export type GraphChange =
  /** New, or in the place of the node with this id; its edges stay. */
  | { readonly kind: "putNode"; readonly node: GraphNode }
  /** What is given changes; properties are merged, and `null` takes one out. */
  | { readonly kind: "updateNode"; readonly id: NodeId; readonly name?: string; readonly text?: string; readonly properties?: Readonly<Record<string, GraphValue | null>> }
  /** With all its edges. Nothing where there is none. */
  | { readonly kind: "removeNode"; readonly id: NodeId }
  /** New, or in the place of the edge of this type between the two. */
  | { readonly kind: "putEdge"; readonly edge: GraphEdge }
  /** Nothing where there is none. */
  | { readonly kind: "removeEdge"; readonly edge: Pick<GraphEdge, "source" | "type" | "target"> };

/** Characters. */
export const LONGEST_ID = 1024;
export const LONGEST_NAME = 1024;
/** Characters of a node's text: feedback is kept whole. */
export const LONGEST_TEXT = 262_144;
export const MOST_PROPERTIES = 64;
/** Names of properties are looked up by exact value, and stand in queries. */
const PROPERTY_NAME = /^[A-Za-z_][\w.-]{0,63}$/;

/** Throws `badRequest`, saying what of the node is beyond its bounds. */
export function assertNode(node: GraphNode): void {
  if (node.id === "" || node.id.length > LONGEST_ID) throw outOfBounds(node.id, `an id has 1 to ${LONGEST_ID} characters`);
  if (node.name.length > LONGEST_NAME) throw outOfBounds(node.id, `a name has at most ${LONGEST_NAME} characters`);
  if (node.text.length > LONGEST_TEXT) throw outOfBounds(node.id, `a text has at most ${LONGEST_TEXT} characters`);
  assertProperties(node.id, node.properties);
}

export function assertProperties(id: string, properties: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(properties);
  if (names.length > MOST_PROPERTIES) throw outOfBounds(id, `there are at most ${MOST_PROPERTIES} properties`);
  const wrong = names.find((name) => !PROPERTY_NAME.test(name));
  if (wrong !== undefined) throw outOfBounds(id, `${JSON.stringify(wrong)} is no name of a property`);
}

function outOfBounds(id: string, why: string): CountersignError {
  return new CountersignError("badRequest", `The node ${JSON.stringify(id.slice(0, 80))} was not stored: ${why}. Nothing was changed.`);
}

export function isNodeType(word: string): word is NodeType {
  return (NODE_TYPES as readonly string[]).includes(word);
}

export function isEdgeType(word: string): word is EdgeType {
  return (EDGE_TYPES as readonly string[]).includes(word);
}

export function sameProperties(one: GraphProperties, other: GraphProperties): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
