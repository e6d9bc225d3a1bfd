// What every Workspace must do: the essentials whatever shape the user's folder has, the whole on some of them.
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CountersignError } from "../../src/core/domain/errors";
import type { TaskId } from "../../src/core/domain/task";
import type { TaskBase } from "../../src/core/domain/workspace";
import type { Workspace } from "../../src/core/ports/workspace";
import type { Shape } from "../builders/repositoryShapes";
import { filesInCommit, filesOnDisk, fingerprint } from "../builders/repoBuilder";

const TASK = "task-7k2m" as TaskId;
const NEVER = new AbortController().signal;

export type OpenWorkspace = (dir: string) => Promise<Workspace>;

/** The present test's workspace, what it works on, and the task in it. */
class Bench {
  private started: TaskBase | null = null;

  private constructor(
    readonly shape: Shape,
    readonly workspace: Workspace,
    readonly open: OpenWorkspace,
  ) {}

  static async prepare(shape: Shape, open: OpenWorkspace): Promise<Bench> {
    return new Bench(shape, await open(shape.open), open);
  }

  async start(): Promise<void> {
    this.started = await this.workspace.createBase(TASK, NEVER);
  }

  get base(): TaskBase {
    assert.ok(this.started !== null, "the task was not started");
    return this.started;
  }

