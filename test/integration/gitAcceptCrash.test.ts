// Accepting is killed at every call of git in it, then done again: the end must be that of an undisturbed run.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundled } from "../builders/bundled";
import { GitBench, TASK } from "../builders/gitBench";
import { aRepository, filesInCommit, filesOnDisk, fingerprint } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";

const LINES = Array.from({ length: 12 }, (_, at) => `line ${at}\n`);
const withLine = (at: number, text: string): string => LINES.map((line, n) => (n === at ? `${text}\n` : line)).join("");

async function aSituation(folder: string): Promise<{ readonly bench: GitBench; readonly commit: string }> {
  const base = {
    "b-conflict": LINES.join(""),
    "c-gone": "c",
    "d-clean": LINES.join(""),
    "f-binary": "\0",
    "g-conflict": LINES.join(""),
  };
  const bench = await GitBench.start(folder, aRepository(path.join(folder, "r"), base));
  bench.write("a-new", "new");
  bench.write("b-conflict", withLine(2, "theirs"));
  bench.remove("c-gone");
  bench.write("d-clean", withLine(2, "theirs"));
  bench.write("e-new", "new", 0o755);
  bench.write("f-binary", "\0theirs");
  bench.write("g-conflict", withLine(5, "theirs"));
  bench.repo.write("b-conflict", withLine(2, "ours"));
  bench.repo.write("d-clean", withLine(9, "ours"));
  bench.repo.write("f-binary", "\0ours");
  bench.repo.write("g-conflict", withLine(5, "ours"));
  bench.repo.write("unrelated", "ours");
  return { bench, commit: await bench.attempt() };
}

const PROGRAM = [
  'import { openWorkspace } from "src/adapters/git/gitWorkspace";',
  'import { GIT_ENVIRONMENT } from "test/builders/repoBuilder";',
  "const [dir, cacheDir, gitProgram, method, argument] = process.argv.slice(2) as [string, string, string, string, string];",
  "const nothing = () => undefined;",
  "const logger = { debug: nothing, info: nothing, warn: nothing };",
  "const main = async () => {",
  "  const workspace = await openWorkspace(dir, { cacheDir, logger, environment: GIT_ENVIRONMENT, gitProgram });",
  `  await workspace[method as "accept"]("${TASK}" as never, JSON.parse(argument));`,
  "};",
  "main().catch((error) => { console.error(error); process.exit(1); });",
];

