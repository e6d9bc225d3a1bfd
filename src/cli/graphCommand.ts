// `graph`: asks the knowledge graph of a repository, as agents do. It only reads, and makes nothing in a folder that holds
// no task.
import { CountersignError } from "../core/domain/errors";
import type { GraphNode } from "../core/domain/graph";
import type { GraphState, WorkspaceGraph } from "../core/ports/knowledgeGraph";
import { graphOf, openSite } from "../composition/site";
import type { Command } from "./arguments";
import { EXIT, type CommandContext } from "./runCommands";
import type { Terminal } from "./terminal";

type GraphQuery = Extract<Command, { kind: "graph" }>;

const MOST_FOUND = 20;
const MOST_NEIGHBOURS = 100;

export async function graphCommand(command: GraphQuery, { env, out }: CommandContext): Promise<number> {
  const graph = graphOf(await openSite(command.repo, env));
  try {
    if (command.act === "search") await search(graph, command, out);
    else await show(graph, command, out);
    return EXIT.passed;
  } finally {
    await graph.close();
  }
}

async function search(graph: WorkspaceGraph, { words, json }: GraphQuery, out: Terminal): Promise<void> {
  const hits = await graph.search(words, { limit: MOST_FOUND });
  const state = await graph.state();
  if (json) return out.raw(`${JSON.stringify({ hits, state }, null, 2)}\n`);
  for (const { node } of hits) out.line(lineOf(node));
  if (hits.length === 0) out.line("No node has these words.");
  out.line(ageOf(state));
}

async function show(graph: WorkspaceGraph, { words: id, json }: GraphQuery, out: Terminal): Promise<void> {
  const node = await graph.node(id);
  if (node === null) throw new CountersignError("notFound", `The graph has no node "${id}". "countersign graph search WORDS" finds ids.`);
  const { found, total } = await graph.neighbours(id, { direction: "both", limit: MOST_NEIGHBOURS });
  const state = await graph.state();
  if (json) return out.raw(`${JSON.stringify({ node, neighbours: found, total, state }, null, 2)}\n`);
  out.line(`${node.id}  ${node.name}`);
  for (const [name, value] of Object.entries(node.properties)) out.line(`  ${name}: ${value}`);
  if (node.text !== "") out.line(`\n${node.text}\n`);
  for (const { edge, node: other } of found) out.line(`  ${edge.source === id ? `${edge.type} →` : `← ${edge.type}`} ${lineOf(other)}`);
  if (total > found.length) out.line(`  and ${total - found.length} more`);
  out.line(ageOf(state));
}

/** Its id, where it stands, and what it is called where the id does not say so. */
function lineOf({ id, name, properties }: GraphNode): string {
  const line = properties["line"] === undefined ? "" : `  line ${properties["line"]}`;
  return `${id}${line}${id.endsWith(name) ? "" : `  ${name}`}`;
}

function ageOf({ indexedAt, isIndexing, files, skipped }: GraphState): string {
  const passedOver = skipped === 0 ? "" : `, ${skipped} passed over (binary or larger than 512 KB)`;
  const when = indexedAt === null ? "not indexed yet" : `indexed ${indexedAt}`;
  return `\n${files} files${passedOver}, ${when}${isIndexing ? ", and being brought up to date" : ""}`;
}
