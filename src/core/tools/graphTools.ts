// The tools that read the knowledge graph. They only read: nodes are written by the engine alone. Answers are one line a
// node, bounded, and end with the age of what they say.
import * as z from "zod/mini";
import { boundText } from "../domain/boundedText";
import { EDGE_TYPES, NODE_TYPES, isEdgeType, isNodeType, type EdgeType, type GraphNode, type NodeType } from "../domain/graph";
import { visibleName } from "../domain/visibleText";
import type { GraphReader, GraphState } from "../ports/knowledgeGraph";
import { counted, defineTool, failed, oneLine } from "./defineTool";
import type { Tool, ToolContext, ToolOutcome } from "./tool";

const MOST_FOUND = 20;
const MOST_LISTED = 50;
const MOST_OF_SUBGRAPH = 60;
const MOST_BYTES = 8 * 1024;
const NODE_BYTES = 16 * 1024;
const DEFAULT_DEPTH = 1;
const MOST_DEPTH = 3;

const search = defineTool({
  name: "graph_search_nodes",
  description: "Ranked search of files, symbols, headings and finished tasks by words.",
  schema: z.object({ query: z.string(), type: z.optional(z.string()) }),
  readOnly: true,
  describe: ({ query, type = "" }) => [query, type].filter((part) => part !== "").join(" "),
  run: async ({ query, type }, context) =>
    asking(context, async (graph, shows) => {
      const wrong = wrongType(type);
      if (wrong !== null) return wrong;
      const hits = await graph.search(query, { limit: MOST_FOUND, ...typeOf(type) });
      const nodes = hits.map(({ node }) => node).filter(shows);
      return listed(nodes, nodes.length, "No node has these words.");
    }),
});

const query = defineTool({
  name: "graph_query_nodes",
  description: "Lists nodes of a type (file, function, module, concept, task, deliverable …) by exact properties.",
  schema: z.object({ type: z.optional(z.string()), properties: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))) }),
  readOnly: true,
  describe: ({ type = "any", properties = {} }) => [type, ...Object.entries(properties).map(([name, value]) => `${name}=${value}`)].join(" "),
  run: async ({ type, properties = {} }, context) =>
    asking(context, async (graph, shows) => {
      const wrong = wrongType(type);
      if (wrong !== null) return wrong;
      const { nodes, total } = await graph.query({ ...typeOf(type), properties, limit: MOST_LISTED });
      return listed(nodes.filter(shows), total, "No node fits.");
    }),
});

const getNode = defineTool({
  name: "graph_get_node",
  description: "Shows a node by its id.",
  schema: z.object({ id: z.string() }),
  readOnly: true,
  describe: ({ id }) => id,
  run: async ({ id }, context) =>
    asking(context, async (graph, shows) => {
      const node = await graph.node(id);
      if (node === null || !shows(node)) return failed(`The graph has no node ${JSON.stringify(id)}: graph_search_nodes finds ids.`, "no such node");
      const properties = Object.entries(node.properties).map(([name, value]) => `${name}: ${visibleName(String(value))}`);
      const text = [visibleName(node.id), `name: ${visibleName(node.name)}`, ...properties, ...(node.text === "" ? [] : ["", node.text])].join("\n");
      return { ok: true, text: boundText(text, NODE_BYTES), summary: node.type };
    }),
});

const getNeighbours = defineTool({
  name: "graph_get_neighbors",
  description: "Lists what a node is connected with: imports, part_of, references, produced …",
  schema: z.object({ id: z.string(), direction: z.optional(z.enum(["out", "in", "both"])), edge: z.optional(z.string()) }),
  readOnly: true,
  describe: ({ id, direction = "both", edge = "" }) => [id, direction, edge].filter((part) => part !== "").join(" "),
  run: async ({ id, direction = "both", edge }, context) =>
    asking(context, async (graph, shows) => {
      if (edge !== undefined && !isEdgeType(edge)) return failed(`There are no edges of type ${JSON.stringify(edge)}: ${EDGE_TYPES.join(", ")}.`, "unknown type");
      const types: { readonly types?: readonly EdgeType[] } = edge === undefined ? {} : { types: [edge] };
      const { found, total } = await graph.neighbours(id, { direction, limit: MOST_LISTED, ...types });
      const lines = found.filter(({ node }) => shows(node)).map(({ edge: one, node }) => `${one.source === id ? `${one.type} →` : `← ${one.type}`} ${lineOf(node)}`);
      return answer(lines, total, "It has no such edges.");
    }),
});

