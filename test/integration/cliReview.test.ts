// What a person does with finished work: looks at it, merges it, merges a part, gives it up; and what is then left.
import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import path from "node:path";
import { Bench, ensureBuilt } from "../builders/cliRun";
import { digestOf } from "../builders/gitDigest";
import { answers, aPass, aPassingScript, aScript, calls, runs, writes, WRITE_HELLO } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const FILES = { "README.md": "# Greetings\n", "story.txt": "one\ntwo\nthree\nfour\nfive\n", "old.txt": "old\n" };

/** Writes a greeting, changes the story's first line, removes old.txt. */
const work = aPassingScript().generator(
  1,
  calls(WRITE_HELLO, writes("story.txt", "ONE\ntwo\nthree\nfour\nfive\n"), runs("rm old.txt"), writes("deep/new file.txt", "new\n")),
);

describe("the review of a task", function () {
  this.timeout(30_000);
  before(ensureBuilt);
  const folder = tempFolder();

  async function finished(): Promise<Bench> {
    const bench = new Bench(folder(), FILES);
    const ended = await bench.play(work);
    assert.equal(ended.code, 0, ended.out);
    return bench;
  }

  it("merges into what the user has changed meanwhile, staged or not, and leaves their index alone", async () => {
    const bench = await finished();
    const { repo } = bench;
    repo.write("story.txt", "one\ntwo\nthree\nfour\nFIVE\n");
    repo.write("mine.txt", "mine\n");
    repo.git("add", "mine.txt");
    const before = digestOf(path.join(repo.dir, ".git"));
    const ended = await bench.run(["accept", bench.taskId()]);
    assert.equal(ended.code, 0, ended.err);
    assert.equal(repo.read("story.txt"), "ONE\ntwo\nthree\nfour\nFIVE\n");
    assert.equal(repo.read("deep/new file.txt"), "new\n");
    assert.ok(!repo.has("old.txt"));
    assert.deepEqual(digestOf(path.join(repo.dir, ".git")), before);
    const kept = /kept as commit (\w{10})/.exec(ended.out)?.[1] ?? "";
    assert.equal(repo.git("show", `${kept}:story.txt`), "one\ntwo\nthree\nfour\nFIVE");
    assert.equal(repo.git("show", `${kept}:old.txt`), "old");
  });

  it("says which file is in conflict, with markers in it, exits with 1, and loses nothing", async () => {
    const bench = await finished();
    bench.repo.write("story.txt", "uno\ntwo\nthree\nfour\nfive\n");
    const ended = await bench.run(["accept", bench.taskId()]);
    assert.equal(ended.code, 1);
    assert.match(ended.out, /✘ story\.txt conflict[^]*Resolve the conflicts in the files named above\. Nothing of yours is lost\./);
    assert.match(bench.repo.read("story.txt"), /<<<<<<< story\.txt \(yours\)\nuno\n[^]*ONE\n>>>>>>> .*countersign\/greet-/);
    assert.equal(bench.repo.read("greeting.txt"), "hello\n");
  });

  it("accepts file after file, each once, and ends with the last", async () => {
    const bench = await finished();
    const id = bench.taskId();
    const unknown = await bench.run(["accept", id, "nothing.txt"]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /The task did not change nothing\.txt\. It changed: deep\/new file\.txt, greeting\.txt, old\.txt, story\.txt\./);
    const first = await bench.run(["accept", id, "deep/new file.txt", "old.txt"]);
    assert.match(first.out, /More files wait: /);
    assert.deepEqual([first.code, bench.repo.has("greeting.txt"), bench.repo.has("old.txt")], [0, false, false]);
    const rest = await bench.run(["accept", id, "story.txt", "greeting.txt"]);
    assert.match(rest.out, /The task is accepted/);
    const again = await bench.run(["accept", id]);
    assert.match(again.err, /is accepted: only a task in review can be accepted/);
    assert.match((await bench.run(["discard", id])).err, /is accepted already/);
  });

  it("takes an accept back, and keeps what was written since", async () => {
    const bench = await finished();
    const id = bench.taskId();
    const nothing = await bench.run(["undo", id]);
    assert.deepEqual([nothing.code, /there is nothing to undo/.test(nothing.err)], [1, true]);
    assert.match((await bench.run(["accept", id])).out, new RegExp(`To take it back: .* undo ${id}`));
    bench.repo.write("story.txt", "ONE\ntwo\nthree\nfour\nFIVE\n");
    const before = digestOf(path.join(bench.repo.dir, ".git"));
    const ended = await bench.run(["undo", id]);
    assert.equal(ended.code, 0, ended.err);
    assert.match(ended.out, /✔ deep\/new file\.txt\n[^]*The accept is undone and the task in review again\./);
    assert.equal(bench.repo.read("story.txt"), "one\ntwo\nthree\nfour\nFIVE\n");
    assert.deepEqual([bench.repo.has("greeting.txt"), bench.repo.has("deep"), bench.repo.read("old.txt")], [false, false, "old\n"]);
    assert.deepEqual(digestOf(path.join(bench.repo.dir, ".git")), before);
    assert.equal((await bench.shown()).status, "review");
    await bench.run(["accept", id]);
    bench.repo.write("greeting.txt", "hello, Ada\n");
    const conflict = await bench.run(["undo", id]);
    assert.deepEqual([conflict.code, /✘ greeting\.txt conflict/.test(conflict.out)], [1, true]);
    assert.equal(bench.repo.read("greeting.txt"), "hello, Ada\n");
  });

  it("asks for changes and runs the next attempts; what is accepted already is not asked about", async () => {
    const bench = await finished();
    const id = bench.taskId();
    const findings = ["C1", "user-1"].map((criterion) => ({ criterion, met: true, evidence: [{ source: "check:K1", quote: "" }], comment: "" }));
    const again = aScript().generator(2, calls(writes("greeting.txt", "hello\nAda\n"))).evaluator(2, answers(aPass(1, { findings })));
    const ended = await bench.run(["retry", id, "Greet Ada.", "--model", bench.model(again)]);
    assert.equal(ended.code, 0, ended.out + ended.err);
    assert.match(ended.out, /Passed after 2 attempts, ready for your review/);
    assert.deepEqual(bench.event("changesRequested")["request"], { text: "Greet Ada.", comments: [] });
    assert.equal((await bench.shown()).attempts.length, 2);
    await bench.run(["accept", id]);
    assert.equal(bench.repo.read("greeting.txt"), "hello\nAda\n");
    const late = await bench.run(["retry", id, "Greet Grace."]);
    assert.deepEqual([late.code, late.err.includes("is accepted: no changes can be asked for. Undo the accept first")], [1, true]);
    const without = await bench.run(["retry", id, "Greet Grace."], { env: { ANTHROPIC_API_KEY: undefined } });
    assert.doesNotMatch(without.err, /No model is configured/);
  });

  it("takes an earlier attempt that passed, and says of others that they did not", async () => {
    const bench = new Bench(folder(), FILES);
    assert.equal((await bench.play(aPassingScript())).code, 0);
    const id = bench.taskId();
    const deaf = aScript().generator(2, calls(writes("greeting.txt", "moin\n"))).evaluator(2);
    const failed = await bench.run(["retry", id, "Say moin.", "--model", bench.model(deaf), "--retries", "0"]);
    assert.deepEqual([failed.code, /accept greet-\S+ --attempt 1/.test(failed.out)], [2, true], failed.out);
    assert.match((await bench.run(["accept", id])).err, /is escalated: only a task in review/);
    assert.match((await bench.run(["accept", id, "--attempt", "2"])).err, /Attempt 2 of task .* did not pass verification/);
    const taken = await bench.run(["accept", id, "--attempt", "1"]);
    assert.deepEqual([taken.code, bench.repo.read("greeting.txt")], [0, "hello\n"], taken.err);
    assert.match((await bench.run(["show", id])).out, / · accepted · /);
  });

  it("discards: worktree and branch are gone, the handoff files stay, the user's files are as they were", async () => {
    const bench = await finished();
    const { id, worktree, branch } = await bench.shown();
    const before = digestOf(path.join(bench.repo.dir, ".git"));
    const ended = await bench.run(["discard", id]);
    assert.deepEqual([ended.code, ended.out], [0, `Task ${id} is discarded. Its files under .countersign/plans/${id} are kept.\n`]);
    assert.ok(!existsSync(worktree));
    assert.equal(bench.repo.git("branch", "--list", branch), "");
    assert.deepEqual(digestOf(path.join(bench.repo.dir, ".git")), before);
    assert.ok(bench.handoff("qa-report.md").includes("PASS"));
    assert.equal(bench.repo.git("status", "--porcelain"), "");
    assert.match((await bench.run(["accept", id])).err, /is discarded: only a task in review/);
    assert.match((await bench.run(["resume", id])).err, /is discarded: there is nothing to run/);
    const tasks = await bench.run(["tasks"]);
    assert.match(tasks.out, new RegExp(`^${id} +discarded +PREP +multi_agent +1 +\\$0\\.0\\d+ +– +`, "m"));
  });

  it("shows size and status of several tasks, the newest first", async () => {
    const bench = await finished();
    const first = bench.taskId();
    await bench.run(["run", "Call the customer", "--category", "YOURS"]);
    const { out } = await bench.run(["tasks"]);
    const [head, ...rows] = out.trimEnd().split("\n");
    assert.match(head ?? "", /^task +status +category +type +attempts +cost +worktree +updated \(UTC\) +title$/);
    assert.deepEqual(rows.map((row) => row.split(/ {2,}/).slice(0, 3)), [[bench.taskId(), "queued", "YOURS"], [first, "review", "PREP"]]);
    assert.match(rows[1] ?? "", / {2}\d+ kB {2}/);
  });

  it("answers the same after state.db is deleted, damaged or old", async () => {
    const bench = await finished();
    const ask = async (): Promise<readonly string[]> =>
      Promise.all([["tasks"], ["tasks", "--json"], ["show", bench.taskId()], ["show", bench.taskId(), "--json"], ["cost", "daily", "--json"]].map(async (args) => (await bench.run(args)).out));
    const answers = await ask();
    const file = ".countersign/state/state.db";
    assert.ok(bench.repo.has(file));
    bench.repo.remove(file);
    assert.deepEqual(await ask(), answers);
    bench.repo.write(file, "no database");
    assert.deepEqual(await ask(), answers);
    const accepted = await bench.run(["accept", bench.taskId()]);
    assert.equal(accepted.code, 0, accepted.err);
    assert.equal((await bench.shown()).status, "accepted");
  });

  it("still lists the tasks after the cache folder was moved away", async () => {
    const bench = await finished();
    const moved = { env: { COUNTERSIGN_CACHE_DIR: path.join(bench.folder, "another cache") } };
    const tasks = await bench.run(["tasks"], moved);
    assert.deepEqual([tasks.code, tasks.err], [0, ""]);
    assert.match(tasks.out, /greet-\w{4} +review /);
    assert.equal((await bench.run(["show", bench.taskId()], moved)).code, 0);
    const diff = await bench.run(["diff", bench.taskId()], moved);
    assert.match(diff.out, /^\+hello$/m);
  });
});