/** Does it in another process, killed at its call of git with that number; true when it came to its end before. */
function killedAt(at: number, home: string, bench: GitBench, call: readonly [method: string, argument: object]): boolean {
  const counter = path.join(home, "calls");
  const wrapper = path.join(home, "git-wrapper");
  // Calls are made side by side: each adds its line and counts them, without a process besides the shell.
  const kill = `echo x >> '${counter}'; n=0; while read -r _; do n=$((n + 1)); done < '${counter}'; [ $n -eq ${at} ] && kill -9 $PPID && exit 1`;
  writeFileSync(wrapper, `#!/bin/sh\n${kill}\nexec git "$@"\n`, { mode: 0o755 });
  const args = [path.join(home, "../accept.cjs"), bench.repo.dir, path.join(home, "cache"), wrapper, call[0], JSON.stringify(call[1])];
  const child = spawnSync(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const isOver = child.signal !== "SIGKILL";
  if (isOver) {
    assert.equal(child.status, 0, child.stderr.toString());
    assert.ok(readFileSync(counter, "utf8").length / 2 < at);
  }
  return isOver;
}

describe("GitWorkspace.accept, killed", function () {
  this.timeout(240_000);
  const folder = tempFolder();

  it("comes to the same end when it is called again, and can be undone then", async () => {
    await bundled(folder(), "accept.ts", PROGRAM);
    const undisturbed = await aSituation(path.join(folder(), "undisturbed"));
    const before = filesOnDisk(undisturbed.bench.repo.dir);
    const expected = await undisturbed.bench.accept(undisturbed.commit);
    const end = filesOnDisk(undisturbed.bench.repo.dir);
    assert.deepEqual(expected.conflicts, ["b-conflict", "f-binary", "g-conflict"]);
    let partial = 0;
    for (let at = 1, isOver = false; !isOver; at++) {
      const home = path.join(folder(), `killed-${at}`);
      const { bench, commit } = await aSituation(home);
      const marks = fingerprint(path.join(bench.repo.dir, ".git"));
      isOver = killedAt(at, home, bench, ["accept", { from: bench.base.commit, to: commit, onConflict: "mark" }]);
      const half = JSON.stringify(filesOnDisk(bench.repo.dir));
      if (!isOver && half !== JSON.stringify(before) && half !== JSON.stringify(end)) partial++;
      const result = await bench.accept(commit);
      assert.deepEqual(filesOnDisk(bench.repo.dir), end, `killed at call ${at}`);
      assert.deepEqual([result.applied, result.conflicts], [expected.applied, expected.conflicts], `killed at call ${at}`);
      if (!isOver) {
        assert.deepEqual(filesInCommit(bench.base.gitDir, result.before), before, `killed at call ${at}`);
        await bench.workspace.undoAccept(TASK, [{ before: result.before, after: result.after! }]);
        assert.deepEqual(filesOnDisk(bench.repo.dir), before, `killed at call ${at}, undone`);
      }
      assert.deepEqual(fingerprint(path.join(bench.repo.dir, ".git")), marks);
      assert.ok(existsSync(bench.base.worktree));
      rmSync(home, { recursive: true });
    }
    assert.ok(partial >= 4, `only ${partial} of the kills were halfway: the test has lost its point`);
  });
});

describe("GitWorkspace.undoAccept, killed", function () {
  this.timeout(300_000);
  const folder = tempFolder();

  it("comes to the same end when it is called again, also over two accepts with an edit of the user's between", async () => {
    await bundled(folder(), "accept.ts", PROGRAM);
    let expected: object | null = null;
    let partial = 0;
    // Each merge has some twenty calls: every third of them is at another place in each of the two.
    for (let at = 1, isOver = false; !isOver; at += 3) {
      const home = path.join(folder(), `killed-${at}`);
      const { bench, commit } = await aSituation(home);
      const first = await bench.accept(commit, ["a-new", "b-conflict", "c-gone"]);
      bench.repo.write("unrelated", "ours, between");
      const to = commit;
      const from = await bench.workspace.compose(bench.base, bench.base.commit, ["a-new", "b-conflict", "c-gone"].map((file) => ({ path: file, commit })));
      const second = await bench.workspace.accept(TASK, { from, to, onConflict: "mark" });
      bench.repo.write("d-clean", withLine(2, "theirs").replace("line 9\n", "ours\n").replace("line 11\n", "ours, after\n"));
      const steps = [first, second].map(({ before, after }) => ({ before, after: after! }));
      const accepted = JSON.stringify(filesOnDisk(bench.repo.dir));
      isOver = killedAt(at, home, bench, ["undoAccept", steps]);
      const half = JSON.stringify(filesOnDisk(bench.repo.dir));
      const result = await bench.workspace.undoAccept(TASK, steps);
      const end = filesOnDisk(bench.repo.dir);
      expected ??= end;
      assert.deepEqual(end, expected, `killed at call ${at}`);
      assert.deepEqual(result.conflicts, [], `killed at call ${at}`);
      if (!isOver && half !== accepted && half !== JSON.stringify(end)) partial++;
      rmSync(home, { recursive: true });
    }
    assert.deepEqual(expected, {
      "b-conflict": withLine(2, "ours"),
      "c-gone": "c",
      "d-clean": withLine(9, "ours").replace("line 11\n", "ours, after\n"),
      "f-binary": "\0ours",
      "g-conflict": withLine(5, "ours"),
      unrelated: "ours, between",
    });
    assert.ok(partial >= 3, `only ${partial} of the kills were halfway: the test has lost its point`);
  });
});
