import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { CountersignError, type ErrorCode } from "../../src/core/domain/errors";
import type { TaskId } from "../../src/core/domain/task";
import type { TaskBase } from "../../src/core/domain/workspace";
import { defaultCacheDir } from "../../src/adapters/git/cacheDir";
import { couldNotRun } from "../builders/couldNotRun";
import { GitBench, NEVER, TASK, workspaceFor } from "../builders/gitBench";
import { aRepository, GIT_ENVIRONMENT, Repo } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";

const NOBODY = 65534;

/** Every failure says what happened, what was kept and what to do. */
function saying(code: ErrorCode, ...words: readonly RegExp[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof CountersignError, String(error));
    assert.equal(error.code, code, error.message);
    for (const word of words) assert.match(error.message, word);
    assert.match(error.message, /touched|changed|kept|cancelled/i);
    return true;
  };
}

describe("openWorkspace", () => {
  const folder = tempFolder();

  it("says when git is missing", async () => {
    await assert.rejects(
      workspaceFor(folder(), folder(), { gitProgram: "git-that-is-not-there" }),
      saying("git", /git was not found/, /Install git/),
    );
  });

  it("says when the folder is missing or a file", async () => {
    await assert.rejects(workspaceFor(folder(), path.join(folder(), "nowhere")), saying("io", /nowhere/));
    writeFileSync(path.join(folder(), "file"), "");
    await assert.rejects(workspaceFor(folder(), path.join(folder(), "file")), saying("io", /file/));
  });

  it("says when the repository is bare, or the folder lies in .git", async () => {
    const bare = new Repo(path.join(folder(), "bare.git"));
    bare.git("init", "-q", "--bare");
    await assert.rejects(workspaceFor(folder(), bare.dir), saying("git", /bare/, /worktree add/));
    const odd = aRepository(path.join(folder(), "odd"));
    odd.git("config", "core.bare", "true");
    await assert.rejects(workspaceFor(folder(), odd.dir), saying("git", /bare/, /core\.bare false/));
    const plain = aRepository(path.join(folder(), "plain"));
    await assert.rejects(workspaceFor(folder(), path.join(plain.dir, ".git")), saying("git", /inside a \.git folder/));
  });

  it("says when .git points nowhere, and makes no shadow repository", async () => {
    const broken = new Repo(path.join(folder(), "broken"));
    broken.write(".git", "gitdir: /nowhere/at/all\n");
    await assert.rejects(workspaceFor(folder(), broken.dir), saying("git", /\/nowhere\/at\/all/));
    assert.ok(!existsSync(path.join(folder(), "cache/shadow")));
  });

  it("says when git does not trust the repository's owner", async function () {
    if (process.getuid?.() !== 0) couldNotRun(this, "only root can give a repository to somebody else");
    const repo = aRepository(path.join(folder(), "r"));
    execFileSync("chown", ["-R", String(NOBODY), repo.dir]);
    await assert.rejects(workspaceFor(folder(), repo.dir), saying("git", /another user owns/, /safe\.directory/));
  });

  it("refuses to copy a whole home folder", async () => {
    await assert.rejects(workspaceFor(folder(), homedir()), saying("git", /too large/));
    await assert.rejects(workspaceFor(folder(), "/"), saying("git", /too large/));
  });

  it("leaves a folder without git as it is, and makes the shadow repository only when it is needed", async () => {
    const plain = path.join(folder(), "plain");
    mkdirSync(plain);
    const workspace = await workspaceFor(folder(), plain);
    assert.ok(!existsSync(path.join(folder(), "cache/shadow")));
    await workspace.createBase(TASK, NEVER);
    assert.deepEqual(readdirSync(plain), []);
    assert.equal(readdirSync(path.join(folder(), "cache/shadow")).length, 1);
  });

  it("treats a folder of a dotfile repository, which shows no untracked files, as one without git", async () => {
    const home = aRepository(path.join(folder(), "home"), { ".profile": "x" });
    home.git("config", "status.showUntrackedFiles", "no");
    home.write("project/a.txt", "a");
    const workspace = await workspaceFor(folder(), path.join(home.dir, "project"));
    assert.equal(workspace.root, path.join(home.dir, "project"));
    assert.equal((await workspace.createBase(TASK, NEVER)).shadow, true);
  });
});

