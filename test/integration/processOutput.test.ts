import { strict as assert } from "node:assert";
import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { CountersignError } from "../../src/core/domain/errors";
import { couldNotRun } from "../builders/couldNotRun";
import { aRunnerOnDisk, type RunnerOnDisk } from "../builders/runnerOnDisk";

describe("ProcessCommandRunner, output", () => {
  let made: RunnerOnDisk;
  let outputFile: string;
  beforeEach(async () => {
    made = await aRunnerOnDisk({ outputLimitBytes: 200_000 });
    outputFile = path.join(made.cwd, "out.log");
  });
  afterEach(() => made.dispose());

  it("ends a command that floods", async () => {
    const result = await made.run("yes", { outputFile });
    assert.deepEqual(
      [result.exitCode, result.outputLimitHit, result.timedOut, result.cancelled],
      [null, true, false, false],
    );
    assert.ok(result.outputBytes > 200_000);
    assert.equal((await stat(outputFile)).size, 200_000);
    assert.ok(Buffer.byteLength(result.output) <= 4096 && result.output.includes(" bytes left out "));
  });

  it("ends a command that floods while it ignores being asked to end", async () => {
    const result = await made.run("sh -c 'trap \"\" TERM; yes'");
    assert.deepEqual([result.exitCode, result.signal, result.outputLimitHit], [null, "SIGKILL", true]);
  });

  it("stores exactly as much as the limit allows", async () => {
    const result = await made.run("head -c 200000 /dev/zero", { outputFile });
    assert.deepEqual([result.exitCode, result.outputLimitHit, result.outputBytes], [0, false, 200_000]);
    assert.equal((await stat(outputFile)).size, 200_000);
  });

  it("keeps the order of both streams in a shell", async () => {
    const result = await made.run("for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done");
    assert.equal(result.output, [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `o${n}\ne${n}\n`).join(""));
  });

  it("gathers both streams without a shell", async () => {
    await writeFile(path.join(made.cwd, "both.sh"), "#!/bin/sh\necho out\necho err >&2\n", { mode: 0o755 });
    const result = await made.run("./both.sh");
    assert.deepEqual(result.output.split("\n").toSorted(), ["", "err", "out"]);
  });

  it("puts characters together that come in pieces", async () => {
    await writeFile(
      path.join(made.cwd, "pieces.js"),
      `
      const bytes = Buffer.from("größe 😀 字\\n");
      let at = 0;
      const next = () => { if (at < bytes.length) process.stdout.write(bytes.subarray(at, ++at), () => setTimeout(next, 3)); };
      process.stderr.write("");
      next();`,
    );
    let shown = "";
    const result = await made.run("node pieces.js", { outputFile, onOutput: (text) => (shown += text) });
    assert.equal(result.output, "größe 😀 字\n");
    assert.equal(shown, "größe 😀 字\n");
    assert.equal(await readFile(outputFile, "utf8"), "größe 😀 字\n");
  });

  it("strips escapes from the excerpt and keeps them on disk", async () => {
    const raw =
      "\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u001b\\ \u0007a\bb\r\n\u009b1mc\u001b(B\n";
    await writeFile(path.join(made.cwd, "raw.txt"), raw);
    let shown = "";
    const result = await made.run("cat raw.txt", { outputFile, onOutput: (text) => (shown += text) });
    assert.equal(result.output, "red link ab\nc\n");
    assert.equal(shown, result.output);
    assert.equal(await readFile(outputFile, "utf8"), raw);
  });

  it("keeps what is written just before the end", async () => {
    for (let round = 0; round < 20; round += 1) {
      const result = await made.run("sh -c 'head -c 100000 /dev/zero | tr \"\\0\" x; echo END; exit 1'");
      assert.ok(result.output.endsWith("END\n") && result.outputBytes === 100_004, `${result.outputBytes}`);
    }
  });

  it("stands a command that closes its output early", async () => {
    const result = await made.run("sh -c 'exec >&- 2>&-; sleep 0.1; exit 5'");
    assert.deepEqual([result.exitCode, result.output], [5, ""]);
  });

  it("stands a command that reads standard input", async () => {
    const result = await made.run("sh -c 'cat; read line; echo \"got $?\"'");
    assert.deepEqual([result.exitCode, result.output], [0, "got 1\n"]);
  });

  it("has no terminal to ask on", async () => {
    const result = await made.run("sh -c 'echo question > /dev/tty'");
    assert.notEqual(result.exitCode, 0);
  });

  it("goes on when showing output fails", async () => {
    let calls = 0;
    const onOutput = (): void => {
      calls += 1;
      throw new Error("display is gone");
    };
    const result = await made.run("sh -c 'echo a; sleep 0.05; echo b'", { onOutput });
    assert.deepEqual([result.exitCode, result.output, calls, made.warnings.length], [0, "a\nb\n", 1, 1]);
  });

  it("rejects with io, before anything runs, when the output file cannot be made", async () => {
    await writeFile(path.join(made.cwd, "file"), "");
    await assert.rejects(made.run("touch ran", { outputFile: path.join(made.cwd, "file/out.log") }), (error: unknown) =>
      CountersignError.is(error, "io"),
    );
    await assert.rejects(stat(path.join(made.cwd, "ran")), { code: "ENOENT" });
  });

  it("ends the command and rejects with io when the disk is full", async function () {
    if (process.platform !== "linux") return couldNotRun(this, "there is no /dev/full here");
    const running = made.run("sh -c 'head -c 150000 /dev/zero; sleep 60'", { outputFile: "/dev/full" });
    await assert.rejects(running, (error: unknown) => {
      assert.ok(CountersignError.is(error, "io"));
      assert.match(error.message, /ENOSPC/);
      return true;
    });
  });
});

