// Runs the contract of KnowledgeGraph on sql.js, as it was made and as it is opened again from its bytes.
import { SqlKnowledgeGraph } from "../../src/adapters/graph/sqlKnowledgeGraph";
import { emptyDatabase } from "../../src/adapters/graph/graphDatabase";
import { loadSql } from "../../src/adapters/store/sqlDatabase";
import type { GraphState, KnowledgeGraph } from "../../src/core/ports/knowledgeGraph";
import { knowledgeGraphContract } from "./knowledgeGraphContract";

const STATE: GraphState = { indexedAt: null, isIndexing: false, files: 0, skipped: 0 };
const open = (database: SqlKnowledgeGraph["database"]): Promise<SqlKnowledgeGraph> => SqlKnowledgeGraph.over(database, () => STATE, () => Promise.resolve());

describe("SqlKnowledgeGraph", () => {
  knowledgeGraphContract(async () => open(emptyDatabase(await loadSql())));
});

describe("SqlKnowledgeGraph opened from its bytes after every change", () => {
  knowledgeGraphContract(async () => reopening(await open(emptyDatabase(await loadSql()))));
});

/** Whatever is asked is answered by a graph that has just been read. */
function reopening(first: SqlKnowledgeGraph): KnowledgeGraph {
  let graph = first;
  const again = async (): Promise<void> => {
    const bytes = graph.database.export();
    graph.database.close();
    graph = await open((await loadSql()).open(bytes));
  };
  const changing = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } finally {
      await again();
    }
  };
  return {
    state: () => graph.state(),
    node: (...args) => graph.node(...args),
    search: (...args) => graph.search(...args),
    query: (...args) => graph.query(...args),
    neighbours: (...args) => graph.neighbours(...args),
    subgraph: (...args) => graph.subgraph(...args),
    path: (...args) => graph.path(...args),
    apply: (changes) => changing(graph.apply(changes)),
    clear: () => changing(graph.clear()),
  };
}