  /** What an agent does: writes a file of the worktree. */
  work(file: string, text: string): void {
    const full = path.join(this.base.worktree, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  contents(commit: string): Record<string, string> {
    return filesInCommit(this.base.gitDir, commit);
  }
}

/** To be called once in a `describe`. */
function benchFor(shapeOf: () => Shape, open: OpenWorkspace): () => Bench {
  let bench: Bench | null = null;
  beforeEach(async () => {
    bench = await Bench.prepare(shapeOf(), open);
  });
  return () => {
    assert.ok(bench !== null);
    return bench;
  };
}

export function workspaceEssentials(shapeOf: () => Shape, open: OpenWorkspace): void {
  essentials(benchFor(shapeOf, open));
}

export function workspaceContract(shapeOf: () => Shape, open: OpenWorkspace): void {
  const present = benchFor(shapeOf, open);
  essentials(present);
  theRest(present);
}

function essentials(present: () => Bench): void {
  it("has a base commit of what the user sees", async () => {
    const bench = present();
    await bench.start();
    assert.equal(bench.workspace.root, bench.shape.root);
    assert.equal(bench.base.root, bench.shape.root);
    assert.equal(bench.base.branch, `countersign/${TASK}`);
    assert.equal(bench.base.head, bench.shape.head);
    assert.deepEqual(bench.contents(bench.base.commit), bench.shape.sees);
  });

  it("checks the base out in a worktree outside of the user's folder", async () => {
    const bench = present();
    await bench.start();
    const relative = path.relative(bench.shape.root, bench.base.worktree);
    assert.ok(relative.startsWith(".."), relative);
    const files = filesOnDisk(bench.base.worktree);
    for (const file of Object.keys(files)) assert.ok(file in bench.shape.sees, `${file} is not what the user sees`);
    if (bench.shape.sees["a.txt"] !== undefined) assert.ok("a.txt" in files);
  });

  it("commits an attempt on the branch, and nothing where nothing is new", async () => {
    const bench = present();
    await bench.start();
    assert.equal(await bench.workspace.commitAttempt(bench.base, "nothing", []), bench.base.commit);
    bench.work("src/made.txt", "made");
    const first = await bench.workspace.commitAttempt(bench.base, "attempt 1", []);
    assert.deepEqual(bench.contents(first), { ...bench.shape.sees, "src/made.txt": "made" });
    assert.equal(await bench.workspace.commitAttempt(bench.base, "again", []), first);
    bench.work("src/made.txt", "made better");
    const second = await bench.workspace.commitAttempt(bench.base, "attempt 2", []);
    assert.deepEqual(bench.contents(second), { ...bench.shape.sees, "src/made.txt": "made better" });
    assert.deepEqual(await bench.workspace.changes(bench.base, bench.base.commit, second), [
      { path: "src/made.txt", status: "added", added: 1, removed: 0 },
    ]);
    assert.match(await bench.workspace.diff(bench.base, bench.base.commit, second), /^\+made better$/m);
    assert.equal(await bench.workspace.fileAt(bench.base, second, "src/made.txt"), "made better");
    assert.equal(await bench.workspace.fileAt(bench.base, first, "src/made.txt"), "made");
    assert.equal(await bench.workspace.fileAt(bench.base, bench.base.commit, "src/made.txt"), null);
  });

  it("accepts into the working tree and nowhere else, and takes that back", async () => {
    const bench = present();
    const before = bench.shape.gitDirs.map(fingerprint);
    await bench.start();
    bench.work("src/made.txt", "made");
    const commit = await bench.workspace.commitAttempt(bench.base, "attempt 1", []);
    await (await bench.workspace.openCleanRoom(bench.base, commit, NEVER)).close();
    await bench.workspace.changes(bench.base, bench.base.commit, commit);
    await bench.workspace.diff(bench.base, bench.base.commit, commit);
    const filesBefore = filesOnDisk(bench.shape.root);
    const result = await bench.workspace.accept(TASK, { from: bench.base.commit, to: commit, onConflict: "mark" });
    assert.deepEqual(
      { applied: result.applied, conflicts: result.conflicts },
      { applied: ["src/made.txt"], conflicts: [] },
    );
    assert.deepEqual(filesOnDisk(bench.shape.root), { ...filesBefore, "src/made.txt": "made" });
    assert.deepEqual(bench.contents(result.before), bench.shape.sees);
    assert.deepEqual(bench.contents(result.after ?? ""), { ...bench.shape.sees, "src/made.txt": "made" });
    await bench.workspace.removeWorktree(bench.base, { deleteBranch: false });
    const undone = await bench.workspace.undoAccept(TASK, [{ before: result.before, after: result.after ?? "" }]);
    assert.deepEqual([undone.restored, undone.conflicts], [["src/made.txt"], []]);
    assert.deepEqual(filesOnDisk(bench.shape.root), filesBefore);
    assert.deepEqual(bench.shape.gitDirs.map(fingerprint), before);
  });
}

function theRest(present: () => Bench): void {
  it("composes a commit of files as they are in others, or with another text, that no branch has", async () => {
    const bench = present();
    await bench.start();
    bench.work("src/made.txt", "one\ntwo\n");
    bench.work("src/other.txt", "other\n");
    const { workspace, base } = bench;
    const commit = await workspace.commitAttempt(base, "attempt 1", []);
    const compose = (...files: Parameters<typeof workspace.compose>[2]): Promise<string> => workspace.compose(base, base.commit, files);
    const made = await compose({ path: "src/made.txt", commit, text: "one\n" });
    assert.deepEqual(bench.contents(made), { ...bench.shape.sees, "src/made.txt": "one\n" });
    const both = await workspace.compose(base, made, ["src/made.txt", "src/other.txt"].map((path) => ({ path, commit })));
    assert.deepEqual(bench.contents(both), bench.contents(commit));
    const [back, same] = [await workspace.compose(base, both, [{ path: "src/made.txt", commit: base.commit }]), await compose()];
    assert.deepEqual(bench.contents(back), { ...bench.shape.sees, "src/other.txt": "other\n" });
    assert.equal(same, base.commit);
    await assert.rejects(compose({ path: "src/nothing.txt", commit, text: "x" }), (error) => CountersignError.is(error, "notAllowed"));
    assert.equal(await workspace.commitAttempt(base, "again", []), commit);
  });

  it("tells both sides of a file by their lines, where they have such", async () => {
    const bench = present();
    await bench.start();
    bench.work("src/made.txt", "one\r\nzwölf");
    bench.work("src/data.bin", "\0");
    symlinkSync("made.txt", path.join(bench.base.worktree, "src/link"));
    const { workspace, base } = bench;
    const commit = await workspace.commitAttempt(base, "attempt 1", []);
    const lines = (file: string): ReturnType<typeof workspace.lines> => workspace.lines(base, base.commit, commit, file);
    assert.deepEqual(await lines("src/made.txt"), { from: null, to: "one\r\nzwölf" });
    assert.deepEqual(await workspace.lines(base, commit, base.commit, "src/made.txt"), { from: "one\r\nzwölf", to: null });
    for (const file of ["src/data.bin", "src/link"]) await assert.rejects(lines(file), (error) => CountersignError.is(error, "notAllowed"));
    for (const file of ["src/nothing.txt", "../x", "src"]) await assert.rejects(lines(file), (error) => CountersignError.is(error, "notFound"));
  });

  it("refuses a change that would leave a conflict, when it is told to, and has not begun it", async () => {
    const bench = present();
    await bench.start();
    const { workspace, base } = bench;
    bench.work("src/made.txt", "one\n");
    const first = await workspace.commitAttempt(base, "attempt 1", []);
    await workspace.accept(TASK, { from: base.commit, to: first, onConflict: "mark" });
    writeFileSync(path.join(bench.shape.root, "src/made.txt"), "mine\n");
    const before = filesOnDisk(bench.shape.root);
    await assert.rejects(workspace.accept(TASK, { from: first, to: base.commit, onConflict: "refuse" }), (error) => CountersignError.is(error, "conflict"));
    assert.deepEqual(filesOnDisk(bench.shape.root), before);
    writeFileSync(path.join(bench.shape.root, "src/made.txt"), "one\n");
    const taken = await workspace.accept(TASK, { from: first, to: base.commit, onConflict: "refuse" });
    assert.equal(bench.contents(taken.before)["src/made.txt"], "one\n");
    assert.ok(!existsSync(path.join(bench.shape.root, "src/made.txt")));
  });

  it("hands out a file's bytes as they are, and a link's target", async () => {
    const bench = present();
    await bench.start();
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x00, 0xff]);
    bench.work("pictures/größe 1.png", "");
    writeFileSync(path.join(bench.base.worktree, "pictures/größe 1.png"), bytes);
    bench.work("pictures/two\nlines: *.txt", "\n\n");
    bench.work("pictures/empty", "");
    symlinkSync("größe 1.png", path.join(bench.base.worktree, "pictures/latest.png"));
    const commit = await bench.workspace.commitAttempt(bench.base, "attempt 1", []);
    const at = async (file: string): Promise<string | null> => {
      const found = await bench.workspace.bytesAt(bench.base, commit, file);
      return found === null ? null : Buffer.from(found).toString("hex");
    };
    assert.equal(await at("pictures/größe 1.png"), bytes.toString("hex"));
    assert.equal(await at("pictures/latest.png"), Buffer.from("größe 1.png").toString("hex"));
    assert.equal(await at("pictures/two\nlines: *.txt"), "0a0a");
    assert.equal(await at("./pictures//empty"), "");
    assert.equal(await at("pictures"), null);
    assert.equal(await at("../pictures/empty"), null);
    assert.equal(await at("pictures/gone.png"), null);
    assert.equal(await bench.workspace.fileAt(bench.base, commit, "pictures/latest.png"), null);
  });

