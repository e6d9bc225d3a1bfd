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

describe("GitWorkspace.accept, killed", function () {
  this.timeout(180_000);
  const folder = tempFolder();

  it("comes to the same end when it is called again", async () => {
    const program = await bundled(folder(), "accept.ts", [
      'import { openWorkspace } from "src/adapters/git/gitWorkspace";',
      'import { GIT_ENVIRONMENT } from "test/builders/repoBuilder";',
      "const [dir, cacheDir, gitProgram, base, commit] = process.argv.slice(2) as [string, string, string, string, string];",
      "const nothing = () => undefined;",
      "const logger = { debug: nothing, info: nothing, warn: nothing };",
      "const main = async () => {",
      "  const workspace = await openWorkspace(dir, { cacheDir, logger, environment: GIT_ENVIRONMENT, gitProgram });",
      `  await workspace.accept("${TASK}" as never, { from: JSON.parse(base).commit, to: commit, onConflict: "mark" });`,
      "};",
      "main().catch((error) => { console.error(error); process.exit(1); });",
    ]);
    const undisturbed = await aSituation(path.join(folder(), "undisturbed"));
    const before = filesOnDisk(undisturbed.bench.repo.dir);
    const expected = await undisturbed.bench.accept(undisturbed.commit);
    const end = filesOnDisk(undisturbed.bench.repo.dir);
    assert.deepEqual(expected.conflicts, ["b-conflict", "f-binary", "g-conflict"]);
    let partial = 0;
    for (let at = 1; ; at++) {
      const home = path.join(folder(), `killed-${at}`);
      const { bench, commit } = await aSituation(home);
      const counter = path.join(home, "calls");
      const wrapper = path.join(home, "git-wrapper");
      const kill = `echo x >> '${counter}'; [ "$(wc -l < '${counter}')" -eq ${at} ] && kill -9 $PPID && exit 1`;
      writeFileSync(wrapper, `#!/bin/sh\n${kill}\nexec git "$@"\n`, { mode: 0o755 });
      const marks = fingerprint(path.join(bench.repo.dir, ".git"));
      const args = [program, bench.repo.dir, path.join(home, "cache"), wrapper, JSON.stringify(bench.base), commit];
      const child = spawnSync(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
      const calls = readFileSync(counter, "utf8").length / 2;
      const isOver = child.signal !== "SIGKILL";
      if (isOver) assert.equal(child.status, 0, child.stderr.toString());
      const half = filesOnDisk(bench.repo.dir);
      if (!isOver && JSON.stringify(half) !== JSON.stringify(before) && JSON.stringify(half) !== JSON.stringify(end))
        partial++;
      const result = await bench.accept(commit);
      assert.deepEqual(filesOnDisk(bench.repo.dir), end, `killed at call ${at}`);
      assert.deepEqual(
        [result.applied, result.conflicts],
        [expected.applied, expected.conflicts],
        `killed at call ${at}`,
      );
      const saved = filesInCommit(bench.base.gitDir, result.before);
      if (!isOver) assert.deepEqual(saved, before, `killed at call ${at}`);
      assert.deepEqual(fingerprint(path.join(bench.repo.dir, ".git")), marks);
      assert.ok(existsSync(bench.base.worktree));
      rmSync(home, { recursive: true });
      if (isOver) {
        assert.ok(calls < at);
        break;
      }
    }
    assert.ok(partial >= 4, `only ${partial} of the kills were halfway: the test has lost its point`);
  });
});
