import { strict as assert } from "node:assert";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { TaskId } from "../../src/core/domain/task";
import { CountersignError } from "../../src/core/domain/errors";
import { GitBench, NEVER, TASK, workspaceFor } from "../builders/gitBench";
import { aRepository, filesInCommit, filesOnDisk, fingerprint } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";

describe("GitWorkspace, after something went wrong", () => {
  const folder = tempFolder();
  const gitDir = (bench: GitBench): string => path.join(bench.repo.dir, ".git");

  describe("while the worktree was made", () => {
    it("goes on after a crash between the branch and the worktree", async () => {
      const bench = await GitBench.start(folder());
      await bench.workspace.removeWorktree(bench.base, { deleteBranch: false });
      bench.repo.write("later.txt", "changed after the snapshot");
      const base = await bench.workspace.createBase(TASK, NEVER);
      assert.deepEqual(base, bench.base);
      assert.deepEqual(filesOnDisk(base.worktree), { "a.txt": "one\ntwo\nthree\n", "src/b.txt": "b\n" });
    });

    it("remakes a folder that was only half checked out", async () => {
      const bench = await GitBench.start(folder());
      rmSync(`${bench.base.worktree}.index`);
      bench.remove("a.txt");
      writeFileSync(path.join(gitDir(bench), "worktrees", TASK, "locked"), "initializing");
      await bench.workspace.createBase(TASK, NEVER);
      assert.ok(existsSync(path.join(bench.base.worktree, "a.txt")));
      assert.deepEqual(readdirSync(path.join(gitDir(bench), "worktrees")), [TASK]);
    });

    it("replaces a stale entry in .git/worktrees, and one that has no folder any more", async () => {
      const bench = await GitBench.start(folder());
      rmSync(bench.base.worktree, { recursive: true });
      rmSync(`${bench.base.worktree}.index`);
      await bench.workspace.createBase(TASK, NEVER);
      assert.deepEqual(readdirSync(path.join(gitDir(bench), "worktrees")), [TASK]);
      assert.equal(bench.tree.git("status", "--porcelain"), "");
      assert.equal(bench.tree.git("symbolic-ref", "HEAD"), `refs/heads/countersign/${TASK}`);
    });

    it("makes the worktree anew after the whole cache folder was emptied", async () => {
      const bench = await GitBench.start(folder());
      bench.write("made.txt", "made");
      await bench.attempt();
      rmSync(path.join(folder(), "cache"), { recursive: true });
      const workspace = await workspaceFor(folder(), bench.repo.dir);
      assert.equal(await workspace.restoreWorktree(bench.base, NEVER), true);
      assert.equal(bench.tree.read("made.txt"), "made");
    });

    it("leaves no worktree behind when it is cancelled, and can be called again", async () => {
      const bench = await GitBench.start(folder());
      await bench.workspace.removeWorktree(bench.base, { deleteBranch: false });
      const cancelled = new AbortController();
      cancelled.abort();
      await assert.rejects(bench.workspace.createBase(TASK, cancelled.signal), (error) =>
        CountersignError.is(error, "cancelled"),
      );
      await assert.rejects(bench.workspace.restoreWorktree(bench.base, cancelled.signal), (error) =>
        CountersignError.is(error, "cancelled"),
      );
      await assert.rejects(bench.workspace.openCleanRoom(bench.base, bench.base.commit, cancelled.signal), (error) =>
        CountersignError.is(error, "cancelled"),
      );
      assert.equal(await bench.workspace.restoreWorktree(bench.base, NEVER), true);
    });

    it("cancels while git runs, and recovers", async () => {
      const bench = await GitBench.start(folder());
      await bench.workspace.removeWorktree(bench.base, { deleteBranch: false });
      const started = path.join(folder(), "started");
      const wrapper = path.join(folder(), "git-wrapper");
      // The entry is there and the checkout has begun when the cancel comes.
      const slow = `case "$*" in *"worktree add"*) git "$@"; rm -f '${bench.base.worktree}/a.txt'; echo > '${started}'; sleep 60;; esac`;
      writeFileSync(wrapper, `#!/bin/sh\n${slow}\nexec git "$@"\n`, { mode: 0o755 });
      const workspace = await workspaceFor(folder(), bench.repo.dir, { gitProgram: wrapper });
      const cancel = new AbortController();
      const creating = workspace.createBase(TASK, cancel.signal);
      const watch = setInterval(() => existsSync(started) && cancel.abort(), 20);
      await assert.rejects(creating, (error) => CountersignError.is(error, "cancelled"));
      clearInterval(watch);
      const base = await bench.workspace.createBase(TASK, NEVER);
      assert.deepEqual(Object.keys(filesOnDisk(base.worktree)), ["a.txt", "src/b.txt"]);
    });
  });

  describe("in a worktree that an agent has worked in", () => {
    const works = async (bench: GitBench): Promise<void> => {
      bench.write("made.txt", "made");
      const commit = await bench.attempt();
      assert.equal(filesInCommit(bench.base.gitDir, commit)["made.txt"], "made");
    };

    it("commits although .git was removed, and puts it back on resuming", async () => {
      const bench = await GitBench.start(folder());
      bench.remove(".git");
      await works(bench);
      bench.write("more.txt", "not committed yet");
      assert.equal(await bench.workspace.restoreWorktree(bench.base, NEVER), false);
      assert.equal(bench.tree.git("status", "--porcelain"), "?? more.txt");
    });

    it("does not follow a .git that points elsewhere", async () => {
      const bench = await GitBench.start(folder());
      const other = aRepository(path.join(folder(), "other"));
      const marks = fingerprint(path.join(other.dir, ".git"));
      writeFileSync(path.join(bench.base.worktree, ".git"), `gitdir: ${other.dir}/.git\n`);
      await works(bench);
      assert.equal(await bench.workspace.restoreWorktree(bench.base, NEVER), false);
      assert.deepEqual(fingerprint(path.join(other.dir, ".git")), marks);
      assert.match(bench.tree.read(".git"), /worktrees\/task-7k2m/);
    });

    it("keeps the work when .git is gone and the entry was pruned", async () => {
      const bench = await GitBench.start(folder());
      bench.write("made.txt", "made");
      bench.remove(".git");
      bench.repo.git("worktree", "prune", "--expire=now");
      assert.ok(!existsSync(path.join(gitDir(bench), "worktrees", TASK)));
      assert.equal(await bench.workspace.restoreWorktree(bench.base, NEVER), false);
      assert.equal(bench.tree.read("made.txt"), "made");
      assert.equal(bench.tree.git("status", "--porcelain"), "?? made.txt");
      await works(bench);
    });

    it("commits what git was told to overlook, and what lies in a repository of its own", async () => {
      const bench = await GitBench.start(folder());
      bench.tree.git("update-index", "--assume-unchanged", "a.txt");
      bench.write("a.txt", "hidden");
      aRepository(path.join(bench.base.worktree, "scaffold"), { "x.txt": "x", ".gitignore": "*.log\n" });
      bench.write("scaffold/y.log", "ignored there");
      bench.write("scaffold/evil", "x");
      bench.tree.write("scaffold/.git/hooks/post-checkout", `#!/bin/sh\ntouch '${folder()}/ran'\n`, 0o755);
      bench.tree.write(
        "scaffold/.git/config",
        `[core]\n\trepositoryformatversion = 0\n\tfsmonitor = "touch '${folder()}/ran'"\n`,
      );
      const files = filesInCommit(bench.base.gitDir, await bench.attempt());
      assert.equal(files["a.txt"], "hidden");
      assert.deepEqual(Object.keys(files), [
        "a.txt",
        "scaffold/.gitignore",
        "scaffold/evil",
        "scaffold/x.txt",
        "src/b.txt",
      ]);
      assert.ok(!existsSync(path.join(folder(), "ran")));
      bench.write("scaffold/x.txt", "changed later");
      assert.equal(filesInCommit(bench.base.gitDir, await bench.attempt())["scaffold/x.txt"], "changed later");
    });

    it("goes on from the branch when the agent has committed or switched by itself", async () => {
      const bench = await GitBench.start(folder());
      bench.write("own.txt", "own");
      bench.tree.git("add", "-A");
      bench.tree.git("commit", "-q", "-m", "by the agent");
      const own = bench.tree.git("rev-parse", "HEAD");
      bench.tree.git("checkout", "-q", "--detach", "HEAD~1");
      bench.write("made.txt", "made");
      const commit = await bench.attempt();
      assert.equal(bench.repo.git("rev-parse", `${commit}^`), own);
      await bench.workspace.restoreWorktree(bench.base, NEVER);
      assert.equal(bench.tree.git("symbolic-ref", "HEAD"), `refs/heads/countersign/${TASK}`);
    });

    it("leaves out what set-up made, where no ignore file names it", async () => {
      const bench = await GitBench.start(folder());
      bench.write("node_modules/x/index.js", "x");
      bench.write("deep/.venv/lib/y.py", "y");
      bench.write("src/__pycache__/z.pyc", "z");
      await works(bench);
      const changed = await bench.workspace.changes(bench.base, bench.base.commit, await bench.attempt());
      assert.deepEqual(
        changed.map((change) => change.path),
        ["made.txt"],
      );
    });

    it("does not follow links on the way to the deliverables", async () => {
      const bench = await GitBench.start(folder());
      mkdirSync(path.join(folder(), "secrets"));
      writeFileSync(path.join(folder(), "secrets", "key"), "secret");
      mkdirSync(path.join(bench.base.worktree, ".countersign/plans"), { recursive: true });
      symlinkSync(path.join(folder(), "secrets"), path.join(bench.base.worktree, `.countersign/plans/${TASK}`));
      const commit = await bench.attempt([`.countersign/plans/${TASK}`, `.countersign/plans/${TASK}/key`]);
      assert.equal(commit, bench.base.commit);
      await assert.rejects(bench.attempt(["../outside"]), (error) => CountersignError.is(error, "git"));
    });
  });

  describe("with clean rooms", () => {
    it("removes a room whose files and folders may not be written", async () => {
      const bench = await GitBench.start(folder());
      const room = await bench.workspace.openCleanRoom(bench.base, bench.base.commit, NEVER);
      mkdirSync(path.join(room.dir, "cache/mod"), { recursive: true });
      writeFileSync(path.join(room.dir, "cache/mod/x"), "x");
      chmodSync(path.join(room.dir, "cache/mod/x"), 0o444);
      chmodSync(path.join(room.dir, "cache/mod"), 0o555);
      chmodSync(path.join(room.dir, "cache"), 0o000);
      await room.close();
      assert.ok(!existsSync(room.dir));
      assert.deepEqual(readdirSync(path.join(gitDir(bench), "worktrees")), [TASK]);
    });

    it("sweeps what crashed processes left long ago, not what is in use", async () => {
      const bench = await GitBench.start(folder());
      const temporary = path.join(folder(), "cache/tmp");
      for (const name of ["index-1-old", "accept-1-old", "index-1-new", "another"])
        mkdirSync(path.join(temporary, name));
      for (const name of ["index-1-old", "accept-1-old", "another"]) utimesSync(path.join(temporary, name), 1e9, 1e9);
      await (await bench.workspace.openCleanRoom(bench.base, bench.base.commit, NEVER)).close();
      assert.deepEqual(readdirSync(temporary), ["another", "index-1-new"]);
    });

    it("sweeps the rooms of dead processes at the next open, and nobody else's", async () => {
      const bench = await GitBench.start(folder());
      const stale = await bench.workspace.openCleanRoom(bench.base, bench.base.commit, NEVER);
      const living = await bench.workspace.openCleanRoom(bench.base, bench.base.commit, NEVER);
      const ownerFile = `${stale.dir}.owner.json`;
      const owner = JSON.parse(readFileSync(ownerFile, "utf8")) as { process: { pid: number; started: string | null } };
      // As if another process with this number had opened it: the start time tells them apart.
      writeFileSync(
        ownerFile,
        JSON.stringify({ ...owner, process: { ...owner.process, pid: 2 ** 22 - 3, started: "1" } }),
      );
      const torn = path.join(path.dirname(stale.dir), "task-torn-000000000000.owner.json");
      writeFileSync(torn, "{");
      const fresh = await bench.workspace.openCleanRoom(bench.base, bench.base.commit, NEVER);
      assert.ok(!existsSync(stale.dir) && !existsSync(ownerFile) && !existsSync(torn));
      assert.ok(existsSync(living.dir) && existsSync(fresh.dir));
      await living.close();
      await fresh.close();
      assert.deepEqual(readdirSync(path.dirname(fresh.dir)), []);
    });
  });

  it("commits no file that a killed write left in the worktree", async () => {
    const bench = await GitBench.start(folder());
    bench.write("made.txt", "made");
    bench.write("src/.countersign-0123456789ab.tmp", "ma");
    assert.equal(await bench.workspace.restoreWorktree(bench.base, NEVER), false);
    const commit = await bench.workspace.commitAttempt(bench.base, "attempt", []);
    const changed = await bench.workspace.changes(bench.base, bench.base.commit, commit);
    assert.deepEqual(changed.map((change) => change.path), ["made.txt"]);
  });

  describe("with the user's repository", () => {
    it("works after the repository has moved", async () => {
      const bench = await GitBench.start(folder());
      bench.write("made.txt", "made");
      const moved = path.join(folder(), "moved");
      renameSync(bench.repo.dir, moved);
      const workspace = await workspaceFor(folder(), moved);
      assert.equal(await workspace.restoreWorktree(bench.base, NEVER), false);
      const commit = await workspace.commitAttempt(bench.base, "attempt", []);
      await workspace.accept(TASK, { from: bench.base.commit, to: commit, onConflict: "mark" });
      assert.equal(readFileSync(path.join(moved, "made.txt"), "utf8"), "made");
    });

    it("refuses to move a branch that the user has checked out", async () => {
      const bench = await GitBench.start(folder());
      bench.write("made.txt", "made");
      bench.repo.git("checkout", "-q", "--ignore-other-worktrees", bench.base.branch);
      const refused = (error: unknown): boolean =>
        CountersignError.is(error, "git") && /checked out in your working tree/.test(error.message);
      await assert.rejects(bench.attempt(), refused);
      await assert.rejects(bench.workspace.removeWorktree(bench.base, { deleteBranch: true }), refused);
      await assert.rejects(bench.workspace.restoreWorktree(bench.base, NEVER), refused);
      assert.equal(bench.repo.git("rev-parse", "HEAD"), bench.base.commit);
    });

    it("keeps tasks apart whose ids begin alike", async () => {
      const bench = await GitBench.start(folder());
      const longer = await bench.workspace.createBase("task-7k2m1" as TaskId, NEVER);
      await bench.workspace.removeWorktree(bench.base, { deleteBranch: true });
      assert.ok(existsSync(longer.worktree));
      assert.equal(bench.repo.git("branch", "--list", "countersign/*"), `+ ${longer.branch}`);
    });

    it("takes a snapshot of a file of 200 MB without holding it in memory", async function () {
      this.timeout(60_000);
      const repo = aRepository(path.join(folder(), "r"));
      const chunk = Buffer.alloc(1024 * 1024, "0123456789abcdef");
      for (let at = 0; at < 200; at++) writeFileSync(path.join(repo.dir, "huge.bin"), chunk, { flag: "a" });
      const bench = await GitBench.start(folder(), repo);
      assert.equal(statSync(path.join(bench.base.worktree, "huge.bin")).size, 200 * chunk.length);
      bench.write("huge.bin", "small now");
      const [change] = await bench.workspace.changes(bench.base, bench.base.commit, await bench.attempt());
      assert.equal(change?.path, "huge.bin");
    });
  });
});