  it("finds base and worktree again, with the work in it", async () => {
    const bench = present();
    await bench.start();
    bench.work("src/made.txt", "made");
    writeFileSync(path.join(bench.shape.root, "later.txt"), "after the snapshot");
    assert.deepEqual(await bench.workspace.createBase(TASK, NEVER), bench.base);
    assert.equal(await bench.workspace.restoreWorktree(bench.base, NEVER), false);
    assert.equal(filesOnDisk(bench.base.worktree)["src/made.txt"], "made");
    const again = await bench.open(bench.shape.open);
    assert.deepEqual(await again.createBase(TASK, NEVER), bench.base);
  });

  it("remakes a worktree that is gone, from the branch", async () => {
    const bench = present();
    await bench.start();
    bench.work("src/made.txt", "made");
    const commit = await bench.workspace.commitAttempt(bench.base, "attempt 1", []);
    rmSync(bench.base.worktree, { recursive: true });
    assert.equal(await bench.workspace.restoreWorktree(bench.base, NEVER), true);
    assert.equal(filesOnDisk(bench.base.worktree)["src/made.txt"], "made");
    assert.equal((await bench.workspace.createBase(TASK, NEVER)).commit, bench.base.commit);
    assert.equal(await bench.workspace.commitAttempt(bench.base, "nothing new", []), commit);
  });

