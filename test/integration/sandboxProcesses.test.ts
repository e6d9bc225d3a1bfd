import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { watch } from "node:fs/promises";
import path from "node:path";
import { endOrphans } from "../../src/adapters/process/orphans";
import { RUN_MARK } from "../../src/adapters/process/markedProcesses";
import { CountersignError } from "../../src/core/domain/errors";
import { bundled } from "../builders/bundled";
import { TalkingChild } from "../builders/childProcess";
import { aSandboxBench, useSandboxBench, write } from "../builders/sandboxBench";
import { tempFolder } from "../builders/tempFolder";

let serial = 0;
/** A number that only the processes of this test have on their command lines. */
function aSleep(): string {
  serial += 1;
  return `${80_000 + serial}.${process.pid}`;
}

/** Programs named `sleep` that sleep so long; what only mentions them (the sandbox's own command line) is another. */
function sleepersOf(time: string): number {
  const listed = execFileSync("ps", ["-eo", "comm,args"], { encoding: "utf8" });
  return listed.split("\n").filter((line) => line.startsWith("sleep ") && line.includes(time)).length;
}

function anybodyWith(time: string): number {
  const listed = execFileSync("ps", ["-eo", "stat,args"], { encoding: "utf8" });
  return listed.split("\n").filter((line) => !line.startsWith("Z") && line.includes(time)).length;
}

async function appears(file: string): Promise<void> {
  const stop = new AbortController();
  const watching = watch(path.dirname(file), { signal: stop.signal });
  if (existsSync(file)) return stop.abort();
  for await (const _ of watching) if (existsSync(file)) return;
}

