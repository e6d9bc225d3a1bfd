import { strict as assert } from "node:assert";
import { emptyDatabase } from "../../src/adapters/graph/graphDatabase";
import { SqlKnowledgeGraph } from "../../src/adapters/graph/sqlKnowledgeGraph";
import { loadSql } from "../../src/adapters/store/sqlDatabase";
import { CountersignError } from "../../src/core/domain/errors";
import type { GraphChange } from "../../src/core/domain/graph";
import type { GraphReader, GraphState } from "../../src/core/ports/knowledgeGraph";
import { GRAPH_TOOLS } from "../../src/core/tools/graphTools";
import { aNode, put, putEdge } from "../builders/graphBuilder";
import { aToolBench, type ToolBench } from "../builders/toolBench";

const AGE = "[indexed 2026-01-02T03:04:05Z, 3 files of the user's tree, not of your worktree]";
const KNOWN: GraphState = { indexedAt: "2026-01-02T03:04:05.678Z", isIndexing: false, files: 3, skipped: 0 };

async function aGraph(changes: readonly GraphChange[], state = KNOWN): Promise<GraphReader> {
  const graph = await SqlKnowledgeGraph.over(emptyDatabase(await loadSql()), () => state, () => Promise.resolve());
  await graph.apply(changes);
  return graph;
}

const SHOP: readonly GraphChange[] = [
  ...put(
    aNode("file", "src/cart.ts", { text: "Adds up a cart.\nsum", properties: { path: "src/cart.ts", bytes: 9 } }),
    aNode("function", "src/cart.ts#sum", { name: "sum", properties: { path: "src/cart.ts", line: 3, kind: "function" } }),
    aNode("module", "npm/zod", { name: "zod", properties: { kind: "package" } }),
    aNode("task", "t-0001", { name: "Sum carts", text: "Sums\ncarts up", properties: { status: "review", score: 91 } }),
  ),
  ...putEdge("function:src/cart.ts#sum", "part_of", "file:src/cart.ts"),
  ...putEdge("file:src/cart.ts", "imports", "module:npm/zod"),
  ...putEdge("task:t-0001", "produced", "file:src/cart.ts"),
];

async function shopBench(): Promise<ToolBench> {
  return aToolBench({}, {}, await aGraph(SHOP));
}

describe("graph_search_nodes", () => {
  it("answers ids with what they are, and how old that is", async () => {
    const { call } = await shopBench();
    assert.deepEqual(await call("graph_search_nodes", { query: "sum", type: "function" }), { ok: true, text: `function:src/cart.ts#sum line 3\n${AGE}`, summary: "1 node" });
    const { text } = await call("graph_search_nodes", { query: "carts" });
    assert.deepEqual(text.split("\n"), ['task:t-0001 "Sum carts": Sums carts up', "file:src/cart.ts: Adds up a cart. sum", AGE]);
    assert.equal((await call("graph_search_nodes", { query: "zebra" })).text, `No node has these words.\n${AGE}`);
  });

  it("refuses unknown types with those there are", async () => {
    const { call } = await shopBench();
    const outcome = await call("graph_search_nodes", { query: "sum", type: "clas" });
    assert.deepEqual([outcome.ok, outcome.summary], [false, "unknown type"]);
    assert.match(outcome.text, /"clas": todo, file, /);
  });
});

describe("graph_query_nodes", () => {
  it("lists by exact properties", async () => {
    const { call } = await shopBench();
    assert.equal((await call("graph_query_nodes", { properties: { path: "src/cart.ts", line: 3 } })).text, `function:src/cart.ts#sum line 3\n${AGE}`);
    assert.equal((await call("graph_query_nodes", { type: "task" })).summary, "1 node");
    assert.equal((await call("graph_query_nodes", { properties: { "a b": 1 } })).ok, false);
  });

  it("says how many more there are", async () => {
    const { call } = aToolBench({}, {}, await aGraph(put(...Array.from({ length: 60 }, (_, i) => aNode("file", `f${i}`)))));
    const { text, summary } = await call("graph_query_nodes", {});
    assert.deepEqual([text.split("\n").slice(-2), summary], [["[10 more; narrow it]", AGE], "60 nodes"]);
  });
});

