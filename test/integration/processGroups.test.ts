import { strict as assert } from "node:assert";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { watch, writeFile } from "node:fs/promises";
import path from "node:path";
import { couldNotRun } from "../builders/couldNotRun";
import { aRunnerOnDisk, type RunnerOnDisk } from "../builders/runnerOnDisk";

/** A number that only the processes of this test have on their command lines. */
let serial = 0;
function aSleep(): string {
  serial += 1;
  return `${90_000 + serial}.${process.pid}`;
}

/** How many processes have `text` on their command line, whatever program they are running at the moment. */
function processesWith(text: string): number {
  const listed = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
  return listed.split("\n").filter((line) => line.includes(text)).length;
}

/** Resolves once the command under test has made the file: it has got as far as the test needs. */
async function appears(file: string): Promise<void> {
  const stop = new AbortController();
  const watching = watch(path.dirname(file), { signal: stop.signal });
  if (existsSync(file)) return stop.abort();
  for await (const _ of watching) if (existsSync(file)) return;
}

describe("ProcessCommandRunner, processes", () => {
  let made: RunnerOnDisk;
  beforeEach(async () => {
    made = await aRunnerOnDisk();
  });
  afterEach(() => made.dispose());

  it("does not start without a sandbox what may only run in one", async () => {
    const result = await made.run("touch made", { mustBeConfined: true });
    assert.deepEqual([result.exitCode, result.unstartable, existsSync(path.join(made.cwd, "made"))], [null, true, false]);
    assert.match(result.output, /only run in a sandbox/);
  });

  it("ends children in the background when the command ends", async () => {
    const time = aSleep();
    const result = await made.run(`sleep ${time} & sleep ${time} >/dev/null 2>&1 & echo started`);
    assert.deepEqual([result.exitCode, result.output, result.timedOut], [0, "started\n", false]);
    assert.equal(processesWith(time), 0);
  });

  it("ends grandchildren that ignore SIGTERM, at the time limit", async () => {
    const time = aSleep();
    const script = `trap "" TERM; sleep ${time} & sleep ${time} & touch ready; wait; wait; sleep ${time}`;
    const running = made.run(`sh -c '${script}'; true`, { timeoutMs: 600 });
    await appears(path.join(made.cwd, "ready"));
    const result = await running;
    assert.deepEqual([result.exitCode, result.signal, result.timedOut], [null, "SIGTERM", true]);
    assert.equal(processesWith(time), 0);
  });

  it("kills a command that ignores SIGTERM itself", async () => {
    const result = await made.run("sh -c 'trap : TERM; while true; do sleep 0.01; done'", { timeoutMs: 200 });
    assert.deepEqual([result.exitCode, result.signal, result.timedOut], [null, "SIGKILL", true]);
  });

  it("lets a command that is asked to end clean up first, and reports no exit code of its own", async () => {
    const cancel = new AbortController();
    const running = made.run(
      "sh -c 'trap \"touch cleaned; exit 0\" TERM; touch ready; while true; do sleep 0.01; done'",
      {},
      cancel.signal,
    );
    await appears(path.join(made.cwd, "ready"));
    cancel.abort();
    const result = await running;
    assert.deepEqual([result.exitCode, result.cancelled], [null, true]);
    assert.ok(existsSync(path.join(made.cwd, "cleaned")));
  });

  it("finds processes that moved to a session of their own", async function () {
    if (process.platform !== "linux") return couldNotRun(this, "it is for Linux");
    const time = aSleep();
    const result = await made.run(
      `setsid sleep ${time} & setsid -f sh -c 'setsid -f sleep ${time}; sleep ${time}' >/dev/null 2>&1; exit 4`,
    );
    assert.equal(result.exitCode, 4);
    assert.equal(processesWith(time), 0);
  });

  it("finds processes that are just starting another program", async function () {
    if (process.platform !== "linux") return couldNotRun(this, "it is for Linux");
    for (let round = 0; round < 40; round += 1) {
      const time = aSleep();
      await made.run(`setsid -f setsid -f nice nice setsid -f sh -c 'exec nice sleep ${time}' >/dev/null 2>&1`);
      assert.equal(processesWith(time), 0, `round ${round}`);
    }
  });

  it("ends processes of the group that have thrown their environment away", async () => {
    const time = aSleep();
    const result = await made.run(
      `env -i /bin/sleep ${time} >/dev/null 2>&1 & env -i sh -c 'sleep ${time} & wait' & true`,
    );
    assert.equal(result.exitCode, 0);
    assert.equal(processesWith(time), 0);
  });

  it("finds them on cancel, too", async function () {
    if (process.platform !== "linux") return couldNotRun(this, "it is for Linux");
    const time = aSleep();
    const cancel = new AbortController();
    const running = made.run(`setsid -f sleep ${time}; touch ready; sleep ${time}`, {}, cancel.signal);
    await appears(path.join(made.cwd, "ready"));
    cancel.abort();
    assert.equal((await running).cancelled, true);
    assert.equal(processesWith(time), 0);
  });

  it("ends twenty sleepers that were forked in a chain", async () => {
    const time = aSleep();
    await writeFile(
      path.join(made.cwd, "chain.sh"),
      `[ "$1" -gt 0 ] && sh chain.sh $(($1 - 1)) &\ntrap "" TERM HUP\nsleep ${time} &\n[ "$1" = 0 ] && touch ready\nwait\n`,
    );
    const cancel = new AbortController();
    const running = made.run("sh chain.sh 19", {}, cancel.signal);
    await appears(path.join(made.cwd, "ready"));
    cancel.abort();
    await running;
    assert.equal(processesWith(time), 0);
  });

  it("touches no process that is not its own", async () => {
    const time = aSleep();
    const other = spawn("sleep", [time], { stdio: "ignore", detached: true });
    await once(other, "spawn");
    const own = aSleep();
    await made.run(`sleep ${own} & true`);
    assert.equal(processesWith(own), 0);
    assert.equal(processesWith(time), 1);
    other.kill();
    await once(other, "exit");
  });

  it("runs commands side by side, each with its own end", async () => {
    const time = aSleep();
    const results = await Promise.all([
      made.run("sh -c 'exit 3'"),
      made.run(`sleep ${time}`, { timeoutMs: 100 }),
      made.run(`sleep ${time} & setsid -f sleep ${time}; echo done`),
      ...Array.from({ length: 8 }, (_, n) => made.run(`sh -c 'sleep 0.05; exit ${n}'`)),
    ]);
    assert.deepEqual(
      results.map((result) => result.exitCode),
      [3, null, 0, 0, 1, 2, 3, 4, 5, 6, 7],
    );
    assert.equal(processesWith(time), 0);
  });

  it("ends everything that runs when told to, without waiting", async () => {
    const time = aSleep();
    const running = [made.run(`sleep ${time}`), made.run(`setsid -f sleep ${time}; touch ready; sleep ${time}`)];
    await appears(path.join(made.cwd, "ready"));
    made.runner.endAll();
    const results = await Promise.all(running);
    assert.deepEqual(
      results.map((result) => result.signal),
      ["SIGKILL", "SIGKILL"],
    );
    assert.equal(processesWith(time), 0);
    made.runner.endAll();
  });

  it("leaves nothing behind that keeps the host alive (hangs if it does)", async () => {
    const held = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap" || name === "PipeWrap").length;
    const before = held();
    const running = made.run("sleep 0.05");
    await Promise.all([
      running,
      made.run("nothing-here"),
      made.run("sleep 9 & true"),
      made.run("sleep 9", { timeoutMs: 20 }),
    ]);
    // Handles close in the loop's own time; one that leaked would never.
    while (held() > before) await new Promise(setImmediate);
  });
});