describe("CommandSandbox, processes", () => {
  const folder = tempFolder();
  const bench = useSandboxBench();

  it("tells exit codes, and a signal of a program's own", async () => {
    assert.equal((await bench.run("sh -c 'exit 3'")).exitCode, 3);
    const killed = await bench.run("sh -c 'kill -9 $$'");
    assert.deepEqual([killed.exitCode, killed.signal, killed.timedOut], [null, "SIGKILL", false]);
    assert.equal((await bench.run("sh -c 'kill -9 $$'; exit $?")).exitCode, 137);
    assert.equal((await bench.run("node -e 'process.exit(200)'")).exitCode, 200);
  });

  it("says what cannot be started, in the words that are used without a sandbox", async () => {
    write(bench.worktree, { notes: "", broken: "#!/no/such/interpreter\n" });
    execFileSync("chmod", ["+x", path.join(bench.worktree, "broken")]);
    for (const [command, said] of [
      ["no-such-program-here --version", "no-such-program-here: command not found\n"],
      ["./notes", "./notes: Permission denied\n"],
    ] as const) {
      const result = await bench.run(command);
      assert.deepEqual([result.unstartable, result.exitCode, result.output], [true, null, said]);
    }
    assert.equal((await bench.run("./broken")).unstartable, true);
    assert.equal((await bench.run("true && no-such-program-here")).unstartable, true);
  });

  it("keeps the order of what a shell's commands write to both streams", async () => {
    const result = await bench.run("for n in 1 2 3 4 5 6 7 8; do echo o$n; echo e$n >&2; done; cat missing");
    assert.match(result.output, /^o1\ne1\no2\ne2\no3\ne3\no4\ne4\no5\ne5\no6\ne6\no7\ne7\no8\ne8\ncat: missing/);
  });

  it("lets a command clean up at its time limit, and ends whatever does not", async () => {
    const time = aSleep();
    const running = bench.run(`sh -c 'trap "touch cleaned; exit 0" TERM; setsid -f sleep ${time}; env -i sleep ${time} & touch ready; while true; do sleep 0.01; done'`, { timeoutMs: 1500 });
    await appears(path.join(bench.worktree, "ready"));
    const result = await running;
    assert.deepEqual([result.exitCode, result.timedOut], [null, true]);
    assert.ok(existsSync(path.join(bench.worktree, "cleaned")));
    assert.equal(anybodyWith(time), 0);
  });

  it("ends a command that ignores being asked", async () => {
    const result = await bench.run("sh -c 'trap : TERM; while true; do sleep 0.01; done'", { timeoutMs: 400 });
    assert.deepEqual([result.exitCode, result.timedOut], [null, true]);
  });

  it("ends what a command leaves in the background, however it hides", async () => {
    const time = aSleep();
    const result = await bench.run(`setsid -f env -i sleep ${time} >/dev/null 2>&1; sleep ${time} & env -i setsid -f sh -c 'sleep ${time} & sleep ${time}' >/dev/null 2>&1; exit 4`);
    assert.equal(result.exitCode, 4);
    assert.equal(anybodyWith(time), 0);
  });

  it("marks the processes of a command, as the host sees them", async () => {
    const time = aSleep();
    const cancel = new AbortController();
    const running = bench.run(`sh -c 'sleep ${time} & touch ready; wait'`, {}, cancel.signal);
    await appears(path.join(bench.worktree, "ready"));
    const pid = execFileSync("ps", ["-eo", "pid,comm,args"], { encoding: "utf8" }).split("\n").find((line) => / sleep +sleep /.test(line) && line.includes(time))?.trim().split(/\s+/)[0];
    assert.match(readFileSync(`/proc/${pid}/environ`, "latin1"), new RegExp(`${RUN_MARK}=\\S+`));
    assert.deepEqual(endOrphans(), []);
    cancel.abort();
    assert.equal((await running).cancelled, true);
    assert.equal(anybodyWith(time), 0);
  });

  it("runs tasks side by side, each in its own folder alone", async () => {
    const folders = [bench.worktree, bench.otherWorktree, bench.room];
    const results = await Promise.all(folders.map((cwd) => bench.run(`touch mine; for d in ${folders.map((folder) => `'${folder}'`).join(" ")}; do test -e "$d" && echo "$d"; done; true`, { cwd })));
    assert.deepEqual(
      results.map(({ output }) => output),
      folders.map((folder) => `${folder}\n`),
    );
  });

  it("leaves no process when the host itself is killed", async () => {
    const time = aSleep();
    const program = await bundled(folder(), "host.ts", [
      'import { aSandboxBench } from "test/builders/sandboxBench";',
      "const bench = aSandboxBench();",
      `void bench.run("setsid -f env -i sleep ${time} >/dev/null 2>&1; sleep ${time} & touch ready; wait");`,
      "process.stdout.write(bench.base + '\\n' + bench.worktree + '\\n');",
    ]);
    const host = new TalkingChild(process.execPath, [program]);
    const [base, worktree] = [await host.line(), await host.line()];
    await appears(path.join(worktree ?? "", "ready"));
    assert.equal(sleepersOf(time), 2);
    process.kill(host.pid, "SIGKILL");
    await host.ended;
    // The kernel ends them one after the other; it hangs here if it does not.
    while (anybodyWith(time) > 0) await new Promise(setImmediate);
    assert.deepEqual(endOrphans(), []);
    rmSync(base ?? "", { recursive: true, force: true });
  });

  it("does not take its own failure for the command's", async () => {
    const broken = { protection: { kind: "active", name: "bubblewrap" }, program: "/bin/false" } as const;
    const other = aSandboxBench("/var/lib", { find: async () => broken });
    try {
      await assert.rejects(other.run("true"), (error: unknown) => CountersignError.is(error, "process") && /sandbox/.test(String(error)));
    } finally {
      other.dispose();
    }
  });

  it("runs commands without it where it is switched off or missing, and says which", async () => {
    const off = aSandboxBench("/var/lib", { mode: () => "off" });
    const missing = aSandboxBench("/var/lib", { find: async () => ({ protection: { kind: "missing", why: "bubblewrap is not installed.", install: [] }, program: "" }) });
    try {
      for (const other of [off, missing]) assert.equal(await other.ask(`ls '${other.otherWorktree}'`), "README.md\n[0]");
    } finally {
      off.dispose();
      missing.dispose();
    }
  });
});
