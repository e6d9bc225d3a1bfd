// Two windows are two processes: one runs a task and is killed, -9, in the middle; the other has followed it, finds out
// that nobody owns the journal any more, and resumes the task to its end.
import { strict as assert } from "node:assert";
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync } from "node:fs";
import path from "node:path";
import { CountersignError } from "../../src/core/domain/errors";
import type { TaskDesk } from "../../src/core/desk/taskDesk";
import { bundled } from "../builders/bundled";
import { DeskBench, changed, until, untilStatus } from "../builders/deskBench";
import { aPassingScript, calls, WRITE_HELLO } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

describe("openDesk in two processes", function () {
  this.timeout(120_000);
  const folder = tempFolder();
  let child: ChildProcess | null = null;
  let desk: TaskDesk | null = null;

  afterEach(async () => {
    child?.kill("SIGKILL");
    await desk?.shutDown();
    [child, desk] = [null, null];
  });

  it("follows a run of the other one, is refused meanwhile, and resumes it when that was killed", async () => {
    const program = await bundled(folder(), "window.ts", [
      'import { DeskBench } from "test/builders/deskBench";',
      'import type { TaskId } from "src/core/domain/task";',
      "const main = async () => {",
      "  const desk = await new DeskBench(process.argv[2] as string, true).open();",
      "  await desk.queue.run(process.argv[3] as TaskId);",
      "};",
      "main().catch((error) => { console.error(error); process.exit(1); });",
    ]);
    cpSync(path.resolve("node_modules/sql.js/dist/sql-wasm.wasm"), path.join(folder(), "sql-wasm.wasm"));
    const bench = new DeskBench(path.join(folder(), "window"));
    const gate = bench.gate();
    const first = await bench.open();
    const { request } = await first.create(bench.request(aPassingScript().generator(1, calls(gate.waits), calls(WRITE_HELLO))));
    await first.shutDown();
    const two = await bench.open();
    desk = two;
    const started = spawn(process.execPath, [program, bench.folder, request.id], { stdio: "inherit" });
    child = started;
    const exited = new Promise<void>((resolve) => started.once("exit", () => resolve()));
    await until(() => gate.hasBegun || started.exitCode !== null);
    assert.equal(started.exitCode, null);
    await changed(two, () => (two.need(request.id).attempts.length > 0 ? true : undefined));
    assert.ok(two.ownership.kind === "theirs" && two.ownership.owner.includes(`process ${started.pid}`), JSON.stringify(two.ownership));
    assert.ok(!two.isInterrupted(two.need(request.id)));
    await assert.rejects(two.queue.run(request.id), (error) => CountersignError.is(error, "locked") && error.message.includes(String(started.pid)));
    started.kill("SIGKILL");
    await exited;
    // Nothing waits for a look: whoever has something to do takes the journal of a dead owner.
    await two.queue.run(request.id);
    assert.equal(two.ownership.kind, "ours");
    const view = await untilStatus(two, request.id, "review", "failed");
    assert.deepEqual([view.status, view.attempts.map((a) => a.decision?.pass)], ["review", [true]]);
    const events = await two.events(request.id);
    assert.deepEqual(events.map(({ seq }) => seq), events.map((_, at) => at + 1));
    assert.equal(events.filter(({ kind }) => kind === "runStarted").length, 2);
    await two.act(request.id, (harness, current) => harness.accept(current, null));
    assert.equal(bench.repo.read("greeting.txt"), "hello\n");
  });
});