describe("graph_get_node", () => {
  it("shows all of a node, and refuses an unknown one", async () => {
    const { call } = await shopBench();
    assert.equal((await call("graph_get_node", { id: "task:t-0001" })).text, `task:t-0001\nname: Sum carts\nscore: 91\nstatus: review\n\nSums\ncarts up\n${AGE}`);
    assert.deepEqual([(await call("graph_get_node", { id: "task:none" })).ok, (await call("graph_get_node", { id: "x" })).summary], [false, "no such node"]);
  });

  it("keeps within its bound", async () => {
    const { call } = aToolBench({}, {}, await aGraph(put(aNode("memory", "m", { text: "word ".repeat(20_000) }))));
    assert.ok(Buffer.byteLength((await call("graph_get_node", { id: "memory:m" })).text) < 17_000);
  });
});

describe("graph_get_neighbors", () => {
  it("shows where each edge leads", async () => {
    const { call } = await shopBench();
    const text = async (input: object): Promise<readonly string[]> => (await call("graph_get_neighbors", { id: "file:src/cart.ts", ...input })).text.split("\n").slice(0, -1);
    assert.deepEqual(await text({}), ["← part_of function:src/cart.ts#sum line 3", "imports → module:npm/zod", '← produced task:t-0001 "Sum carts": Sums carts up']);
    assert.deepEqual(await text({ direction: "out" }), ["imports → module:npm/zod"]);
    assert.deepEqual(await text({ edge: "depends_on" }), ["It has no such edges."]);
    assert.match((await call("graph_get_neighbors", { id: "file:src/cart.ts", edge: "owns" })).text, /"owns": depends_on, /);
    assert.equal((await call("graph_get_neighbors", { id: "file:none" })).summary, "notFound");
  });
});

describe("graph_get_subgraph", () => {
  it("shows nodes, then edges", async () => {
    const { call } = await shopBench();
    const { text, summary } = await call("graph_get_subgraph", { id: "module:npm/zod", depth: 9 });
    assert.deepEqual(text.split("\n"), [
      "module:npm/zod",
      "file:src/cart.ts: Adds up a cart. sum",
      "function:src/cart.ts#sum line 3",
      'task:t-0001 "Sum carts": Sums carts up',
      "",
      "file:src/cart.ts imports → module:npm/zod",
      "function:src/cart.ts#sum part_of → file:src/cart.ts",
      "task:t-0001 produced → file:src/cart.ts",
      AGE,
    ]);
    assert.equal(summary, "4 nodes");
  });
});

describe("every tool of the graph", () => {
  const inputs: Readonly<Record<string, object>> = { graph_search_nodes: { query: "sum" }, graph_query_nodes: {}, graph_get_node: { id: "file:a" }, graph_get_neighbors: { id: "file:a" }, graph_get_subgraph: { id: "file:a" } };

  it("only reads, and says so where there is no graph or one that fails", async () => {
    const { call } = aToolBench();
    const broken = aToolBench({}, {}, new Proxy({} as GraphReader, { get: () => () => Promise.reject(new CountersignError("process", "The thread is gone.")) }));
    for (const { name, readOnly } of GRAPH_TOOLS) {
      assert.equal(readOnly, true);
      assert.deepEqual([(await call(name, inputs[name])).summary, (await broken.call(name, inputs[name])).text], ["no graph", "The thread is gone."]);
    }
  });

  it("names nothing that the user has excluded since", async () => {
    const { call, files } = await shopBench();
    const ask = async (name: string): Promise<string> => {
      // Without the id that was asked for.
      const { text } = await call(name, { ...inputs[name], id: name === "graph_get_node" ? "file:src/cart.ts" : "module:npm/zod" });
      return text.replace(/"file:[^"]*"/, "");
    };
    const before = await Promise.all(GRAPH_TOOLS.map(({ name }) => ask(name)));
    assert.ok(before.every((text) => text.includes("cart.ts")));
    files.isExcluded = (path) => path === "src/cart.ts";
    for (const { name } of GRAPH_TOOLS) assert.doesNotMatch(await ask(name), /cart\.ts/);
  });

  it("says that it has seen nothing yet, or that a look is under way", async () => {
    const early = aToolBench({}, {}, await aGraph(SHOP, { indexedAt: null, isIndexing: true, files: 2, skipped: 0 }));
    assert.match((await early.call("graph_query_nodes", {})).text, /\[not indexed yet: 2 files so far\]$/);
    const late = aToolBench({}, {}, await aGraph(SHOP, { ...KNOWN, isIndexing: true }));
    assert.match((await late.call("graph_query_nodes", {})).text, /; being brought up to date\]$/);
  });
});
