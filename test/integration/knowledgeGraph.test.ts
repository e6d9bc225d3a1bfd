import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { GraphService } from "../../src/adapters/graph/graphService";
import { ThreadedGraph } from "../../src/adapters/graph/threadedGraph";
import { openJournal } from "../../src/adapters/store/fileJournal";
import { loadSql } from "../../src/adapters/store/sqlDatabase";
import { SystemClock } from "../../src/adapters/clock/systemClock";
import { CountersignError } from "../../src/core/domain/errors";
import type { EventBody } from "../../src/core/domain/event";
import type { TaskId } from "../../src/core/domain/task";
import type { WorkspaceGraph } from "../../src/core/ports/knowledgeGraph";
import { aTask } from "../builders/taskBuilder";
import { tempFolder } from "../builders/tempFolder";
import { ManualClock } from "../fakes/manualClock";
import { RecordingLogger } from "../fakes/recordingLogger";

const folder = tempFolder();
const root = (): string => path.join(folder(), "repo");
const stateDir = (): string => path.join(root(), ".countersign", "state");
const file = (name: string): string => path.join(root(), name);

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(file(name)), { recursive: true });
    writeFileSync(file(name), content);
  }
}

function repository(files: Readonly<Record<string, string | Buffer>>): void {
  write(files);
  mkdirSync(stateDir(), { recursive: true });
  writeFileSync(file(".countersign/.gitignore"), "*\n");
  execFileSync("git", ["init", "-q"], { cwd: root() });
}

function aService(logger = new RecordingLogger()): GraphService {
  return new GraphService({
    root: root(),
    stateDir: stateDir(),
    redact: (text) => text.replaceAll("hunter2", "<secret>"),
    logger,
    loadEngine: () => loadSql(),
    rest: () => Promise.resolve(),
    now: () => Date.parse("2026-01-01T00:00:00Z"),
    wait: async (_, until) => void (await until),
  });
}

/** All nodes and edges, sorted. */
async function dump(graph: WorkspaceGraph): Promise<readonly string[]> {
  const { nodes } = await graph.query({ limit: 500 });
  const edges = await Promise.all(nodes.map(({ id }) => graph.neighbours(id, { direction: "out", limit: 500 })));
  return [...nodes.map((node) => JSON.stringify(node)), ...edges.flatMap(({ found }) => found.map(({ edge }) => `${edge.source} ${edge.type} ${edge.target}`)).toSorted()];
}

async function ids(graph: WorkspaceGraph): Promise<readonly string[]> {
  return (await graph.query({ limit: 500 })).nodes.map(({ id }) => id);
}

async function passing(task: string, paths: readonly string[], more: readonly EventBody[] = []): Promise<void> {
  const journal = await openJournal(stateDir(), { clock: new ManualClock(), logger: new RecordingLogger() });
  const id = task as TaskId;
  const request = aTask({ id, title: "Sum invoices", description: "Sum them up." }).request;
  const events: readonly EventBody[] = [
    { kind: "taskCreated", request, type: "multi_agent", reason: "" },
    { kind: "attemptStarted", attempt: 1 },
    { kind: "attemptCommitted", attempt: 1, commit: "c", files: paths.map((name) => ({ path: name, status: "added", added: 1, removed: 0 })) },
    ...more,
  ];
  for (const event of events) journal.append(id, event);
  await journal.flush();
  await journal.close();
}

const PASSED: EventBody = { kind: "taskPassed", attempt: 1 };

