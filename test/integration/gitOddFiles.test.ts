import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ConfinedFileTree } from "../../src/adapters/files/confinedFileTree";
import { CountersignError } from "../../src/core/domain/errors";
import { GitBench, NEVER } from "../builders/gitBench";
import { aRepository, filesInCommit, filesOnDisk } from "../builders/repoBuilder";
import { tempFolder } from "../builders/tempFolder";
import { RecordingLogger } from "../fakes/recordingLogger";

describe("a worktree with files that are none", () => {
  const folder = tempFolder();
  let bench: GitBench;
  beforeEach(async () => {
    bench = await GitBench.start(folder(), aRepository(path.join(folder(), "r"), { "a.txt": "one\n", "d/b.txt": "b\n" }));
  });
  const run = (command: string, cwd = bench.base.worktree): void => void execFileSync("sh", ["-c", command], { cwd });
  const SOCKET = (file: string): string => `python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('${file}')"`;

  it("commits what there is beside pipes that git would wait at for ever", async () => {
    run("mkfifo .gitignore d/.gitignore; mkdir new; mkfifo new/.gitattributes new/.gitignore .gitmodules; echo two > a.txt; echo n > new/n.txt");
    assert.deepEqual(filesInCommit(bench.base.gitDir, await bench.attempt()), { "a.txt": "two\n", "d/b.txt": "b\n", "new/n.txt": "n\n" });
  });

  it("lists files beside such pipes", async () => {
    run("mkfifo .gitignore d/.gitignore; echo n > n.txt");
    const tree = new ConfinedFileTree({ root: bench.base.worktree, aliases: [], logger: new RecordingLogger() });
    assert.deepEqual((await tree.list("", "", 10)).files, ["a.txt", "d/b.txt", "n.txt"]);
  });

  it("puts a clean room back in which a check has left one", async () => {
    run("echo two > a.txt");
    const room = await bench.workspace.openCleanRoom(bench.base, await bench.attempt(), NEVER);
    const restore = await room.checkpoint();
    run("mkfifo .gitignore d/.gitattributes; echo three > a.txt; echo x > d/b.txt", room.dir);
    await restore();
    assert.deepEqual(filesOnDisk(room.dir), { "a.txt": "two\n", "d/b.txt": "b\n" });
    await room.close();
  });

  it("takes a file that became a pipe or a socket for deleted", async () => {
    run(`rm a.txt d/b.txt; mkfifo a.txt pipe; ${SOCKET("d/b.txt")}; ${SOCKET("sock")}; echo n > n.txt`);
    const commit = await bench.attempt();
    assert.deepEqual(filesInCommit(bench.base.gitDir, commit), { "n.txt": "n\n" });
    await bench.accept(commit);
    assert.deepEqual(filesOnDisk(bench.repo.dir), { "n.txt": "n\n" });
  });

  it("refuses a file that would fill the disk, and says which", async () => {
    writeFileSync(path.join(bench.base.worktree, "holes.bin"), "");
    truncateSync(path.join(bench.base.worktree, "holes.bin"), 2 ** 40);
    await assert.rejects(bench.attempt(), (error: unknown) => CountersignError.is(error, "notAllowed") && /with "holes\.bin" its new and changed files have more than 2 GiB/.test(error.message));
    run("mkdir deliverables; mv holes.bin deliverables/; echo deliverables/ > .gitignore");
    await assert.rejects(bench.attempt(["deliverables"]), (error: unknown) => CountersignError.is(error, "notAllowed") && /deliverables\/holes\.bin/.test(error.message));
    run("rm -r deliverables; truncate -s 1G node.core; echo node.core > .gitignore");
    assert.deepEqual(Object.keys(filesInCommit(bench.base.gitDir, await bench.attempt())), [".gitignore", "a.txt", "d/b.txt"]);
  });

  it("commits and accepts names with line breaks and control characters, each in its place", async () => {
    const names = ["line\nbreak.txt", "tab\tstop.txt", "bell\u0007.txt", "escape\u001b[2J.txt", "quote\".txt", "-dash.txt", ":(top)magic.txt", " space ", "back\\slash.txt", "bidi\u202etxt.js"];
    for (const name of names) bench.write(name, `of ${JSON.stringify(name)}\n`);
    const commit = await bench.attempt();
    const changes = await bench.workspace.changes(bench.base, bench.base.commit, commit);
    assert.deepEqual(changes.map((change) => change.path).toSorted(), names.toSorted());
    assert.ok(changes.every(({ added }) => added === 1));
    const result = await bench.accept(commit);
    assert.deepEqual(result.conflicts, []);
    for (const name of names) assert.equal(bench.repo.read(name), `of ${JSON.stringify(name)}\n`);
  });

  /** Step by step: as one argument the path would be too long for the system. */
  const deep = (count: number): readonly string[] => {
    const parts = Array.from({ length: count }, (_, n) => `${n}`.padEnd(240, "x"));
    const steps = "import os, sys\nfor n in range(int(sys.argv[1])):\n  name = str(n).ljust(240, 'x')\n  os.mkdir(name)\n  os.chdir(name)\nopen('file.txt', 'w').write('deep\\n')\n";
    execFileSync("python3", ["-c", steps, String(count)], { cwd: bench.base.worktree });
    return [...parts, "file.txt"];
  };

  it("commits, shows and accepts a path of nearly four thousand characters", async () => {
    const parts = deep(15);
    const commit = await bench.attempt();
    assert.deepEqual((await bench.workspace.changes(bench.base, bench.base.commit, commit)).map((change) => change.path), [parts.join("/")]);
    assert.deepEqual((await bench.accept(commit)).applied, [parts.join("/")]);
    assert.equal(bench.repo.read(parts.join("/")), "deep\n");
  });

  it("leaves out what lies deeper than the system lets anybody name, and removes it with the worktree", async () => {
    deep(20);
    bench.write("a.txt", "two\n");
    assert.deepEqual(filesInCommit(bench.base.gitDir, await bench.attempt()), { "a.txt": "two\n", "d/b.txt": "b\n" });
    await bench.workspace.removeWorktree(bench.base, { deleteBranch: true });
    assert.ok(!existsSync(bench.base.worktree));
  });
});