describe("GitWorkspace, refusing", () => {
  const folder = tempFolder();

  it("names a file that cannot be read", async function () {
    if (process.getuid?.() !== 0) couldNotRun(this, "it runs git as another user, which only root may do");
    // Elsewhere than in the tests' own temporary folder, through which another user cannot go.
    const home = mkdtempSync("/tmp/countersign-nobody-");
    try {
      chmodSync(home, 0o777);
      const repo = aRepository(path.join(home, "r"));
      repo.write("secret file.txt", "secret", 0o600);
      execFileSync("chown", ["-R", `${NOBODY}:${NOBODY}`, repo.dir]);
      execFileSync("chown", ["0:0", path.join(repo.dir, "secret file.txt")]);
      const wrapper = path.join(home, "git-wrapper");
      writeFileSync(wrapper, `#!/bin/sh\nexec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups git "$@"\n`, {
        mode: 0o755,
      });
      mkdirSync(path.join(home, "cache"));
      chmodSync(path.join(home, "cache"), 0o777);
      const environment = { ...GIT_ENVIRONMENT, HOME: home };
      const open = (): ReturnType<typeof workspaceFor> =>
        workspaceFor(home, repo.dir, { gitProgram: wrapper, environment, cacheDir: path.join(home, "cache") });
      mkdirSync(path.join(home, "cache/tmp"), { mode: 0o777 });
      chmodSync(path.join(home, "cache/tmp"), 0o777);
      const workspace = await open();
      await assert.rejects(
        workspace.createBase(TASK, NEVER),
        saying("io", /secret file\.txt/, /permission denied/, /ignore it/),
      );
      assert.equal(repo.has(".git/refs/heads/countersign"), false);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it("says when a branch named countersign is in the way", async () => {
    const repo = aRepository(path.join(folder(), "r"));
    repo.git("branch", "countersign");
    const workspace = await workspaceFor(folder(), repo.dir);
    await assert.rejects(workspace.createBase(TASK, NEVER), saying("git", /countersign/, /rename or remove/));
  });

  it("says when the index is damaged", async () => {
    const repo = aRepository(path.join(folder(), "r"));
    repo.write(".git/index", "not an index at all, but long enough to be one");
    const workspace = await workspaceFor(folder(), repo.dir);
    await assert.rejects(workspace.createBase(TASK, NEVER), saying("git", /index is damaged/));
  });

  it("says when the task's branch was deleted", async () => {
    const bench = await GitBench.start(folder());
    await bench.workspace.removeWorktree(bench.base, { deleteBranch: false });
    bench.repo.git("branch", "-D", bench.base.branch);
    await assert.rejects(
      bench.workspace.restoreWorktree(bench.base, NEVER),
      saying("git", /branch countersign\/task-7k2m is gone/),
    );
  });

  it("says when an object is missing", async () => {
    const repo = new Repo(path.join(folder(), "r"));
    repo.git("init", "-q");
    repo.write("a.txt", "a");
    // Older than the index, or git would read the file again and write the object anew.
    utimesSync(path.join(repo.dir, "a.txt"), 1_000_000_000, 1_000_000_000);
    repo.commit({});
    const blob = repo.git("rev-parse", "HEAD:a.txt");
    rmSync(path.join(repo.dir, ".git/objects", blob.slice(0, 2), blob.slice(2)));
    const workspace = await workspaceFor(folder(), repo.dir);
    await assert.rejects(workspace.createBase(TASK, NEVER), saying("git", /lacks an object/));
  });

  it("does not let a journal name other folders, commits or branches", async () => {
    const bench = await GitBench.start(folder());
    const { workspace, base } = bench;
    const precious = path.join(folder(), "precious");
    mkdirSync(precious);
    writeFileSync(path.join(precious, "x"), "x");
    const places = [
      precious,
      folder(),
      path.join(folder(), "cache"),
      path.join(base.worktree, "../../.."),
      `${base.worktree}/../../../../precious`,
      "/",
      "",
    ];
    for (const worktree of places) {
      const forged: TaskBase = { ...base, worktree };
      await assert.rejects(workspace.restoreWorktree(forged, NEVER), saying("git", /no worktree below/));
      await workspace.removeWorktree(forged, { deleteBranch: false });
      assert.equal(await workspace.worktreeSize(forged), 0);
      await assert.rejects(workspace.commitAttempt(forged, "m", []), saying("git", /no worktree below/));
    }
    assert.ok(existsSync(path.join(precious, "x")) && existsSync(path.join(base.worktree, "a.txt")));
    for (const branch of [
      "main",
      "countersign/../main",
      "countersign/--help",
      "refs/heads/countersign/x",
      "countersign/x y",
    ]) {
      await assert.rejects(workspace.removeWorktree({ ...base, branch }, { deleteBranch: true }), saying("git"));
    }
    for (const commit of ["--output=/tmp/x", "HEAD", "main", `${base.commit}^`, base.commit.slice(1), ""]) {
      await assert.rejects(workspace.diff(base, base.commit, commit), saying("git", /is no commit/));
      await assert.rejects(
        workspace.accept(TASK, { from: commit, to: base.commit, onConflict: "mark" }),
        saying("git", /is no commit/),
      );
      await assert.rejects(workspace.openCleanRoom(base, commit, NEVER), saying("git", /is no commit/));
    }
    for (const task of ["../x", "a/b", "-x", "X", "", "a.lock", "a\nb"]) {
      await assert.rejects(workspace.createBase(task as TaskId, NEVER), saying("git", /task id/));
    }
  });

  it("reads no path as an option, a pattern or a way out", async () => {
    const bench = await GitBench.start(
      folder(),
      aRepository(path.join(folder(), "r"), { "a.txt": "a\n", "-n": "dash", "*.txt": "star", "dir/x": "x" }),
    );
    const { workspace, base } = bench;
    const at = (file: string): Promise<string | null> => workspace.fileAt(base, base.commit, file);
    assert.equal(await at("-n"), "dash");
    assert.equal(await at("*.txt"), "star");
    assert.equal(await at("./dir//x"), "x");
    for (const file of [
      "dir",
      "dir/",
      "../r/a.txt",
      "/etc/passwd",
      "",
      ".",
      "a.txt/x",
      "?.txt",
      ":/a.txt",
      "a.txt\0",
      "--help",
    ]) {
      assert.equal(await at(file), null, file);
    }
    bench.write("*.txt", "star 2");
    bench.write("a.txt", "a 2\n");
    const commit = await bench.attempt();
    const diff = await workspace.diff(base, base.commit, commit, ["*.txt"]);
    assert.match(diff, /star 2/);
    assert.doesNotMatch(diff, /a 2/);
    assert.equal(await workspace.diff(base, base.commit, commit, ["--stat", ":(top)a.txt"]), "");
  });
});

describe("GitWorkspace.diff", () => {
  const folder = tempFolder();

  it("names binary files, counts lines, tells types apart and heeds none of the user's settings", async () => {
    const repo = aRepository(path.join(folder(), "r"), {
      "a.txt": "a\nb\n",
      "bin.dat": "\0",
      "to-link": "x",
      "gone.txt": "g\n",
      "moved.txt": "1\n2\n3\n4\n5\n",
    });
    for (const [name, value] of [
      ["diff.noprefix", "true"],
      ["color.ui", "always"],
      ["diff.renames", "copies"],
      ["diff.external", "false"],
    ]) {
      repo.git("config", name!, value!);
    }
    repo.write(".gitattributes", "*.txt diff=shout\n");
    repo.git("config", "diff.shout.textconv", "tr a-z A-Z <");
    const bench = await GitBench.start(folder(), repo);
    bench.write("a.txt", "a\nc\nd\n");
    bench.write("bin.dat", "\0\0");
    bench.remove("to-link");
    bench.tree.link("to-link", "a.txt");
    bench.remove("gone.txt");
    bench.remove("moved.txt");
    bench.write("moved-here.txt", "1\n2\n3\n4\n5\n");
    const commit = await bench.attempt();
    assert.deepEqual(await bench.workspace.changes(bench.base, bench.base.commit, commit), [
      { path: "a.txt", status: "modified", added: 2, removed: 1 },
      { path: "bin.dat", status: "modified", added: null, removed: null },
      { path: "gone.txt", status: "deleted", added: 0, removed: 1 },
      { path: "moved-here.txt", status: "added", added: 5, removed: 0 },
      { path: "moved.txt", status: "deleted", added: 0, removed: 5 },
      { path: "to-link", status: "typeChanged", added: 1, removed: 1, kinds: { from: "file", to: "link" } },
    ]);
    const diff = await bench.workspace.diff(bench.base, bench.base.commit, commit);
    assert.match(diff, /^diff --git a\/a\.txt b\/a\.txt$/m);
    assert.match(diff, /^-b\n\+c\n\+d$/m);
    assert.match(diff, /^Binary files a\/bin\.dat and b\/bin\.dat differ$/m);
    assert.equal(await bench.workspace.diff(bench.base, commit, commit), "");
    assert.deepEqual(await bench.workspace.changes(bench.base, commit, commit), []);
  });
});

describe("defaultCacheDir", () => {
  it("is the cache folder of each system, and the one that is asked for", () => {
    assert.equal(defaultCacheDir({}, "linux", "/home/ada"), "/home/ada/.cache/countersign");
    assert.equal(defaultCacheDir({ XDG_CACHE_HOME: "/x" }, "linux", "/home/ada"), "/x/countersign");
    assert.equal(defaultCacheDir({ XDG_CACHE_HOME: "relative" }, "linux", "/home/ada"), "/home/ada/.cache/countersign");
    assert.equal(defaultCacheDir({}, "darwin", "/Users/ada"), "/Users/ada/Library/Caches/countersign");
    assert.match(defaultCacheDir({ LOCALAPPDATA: "C:\\L" }, "win32", "C:\\U"), /^C:\\L.countersign.cache$/);
    for (const platform of ["linux", "darwin", "win32"] as const) {
      assert.equal(
        defaultCacheDir({ COUNTERSIGN_CACHE_DIR: "/chosen", XDG_CACHE_HOME: "/x" }, platform, "/h"),
        "/chosen",
      );
    }
  });
});
