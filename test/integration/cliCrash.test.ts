// The command line killed, -9, in the middle of things: what resume makes of it, and what is left on the machine.
import { strict as assert } from "node:assert";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Bench, ensureBuilt, type RunningCli } from "../builders/cliRun";
import { processesOf } from "../builders/processes";
import { aContractOf, aFail, answers, aPass, aPassingScript, aPlan, calls, HELLO, runs, writes, WRITE_HELLO, type ScriptBuilder } from "../builders/scriptBuilder";
import { tempFolder } from "../builders/tempFolder";

describe("a command line that was killed", function () {
  this.timeout(40_000);
  before(ensureBuilt);
  const folder = tempFolder();

  /** Hangs while the test's hold file is there. */
  function holding(bench: Bench): { readonly command: string; readonly release: () => void } {
    // Commands see little of the disk; of the repository's own folder they do.
    const file = path.join(bench.repo.dir, ".git", "hold");
    writeFileSync(file, "");
    return { command: `if test -e "${file}"; then sleep 300; fi`, release: () => rmSync(file) };
  }

  /** Two attempts, a command and two checks: enough to be interrupted in. */
  function script(command: string, check: string): ScriptBuilder {
    return aPassingScript()
      .negotiator(answers(aContractOf([HELLO, `sh -c 'test -f greeting.txt || exit 1; ${check}'`])))
      .generator(1, calls(writes("greeting.txt", "hullo\n")), calls(runs(`sh -c '${command}'`)))
      .evaluator(1, answers(aFail()))
      .generator(2, calls(WRITE_HELLO))
      .evaluator(2, answers(aPass(2)));
  }

  async function killed(running: RunningCli): Promise<void> {
    running.kill("SIGKILL");
    assert.equal((await running.ended).signal, "SIGKILL");
  }

  let undisturbed: object | null = null;

  async function endOfUndisturbed(bench: Bench): Promise<object> {
    const calm = new Bench(path.join(bench.folder, "undisturbed"));
    assert.equal((await calm.play(script("true", "true"))).code, 0);
    return endOf(calm);
  }

  async function endsAsUndisturbed(bench: Bench, play: ScriptBuilder): Promise<void> {
    const resumed = await bench.run(["resume", "--model", bench.model(play)]);
    assert.equal(resumed.code, 0, resumed.out + resumed.err);
    assert.deepEqual(processesOf(bench.folder), [], "processes are left");
    undisturbed ??= await endOfUndisturbed(bench);
    assert.deepEqual(await endOf(bench), undisturbed);
    bench.repo.remove(".countersign/state/state.db");
    assert.equal((await bench.shown()).status, "review", "the journal alone knows it");
    assert.deepEqual(bench.events().map(({ seq }) => seq), bench.events().map((_, index) => index + 1));
  }

  /** What a user sees of the end, without ids, times and money. */
  async function endOf(bench: Bench): Promise<object> {
    const { status, category, type, contract, attempts, handoffs, branch, base } = await bench.shown();
    return {
      task: [status, category, type],
      contract: contract?.checks.length,
      attempts: attempts.map(({ attempt, score, verdict, passed, reasons, files, checks }) => ({ attempt, score, verdict, passed, reasons, files, checks: checks.map(({ id, green, exitCode }) => [id, green, exitCode]) })),
      handoffs: handoffs.toSorted(),
      diff: bench.repo.git("diff", base, branch),
      worktrees: bench.repo.git("worktree", "list").split("\n").length,
      status: bench.repo.git("status", "--porcelain"),
    };
  }

  it("within a model's response", async () => {
    const bench = new Bench(folder());
    const play = script("true", "true");
    const running = bench.start(["run", "Greet", "--model", bench.model(play.planner({ ...answers(aPlan()), delayMs: 60_000 }))], { input: "" });
    await running.until(/planner · claude/);
    await killed(running);
    assert.equal((await bench.shown()).status, "running", "nobody could say otherwise");
    await endsAsUndisturbed(bench, play);
  });

  it("within a command of an agent: the command is not repeated, and does not live on", async () => {
    const bench = new Bench(folder());
    const { command } = holding(bench);
    const running = bench.start(["run", "Greet", "--model", bench.model(script(command, "true"))], { input: "" });
    await bench.untilProcess("sleep 300");
    await killed(running);
    await bench.untilNoProcess();
    // Were it repeated, it would hang again.
    await endsAsUndisturbed(bench, script(command, "true"));
    const session = bench.events().find((event) => event.kind === "sessionStarted" && event["role"] === "generator")?.["session"];
    assert.match(bench.handoff(`sessions/${String(session)}.ndjson`), /interrupted, outcome unknown/i);
  });

  it("within a check: it runs again, in a new room, and the old one goes", async () => {
    const bench = new Bench(folder());
    const { command, release } = holding(bench);
    const play = script("true", command);
    const running = bench.start(["run", "Greet", "--model", bench.model(play)], { input: "" });
    await bench.untilProcess("sleep 300");
    await killed(running);
    release();
    await endsAsUndisturbed(bench, play);
  });

  it("and then given up: nothing of it is left but its handoff files", async () => {
    const bench = new Bench(folder());
    const { command } = holding(bench);
    const running = bench.start(["run", "Greet", "--model", bench.model(script(command, "true"))], { input: "" });
    await bench.untilProcess("sleep 300");
    await killed(running);
    const discarded = await bench.run(["discard", bench.taskId()]);
    assert.equal(discarded.code, 0, discarded.err);
    assert.deepEqual(processesOf(bench.folder), []);
    assert.equal(bench.repo.git("worktree", "list").split("\n").length, 1);
    assert.equal(bench.repo.git("branch", "--list", "countersign/*"), "");
  });
});
