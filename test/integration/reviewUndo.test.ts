// Taking accepts back, on real repositories of every shape: what was accepted goes, what the user has done since stays.
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { CountersignError } from "../../src/core/domain/errors";
import type { AcceptStep } from "../../src/core/domain/workspace";
import { EngineBench } from "../builders/engineBench";
import { GitBench } from "../builders/gitBench";
import { digestOf } from "../builders/gitDigest";
import { aRepository, filesOnDisk, Repo } from "../builders/repoBuilder";
import { aPassingScript, calls, runs, writes, WRITE_HELLO } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const LINES = Array.from({ length: 20 }, (_, at) => `line ${at + 1}`);
const story = (change: Readonly<Record<number, string>> = {}): string => LINES.map((line, at) => `${change[at + 1] ?? line}\n`).join("");
const FILES = { "README.md": "# Greetings\n", "story.txt": story(), "old.txt": "old\n", "data.bin": "\0one", ".gitignore": "*.log\n" };
const work = aPassingScript().generator(
  1,
  calls(WRITE_HELLO, writes("story.txt", story({ 2: "TWO", 10: "TEN" })), runs("rm old.txt; printf '\\000two' > data.bin; ln -s story.txt link"), writes("deep/new.txt", "new\n")),
);

/** Every file but our own. */
function files(repo: Repo): Record<string, string> {
  return Object.fromEntries(Object.entries(filesOnDisk(repo.dir)).filter(([file]) => !file.startsWith(".countersign/")));
}

