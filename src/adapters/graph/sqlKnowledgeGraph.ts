// The knowledge graph in a database in memory, with a search index beside it that follows every change. It knows nothing
// of files, journals or threads, and saves nothing.
import { assertNode, assertProperties, type EdgeType, type GraphChange, type GraphEdge, type GraphNode, type NodeId } from "../../core/domain/graph";
import { CountersignError } from "../../core/domain/errors";
import { DEEPEST, MOST_EDGES, MOST_NODES, type Direction, type GraphState, type KnowledgeGraph, type Neighbour, type NodeFilter, type SearchHit, type Subgraph } from "../../core/ports/knowledgeGraph";
import type { SqlDatabase, SqlRow } from "../store/sqlDatabase";
import { EDGE_COLUMNS, EDGE_TABLES, PUT_EDGE, PUT_NODE, edgeOf, keyOf, nodeOf, nodeValues, stored } from "./graphRows";
import { GraphWalk } from "./graphWalk";
import { SearchIndex, type SearchDocument } from "./searchIndex";

type Put = Extract<GraphChange, { readonly kind: "putNode" }>;
type Update = Extract<GraphChange, { readonly kind: "updateNode" }>;

const JSON_TYPES: Readonly<Record<string, string>> = { string: "'text'", number: "'integer', 'real'", boolean: "'true', 'false'" };

/** Nodes taken into the search index before others get a turn. */
const CHUNK = 500;

export class SqlKnowledgeGraph implements KnowledgeGraph {
  readonly #index = new SearchIndex();
  #keys = new Map<NodeId, number>();
  #lastKey = 0;

  private constructor(
    readonly database: SqlDatabase,
    private readonly stateNow: () => GraphState,
  ) {}

  /** `rest` is called between chunks of the work, which takes a second for 50,000 nodes. */
  static async over(database: SqlDatabase, stateNow: () => GraphState, rest: () => Promise<void>): Promise<SqlKnowledgeGraph> {
    const graph = new SqlKnowledgeGraph(database, stateNow);
    for (let rows = graph.#rowsAfter(0); rows.length > 0; rows = graph.#rowsAfter(graph.#lastKey)) {
      for (const row of rows) graph.#know(keyOf(row), nodeOf(row));
      await rest();
    }
    return graph;
  }

  async state(): Promise<GraphState> {
    return this.stateNow();
  }

  has(id: NodeId): boolean {
    return this.#keys.has(id);
  }

  async node(id: NodeId): Promise<GraphNode | null> {
    const key = this.#keys.get(id);
    return key === undefined ? null : this.#node(key);
  }

  async search(words: string, { type, limit }: { readonly type?: string; readonly limit: number }): Promise<readonly SearchHit[]> {
    const ranked = this.#index.search(words, type ?? null);
    const wanted = bounded(limit, MOST_NODES);
    const last = ranked[wanted - 1]?.score ?? 0;
    // All that tie with the last one: which of them are shown is decided by their ids.
    const candidates = ranked.filter(({ score }, index) => index < wanted || score === last);
    const nodes = this.#nodes(candidates.map(({ key }) => key));
    const hits = candidates.flatMap(({ key, score }) => {
      const node = nodes.get(key);
      return node === undefined ? [] : [{ node, score }];
    });
    return hits.toSorted((a, b) => b.score - a.score || byId(a.node, b.node)).slice(0, wanted);
  }

  async query({ type = null, properties = {}, limit }: Omit<NodeFilter, "type"> & { readonly type?: string | null }): Promise<{ readonly nodes: readonly GraphNode[]; readonly total: number }> {
    assertProperties("the query", properties);
    const values = Object.entries(properties);
    // SQLite takes true for 1.
    const conditions = values.map(([, value], index) => `json_extract(properties, ?${2 * index + 2}) = ?${2 * index + 3} AND json_type(properties, ?${2 * index + 2}) IN (${JSON_TYPES[typeof value]})`);
    const where = ["(?1 IS NULL OR type = ?1)", ...conditions].join(" AND ");
    const params = [type, ...values.flatMap(([name, value]) => [`$."${name}"`, typeof value === "boolean" ? Number(value) : value])];
    const total = Number(this.database.rows(`SELECT count(*) AS total FROM nodes WHERE ${where}`, params)[0]?.["total"] ?? 0);
    const rows = this.database.rows(`SELECT * FROM nodes WHERE ${where} ORDER BY id LIMIT ${bounded(limit, MOST_NODES)}`, params);
    return { nodes: rows.map(nodeOf), total };
  }

