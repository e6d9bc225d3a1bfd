// The knowledge graph as agents and persons meet it: asked in a run, and from the command line.
import { strict as assert } from "node:assert";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { Bench, ensureBuilt } from "../builders/cliRun";
import { WRITE_HELLO, aPassingScript, aPlan, answers, aScript, calls } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const FILES = { "README.md": "# Greetings\n\nSee [the code](src/greet.ts).\n", "src/greet.ts": 'import { word } from "./word";\nexport function greetEverybody() {}\n', "src/word.ts": "export const word = () => 1;\n" };

interface Found {
  readonly hits: readonly { readonly node: { readonly id: string } }[];
}

describe("countersign graph", function () {
  this.timeout(120_000);
  const folder = tempFolder();

  before(ensureBuilt);

  it("searches and shows in a folder without tasks, and makes nothing there", async () => {
    const bench = new Bench(folder(), FILES);
    const found = await bench.json<Found>("graph", "search", "greet", "everybody");
    assert.deepEqual(found.hits.map(({ node }) => node.id), ["function:src/greet.ts#greetEverybody", "file:src/greet.ts", "concept:README.md#Greetings", "file:README.md"]);
    const shown = await bench.run(["graph", "show", "file:src/greet.ts"]);
    assert.match(shown.out, /^file:src\/greet\.ts[^]*\n {2}imports → file:src\/word\.ts\n[^]*← part_of function:src\/greet\.ts#greetEverybody {2}line 2\n[^]*3 files, indexed 20/);
    const none = await bench.run(["graph", "show", "file:none"]);
    assert.deepEqual([none.code, none.err], [1, 'countersign: The graph has no node "file:none". "countersign graph search WORDS" finds ids.\n']);
    assert.equal(existsSync(path.join(bench.repo.dir, ".countersign")), false);
  });

  it("answers an agent in a run, and knows the task once its gate let it pass", async () => {
    const bench = new Bench(folder(), FILES);
    const asks = calls({ name: "graph_search_nodes", input: { query: "greet" } }, { name: "graph_get_neighbors", input: { id: "file:src/greet.ts", direction: "out" } });
    const ended = await bench.play(aPassingScript().planner(asks, answers(aPlan())));
    assert.equal(ended.code, 0, ended.err);
    const sessions = path.join(bench.repo.dir, ".countersign/plans", bench.taskId(), "sessions");
    const planner = readdirSync(sessions).find((name) => name.startsWith("planner"));
    const transcript = readFileSync(path.join(sessions, planner ?? ""), "utf8");
    assert.match(transcript, /imports → file:src\/word\.ts[^"]*\[indexed 20[^"]* 3 files of the user's tree, not of your worktree\]/);
    assert.ok(existsSync(path.join(bench.repo.dir, ".countersign/state/graph.db")));
    const { hits } = await bench.json<Found>("graph", "search", "criterion 1 greet");
    assert.ok(hits.some(({ node }) => node.id === `task:${bench.taskId()}`), JSON.stringify(hits));
    await bench.run(["accept", bench.taskId()]);
    const shown = await bench.run(["graph", "show", `task:${bench.taskId()}`]);
    assert.match(shown.out, /status: accepted[^]*produced → file:greeting\.txt/);
    await bench.run(["discard", bench.taskId()]);
  });

  it("starts nothing in a run whose agents ask nothing", async () => {
    const bench = new Bench(folder(), FILES);
    const ended = await bench.play(aScript().singleAgent(calls(WRITE_HELLO), { text: "Done." }), ["--category", "DISPATCH"]);
    assert.equal(ended.code, 0, ended.err);
    assert.equal(existsSync(path.join(bench.repo.dir, ".countersign/state/graph.db")), false);
  });
});