describe("GraphService", () => {
  it("indexes files, what they declare and how they depend on each other", async () => {
    repository({ "src/a.ts": 'import { b } from "./b";\nimport x from "express";\nexport function run() {}\n', "src/b.ts": "export class Bag {}\n", "README.md": "# Shop\n\nSee [a](src/a.ts).\n", "data.json": "{}" });
    const graph = aService();
    assert.deepEqual((await dump(graph)).filter((line) => !line.startsWith("{")), [
      "concept:README.md#Shop part_of file:README.md",
      "file:README.md references file:src/a.ts",
      "file:src/a.ts imports file:src/b.ts",
      "file:src/a.ts imports module:npm/express",
      "function:src/a.ts#run part_of file:src/a.ts",
      "module:src/b.ts#Bag part_of file:src/b.ts",
    ]);
    assert.deepEqual(await graph.state(), { indexedAt: "2026-01-01T00:00:00.000Z", isIndexing: false, files: 4, skipped: 0 });
    await graph.close();
  });

  it("leaves out what is ignored, excluded, linked, binary or huge, and takes secrets out of what it keeps", async () => {
    repository({ ".gitignore": "out/\n", ".countersignignore": "private/\n*.pem\n", "out/x.ts": "export function hidden() {}", "private/y.ts": "export function hidden() {}", "key.pem": "k", "a.ts": "// The password is hunter2.\nexport function seen() {}", "b.bin": Buffer.from([1, 0, 2]), "big.ts": `export function huge() {}\n${"x".repeat(600_000)}` });
    symlinkSync("a.ts", file("link.ts"));
    const graph = aService();
    assert.deepEqual(await ids(graph), ["file:.countersignignore", "file:.gitignore", "file:a.ts", "function:a.ts#seen"]);
    assert.equal((await graph.node("file:a.ts"))?.text, "The password is <secret>.\nseen");
    assert.equal((await graph.state()).skipped, 2);
    await graph.close();
    assert.equal(readFileSync(path.join(stateDir(), "graph.db")).includes("hunter2"), false);
  });

  it("follows changes, and ends like a graph that is made anew", async () => {
    repository({ "a.ts": 'import "./b";\nimport "./later";\nexport function one() {}\n', "b.ts": "export function two() {}\n", "gone.ts": 'import "./a";\nimport "left-pad";\n' });
    const graph = aService();
    await graph.refresh();
    write({ "b.ts": "export function three() {}\nexport function four() {}\n", "later.ts": "", "sub/c.ts": 'import "../b";\n' });
    rmSync(file("gone.ts"));
    await graph.refresh();
    const followed = await dump(graph);
    assert.ok(followed.includes("file:a.ts imports file:later.ts") && !followed.join().includes("left-pad") && !followed.join().includes("two"));
    renameSync(file("b.ts"), file("c.ts"));
    await graph.refresh();
    assert.deepEqual((await graph.neighbours("file:sub/c.ts", { direction: "out", limit: 5 })).total, 0);
    renameSync(file("c.ts"), file("b.ts"));
    await graph.refresh();
    assert.deepEqual(await dump(graph), followed);
    await graph.close();
    const reopened = aService();
    assert.deepEqual(await dump(reopened), followed);
    await reopened.close();
    rmSync(path.join(stateDir(), "graph.db"));
    const anew = aService();
    assert.deepEqual(await dump(anew), followed);
    await anew.close();
  });

  it("does not write again when only times have changed", async () => {
    repository({ "a.ts": "export function one() {}\n" });
    const graph = aService();
    await graph.refresh();
    const saved = path.join(stateDir(), "graph.db");
    rmSync(saved);
    utimesSync(file("a.ts"), new Date(1e12), new Date(1e12));
    await graph.refresh();
    assert.equal(existsSync(saved), false);
    await graph.close();
  });

  it("is made anew, with a message, where its file is damaged", async () => {
    repository({ "a.ts": "export function one() {}\n" });
    const before = aService();
    const whole = await dump(before);
    await before.close();
    const saved = path.join(stateDir(), "graph.db");
    const bytes = readFileSync(saved);
    bytes[2000] = (bytes[2000] ?? 0) ^ 255;
    writeFileSync(saved, bytes);
    const logger = new RecordingLogger();
    const after = aService(logger);
    assert.deepEqual(await dump(after), whole);
    assert.match(logger.text, /^warn .*damaged and made anew/m);
    await after.close();
  });

  it("makes nothing in a folder without tasks", async () => {
    write({ "a.ts": "export function one() {}\n" });
    const graph = aService();
    assert.equal((await graph.search("one", { limit: 5 })).length, 2);
    await graph.close();
    assert.equal(existsSync(file(".countersign")), false);
  });

  it("knows a task once its gate let it pass, and what it produced once that is there", async () => {
    repository({ "sum.ts": "export function sum() {}\n" });
    await passing("sum-0001", ["sum.ts", "later.ts", ".countersign/plans/sum-0001/deliverables/report.md"]);
    const graph = aService();
    assert.equal(await graph.node("task:sum-0001"), null);
    await passing("other-0002", [], [PASSED]);
    const journal = await openJournal(stateDir(), { clock: new ManualClock(), logger: new RecordingLogger() });
    journal.append("sum-0001" as TaskId, { kind: "attemptAccepted", attempt: 1, score: 93, decision: { passed: true, reasons: [] } as never });
    journal.append("sum-0001" as TaskId, PASSED);
    await journal.close();
    await graph.refresh();
    const produced = async (): Promise<readonly string[]> => (await graph.neighbours("task:sum-0001", { direction: "out", types: ["produced"], limit: 9 })).found.map(({ node }) => node.id);
    assert.deepEqual((await graph.node("task:sum-0001"))?.properties["score"], 93);
    assert.deepEqual(await produced(), ["deliverable:sum-0001/report.md", "file:sum.ts"]);
    write({ "later.ts": "" });
    await graph.refresh();
    assert.deepEqual(await produced(), ["deliverable:sum-0001/report.md", "file:later.ts", "file:sum.ts"]);
    const followed = await dump(graph);
    await graph.close();
    rmSync(path.join(stateDir(), "graph.db"));
    const anew = aService();
    assert.deepEqual(await dump(anew), followed);
    await anew.close();
  });

  it("forgets a task that is thrown away, that is worked on again, or whose journal is gone", async () => {
    repository({ "sum.ts": "" });
    await passing("a-0001", ["sum.ts"], [PASSED, { kind: "changesDiscarded" }]);
    await passing("b-0002", ["sum.ts"], [PASSED, { kind: "changesRequested", afterAttempt: 1, request: { text: "more", comments: [] } }]);
    await passing("c-0003", ["sum.ts"], [PASSED]);
    const graph = aService();
    assert.deepEqual((await ids(graph)).filter((id) => id.startsWith("task:")), ["task:c-0003"]);
    rmSync(path.join(stateDir(), "journal.ndjson"));
    await graph.refresh();
    assert.deepEqual((await ids(graph)).filter((id) => id.startsWith("task:")), []);
    await graph.close();
  });
});