  async neighbours(id: NodeId, { direction, types, limit }: { readonly direction: Direction; readonly types?: readonly EdgeType[]; readonly limit: number }): Promise<{ readonly found: readonly Neighbour[]; readonly total: number }> {
    const key = this.#need(id);
    const ends = { out: "edges.source = ?1", in: "edges.target = ?1", both: "(edges.source = ?1 OR edges.target = ?1)" }[direction];
    const typed = "(?2 IS NULL OR edges.type IN (SELECT value FROM json_each(?2)))";
    const rows = this.database.rows(`SELECT ${EDGE_COLUMNS} FROM ${EDGE_TABLES} WHERE ${ends} AND ${typed}`, [key, types === undefined ? null : JSON.stringify(types)]);
    const other = (row: SqlRow): number => Number(row["source"] === key ? row["target"] : row["source"]);
    const nodes = this.#nodes(rows.map(other));
    const found = rows.flatMap((row) => {
      const node = nodes.get(other(row));
      return node === undefined ? [] : [{ edge: edgeOf(row), node }];
    });
    return { found: found.toSorted((a, b) => byId(a.node, b.node) || (a.edge.type < b.edge.type ? -1 : 1)).slice(0, bounded(limit, MOST_NODES)), total: found.length };
  }

  async subgraph(id: NodeId, { depth, limit }: { readonly depth: number; readonly limit: number }): Promise<Subgraph> {
    const start = this.#need(id);
    const { keys, isCut } = this.#walk.around(start, Math.min(Math.max(0, depth), DEEPEST), bounded(limit, MOST_NODES));
    const nodes = this.#nodes(keys);
    const within = "edges.source IN (SELECT value FROM json_each(?1)) AND edges.target IN (SELECT value FROM json_each(?1))";
    const order = "ORDER BY s.id, edges.type, t.id";
    const edges = this.database.rows(`SELECT ${EDGE_COLUMNS} FROM ${EDGE_TABLES} WHERE ${within} ${order} LIMIT ${MOST_EDGES + 1}`, [JSON.stringify(keys)]);
    return { nodes: keys.flatMap((key) => nodes.get(key) ?? []), edges: edges.slice(0, MOST_EDGES).map(edgeOf), isCut: isCut || edges.length > MOST_EDGES };
  }

  async path(from: NodeId, to: NodeId, depth: number): Promise<readonly GraphNode[] | null> {
    const keys = this.#walk.path(this.#need(from), this.#need(to), Math.min(Math.max(0, depth), DEEPEST));
    if (keys === null) return null;
    const nodes = this.#nodes(keys);
    return keys.flatMap((key) => nodes.get(key) ?? []);
  }

  async apply(changes: readonly GraphChange[]): Promise<void> {
    const before = { keys: this.#keys, lastKey: this.#lastKey };
    const undo: (() => void)[] = [];
    try {
      this.database.transaction(() => {
        for (const run of runsOf(changes)) this.#make(run, undo);
      });
    } catch (error) {
      for (const step of undo.toReversed()) step();
      this.#lastKey = before.lastKey;
      throw error;
    }
  }

  async clear(): Promise<void> {
    this.database.run("DELETE FROM nodes; DELETE FROM edges;");
    this.#index.clear();
    this.#keys = new Map();
    this.#lastKey = 0;
  }

  get #walk(): GraphWalk {
    return new GraphWalk(this.database);
  }