const getSubgraph = defineTool({
  name: "graph_get_subgraph",
  description: `Shows nodes and edges around a node; depth 1 to ${MOST_DEPTH}.`,
  schema: z.object({ id: z.string(), depth: z.optional(z.int().check(z.gte(1))) }),
  readOnly: true,
  describe: ({ id, depth = DEFAULT_DEPTH }) => `${id} to depth ${depth}`,
  run: async ({ id, depth = DEFAULT_DEPTH }, context) =>
    asking(context, async (graph, shows) => {
      const { nodes, edges, isCut } = await graph.subgraph(id, { depth: Math.min(depth, MOST_DEPTH), limit: MOST_OF_SUBGRAPH });
      const shown = nodes.filter(shows);
      const known = new Set(shown.map((node) => node.id));
      const ways = edges.filter(({ source, target }) => known.has(source) && known.has(target)).map(({ source, type, target }) => `${visibleName(source)} ${type} → ${visibleName(target)}`);
      const cut = isCut ? ["[there is more around it; ask for less depth, or for a node's neighbours]"] : [];
      return { ok: true, text: boundText([...shown.map(lineOf), "", ...ways, ...cut].join("\n"), MOST_BYTES), summary: counted(shown.length, "node") };
    }),
});

export const GRAPH_TOOLS: readonly Tool[] = [search, query, getNode, getNeighbours, getSubgraph];

/** `shows`: not what the user has excluded, also since the graph was made. */
async function asking({ graph, files }: ToolContext, work: (graph: GraphReader, shows: (node: GraphNode) => boolean) => Promise<ToolOutcome>): Promise<ToolOutcome> {
  if (graph === undefined) return failed("There is no knowledge graph here. Use search and list_files.", "no graph");
  const shows = ({ properties: { path } }: GraphNode): boolean => typeof path !== "string" || !files.isExcluded(path);
  const outcome = await work(graph, shows);
  return outcome.ok ? { ...outcome, text: `${outcome.text}\n${ageOf(await graph.state())}` } : outcome;
}

function ageOf({ indexedAt, isIndexing, files }: GraphState): string {
  const now = isIndexing ? "; being brought up to date" : "";
  const what = "of the user's tree, not of your worktree";
  return indexedAt === null ? `[not indexed yet: ${files} files so far]` : `[indexed ${indexedAt.slice(0, 19)}Z, ${files} files ${what}${now}]`;
}

function wrongType(type: string | undefined): ToolOutcome | null {
  return type === undefined || isNodeType(type) ? null : failed(`There are no nodes of type ${JSON.stringify(type)}: ${NODE_TYPES.join(", ")}.`, "unknown type");
}

function typeOf(type: string | undefined): { readonly type?: NodeType } {
  return type !== undefined && isNodeType(type) ? { type } : {};
}

function listed(nodes: readonly GraphNode[], total: number, none: string): ToolOutcome {
  return answer(nodes.map(lineOf), total, none);
}

function answer(lines: readonly string[], total: number, none: string): ToolOutcome {
  if (lines.length === 0) return { ok: true, text: none, summary: "0 nodes" };
  const more = total > lines.length ? `\n[${total - lines.length} more; narrow it]` : "";
  return { ok: true, text: boundText(lines.join("\n"), MOST_BYTES) + more, summary: counted(total, "node") };
}

/** The id, where it is, and how its text begins. */
function lineOf({ id, name, text, properties }: GraphNode): string {
  const line = properties["line"] === undefined ? "" : ` line ${properties["line"]}`;
  const called = id.endsWith(name) ? "" : ` "${oneLine(name)}"`;
  const about = text === "" ? "" : `: ${oneLine(text)}`;
  return `${visibleName(id)}${line}${called}${about}`;
}
