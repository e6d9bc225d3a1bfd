// Resolves imports and links of files into edges, among the files that there are now.
import type { GraphChange, GraphEdge } from "../../core/domain/graph";
import { fileId, linksOfFile, packageId, packageNode } from "../../core/graph/fileNodes";
import type { FileFacts } from "../../core/graph/facts";
import type { FileIndex } from "../../core/graph/resolveImports";
import type { FileRecords } from "./fileRecords";
import { EDGE_COLUMNS, EDGE_TABLES, edgeOf } from "./graphRows";
import type { SqlKnowledgeGraph } from "./sqlKnowledgeGraph";

export interface LinkDeps {
  readonly graph: SqlKnowledgeGraph;
  readonly records: FileRecords;
  readonly rest: () => Promise<void>;
}

const BATCH = 200;

/** Of these files, or of all. */
export async function linkFiles({ graph, records, rest }: LinkDeps, paths?: readonly string[]): Promise<void> {
  const facts = [...records.facts(paths)];
  const index = fileIndex(records.paths(), paths === undefined ? facts : [...records.facts(records.paths().filter((path) => /(?:^|\/)go\.mod$/.test(path)))]);
  for (let from = 0; from < facts.length; from += BATCH) {
    const links = facts.slice(from, from + BATCH).map(([path, found]) => linksOfFile(path, found, index));
    const wanted = new Map(links.flatMap(({ edges }) => edges).map((edge) => [nameOf(edge), edge]));
    const standing = edgesFrom(graph, facts.slice(from, from + BATCH).map(([path]) => fileId(path)));
    const known = new Set(standing.map(nameOf));
    const packages = [...new Set(links.flatMap((link) => link.packages))].filter((name) => !graph.has(packageId(name)));
    await graph.apply([
      ...standing.filter((edge) => !wanted.has(nameOf(edge))).map((edge): GraphChange => ({ kind: "removeEdge", edge })),
      ...packages.map((name): GraphChange => ({ kind: "putNode", node: packageNode(name) })),
      ...[...wanted.values()].filter((edge) => !known.has(nameOf(edge))).map((edge): GraphChange => ({ kind: "putEdge", edge })),
    ]);
    await rest();
  }
  await graph.apply(unused(graph));
}

/** Packages that no file imports any more. */
function unused(graph: SqlKnowledgeGraph): readonly GraphChange[] {
  const rows = graph.database.rows("SELECT id FROM nodes WHERE type = 'module' AND json_extract(properties, '$.kind') = 'package' AND key NOT IN (SELECT target FROM edges)");
  return rows.map((row) => ({ kind: "removeNode", id: String(row["id"]) }));
}

function edgesFrom(graph: SqlKnowledgeGraph, ids: readonly string[]): readonly GraphEdge[] {
  const chosen = "s.id IN (SELECT value FROM json_each(?)) AND edges.type IN ('imports', 'references')";
  return graph.database.rows(`SELECT ${EDGE_COLUMNS} FROM ${EDGE_TABLES} WHERE ${chosen}`, [JSON.stringify(ids)]).map(edgeOf);
}

function nameOf({ source, type, target }: GraphEdge): string {
  return JSON.stringify([source, type, target]);
}

function fileIndex(paths: readonly string[], facts: readonly (readonly [string, FileFacts])[]): FileIndex {
  const all = new Set(paths);
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const files = folders.get(folder);
    if (files === undefined) folders.set(folder, [path]);
    else files.push(path);
  }
  for (const files of folders.values()) files.sort();
  const goModules = facts.filter(([, { module }]) => module !== "").map(([path, { module }]) => ({ folder: path.slice(0, Math.max(0, path.lastIndexOf("/"))), module }));
  // The most specific name first.
  goModules.sort((a, b) => b.module.length - a.module.length || (a.folder < b.folder ? -1 : 1));
  return { has: (path) => all.has(path), filesIn: (folder) => folders.get(folder) ?? [], goModules };
}
