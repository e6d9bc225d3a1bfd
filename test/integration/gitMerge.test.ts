// Merging one task's work onto another's, and moving a task's branch: what missions stand on.
import { strict as assert } from "node:assert";
import { chmodSync, existsSync, symlinkSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import type { TaskId } from "../../src/core/domain/task";
import type { MergedCommit, TaskBase } from "../../src/core/domain/workspace";
import { GitBench, NEVER } from "../builders/gitBench";
import { filesInCommit, fingerprint, Repo } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";

const LINES = "one\ntwo\nthree\n";

describe("GitWorkspace, merging tasks", function () {
  this.timeout(60_000);
  const folder = tempFolder();

  /** Another task from where the first one's branch stood. */
  async function other(bench: GitBench, id: string, from: string): Promise<{ readonly base: TaskBase; readonly tree: Repo; readonly attempt: () => Promise<string> }> {
    const base = await bench.workspace.createBase(id as TaskId, NEVER, { commit: from, head: bench.base.head });
    return { base, tree: new Repo(base.worktree), attempt: () => bench.workspace.commitAttempt(base, "attempt", []) };
  }

  async function merged(ours: (tree: Repo) => void, theirs: (tree: Repo) => void): Promise<{ readonly bench: GitBench; readonly result: MergedCommit; readonly files: Record<string, string> }> {
    const bench = await GitBench.start(folder());
    ours(bench.tree);
    const onto = await bench.attempt();
    const task = await other(bench, "other-7k2m", bench.base.commit);
    theirs(task.tree);
    const result = await bench.workspace.merge(bench.base, { onto, from: bench.base.commit, to: await task.attempt(), message: "merge" });
    return { bench, result, files: filesInCommit(bench.base.gitDir, result.commit) };
  }

  it("begins a task where another one's branch stands, and finds it again", async () => {
    const bench = await GitBench.start(folder());
    bench.write("mine.txt", "work\n");
    const commit = await bench.attempt();
    const first = await other(bench, "other-7k2m", commit);
    assert.equal(first.base.commit, commit);
    assert.ok(existsSync(path.join(first.base.worktree, "mine.txt")));
    first.tree.write("more.txt", "more\n");
    const work = await first.attempt();
    const again = await other(bench, "other-7k2m", bench.base.commit);
    assert.deepEqual(again.base, first.base, "what it began from stays");
    assert.deepEqual((await bench.workspace.changes(again.base, again.base.commit, work)).map(({ path: file }) => file), ["more.txt"]);
  });

  const rows: readonly (readonly [string, (tree: Repo) => void, (tree: Repo) => void, Record<string, string | undefined>, readonly string[]])[] = [
    ["different files", (tree) => tree.write("ours.txt", "ours\n"), (tree) => tree.write("theirs.txt", "theirs\n"), { "ours.txt": "ours\n", "theirs.txt": "theirs\n" }, []],
    ["different lines of a file", (tree) => tree.write("a.txt", `zero\n${LINES}`), (tree) => tree.write("a.txt", `${LINES}four\n`), { "a.txt": `zero\n${LINES}four\n` }, []],
    ["the same change", (tree) => tree.write("a.txt", "same\n"), (tree) => tree.write("a.txt", "same\n"), { "a.txt": "same\n" }, []],
    ["a file that both removed", (tree) => tree.remove("a.txt"), (tree) => tree.remove("a.txt"), { "a.txt": undefined }, []],
    ["a removal of what the other left alone", () => undefined, (tree) => tree.remove("a.txt"), { "a.txt": undefined }, []],
    ["a removal of what the other changed", (tree) => tree.write("a.txt", "ours\n"), (tree) => tree.remove("a.txt"), { "a.txt": "ours\n" }, ["a.txt"]],
    ["two binary files", (tree) => tree.write("x.bin", Buffer.from([0, 1])), (tree) => tree.write("x.bin", Buffer.from([0, 2])), { "x.bin": "\u0000\u0001" }, ["x.bin"]],
    ["a file where the other has a folder", (tree) => tree.write("place", "ours\n"), (tree) => tree.write("place/inside.txt", "theirs\n"), {}, ["place"]],
  ];
  for (const [what, ours, theirs, expected, conflicts] of rows) {
    it(`merges ${what}${conflicts.length === 0 ? "" : ", and names the conflict"}`, async () => {
      const { result, files } = await merged(ours, theirs);
      assert.deepEqual(result.conflicts, conflicts);
      for (const [file, text] of Object.entries(expected)) assert.equal(files[file], text, file);
    });
  }

  it("marks both sides where they changed the same lines, and touches no working tree and no branch", async () => {
    const { bench, result, files } = await merged((tree) => tree.write("a.txt", "ours\n"), (tree) => tree.write("a.txt", "theirs\n"));
    assert.deepEqual(result.conflicts, ["a.txt"]);
    assert.equal(files["a.txt"], "<<<<<<< work that was merged before\nours\n=======\ntheirs\n>>>>>>> countersign/task-7k2m\n");
    assert.deepEqual(bench.tree.read("a.txt"), "ours\n");
  });

  it("keeps who made a file executable, and links", async () => {
    const { result, bench } = await merged(
      (tree) => chmodSync(path.join(tree.dir, "a.txt"), 0o755),
      (tree) => {
        tree.write("a.txt", `${LINES}four\n`);
        symlinkSync("a.txt", path.join(tree.dir, "link"));
      },
    );
    assert.deepEqual(result.conflicts, []);
    const modes = (await bench.workspace.changes(bench.base, bench.base.commit, result.commit)).map(({ path: file, kinds }) => [file, kinds?.to]);
    assert.deepEqual(modes, [["a.txt", "executable"], ["link", "link"]]);
  });

  it("merges any two edits of different lines as if one had come after the other (property)", async () => {
    const bench = await GitBench.start(folder());
    const lines = Array.from({ length: 9 }, (_, at) => `line ${at}`);
    bench.write("long.txt", `${lines.join("\n")}\n`);
    const base = await bench.attempt();
    const edited = async (edits: ReadonlyMap<number, string>): Promise<string> => {
      const text = lines.map((line, at) => edits.get(at) ?? line);
      return bench.workspace.compose(bench.base, base, [{ path: "long.txt", commit: base, text: `${text.join("\n")}\n` }]);
    };
    const edit = fc.stringMatching(/^[a-z]{1,8}$/);
    await fc.assert(
      fc.asyncProperty(edit, edit, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 6, max: 8 }), async (first, second, above, below) => {
        const [ours, theirs, both] = [new Map([[above, first]]), new Map([[below, second]]), new Map([[above, first], [below, second]])];
        const result = await bench.workspace.merge(bench.base, { onto: await edited(ours), from: base, to: await edited(theirs), message: "merge" });
        assert.deepEqual(result.conflicts, []);
        const text = await bench.workspace.fileAt(bench.base, result.commit, "long.txt");
        assert.equal(text, await bench.workspace.fileAt(bench.base, await edited(both), "long.txt"));
      }),
      { numRuns: 12 },
    );
  });

  describe("moving a branch", () => {
    it("puts branch and worktree on the commit, once, and keeps ignored files; the user's repository is as it was", async () => {
      const bench = await GitBench.start(folder());
      bench.write(".gitignore", "built/\n");
      const first = await bench.attempt();
      const task = await other(bench, "other-7k2m", first);
      task.tree.write("theirs.txt", "theirs\n");
      const to = await task.attempt();
      bench.write("built/kept.txt", "kept\n");
      bench.write("stray.txt", "nobody committed it\n");
      const before = fingerprint(path.join(bench.repo.dir, ".git"));
      assert.equal(await bench.workspace.moveBranch(bench.base, { expected: first, to }), true);
      assert.deepEqual([bench.tree.read("theirs.txt"), bench.tree.read("built/kept.txt"), existsSync(path.join(bench.base.worktree, "stray.txt"))], ["theirs\n", "kept\n", false]);
      assert.equal(await bench.workspace.moveBranch(bench.base, { expected: first, to }), true, "again, as after a crash");
      assert.equal(await bench.attempt(), to, "nothing is new");
      const after = fingerprint(path.join(bench.repo.dir, ".git"));
      const users = (all: Record<string, string>): readonly (readonly [string, string])[] => Object.entries(all).filter(([file]) => !file.includes("countersign") && !file.startsWith("objects") && !file.startsWith("worktrees"));
      assert.deepEqual(users(after), users(before));
    });

    it("does nothing where the branch stands elsewhere", async () => {
      const bench = await GitBench.start(folder());
      bench.write("mine.txt", "work\n");
      const now = await bench.attempt();
      bench.write("open.txt", "open\n");
      assert.equal(await bench.workspace.moveBranch(bench.base, { expected: "0".repeat(39) + "1", to: bench.base.commit }), false);
      assert.ok(existsSync(path.join(bench.base.worktree, "open.txt")));
      assert.notEqual(await bench.attempt(), now, "what was open is committed on top");
    });
  });
});
