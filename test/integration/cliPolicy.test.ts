import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Bench, ensureBuilt } from "../builders/cliRun";
import { MUST_ASK, MUST_DENY, PLAIN_READS, READING } from "../fixtures/commandPolicy";

describe("countersign policy", function () {
  this.timeout(60_000);
  let folder = "";
  let bench: Bench;
  /** No repository, and nothing may appear in it. */
  let empty = "";

  before(async () => {
    await ensureBuilt();
    folder = mkdtempSync(path.join(tmpdir(), "cli policy-"));
    bench = new Bench(folder);
    empty = path.join(folder, "empty");
    mkdirSync(empty);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const policy = (args: readonly string[], input: string) => bench.run(["policy", ...args], { cwd: empty, input });
  const lines = (commands: readonly string[]): string => commands.map((command) => `${JSON.stringify(command)}\n`).join("");

  it("prints one JSON object a line, in order, without a repository", async () => {
    const commands = ["git status", "ls; rm -rf x", "ls\nrm x", "npm test", "größe \u202e\u0000", ""];
    const ended = await policy(["--allow", "git status", "ls", "--deny", "rm", "--json"], lines(commands));
    assert.deepEqual([ended.code, ended.err], [0, ""]);
    const printed = ended.out.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, string>);
    assert.deepEqual(printed.map((row) => row["command"]), commands);
    assert.deepEqual(printed.map((row) => row["decision"]), ["allow", "deny", "deny", "ask", "ask", "ask"]);
    for (const row of printed) {
      assert.deepEqual(Object.keys(row).toSorted(), ["command", "decision", "reason"]);
      assert.match(row["reason"] ?? "", /\.$/);
    }
    assert.deepEqual(readdirSync(empty), []);
  });

  it("decides the corpus as the library does", async () => {
    const commands = [...PLAIN_READS, ...MUST_ASK, ...MUST_DENY].filter((command) => !/\p{Surrogate}/u.test(command));
    const ended = await policy(["--json", "--allow", ...READING.allow, "--deny", ...READING.deny], lines(commands));
    assert.equal(ended.code, 0, ended.err);
    const decisions = ended.out.trimEnd().split("\n").map((line) => (JSON.parse(line) as { decision: string }).decision);
    const expected = (command: string): string => (PLAIN_READS.includes(command) ? "allow" : MUST_DENY.includes(command) ? "deny" : "ask");
    assert.deepEqual(decisions, commands.map(expected));
  });

  it("takes flags many times, with one value or several", async () => {
    const input = lines(["ls", "pwd", "cat a", "rm a", "dd"]);
    const spellings = [
      ["--allow", "ls", "pwd", "cat", "--deny", "rm", "dd"],
      ["--allow", "ls", "--allow=pwd", "--deny", "rm", "--deny", "dd", "--allow", "cat"],
      ["--deny=rm", "dd", "--allow=ls", "pwd", "--allow", "cat"],
    ];
    for (const args of spellings) {
      const ended = await policy([...args, "--json"], input);
      assert.deepEqual([ended.code, ended.err], [0, ""], args.join(" "));
      assert.deepEqual(ended.out.match(/"decision":"\w+"/g), ["allow", "allow", "allow", "deny", "deny"].map((one) => `"decision":"${one}"`));
    }
  });

  it("names lines that are no JSON string, handles the others, and ends with 1", async () => {
    const ended = await policy(["--json", "--allow", "ls"], '"ls"\n\nls -la\n  \n{"command": "ls"}\r\n"ls -a"\r\n"ls \\ud800"\n"pwd"');
    assert.equal(ended.code, 1);
    assert.equal(ended.out.trimEnd().split("\n").length, 4);
    assert.deepEqual(ended.err.match(/line \d+ is no JSON string/g), ["line 3 is no JSON string", "line 5 is no JSON string"]);
  });

  it("prints a table that shows what a terminal would hide", async () => {
    const ended = await policy(["--allow", "ls", "--deny", "rm"], lines(["ls -la", "a\nb\u202e\u001b[2J", "rm x", "x".repeat(300)]));
    assert.equal(ended.code, 0);
    const [first = "", second = "", third = "", fourth = ""] = ended.out.split("\n");
    assert.match(first, /^allow {2}ls -la +Covered by "ls"\.$/);
    assert.match(second, /^ask {4}a\\nb\\u\{202e\}\\u001b\[2J +\S/);
    assert.match(third, /^deny {3}rm x +"rm" is denied\.$/);
    assert.match(fourth, /^ask {4}x{47}… {2}/);
  });

  it("refuses entries that mean nothing before it reads anything, and words that belong to no flag", async () => {
    const entry = await policy(["--allow", "ls && pwd", "--json"], lines(["ls"]));
    assert.deepEqual([entry.code, entry.out], [1, ""]);
    assert.match(entry.err, /The entry "ls && pwd" means nothing: /);
    const word = await policy(["ls", "--allow", "pwd"], "");
    assert.equal(word.code, 1);
    assert.match(word.err, /"ls" belongs to no --allow or --deny/);
    const behind = await policy(["--allow", "pwd", "--json", "ls"], "");
    assert.match(behind.err, /"ls" belongs to no --allow or --deny/);
    assert.match((await policy(["--retries", "1"], "")).err, /--retries does not belong to "policy"/);
  });

  it("answers each line as it comes, and ends with its input", async () => {
    const running = bench.start(["policy", "--json", "--allow", "ls"], { cwd: empty });
    running.say('"ls -la"\n"l');
    await running.until(/"ls -la","decision":"allow"/);
    running.say('s"\n');
    await running.until(/"ls","decision":"allow"/);
    running.child.stdin?.end();
    assert.equal((await running.ended).code, 0);
  });
});