  it("takes ignored deliverables, and shows them neither as changes nor in the user's tree", async () => {
    const bench = present();
    await bench.start();
    const folder = `.countersign/plans/${TASK}/deliverables`;
    bench.work(".gitignore", ".countersign/\n*.log\n");
    bench.work(`${folder}/report.md`, "# Report");
    bench.work(`${folder}/run.log`, "log");
    bench.work(".countersign/notes.md", "not delivered");
    bench.work("debug.log", "ignored");
    const commit = await bench.workspace.commitAttempt(bench.base, "attempt 1", [folder]);
    const added = Object.keys(bench.contents(commit)).filter(
      (file) => !(file in bench.shape.sees) && file !== ".gitignore",
    );
    assert.deepEqual(added.toSorted(), [`${folder}/report.md`, `${folder}/run.log`]);
    assert.deepEqual(
      (await bench.workspace.changes(bench.base, bench.base.commit, commit)).map((change) => change.path),
      [".gitignore"],
    );
    assert.doesNotMatch(await bench.workspace.diff(bench.base, bench.base.commit, commit), /Report/);
    const room = await bench.workspace.openCleanRoom(bench.base, commit, NEVER);
    assert.equal(filesOnDisk(room.dir)[`${folder}/report.md`], "# Report");
    await room.close();
    rmSync(path.join(bench.base.worktree, folder), { recursive: true });
    const without = await bench.workspace.commitAttempt(bench.base, "attempt 2", [folder]);
    assert.ok(!Object.keys(bench.contents(without)).some((file) => file.startsWith(folder)));
    await bench.workspace.accept(TASK, { from: bench.base.commit, to: commit, onConflict: "mark" });
    assert.ok(!existsSync(path.join(bench.shape.root, folder)));
  });

  it("puts a clean room back to how it was after set-up, whatever a check did to it", async () => {
    const bench = present();
    await bench.start();
    bench.work("src/made.txt", "made");
    bench.work("src/other.txt", "other");
    bench.work("tools/.gitignore", "cache/\nbuilt.txt\n");
    const commit = await bench.workspace.commitAttempt(bench.base, "attempt 1", []);
    const room = await bench.workspace.openCleanRoom(bench.base, commit, NEVER);
    const put = (file: string, text: string): void => {
      mkdirSync(path.dirname(path.join(room.dir, file)), { recursive: true });
      writeFileSync(path.join(room.dir, file), text);
    };
    put("tools/cache/dependency.txt", "installed");
    const before = filesOnDisk(room.dir);
    const restore = await room.checkpoint();
    await restore();
    assert.deepEqual(filesOnDisk(room.dir), before);
    for (const round of ["first", "second"]) {
      put("src/made.txt", round);
      rmSync(path.join(room.dir, "src/other.txt"));
      put("tools/built.txt", round);
      put(`new ${round}/deep/ü.txt`, round);
      await restore();
      assert.deepEqual(filesOnDisk(room.dir), before, round);
    }
    await room.close();
  });

  it("opens clean rooms of a commit with nothing else in them, and removes them whole", async () => {
    const bench = present();
    await bench.start();
    bench.work("src/made.txt", "made");
    const commit = await bench.workspace.commitAttempt(bench.base, "attempt 1", []);
    bench.work("src/made.txt", "not committed");
    bench.work("left-over.txt", "not committed");
    const [first, second] = await Promise.all([
      bench.workspace.openCleanRoom(bench.base, commit, NEVER),
      bench.workspace.openCleanRoom(bench.base, commit, NEVER),
    ]);
    assert.notEqual(first.dir, second.dir);
    for (const room of [first, second]) {
      const files = filesOnDisk(room.dir);
      assert.equal(files["src/made.txt"], "made");
      assert.equal(files["left-over.txt"], undefined);
    }
    writeFileSync(path.join(first.dir, "src/made.txt"), "changed by a check");
    await first.close();
    await first.close();
    assert.ok(!existsSync(first.dir));
    assert.equal(filesOnDisk(second.dir)["src/made.txt"], "made");
    await second.close();
  });

  it("removes worktree, rooms and branch, again and again", async () => {
    const bench = present();
    const before = bench.shape.gitDirs.map(fingerprint);
    await bench.start();
    bench.work("src/made.txt", "made");
    await bench.workspace.commitAttempt(bench.base, "attempt 1", []);
    const room = await bench.workspace.openCleanRoom(bench.base, bench.base.commit, NEVER);
    assert.ok((await bench.workspace.worktreeSize(bench.base)) > 0);
    for (const deleteBranch of [false, true, true]) await bench.workspace.removeWorktree(bench.base, { deleteBranch });
    assert.ok(!existsSync(bench.base.worktree));
    assert.ok(!existsSync(room.dir));
    assert.equal(await bench.workspace.worktreeSize(bench.base), 0);
    assert.deepEqual(bench.shape.gitDirs.map(fingerprint), before);
    const anew = await bench.workspace.createBase(TASK, NEVER);
    assert.deepEqual(bench.contents(anew.commit), bench.shape.sees);
  });
}