describe("Harness.undoAccept", function () {
  this.timeout(60_000);
  const folder = tempFolder();
  let bench: EngineBench;
  afterEach(() => bench.close());

  async function inReview(repo?: Repo): Promise<void> {
    bench = await EngineBench.inReview(folder(), work, repo ?? FILES);
  }

  const undo = async (): ReturnType<EngineBench["harness"]["undoAccept"]> => bench.harness.undoAccept(await bench.view());

  it("puts everything back as it was, without touching index or HEAD, and the task is in review again", async () => {
    await inReview();
    const { repo } = bench;
    repo.write("staged.txt", "staged\n");
    repo.git("add", "staged.txt");
    const [before, marks] = [files(repo), digestOf(path.join(repo.dir, ".git"))];
    const { view: accepted } = await bench.accept();
    assert.equal(accepted.status, "accepted");
    const { result, view } = await undo();
    assert.deepEqual(files(repo), before);
    assert.ok(!existsSync(path.join(repo.dir, "deep")), "an empty folder is not left behind");
    assert.deepEqual(result.conflicts, []);
    assert.deepEqual(result.restored.toSorted(), ["data.bin", "deep/new.txt", "greeting.txt", "link", "old.txt", "story.txt"]);
    assert.deepEqual([view.status, view.accepted, view.acceptSteps, view.acceptedPaths], ["review", null, [], []]);
    assert.deepEqual(digestOf(path.join(repo.dir, ".git")), marks);
    assert.deepEqual(await bench.view(), view);
  });

  it("can be accepted again, by hunk or as a whole, from commits alone: the worktree is gone", async () => {
    await inReview();
    await bench.accept();
    await undo();
    const { base } = await bench.view();
    assert.ok(!existsSync(base!.worktree));
    bench.repo.git("gc", "--quiet", "--prune=now");
    const [first] = await bench.hunks("story.txt");
    await bench.decide("story.txt", { accept: [first!.id] });
    assert.equal(bench.repo.read("story.txt"), story({ 2: "TWO" }));
    const { view } = await bench.accept();
    assert.equal(view.status, "accepted");
    assert.equal(bench.repo.read("story.txt"), story({ 2: "TWO", 10: "TEN" }));
    await undo();
    assert.equal(bench.repo.read("story.txt"), story());
  });

  it("keeps what the user has written since, also between two accepts", async () => {
    await inReview();
    const { repo } = bench;
    const [first, second] = await bench.hunks("story.txt");
    await bench.decide("story.txt", { accept: [first!.id] });
    repo.write("story.txt", story({ 2: "TWO", 6: "between" }));
    repo.write("README.md", "# Mine\n");
    await bench.decide("story.txt", { accept: [second!.id] });
    repo.write("story.txt", story({ 2: "TWO", 6: "between", 10: "TEN", 15: "after" }));
    repo.write("other.txt", "other\n");
    const { result } = await undo();
    assert.deepEqual([result.restored, result.conflicts], [["story.txt"], []]);
    assert.equal(repo.read("story.txt"), story({ 6: "between", 15: "after" }));
    assert.deepEqual([repo.read("README.md"), repo.read("other.txt")], ["# Mine\n", "other\n"]);
  });

  it("takes back an accept in conflict with its markers and what was put beside, when nothing was done about it", async () => {
    await inReview();
    const { repo } = bench;
    repo.write("story.txt", story({ 2: "mine" }));
    repo.write("data.bin", "\0mine");
    const before = files(repo);
    const { result } = await bench.accept();
    assert.deepEqual(result.conflicts, ["data.bin", "story.txt"]);
    assert.ok(repo.has("data.bin.countersign"));
    const undone = await undo();
    assert.deepEqual(files(repo), before);
    assert.deepEqual(undone.result.conflicts, []);
  });

  it("marks a conflict where the user has changed the accepted lines since, and loses nothing", async () => {
    await inReview();
    const { repo } = bench;
    await bench.accept(["story.txt", "greeting.txt"]);
    repo.write("story.txt", story({ 2: "TWO and mine", 10: "TEN" }));
    repo.write("greeting.txt", "hello, and mine\n");
    const { result } = await undo();
    assert.deepEqual(result.conflicts, ["greeting.txt", "story.txt"]);
    assert.match(repo.read("story.txt"), /<<<<<<< story\.txt \(yours\)\nTWO and mine\n[^]*>>>>>>> story\.txt \(before the accept\)\n/);
    assert.match(repo.read("story.txt"), /line 9\nline 10\nline 11/, "what does not conflict is taken back");
    assert.equal(repo.read("greeting.txt"), "hello, and mine\n");
    assert.equal(repo.git("show", `${result.before}:story.txt`), story({ 2: "TWO and mine", 10: "TEN" }).trimEnd());
  });

  it("gives an ignored file back that an accept had merged into", async () => {
    const script = aPassingScript().generator(1, calls(WRITE_HELLO, writes(".gitignore", "\n"), writes("x.log", "theirs\n")));
    bench = await EngineBench.inReview(folder(), script, FILES);
    bench.repo.write("x.log", "mine, ignored\n");
    await bench.accept();
    assert.match(bench.repo.read("x.log"), /mine, ignored[^]*theirs/);
    await undo();
    assert.deepEqual([bench.repo.read("x.log"), bench.repo.read(".gitignore")], ["mine, ignored\n", "*.log\n"]);
  });

  it("works in a folder without git", async () => {
    const dir = path.join(folder(), "plain");
    mkdirSync(dir);
    const repo = new Repo(dir);
    for (const [file, text] of Object.entries(FILES)) repo.write(file, text);
    await inReview(repo);
    const before = files(repo);
    await bench.accept();
    assert.notDeepEqual(files(repo), before);
    repo.write("mine.txt", "mine\n");
    await undo();
    assert.deepEqual(files(repo), { ...before, "mine.txt": "mine\n" });
    assert.ok(!repo.has(".git"));
  });

  it("works in a repository without commits", async () => {
    const repo = aRepository(path.join(folder(), "unborn"), {});
    for (const [file, text] of Object.entries(FILES)) repo.write(file, text);
    await inReview(repo);
    const before = files(repo);
    await bench.accept(["old.txt", "story.txt"]);
    await bench.accept();
    await undo();
    assert.deepEqual(files(repo), before);
    assert.throws(() => repo.git("rev-parse", "--verify", "HEAD"));
  });

  it("comes to the same end when it was done and not put on record", async () => {
    await inReview();
    await bench.accept();
    const before = await bench.view();
    await undo();
    const after = files(bench.repo);
    const { result } = await bench.harness.undoAccept(before);
    assert.deepEqual(files(bench.repo), after);
    assert.deepEqual(result.conflicts, []);
  });

  it("refuses where nothing was accepted, and where it was not recorded what", async () => {
    await inReview();
    await assert.rejects(undo(), (error) => CountersignError.is(error, "conflict") && /nothing to undo/.test(error.message));
    const { view } = await bench.accept();
    const old = { ...view, acceptSteps: view.acceptSteps.map(({ before }) => ({ before, after: null })) };
    await assert.rejects(bench.harness.undoAccept(old), (error) => CountersignError.is(error, "conflict") && error.message.includes(`git restore --source ${view.accepted!.before.slice(0, 10)}`));
    assert.ok(bench.repo.has("greeting.txt"));
  });
});

describe("GitWorkspace.undoAccept", function () {
  this.timeout(60_000);
  const folder = tempFolder();

  it("merges once for accepts between which nothing else happened, and once more for each that something did", async () => {
    const git = await GitBench.start(folder(), aRepository(path.join(folder(), "r"), { "a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n" }));
    for (const name of ["a", "b", "c"]) git.write(`${name}.txt`, `${name}2\n`);
    const commit = await git.attempt();
    const steps: AcceptStep[] = [];
    for (const name of ["a", "b", "c"]) {
      if (name === "c") git.repo.write("mine.txt", "mine\n");
      const { before, after } = await git.accept(commit, [`${name}.txt`]);
      steps.push({ before, after: after! });
    }
    const [onBefore, task] = [`refs/countersign/task-7k2m/before-accept`, git.base];
    const depth = (): number => Number(git.repo.git("rev-list", "--count", onBefore));
    const had = depth();
    const result = await git.workspace.undoAccept("task-7k2m" as never, steps);
    assert.deepEqual(result.restored.toSorted(), ["a.txt", "b.txt", "c.txt"]);
    assert.deepEqual(filesOnDisk(git.repo.dir), { "a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n", "mine.txt": "mine\n" });
    assert.equal(depth() - had, 2);
    assert.ok(readFileSync(path.join(git.repo.dir, "mine.txt"), "utf8").length > 0 && existsSync(task.worktree));
  });
});
