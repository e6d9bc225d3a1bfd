import { strict as assert } from "node:assert";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { CountersignError } from "../../src/core/domain/errors";
import { GitBench, NEVER, TASK, workspaceFor } from "../builders/gitBench";
import { aRepository, filesInCommit, filesOnDisk, fingerprint, Repo } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";

const LINES = Array.from({ length: 20 }, (_, at) => `line ${at}\n`);
const TEXT = LINES.join("");
const withLine = (at: number, text: string): string => LINES.map((line, n) => (n === at ? `${text}\n` : line)).join("");

describe("GitWorkspace.accept", () => {
  const folder = tempFolder();
  const start = (files: Readonly<Record<string, string>>): Promise<GitBench> =>
    GitBench.start(folder(), aRepository(path.join(folder(), "r"), files));

  it("writes, changes and deletes what the user has left alone, modes and links included", async () => {
    const bench = await start({
      "changed.txt": TEXT,
      "gone/deep/x.txt": "x",
      "run.sh": "#!/bin/sh\n",
      "to-link": "a file",
    });
    bench.write("changed.txt", withLine(3, "theirs"));
    bench.remove("gone");
    bench.write("new/deep/y.bin", Buffer.from([0, 1, 2, 255]));
    bench.write("run.sh", "#!/bin/sh\n", 0o755);
    bench.remove("to-link");
    bench.tree.link("to-link", "new/../run.sh");
    const result = await bench.acceptAll();
    assert.deepEqual(result.conflicts, []);
    assert.deepEqual(result.applied, ["changed.txt", "gone/deep/x.txt", "new/deep/y.bin", "run.sh", "to-link"]);
    assert.deepEqual(filesOnDisk(bench.repo.dir), filesOnDisk(bench.base.worktree));
    assert.ok(!existsSync(path.join(bench.repo.dir, "gone")), "the empty folders should go, too");
  });

  it("merges both sides' lines of a text, and keeps the state before", async () => {
    const bench = await start({ "a.txt": TEXT, "unrelated.txt": "u" });
    bench.write("a.txt", withLine(3, "theirs"));
    bench.repo.write("a.txt", withLine(15, "ours"));
    bench.repo.write("unrelated.txt", "user's own");
    const result = await bench.acceptAll();
    assert.deepEqual(result.applied, ["a.txt"]);
    assert.equal(bench.repo.read("a.txt"), withLine(3, "theirs").replace("line 15", "ours"));
    assert.equal(bench.repo.read("unrelated.txt"), "user's own");
    const before = filesInCommit(bench.base.gitDir, result.before);
    assert.equal(before["a.txt"], withLine(15, "ours"));
    assert.equal(bench.repo.git("rev-parse", `refs/countersign/${TASK}/before-accept`), result.before);
  });

  it("leaves markers with names on them where both changed the same lines", async () => {
    const bench = await start({ "a.txt": TEXT });
    bench.write("a.txt", withLine(3, "theirs"));
    bench.repo.write("a.txt", withLine(3, "ours"), 0o640);
    const result = await bench.acceptAll();
    assert.deepEqual({ applied: result.applied, conflicts: result.conflicts }, { applied: [], conflicts: ["a.txt"] });
    const text = bench.repo.read("a.txt");
    assert.match(text, /^<{7} a\.txt \(yours\)\nours\n={7}\ntheirs\n>{7} a\.txt \(countersign\/task-7k2m\)$/m);
    assert.equal(statSync(path.join(bench.repo.dir, "a.txt")).mode & 0o777, 0o640);
  });

  it("puts theirs beside where markers cannot stand: binary, deleted, link, folder in the way", async () => {
    const bench = await start({
      "bin.dat": "\0base",
      "deleted.txt": TEXT,
      "link.txt": "x",
      "both-new-link": "",
      "blocked/x.txt": "x",
    });
    bench.write("bin.dat", "\0theirs");
    bench.write("deleted.txt", withLine(1, "theirs"));
    bench.write("link.txt", "theirs");
    bench.write("new-name", "theirs, a file");
    bench.write("blocked/x.txt", "theirs");
    const { repo } = bench;
    repo.write("bin.dat", "\0ours");
    repo.remove("deleted.txt");
    repo.remove("link.txt");
    repo.link("link.txt", "elsewhere");
    repo.write("new-name/inside.txt", "ours, a folder");
    repo.remove("blocked");
    repo.write("blocked", "ours, a file");
    const result = await bench.acceptAll();
    assert.deepEqual(result.applied, []);
    assert.deepEqual(result.conflicts, ["bin.dat", "blocked/x.txt", "deleted.txt", "link.txt", "new-name"]);
    assert.deepEqual(filesOnDisk(repo.dir), {
      "both-new-link": "",
      "bin.dat": "\0ours",
      "bin.dat.countersign": "\0theirs",
      "deleted.txt.countersign": withLine(1, "theirs"),
      "link.txt": "-> elsewhere",
      "link.txt.countersign": "theirs",
      "new-name/inside.txt": "ours, a folder",
      "new-name.countersign": "theirs, a file",
      blocked: "ours, a file",
      "blocked.countersign/x.txt": "theirs",
    });
    const again = await bench.accept(bench.repo.git("rev-parse", bench.base.branch));
    assert.deepEqual([again.applied, again.conflicts], [result.applied, result.conflicts]);
    assert.equal(again.before, bench.repo.git("rev-parse", `refs/countersign/${TASK}/before-accept`));
    assert.ok(!repo.has("bin.dat.countersign-2"));
  });

  it("does not overwrite an older file beside", async () => {
    const bench = await start({ "bin.dat": "\0base" });
    bench.write("bin.dat", "\0theirs");
    bench.repo.write("bin.dat", "\0ours");
    bench.repo.write("bin.dat.countersign", "of another task");
    await bench.acceptAll();
    assert.equal(bench.repo.read("bin.dat.countersign"), "of another task");
    assert.equal(bench.repo.read("bin.dat.countersign-2"), "\0theirs");
  });

  it("keeps a file that the user changed and the attempt deleted, and says so", async () => {
    const bench = await start({ "a.txt": TEXT });
    bench.remove("a.txt");
    bench.repo.write("a.txt", "ours");
    const result = await bench.acceptAll();
    assert.deepEqual(result.conflicts, ["a.txt"]);
    assert.deepEqual(filesOnDisk(bench.repo.dir), { "a.txt": "ours" });
  });

  it("saves an ignored file that is in the way before merging into it", async () => {
    const bench = await start({ ".gitignore": "*.log\n", "a.txt": "a" });
    bench.write(".gitignore", "");
    bench.write("x.log", "theirs\n");
    bench.repo.write("x.log", "ours, ignored\n");
    const result = await bench.acceptAll();
    assert.deepEqual(result.conflicts, ["x.log"]);
    assert.equal(filesInCommit(bench.base.gitDir, result.before)["x.log"], "ours, ignored\n");
    assert.match(bench.repo.read("x.log"), /ours, ignored[^]*theirs/);
  });

  it("sees a change in a file that git was told to assume unchanged", async () => {
    const bench = await start({ "a.txt": TEXT });
    bench.repo.git("update-index", "--assume-unchanged", "a.txt");
    bench.repo.write("a.txt", withLine(15, "ours, hidden from git"));
    bench.write("a.txt", withLine(3, "theirs"));
    await bench.acceptAll();
    assert.match(bench.repo.read("a.txt"), /theirs[^]*hidden from git/);
  });

  it("sees a change of the same size in the second in which the index was written", async () => {
    const bench = await start({ "a.txt": "aaaa\n" });
    // Both times equal, and the file's inode time not looked at: only the index's own time tells that it may lie.
    bench.repo.git("config", "core.trustctime", "false");
    const file = path.join(bench.repo.dir, "a.txt");
    utimesSync(file, 1_600_000_000, 1_600_000_000);
    bench.repo.git("update-index", "--refresh");
    writeFileSync(file, "bbbb\n");
    utimesSync(file, 1_600_000_000, 1_600_000_000);
    utimesSync(path.join(bench.repo.dir, ".git/index"), 1_600_000_000, 1_600_000_000);
    const before = fingerprint(path.join(bench.repo.dir, ".git"));
    const workspace = await workspaceFor(folder(), bench.repo.dir);
    const base = await workspace.createBase("task-race" as typeof TASK, NEVER);
    assert.equal(filesInCommit(base.gitDir, base.commit)["a.txt"], "bbbb\n");
    assert.deepEqual(fingerprint(path.join(bench.repo.dir, ".git")), before);
  });

  it("never writes through a link that leads out of the tree", async () => {
    const bench = await start({ "dir/a.txt": "a", "top.txt": "t" });
    bench.write("dir/a.txt", "theirs");
    bench.write("dir/new.txt", "theirs, new");
    const outside = path.join(folder(), "outside");
    mkdirSync(outside);
    writeFileSync(path.join(outside, "a.txt"), "not theirs to change");
    bench.repo.remove("dir");
    symlinkSync(outside, path.join(bench.repo.dir, "dir"));
    const result = await bench.acceptAll();
    assert.deepEqual(result.conflicts, ["dir/a.txt", "dir/new.txt"]);
    assert.deepEqual(readdirSync(outside), ["a.txt"]);
    assert.equal(readFileSync(path.join(outside, "a.txt"), "utf8"), "not theirs to change");
    assert.ok(lstatSync(path.join(bench.repo.dir, "dir")).isSymbolicLink());
    assert.equal(bench.repo.read("dir.countersign/new.txt"), "theirs, new");
  });

  it("makes no link that leads out of the tree, and says which it was asked for", async () => {
    const targets = ["/etc/hostname", "../../elsewhere", "in/../../../elsewhere", "in/up/../elsewhere", ".git/config", "C:\\Windows", "..\\..\\elsewhere"];
    const bench = await start({ "dir/a.txt": "a", "deep/in/x.txt": "x", "deep/theirs": "a file" });
    bench.tree.link("deep/in/up", "../..");
    for (const [n, target] of targets.entries()) {
      bench.remove("deep/theirs");
      bench.tree.link("deep/theirs", target);
      bench.write("dir/a.txt", `theirs ${n}`);
      const before = filesOnDisk(bench.repo.dir);
      const commit = await bench.attempt();
      await assert.rejects(bench.accept(commit), (error: unknown) => CountersignError.is(error, "notAllowed") && /^deep\/theirs is a symbolic link that leads (?:out of the repository|into git's own files), to /.test(error.message), target);
      assert.deepEqual(filesOnDisk(bench.repo.dir), before);
    }
    await bench.accept(await bench.attempt(), ["dir/a.txt"]);
    assert.equal(bench.repo.read("dir/a.txt"), `theirs ${targets.length - 1}`);
    // By hand the user may have whatever they like.
    bench.repo.remove("deep/theirs");
    bench.repo.link("deep/theirs", targets.at(-1) ?? "");
    assert.deepEqual((await bench.acceptAll()).conflicts, []);
  });

  it("puts back a link of the user's own, wherever it leads", async () => {
    const repo = aRepository(path.join(folder(), "r"), { "a.txt": "a" });
    repo.link("own", "/etc/hostname");
    const bench = await GitBench.start(folder(), repo);
    bench.remove("own");
    const taken = await bench.acceptAll();
    assert.ok(!bench.repo.has("own"));
    await bench.workspace.accept(TASK, { from: taken.merged ?? "", to: bench.base.commit, onConflict: "mark" });
    assert.equal(filesOnDisk(bench.repo.dir)["own"], "-> /etc/hostname");
  });

  it("turns a folder into a file and a file into a folder", async () => {
    const bench = await start({ "was-folder/a/b.txt": "b", "was-file": "f", "keep.txt": "k" });
    bench.remove("was-folder");
    bench.write("was-folder", "now a file");
    bench.remove("was-file");
    bench.write("was-file/inside.txt", "now a folder");
    const result = await bench.acceptAll();
    assert.deepEqual(result.conflicts, []);
    assert.deepEqual(filesOnDisk(bench.repo.dir), filesOnDisk(bench.base.worktree));
  });

  it("accepts some files, then the rest", async () => {
    const bench = await start({ "a.txt": "a", "b.txt": "b" });
    bench.write("a.txt", "a2");
    bench.write("b.txt", "b2");
    const commit = await bench.attempt();
    assert.deepEqual((await bench.accept(commit, ["b.txt"])).applied, ["b.txt"]);
    assert.equal(bench.repo.read("a.txt"), "a");
    assert.deepEqual((await bench.accept(commit, null)).applied, ["a.txt", "b.txt"]);
    assert.equal(bench.repo.read("a.txt"), "a2");
  });

  it("lets a conflict stay settled that the user has settled", async () => {
    const bench = await start({ "a.txt": TEXT, "b.txt": "b" });
    bench.write("a.txt", withLine(3, "theirs"));
    bench.write("b.txt", "b2");
    bench.repo.write("a.txt", withLine(3, "ours"));
    const commit = await bench.attempt();
    await bench.accept(commit, ["a.txt"]);
    bench.repo.write("a.txt", withLine(3, "ours and theirs"));
    const result = await bench.accept(commit, null);
    assert.equal(bench.repo.read("a.txt"), withLine(3, "ours and theirs"));
    assert.deepEqual(
      { applied: result.applied, conflicts: result.conflicts },
      { applied: ["b.txt"], conflicts: ["a.txt"] },
    );
  });

  it("keeps every state before, the last one first", async () => {
    const bench = await start({ "a.txt": "a", "b.txt": "b" });
    bench.write("a.txt", "a2");
    bench.write("b.txt", "b2");
    const commit = await bench.attempt();
    const first = await bench.accept(commit, ["a.txt"]);
    bench.repo.write("note.txt", "between");
    const second = await bench.accept(commit, ["b.txt"]);
    assert.notEqual(first.before, second.before);
    assert.equal(filesInCommit(bench.base.gitDir, second.before)["note.txt"], "between");
    bench.repo.git("merge-base", "--is-ancestor", first.before, second.before);
    await bench.workspace.removeWorktree(bench.base, { deleteBranch: true });
    assert.equal(bench.repo.git("rev-parse", `refs/countersign/${TASK}/before-accept`), second.before);
  });

  it("converts line endings as a checkout does", async () => {
    const repo = aRepository(path.join(folder(), "r"), {
      ".gitattributes": "*.txt text eol=crlf\n",
      "a.txt": "one\ntwo\n",
    });
    repo.remove("a.txt");
    repo.git("checkout", "-q", "--", "a.txt");
    const bench = await GitBench.start(folder(), repo);
    assert.equal(bench.tree.read("a.txt"), "one\r\ntwo\r\n");
    bench.write("a.txt", "one\r\ntwo\r\nthree\r\n");
    bench.write("new.txt", "new\r\n");
    repo.write("a.txt", "zero\r\none\r\ntwo\r\n");
    const result = await bench.acceptAll();
    assert.deepEqual(result.conflicts, []);
    assert.equal(repo.read("a.txt"), "zero\r\none\r\ntwo\r\nthree\r\n");
    assert.equal(repo.read("new.txt"), "new\r\n");
    assert.equal(filesInCommit(bench.base.gitDir, result.before)["a.txt"], "zero\none\ntwo\n");
  });

  it("does not touch a submodule's folder that an agent removed or filled", async () => {
    const library = aRepository(path.join(folder(), "library"), { "lib.txt": "lib\n" });
    const repo = aRepository(path.join(folder(), "r"));
    repo.git("submodule", "--quiet", "add", library.dir, "lib");
    repo.git("commit", "-q", "-m", "submodule");
    const bench = await GitBench.start(folder(), repo);
    bench.write("lib/intruder.txt", "x");
    bench.write("a.txt", "changed");
    const first = await bench.attempt();
    assert.deepEqual(
      (await bench.workspace.changes(bench.base, bench.base.commit, first)).map((c) => c.path),
      ["a.txt"],
    );
    bench.remove("lib");
    const second = await bench.attempt();
    assert.equal(second, first);
    const before = fingerprint(path.join(repo.dir, ".git"));
    await bench.accept(second);
    assert.equal(repo.read("lib/lib.txt"), "lib\n");
    assert.deepEqual(fingerprint(path.join(repo.dir, ".git")), before);
  });

  it("refuses when a file changes at the very moment, and goes on when called again", async () => {
    const bench = await start({ "a.txt": "a", "b.txt": "b" });
    bench.write("a.txt", "a2");
    bench.write("b.txt", "b2");
    const commit = await bench.attempt();
    // A git whose checkout of the attempt's files takes so long that the user saves a file meanwhile.
    const wrapper = path.join(folder(), "git-wrapper");
    const saving = `case "$*" in *checkout-index*) printf 'saved meanwhile' > '${path.join(bench.repo.dir, "b.txt")}';; esac`;
    writeFileSync(wrapper, `#!/bin/sh\n${saving}\nexec git "$@"\n`, { mode: 0o755 });
    const slow = await workspaceFor(folder(), bench.repo.dir, { gitProgram: wrapper });
    await assert.rejects(
      slow.accept(TASK, { from: bench.base.commit, to: commit, onConflict: "mark" }),
      (error) => CountersignError.is(error, "conflict") && /b\.txt/.test(error.message),
    );
    assert.equal(bench.repo.read("b.txt"), "saved meanwhile");
    rmSync(wrapper);
    const result = await bench.accept(commit);
    assert.deepEqual(result.conflicts, ["b.txt"]);
    assert.match(bench.repo.read("b.txt"), /saved meanwhile[^]*b2/);
    assert.equal(bench.repo.read("a.txt"), "a2");
  });

  it("works where the repository is a subfolder's parent and in a linked worktree", async () => {
    const main = aRepository(path.join(folder(), "main"), { "sub/a.txt": "a" });
    main.git("worktree", "add", "-q", "-b", "side", path.join(folder(), "linked"));
    const linked = new Repo(path.join(folder(), "linked"));
    const bench = await GitBench.start(folder(), new Repo(path.join(linked.dir, "sub")));
    bench.write("sub/a.txt", "theirs");
    assert.deepEqual((await bench.acceptAll()).applied, ["sub/a.txt"]);
    assert.equal(linked.read("sub/a.txt"), "theirs");
    assert.equal(main.read("sub/a.txt"), "a");
  });
});
