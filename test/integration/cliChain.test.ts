import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseChain } from "../../src/core/mission/chain/chainFile";
import { Bench, ensureBuilt } from "../builders/cliRun";

const FIXTURES = path.resolve("test/fixtures/chains");
const KEYS = ["id", "title", "workerRole", "qcRole", "model", "prompt", "dependencies", "criteria", "maxRetries", "estimatedToolCalls", "parallelGroup"];

describe("countersign chain", function () {
  this.timeout(60_000);
  let folder = "";
  let bench: Bench;
  /** No repository, and nothing may appear in it. */
  let empty = "";

  before(async () => {
    await ensureBuilt();
    folder = mkdtempSync(path.join(tmpdir(), "cli chain-"));
    bench = new Bench(folder);
    empty = path.join(folder, "empty");
    mkdirSync(empty);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const chain = (...args: readonly string[]) => bench.run(["chain", ...args], { cwd: empty });
  function aFile(name: string, text: string): string {
    writeFileSync(path.join(folder, name), text);
    return path.join("..", name);
  }

  it("prints the tasks, batches and warnings of every spelling as JSON, and changes nothing", async () => {
    for (const name of readdirSync(FIXTURES)) {
      const ended = await chain(path.join(FIXTURES, name), "--dry-run", "--json");
      assert.deepEqual([ended.code, ended.err], [0, ""], name);
      const printed = JSON.parse(ended.out) as { readonly tasks: readonly object[]; readonly batches: unknown; readonly warnings: unknown };
      assert.deepEqual(Object.keys(printed), ["tasks", "batches", "warnings"]);
      const parsed = parseChain(readFileSync(path.join(FIXTURES, name), "utf8"));
      assert.ok(parsed.kind === "parsed");
      for (const task of printed.tasks) assert.deepEqual(Object.keys(task), KEYS);
      assert.deepEqual(printed.tasks, parsed.chain.plan.tasks.map((task) => Object.fromEntries(Object.entries(task).filter(([key]) => KEYS.includes(key)))));
      assert.deepEqual([printed.batches, printed.warnings], [parsed.chain.dag.batches, parsed.chain.warnings]);
    }
    assert.deepEqual(readdirSync(empty), []);
  });

  it("prints a table for a person", async () => {
    const file = aFile("two.md", "# Two things\n\n**Task ID:** task-0\n**Title:** Look\n\n**Task ID:** task-1\n**Title:** Do\u001b[31m it\n**Dependencies:** 0\n");
    const ended = await chain(file, "--dry-run");
    assert.deepEqual([ended.code, ended.err], [0, ""]);
    assert.match(ended.out, /^Two things\n\ntask {4}title {6}calls  waits for\ntask-0  Look {7}33\ntask-1  Do\[31m it {2}33 {5}task-0\n\nfirst  task-0\nthen {3}task-1\nLongest chain: task-0 → task-1\n\n· No /);
  });

  it("refuses with every id and line, and exit code 1", async () => {
    const file = aFile("bad.md", "**Task ID:** a-1\n**Dependencies:** task-7\n\n**Task ID:** b-1\n**Dependencies:** nowhere\n");
    const circle = aFile("circle.md", "**Task ID:** a-1\n**Dependencies:** b-1\n\n**Task ID:** b-1\n**Dependencies:** a-1\n");
    for (const json of [[], ["--json"]]) {
      const ended = await chain(file, "--dry-run", ...json);
      assert.deepEqual([ended.code, ended.out], [1, ""]);
      assert.match(ended.err, /bad\.md is refused, nothing was run:\n {2}"a-1" \(line 1\) depends on "task-7"[^]*"b-1" \(line 4\) depends on "nowhere"[^]*Correct the file/);
      assert.match((await chain(circle, "--dry-run", ...json)).err, /in a circle: a-1 → b-1 → a-1 \(lines 1, 4\)/);
    }
  });

  it("says what it needs", async () => {
    const file = aFile("one.md", "**Task ID:** task-1\n");
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [[], /Which file\? countersign chain FILE \[--dry-run\]/],
      [["a", "b", "--dry-run"], /Which file\?/],
      [["missing.md", "--dry-run"], /missing\.md cannot be read: there is no such file\./],
      [[".", "--dry-run"], /cannot be read: it is a folder\./],
      [[file, "--dry-run", "--approve"], /--approve does not belong to "chain"\./],
    ];
    for (const [args, message] of cases) {
      const ended = await chain(...args);
      assert.deepEqual([ended.code, ended.out], [1, ""], args.join(" "));
      assert.match(ended.err, message);
    }
  });
});
