// The knowledge graph: what is known of the repository and of finished work, for agents to find their way by. It is a
// projection of the user's files and of the journal: whatever is in it can be made anew, and nothing is decided by it.
import type { EdgeType, GraphChange, GraphEdge, GraphNode, GraphProperties, NodeId, NodeType } from "../domain/graph";

/** How far the graph knows the present. */
export interface GraphState {
  /** When the last look at files and journal ended, ISO 8601, UTC; null before the first. */
  readonly indexedAt: string | null;
  /** A look is under way: what it has found so far is in the answers. */
  readonly isIndexing: boolean;
  /** Files with a node, and those that have none because they are binary, too large or unreadable. */
  readonly files: number;
  readonly skipped: number;
}

export interface SearchHit {
  readonly node: GraphNode;
  /** BM25, higher is better; comparable within one answer only. */
  readonly score: number;
}

export interface NodeFilter {
  readonly type?: NodeType;
  /** All must have exactly these values. */
  readonly properties?: GraphProperties;
  /** At most this many nodes, 1 to `MOST_NODES`. */
  readonly limit: number;
}

/** `out`: edges that begin at the node; `in`: edges that end at it. */
export type Direction = "out" | "in" | "both";

export interface Neighbour {
  readonly edge: GraphEdge;
  /** The node at the other end. */
  readonly node: GraphNode;
}

export interface Subgraph {
  /** Nearest first. */
  readonly nodes: readonly GraphNode[];
  /** All edges between these nodes, up to `MOST_EDGES`. */
  readonly edges: readonly GraphEdge[];
  /** There is more within the depth than the answer holds. */
  readonly isCut: boolean;
}

export const MOST_NODES = 500;
export const MOST_EDGES = 2000;
export const DEEPEST = 6;
/** A path is looked for among at most so many nodes. */
export const MOST_VISITED = 20_000;

/**
 * Contract:
 * - Answers are of one moment: never half a batch of changes. They may be older than the files: `state` says how old.
 * - Equal questions of an equal graph get equal answers, in the same order, whatever the order of writing was.
 * - `search` ranks by BM25 over name and text, by the parts of camelCase and snake_case words, singular or plural; best
 *   first, ties by id. A rare word finds longer ones that begin with it; words that very many nodes have count only
 *   where there is no rarer one. No word that is known: empty. `query` and `neighbours` sort by id.
 * - `node` is null, and `neighbours`, `subgraph` and `path` reject with `notFound`, for an id that is not there.
 * - Limits are held to their bounds; whoever asks for more gets the bound.
 */
export interface GraphReader {
  state(): Promise<GraphState>;
  node(id: NodeId): Promise<GraphNode | null>;
  search(words: string, options: { readonly type?: NodeType; readonly limit: number }): Promise<readonly SearchHit[]>;
  query(filter: NodeFilter): Promise<{ readonly nodes: readonly GraphNode[]; readonly total: number }>;
  /** `types`: of edges; all where it is left out. */
  neighbours(id: NodeId, options: { readonly direction: Direction; readonly types?: readonly EdgeType[]; readonly limit: number }): Promise<{ readonly found: readonly Neighbour[]; readonly total: number }>;
  /** Everything at most `depth` edges away, whatever their direction; depth 0 to `DEEPEST`. */
  subgraph(id: NodeId, options: { readonly depth: number; readonly limit: number }): Promise<Subgraph>;
  /** The nodes of a shortest way, both ends included, along edges of any direction; null where there is none of at most `depth` edges. */
  path(from: NodeId, to: NodeId, depth: number): Promise<readonly GraphNode[] | null>;
}

/**
 * Contract: `apply` makes all changes of a batch, in their order, or none; it rejects with `badRequest` for what is
 * beyond the bounds of domain/graph.ts and with `notFound` for an edge one of whose ends is missing, or an update of a
 * missing node. It is idempotent. `clear` leaves an empty graph. For the engine alone: no agent writes.
 */
export interface KnowledgeGraph extends GraphReader {
  apply(changes: readonly GraphChange[]): Promise<void>;
  clear(): Promise<void>;
}

/**
 * A graph that keeps itself up to date. Contract: `refresh` looks at files and journal and resolves when the answers
 * hold what it found; calls during a look share the next one. Nothing is read or made before the first call of
 * anything here. `close` saves what is worth it, gives up what it holds, and is idempotent; afterwards all reject
 * with `conflict`.
 */
export interface WorkspaceGraph extends GraphReader {
  refresh(): Promise<GraphState>;
  close(): Promise<void>;
}