describe("ThreadedGraph", () => {
  it("answers from a thread, hands failures over, and ends with its close", async () => {
    repository({ "a.ts": "export function parseLine() {}\n" });
    const graph = new ThreadedGraph({ root: root(), stateDir: stateDir(), clock: new SystemClock(), logger: new RecordingLogger() });
    const hits = await graph.search("parse", { limit: 5 });
    assert.deepEqual(hits.map(({ node }) => node.id), ["function:a.ts#parseLine", "file:a.ts"]);
    await assert.rejects(graph.neighbours("file:none", { direction: "out", limit: 1 }), (error) => CountersignError.is(error, "notFound"));
    await graph.close();
    await graph.close();
    await assert.rejects(graph.state(), (error) => CountersignError.is(error, "conflict"));
  });

  it("tells who waits that its thread is gone, and starts another one", async () => {
    repository({ "a.ts": "" });
    const program = path.join(folder(), "program.cjs");
    writeFileSync(program, "process.exit(3);");
    const logger = new RecordingLogger();
    const graph = new ThreadedGraph({ root: root(), stateDir: stateDir(), clock: new SystemClock(), logger, program });
    await assert.rejects(graph.state(), (error) => CountersignError.is(error, "process") && /made anew/.test(error.message));
    writeFileSync(program, 'require("node:worker_threads").parentPort.on("message", ({ id }) => require("node:worker_threads").parentPort.postMessage({ kind: "value", id, value: { files: 7 } }));');
    assert.deepEqual(await graph.state(), { files: 7 });
    await graph.close();
  });

  it("looks once for however many changes, and wakes nobody", async () => {
    const clock = new ManualClock();
    const program = path.join(folder(), "program.cjs");
    const calls = path.join(folder(), "calls");
    writeFileSync(program, `require("node:worker_threads").parentPort.on("message", ({ id, method }) => { require("node:fs").appendFileSync(${JSON.stringify(calls)}, method + " "); require("node:worker_threads").parentPort.postMessage({ kind: "value", id, value: null }); });`);
    const graph = new ThreadedGraph({ root: folder(), stateDir: folder(), clock, logger: new RecordingLogger(), program });
    graph.changed();
    await clock.advance(60_000);
    assert.equal(existsSync(calls), false);
    await graph.state();
    for (let i = 0; i < 1000; i += 1) graph.changed();
    await clock.advance(1_000);
    for (let i = 0; i < 1000; i += 1) graph.changed();
    await clock.advance(5_000);
    await graph.state();
    assert.equal(readFileSync(calls, "utf8"), "state refresh state ");
    await clock.advance(5_000);
    await graph.state();
    assert.equal(readFileSync(calls, "utf8"), "state refresh state refresh state ");
    await graph.close();
  });
});