  /** Changes of one kind in a row: a statement is prepared once for all of them. */
  #make(run: readonly GraphChange[], undo: (() => void)[]): void {
    const [first] = run;
    switch (first?.kind) {
      case "putNode":
        return this.#putNodes((run as readonly Put[]).map(({ node }) => node), undo);
      case "updateNode":
        for (const update of run as readonly Update[]) this.#putNodes([this.#updated(update)], undo);
        return;
      case "removeNode":
        for (const change of run) if (change.kind === "removeNode") this.#removeNode(change.id, undo);
        return;
      case "putEdge":
        return this.database.runAll(PUT_EDGE, run.flatMap((change) => (change.kind === "putEdge" ? [this.#edgeValues(change.edge)] : [])));
      case "removeEdge": {
        const gone = run.flatMap((change) => (change.kind === "removeEdge" ? [[this.#keys.get(change.edge.source) ?? null, change.edge.type, this.#keys.get(change.edge.target) ?? null]] : []));
        return this.database.runAll("DELETE FROM edges WHERE source = ? AND type = ? AND target = ?", gone);
      }
      default:
    }
  }

  #putNodes(nodes: readonly GraphNode[], undo: (() => void)[]): void {
    // The last one of an id counts.
    const unique = [...new Map(nodes.map((node) => [node.id, node])).values()];
    const old = this.#nodes(unique.flatMap(({ id }) => this.#keys.get(id) ?? []));
    const rows = unique.map((node) => {
      assertNode(node);
      const known = this.#keys.get(node.id);
      const key = known ?? ++this.#lastKey;
      const before = known === undefined ? null : (old.get(known) ?? null);
      if (before?.name !== node.name || before.text !== node.text || before.type !== node.type) {
        if (before !== null) this.#forget(key, before);
        this.#know(key, node);
        undo.push(() => {
          this.#forget(key, node);
          if (before !== null) this.#know(key, before);
        });
      }
      return nodeValues(key, node);
    });
    this.database.runAll(PUT_NODE, rows);
  }

  #updated({ id, name, text, properties = {} }: Update): GraphNode {
    const node = this.#node(this.#need(id));
    if (node === null) throw missing(id);
    const merged = Object.entries({ ...node.properties, ...properties }).filter((entry): entry is [string, string | number | boolean] => entry[1] !== null);
    return { ...node, name: name ?? node.name, text: text ?? node.text, properties: Object.fromEntries(merged) };
  }

  #removeNode(id: NodeId, undo: (() => void)[]): void {
    const key = this.#keys.get(id);
    const node = key === undefined ? null : this.#node(key);
    if (key === undefined || node === null) return;
    this.#forget(key, node);
    undo.push(() => this.#know(key, node));
    this.database.runAll("DELETE FROM edges WHERE source = ?1 OR target = ?1", [[key]]);
    this.database.runAll("DELETE FROM nodes WHERE key = ?", [[key]]);
  }

  #edgeValues({ source, type, target, properties }: GraphEdge): readonly (string | number)[] {
    assertProperties(`${source} ${type} ${target}`, properties);
    return [this.#need(source), type, this.#need(target), stored(properties)];
  }

  #know(key: number, node: GraphNode): void {
    this.#keys.set(node.id, key);
    this.#lastKey = Math.max(this.#lastKey, key);
    this.#index.add(documentOf(key, node));
  }

  #forget(key: number, node: GraphNode): void {
    this.#keys.delete(node.id);
    this.#index.remove(documentOf(key, node));
  }

  #need(id: NodeId): number {
    const key = this.#keys.get(id);
    if (key === undefined) throw missing(id);
    return key;
  }

  #node(key: number): GraphNode | null {
    return this.#nodes([key]).get(key) ?? null;
  }

  #nodes(keys: readonly number[]): ReadonlyMap<number, GraphNode> {
    if (keys.length === 0) return new Map();
    const rows = this.database.rows("SELECT * FROM nodes WHERE key IN (SELECT value FROM json_each(?))", [JSON.stringify(keys)]);
    return new Map(rows.map((row) => [keyOf(row), nodeOf(row)]));
  }

  #rowsAfter(key: number): readonly SqlRow[] {
    return this.database.rows(`SELECT * FROM nodes WHERE key > ? ORDER BY key LIMIT ${CHUNK}`, [key]);
  }
}

function runsOf(changes: readonly GraphChange[]): readonly (readonly GraphChange[])[] {
  const runs: GraphChange[][] = [];
  for (const change of changes) {
    const last = runs.at(-1);
    if (last?.[0]?.kind === change.kind) last.push(change);
    else runs.push([change]);
  }
  return runs;
}

function documentOf(key: number, { type, name, text }: GraphNode): SearchDocument {
  return { key, type, name, text };
}

function bounded(limit: number, most: number): number {
  return Math.min(Math.max(1, Math.trunc(limit) || 1), most);
}

function byId(one: GraphNode, other: GraphNode): number {
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}

function missing(id: NodeId): CountersignError {
  return new CountersignError("notFound", `The graph has no node ${JSON.stringify(id.slice(0, 200))}. Find its id with a search.`);
}