describe("ProcessCommandRunner, starting", () => {
  let made: RunnerOnDisk;
  beforeEach(async () => {
    made = await aRunnerOnDisk({
      environment: { PATH: process.env["PATH"], HOME: "/home/u", API_KEY: "k", GIT_DIR: "/x", LC_ALL: "C" },
    });
  });
  afterEach(() => made.dispose());

  it("uses no shell for plain words, and one for the rest", async () => {
    await writeFile(path.join(made.cwd, "parent.sh"), "#!/bin/sh\ncat /proc/$PPID/comm\n", { mode: 0o755 });
    const direct = await made.run("./parent.sh");
    assert.equal(direct.output.trim(), (await readFile(`/proc/${process.pid}/comm`, "utf8")).trim());
    assert.equal((await made.run("./parent.sh; true")).output, "sh\n");
  });

  it("hands arguments over as a shell would", async () => {
    await writeFile(path.join(made.cwd, "args.js"), "console.log(JSON.stringify(process.argv.slice(2)))");
    for (const args of ["a 'b c' \"d  e\" f'g'\"h\"", "'' x", "--n=1 a,b @c %d +e", "ä 'ö\n\tü'"]) {
      const direct = await made.run(`node args.js ${args}`);
      const shell = await made.run(`true && node args.js ${args}`);
      assert.equal(direct.exitCode, 0);
      assert.equal(direct.output, shell.output);
    }
  });

  it("understands what a shell understands", async () => {
    await writeFile(path.join(made.cwd, "x.txt"), "");
    for (const [command, output] of [
      ["echo *.txt", "x.txt\n"],
      ["A=1; echo $A", "1\n"],
      ["A=2 sh -c 'echo $A'", "2\n"],
      ["echo a | tr a b && echo c", "b\nc\n"],
      ["echo $(echo sub)", "sub\n"],
      ["cd / && pwd", "/\n"],
      ["echo ~", "/home/u\n"],
      ["echo one # comment", "one\n"],
      ["cat <<E\nhere\nE", "here\n"],
      ["echo a\\\nb", "ab\n"],
      ["test -f x.txt", ""],
      ["export Q=1", ""],
    ]) {
      const result = await made.run(command!);
      assert.deepEqual([result.exitCode, result.output], [0, output], command);
    }
  });

  it("tells commands that cannot be started from commands that fail", async () => {
    await writeFile(path.join(made.cwd, "plain.txt"), "x");
    await mkdir(path.join(made.cwd, "folder"));
    const unstartable = [
      "nothing-here",
      "./nothing-here",
      "./plain.txt",
      "./folder",
      "true && nothing-here",
      "cd / && ./nothing-here",
      "./plain.txt; exit $?",
      "echo 'open",
      "if then",
      "a\0b",
    ];
    for (const command of unstartable) {
      const result = await made.run(command);
      assert.equal(result.unstartable, true, `${JSON.stringify(command)}: ${result.exitCode} ${result.output}`);
    }
    const failing = [
      "sh -c 'exit 127'",
      "exit 127",
      "exit 126",
      "nothing-here; exit 1",
      "sh -c 'nothing-here'; exit 3",
      "echo 'not found' && exit 127",
      "cat nothing-here",
      "nothing-here | cat",
    ];
    for (const command of failing) {
      const result = await made.run(command);
      assert.equal(result.unstartable, false, `${command}: ${result.output}`);
    }
  });

  it("says so when the command line is too long", async () => {
    const result = await made.run(`true ${"x".repeat(3_000_000)}`);
    assert.deepEqual([result.unstartable, result.exitCode], [true, null]);
    assert.match(result.output, /too long/);
  });

  it("runs in the folder it is given, with an allowlisted environment", async () => {
    const result = await made.run("sh -c 'pwd; env'");
    const [folder, ...variables] = result.output.trimEnd().split("\n");
    assert.equal(folder, made.cwd);
    const names = variables
      .map((line) => line.split("=")[0])
      .filter((name) => name !== "PWD" && name !== "OLDPWD" && name !== "SHLVL" && name !== "_");
    assert.deepEqual(
      names.toSorted((a = "", b = "") => a.localeCompare(b)),
      ["COUNTERSIGN_RUN", "HOME", "LC_ALL", "NO_COLOR", "PATH", "TERM"],
    );
  });

  it("rejects when the folder goes away, and when it is a file", async () => {
    await writeFile(path.join(made.cwd, "file"), "");
    await assert.rejects(made.run("true", { cwd: path.join(made.cwd, "file") }), (error: unknown) =>
      CountersignError.is(error, "process"),
    );
  });

  it("takes time limits that are too long for a timer, and none at all", async () => {
    assert.equal((await made.run("true", { timeoutMs: Number.MAX_SAFE_INTEGER })).exitCode, 0);
    assert.equal((await made.run("sleep 5", { timeoutMs: 0 })).timedOut, true);
  });

  it("starts scripts without a first line as a shell would", async () => {
    await writeFile(path.join(made.cwd, "bare"), "echo bare\n");
    await chmod(path.join(made.cwd, "bare"), 0o755);
    assert.equal((await made.run("true && ./bare")).output, "bare\n");
  });
});
