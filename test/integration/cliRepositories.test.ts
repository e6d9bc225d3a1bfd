// The whole loop on every shape of repository that users have, and on folders that it cannot work with.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { Bench, ensureBuilt, twoAtOnce } from "../builders/cliRun";
import { digestOf } from "../builders/gitDigest";
import { filesOnDisk, Repo } from "../builders/repoBuilder";
import { SHAPES } from "../builders/repositoryShapes";
import { aPassingScript } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

const CHOSEN = [
  "staged, unstaged, untracked, deleted and ignored files",
  "a subfolder",
  "a detached HEAD",
  "a repository without commits",
  "a linked worktree",
  "a submodule with changes of its own",
  "names that need care",
  "packed refs, a stash, hooks and reflogs",
  "a folder without git",
];

/** Countersign's own files, wherever the workspace is. */
function usersFiles(root: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(filesOnDisk(root)).filter(([file]) => !file.split("/").includes(".countersign")));
}

/** Root may write everywhere: the test's folder is given to a user who may not, and the command line runs as that one. */
function somebody(bench: Bench): { readonly uid?: number } {
  if (process.getuid?.() !== 0) return {};
  const nobody = 65_534;
  for (let parent = path.dirname(bench.folder); parent !== path.dirname(parent); parent = path.dirname(parent)) {
    chmodSync(parent, statSync(parent).mode | 0o011);
  }
  assert.equal(spawnSync("chown", ["-R", `${nobody}:${nobody}`, bench.folder]).status, 0);
  return { uid: nobody };
}

describe("the loop on the user's repository", function () {
  this.timeout(60_000);
  before(ensureBuilt);
  const folder = tempFolder();

  it("runs and is accepted on every shape, and touches nothing but what it is asked to", async () => {
    await twoAtOnce(CHOSEN.map((name) => () => wholeLoopOn(name)));
  });

  async function wholeLoopOn(name: string): Promise<void> {
    const place = path.join(folder(), `${CHOSEN.indexOf(name)}`);
    const make = SHAPES[name];
    assert.ok(make !== undefined, `there is no shape "${name}"`);
    const shape = make(place);
    const bench = new Bench(place, undefined, new Repo(shape.root));
    const digests = (): object => Object.fromEntries(shape.gitDirs.map((dir) => [dir, digestOf(dir)]));
    const [git, files] = [digests(), usersFiles(shape.root)];
    const ended = await bench.play(aPassingScript(), ["--profile", "automation"], { cwd: shape.open });
    assert.equal(ended.code, 0, `${name}: ${ended.out}${ended.err}`);
    assert.deepEqual(digests(), git, `${name}: the git folder after the run`);
    assert.deepEqual(usersFiles(shape.root), files, `${name}: the files after the run`);
    const shown = await bench.shown();
    assert.deepEqual(shown.files.map((file) => [file.path, file.status]), [["greeting.txt", "added"]], name);
    const accepted = await bench.run(["accept", shown.id]);
    assert.equal(accepted.code, 0, `${name}: ${accepted.err}`);
    assert.deepEqual(digests(), git, `${name}: the git folder after accept`);
    assert.deepEqual(usersFiles(shape.root), { ...files, "greeting.txt": "hello\n" }, name);
    assert.ok(!existsSync(shown.worktree), name);
  }

  it("says which folder it made a shadow repository for, and works with --repo from elsewhere", async () => {
    const bench = new Bench(folder(), undefined, new Repo(path.join(folder(), "plain folder ü")));
    bench.repo.write("a.txt", "a");
    const ended = await bench.run(["run", "Greet", "--profile", "automation", "--model", bench.model(aPassingScript()), "--repo", "plain folder ü"], { cwd: folder() });
    assert.equal(ended.code, 0, ended.out + ended.err);
    assert.match(ended.out, /shadow repository \(this folder has no git\)/);
    assert.ok(!bench.repo.has(".git"));
    assert.match(ended.out, /Next\n {2}node .* --repo 'plain folder ü' /);
  });

  it("keeps its own folder out of the user's git status and diff", async () => {
    const bench = new Bench(folder());
    await bench.play(aPassingScript());
    assert.equal(bench.repo.git("status", "--porcelain", "--untracked-files=all"), "");
    assert.equal(bench.repo.git("stash", "list"), "");
    assert.deepEqual(bench.repo.git("branch", "--list").split("\n").map((line) => line.replace(/^[*+ ]+/, "").replace(/-\w{4}$/, "-ID")).toSorted(), ["countersign/greet-ID", "main"]);
  });

  it("refuses a read-only folder in clear words and does nothing by halves", async () => {
    const bench = new Bench(folder());
    const model = bench.modelAlone(aPassingScript());
    const uid = somebody(bench);
    chmodSync(bench.repo.dir, 0o555);
    try {
      const ended = await bench.run(["run", "Greet", "--profile", "automation", "--model", model], uid);
      assert.equal(ended.code, 1);
      assert.match(ended.err, /could not be created: permission denied \(EACCES\)\. Nothing was changed\. Make the folder writable/);
      assert.deepEqual(readdirSync(bench.repo.dir).toSorted(), [".git", "README.md"]);
      assert.ok(!bench.repo.has(".git/refs/heads/countersign"));
      assert.equal((await bench.run(["tasks"], uid)).code, 0);
    } finally {
      chmodSync(bench.repo.dir, 0o755);
    }
  });

  it("says what is in the way where its folder or its cache cannot be made", async () => {
    const bench = new Bench(folder());
    bench.repo.write(".countersign", "a file");
    const blocked = await bench.play(aPassingScript());
    assert.equal(blocked.code, 1);
    assert.match(blocked.err, /\.countersign\S* could not be .*: a part of the path is a file, not a folder \(ENOTDIR\)\. Nothing was changed/);
    assert.doesNotMatch(blocked.err, / {4}at /);
    bench.repo.remove(".countersign");
    const cache = path.join(bench.folder, "not-a-folder");
    new Repo(bench.folder).write("not-a-folder", "");
    const ended = await bench.run(["run", "Greet", "--model", bench.modelAlone(aPassingScript())], { env: { COUNTERSIGN_CACHE_DIR: cache } });
    assert.deepEqual([ended.code, ended.out], [1, ""]);
    assert.match(ended.err, /The folder \S*.*not-a-folder could not be made: .*Nothing was changed/);
    assert.ok(!bench.repo.has(".countersign"));
  });

  it("says that git is missing", async () => {
    const bench = new Bench(folder());
    const ended = await bench.run(["run", "Greet", "--model", bench.modelAlone(aPassingScript())], { env: { PATH: "/nonexistent" } });
    assert.equal(ended.code, 1);
    assert.equal(ended.out, "");
    assert.match(ended.err, /^countersign: [^\n]*git[^\n]*(not found|cannot be started|missing|install)/i);
    assert.ok(!bench.repo.has(".countersign"));
  });
});
