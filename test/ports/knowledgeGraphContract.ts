// What every KnowledgeGraph must do.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { CountersignError } from "../../src/core/domain/errors";
import type { GraphChange, GraphNode, NodeType } from "../../src/core/domain/graph";
import { MOST_NODES, type KnowledgeGraph } from "../../src/core/ports/knowledgeGraph";
import { anEdge, aNode, put, putEdge } from "../builders/graphBuilder";

export function knowledgeGraphContract(create: () => Promise<KnowledgeGraph>): void {
  const having = async (...changes: readonly (GraphChange | readonly GraphChange[])[]): Promise<KnowledgeGraph> => {
    const graph = await create();
    await graph.apply(changes.flat() as readonly GraphChange[]);
    return graph;
  };
  const ids = (nodes: readonly GraphNode[]): readonly string[] => nodes.map(({ id }) => id);
  const rejects = (work: Promise<unknown>, code: CountersignError["code"]): Promise<void> => assert.rejects(work, (error) => CountersignError.is(error, code));
  const found = async (graph: KnowledgeGraph, words: string, type?: NodeType): Promise<readonly string[]> =>
    (await graph.search(words, { limit: 10, ...(type === undefined ? {} : { type }) })).map(({ node }) => node.id);

  it("gives back what was put, and null for what was not", async () => {
    const node = aNode("function", "a.ts#run", { text: "Runs it.", properties: { path: "a.ts", line: 3, isAsync: true } });
    const graph = await having(put(node));
    assert.deepEqual([await graph.node(node.id), await graph.node("function:none")], [node, null]);
  });

  it("replaces a node and keeps its edges", async () => {
    const graph = await having(put(aNode("file", "a"), aNode("file", "b")), putEdge("file:a", "imports", "file:b"));
    await graph.apply(put(aNode("file", "a", { name: "other" })));
    const { found: neighbours } = await graph.neighbours("file:b", { direction: "in", limit: 10 });
    assert.deepEqual(neighbours.map(({ node, edge }) => [node.name, edge.type]), [["other", "imports"]]);
  });

  it("updates what is given, merges properties and takes out what is null", async () => {
    const graph = await having(put(aNode("task", "t", { name: "Old", text: "about", properties: { status: "review", score: 90 } })));
    await graph.apply([{ kind: "updateNode", id: "task:t", name: "New", properties: { status: "accepted", score: null, by: "ada" } }]);
    assert.deepEqual(await graph.node("task:t"), { id: "task:t", type: "task", name: "New", text: "about", properties: { status: "accepted", by: "ada" } });
    assert.deepEqual([await found(graph, "new"), await found(graph, "old")], [["task:t"], []]);
  });

  it("removes a node with its edges, and does nothing where there is none", async () => {
    const graph = await having(put(aNode("file", "a"), aNode("file", "b"), aNode("file", "c")), putEdge("file:a", "imports", "file:b"), putEdge("file:b", "imports", "file:c"));
    await graph.apply([{ kind: "removeNode", id: "file:b" }, { kind: "removeNode", id: "file:never" }]);
    assert.deepEqual((await graph.subgraph("file:a", { depth: 3, limit: 10 })).nodes.map(({ id }) => id), ["file:a"]);
    await graph.apply(put(aNode("file", "b")));
    assert.equal((await graph.neighbours("file:b", { direction: "both", limit: 10 })).total, 0);
  });

  it("removes one edge and leaves the others between the same nodes", async () => {
    const graph = await having(put(aNode("file", "a"), aNode("file", "b")), putEdge("file:a", "imports", "file:b"), putEdge("file:a", "references", "file:b"));
    await graph.apply([{ kind: "removeEdge", edge: anEdge("file:a", "imports", "file:b") }, { kind: "removeEdge", edge: anEdge("file:x", "imports", "file:b") }]);
    const left = await graph.neighbours("file:a", { direction: "out", limit: 10 });
    assert.deepEqual(left.found.map(({ edge }) => edge.type), ["references"]);
  });

  it("makes all changes of a batch or none", async () => {
    const graph = await having(put(aNode("file", "a", { name: "first" })));
    const renamed = put(aNode("file", "a", { name: "second" }), aNode("file", "b", { name: "third" }));
    await rejects(graph.apply([...renamed, { kind: "removeNode", id: "file:a" }, ...putEdge("file:b", "imports", "file:none")]), "notFound");
    assert.deepEqual([(await graph.node("file:a"))?.name, await graph.node("file:b")], ["first", null]);
    assert.deepEqual([await found(graph, "first"), await found(graph, "second"), await found(graph, "third")], [["file:a"], [], []]);
    await graph.apply(put(aNode("file", "b", { name: "third" })));
    assert.deepEqual(await found(graph, "third"), ["file:b"]);
  });

  it("refuses what is beyond its bounds and what names missing nodes", async () => {
    const graph = await having(put(aNode("file", "a")));
    await rejects(graph.apply(put(aNode("file", ""))), "badRequest");
    await rejects(graph.apply(put(aNode("file", "x".repeat(2000)))), "badRequest");
    await rejects(graph.apply(put(aNode("file", "b", { properties: { "a b": 1 } }))), "badRequest");
    await rejects(graph.apply([{ kind: "updateNode", id: "file:b" }]), "notFound");
    await rejects(graph.neighbours("file:b", { direction: "out", limit: 1 }), "notFound");
    await rejects(graph.subgraph("file:b", { depth: 1, limit: 1 }), "notFound");
    await rejects(graph.path("file:a", "file:b", 1), "notFound");
    await rejects(graph.query({ properties: { '"': 1 }, limit: 1 }), "badRequest");
  });

  it("ranks names over texts, rare words over common ones, and finds parts of words", async () => {
    const filler = Array.from({ length: 30 }, (_, i) => aNode("file", `f${i}`, { name: `file ${i}`, text: "the ledger" }));
    const graph = await having(put(...filler, aNode("function", "p", { name: "parseInvoiceLine" }), aNode("concept", "c", { name: "Reading", text: "How an invoice is read" }), aNode("task", "t", { name: "ledger of invoices" })));
    assert.deepEqual(await found(graph, "invoice"), ["function:p", "task:t", "concept:c"]);
    assert.deepEqual((await found(graph, "ledger invoices"))[0], "task:t");
    assert.deepEqual(await found(graph, "parse_line"), ["function:p"]);
    assert.deepEqual(await found(graph, "inv"), await found(graph, "invoice"));
    assert.deepEqual([await found(graph, "invoice", "concept"), await found(graph, "zebra"), await found(graph, "")], [["concept:c"], [], []]);
  });

  it("still finds what only common words describe", async () => {
    const graph = await having(put(...Array.from({ length: 700 }, (_, i) => aNode("file", `f${String(i).padStart(3, "0")}`, { name: "same" }))));
    assert.deepEqual(await found(graph, "same"), Array.from({ length: 10 }, (_, i) => `file:f00${i}`));
  });

  it("asks by type and exact values, sorted, with the number of all", async () => {
    const at = (id: string, properties: GraphNode["properties"]): GraphNode => aNode("function", id, { properties });
    const graph = await having(put(at("c", { line: 1 }), at("a", { line: 1, path: "x" }), at("b", { line: "1" }), at("d", { line: true }), aNode("file", "x", { properties: { line: 1 } })));
    assert.deepEqual(ids((await graph.query({ properties: { line: 1 }, limit: 10 })).nodes), ["file:x", "function:a", "function:c"]);
    assert.deepEqual(ids((await graph.query({ type: "function", properties: { line: 1, path: "x" }, limit: 10 })).nodes), ["function:a"]);
    assert.deepEqual([ids((await graph.query({ properties: { line: "1" }, limit: 9 })).nodes), ids((await graph.query({ properties: { line: true }, limit: 9 })).nodes)], [["function:b"], ["function:d"]]);
    const { nodes, total } = await graph.query({ limit: 2 });
    assert.deepEqual([ids(nodes), total], [["file:x", "function:a"], 5]);
  });

  it("tells neighbours by direction and type", async () => {
    const graph = await having(put(aNode("file", "a"), aNode("file", "b"), aNode("module", "m"), aNode("task", "t")), putEdge("file:a", "imports", "module:m"), putEdge("file:a", "imports", "file:b"), putEdge("task:t", "produced", "file:a"));
    const ask = async (direction: "in" | "out" | "both", types?: readonly ("imports" | "produced")[]): Promise<readonly string[]> =>
      (await graph.neighbours("file:a", { direction, limit: 10, ...(types === undefined ? {} : { types }) })).found.map(({ edge, node }) => `${edge.type} ${node.id}`);
    assert.deepEqual(await ask("out"), ["imports file:b", "imports module:m"]);
    assert.deepEqual(await ask("in"), ["produced task:t"]);
    assert.deepEqual(await ask("both", ["produced"]), ["produced task:t"]);
    const { found: some, total } = await graph.neighbours("file:a", { direction: "both", limit: 1 });
    assert.deepEqual([some.length, total], [1, 3]);
  });

  it("cuts a subgraph by depth and by size, nearest nodes first", async () => {
    const chain = ["a", "b", "c", "d"].map((name) => aNode("file", name));
    const graph = await having(put(...chain), putEdge("file:a", "imports", "file:b"), putEdge("file:c", "imports", "file:b"), putEdge("file:c", "imports", "file:d"));
    const around = await graph.subgraph("file:a", { depth: 2, limit: 10 });
    assert.deepEqual([ids(around.nodes), around.isCut], [["file:a", "file:b", "file:c"], false]);
    assert.deepEqual(around.edges.map(({ source, target }) => `${source} ${target}`), ["file:a file:b", "file:c file:b"]);
    const cut = await graph.subgraph("file:a", { depth: 6, limit: 2 });
    assert.deepEqual([ids(cut.nodes), cut.isCut, cut.edges.length], [["file:a", "file:b"], true, 1]);
    assert.deepEqual(ids((await graph.subgraph("file:a", { depth: 0, limit: 5 })).nodes), ["file:a"]);
  });

  it("finds a shortest way within the depth, whatever the edges' direction, and none beyond", async () => {
    const names = ["a", "b", "c", "d", "e"].map((name) => aNode("file", name));
    const graph = await having(put(...names), putEdge("file:a", "imports", "file:b"), putEdge("file:c", "imports", "file:b"), putEdge("file:c", "references", "file:d"), putEdge("file:a", "imports", "file:d"));
    assert.deepEqual(ids((await graph.path("file:a", "file:c", 6)) ?? []), ["file:a", "file:b", "file:c"]);
    assert.deepEqual(ids((await graph.path("file:a", "file:a", 0)) ?? []), ["file:a"]);
    assert.deepEqual([await graph.path("file:a", "file:c", 1), await graph.path("file:a", "file:e", 6)], [null, null]);
  });

  it("holds limits to their bounds", async () => {
    const graph = await having(put(...Array.from({ length: MOST_NODES + 5 }, (_, i) => aNode("file", `${i}`))));
    assert.equal((await graph.query({ limit: 1e9 })).nodes.length, MOST_NODES);
    assert.equal((await graph.query({ limit: -1 })).nodes.length, 1);
    assert.equal((await graph.query({ limit: Number.NaN })).nodes.length, 1);
  });

  it("is empty again when it is cleared", async () => {
    const graph = await having(put(aNode("file", "a"), aNode("file", "b")), putEdge("file:a", "imports", "file:b"));
    await graph.clear();
    assert.deepEqual([(await graph.query({ limit: 5 })).total, await found(graph, "a")], [0, []]);
    await graph.apply(put(aNode("file", "a")));
    assert.equal((await graph.neighbours("file:a", { direction: "both", limit: 5 })).total, 0);
  });

  it("answers equally whatever the order in which it came to be", async () => {
    const change = fc.record({ name: fc.constantFrom("a", "b", "c", "d"), word: fc.constantFrom("red fox", "blue", "redFox run", "") });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (steps) => {
        const grown = await create();
        for (const { name, word } of steps) await grown.apply(word === "" ? [{ kind: "removeNode", id: `file:${name}` }] : put(aNode("file", name, { name: word })));
        const last = new Map(steps.map(({ name, word }) => [name, word]));
        const fresh = await having(...[...last].toReversed().flatMap(([name, word]) => (word === "" ? [] : put(aNode("file", name, { name: word })))));
        for (const words of ["red", "fox blue", "run"]) assert.deepEqual(await grown.search(words, { limit: 5 }), await fresh.search(words, { limit: 5 }));
        assert.deepEqual(await grown.query({ limit: 9 }), await fresh.query({ limit: 9 }));
      }),
      { numRuns: 30 },
    );
  });
}
