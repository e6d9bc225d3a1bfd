// Where checks run: in a fresh checkout of what was committed. Nothing that is not in the commit can make one green.
import { strict as assert } from "node:assert";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Bench, ensureBuilt } from "../builders/cliRun";
import { aContractOf, answers, aPass, aPassingScript, aScript, calls, HELLO, runs, writes, WRITE_HELLO, type ScriptBuilder, type TurnInput } from "../builders/scriptBuilder";
import { processesOf } from "../builders/processes";
import { tempFolder } from "../builders/tempFolder";

/** One attempt whose evaluator praises it, against checks that must all be met. */
function oneAttempt(checks: readonly string[], ...turns: readonly TurnInput[]): ScriptBuilder {
  return aScript().planner().negotiator(answers(aContractOf(checks))).generator(1, ...turns).evaluator(1, answers(aPass(checks.length)));
}

/** Calls back once a task's worktree below the folder has the file. */
async function whenThereIs(worktrees: string, file: string, then: () => void): Promise<void> {
  const isThere = (): boolean => existsSync(worktrees) && readdirSync(worktrees).some((key) => readdirSync(path.join(worktrees, key)).some((task) => existsSync(path.join(worktrees, key, task, file))));
  while (!isThere()) await delay(20);
  then();
}

describe("the clean room of a run", function () {
  this.timeout(30_000);
  before(ensureBuilt);
  const folder = tempFolder();

  async function failsAt(bench: Bench, script: ScriptBuilder, red: readonly string[]): Promise<void> {
    const ended = await bench.play(script, ["--retries", "0"]);
    assert.equal(ended.code, 2, ended.out);
    const [attempt] = (await bench.shown()).attempts;
    assert.equal(attempt?.verdict, "PASS", "the evaluator was fooled, the gate is not");
    assert.deepEqual(attempt.checks.filter(({ green }) => !green).map(({ id }) => id), red);
    assert.deepEqual(attempt.reasons, red.map((id) => `Check ${id} (${id.replace("K", "C")}) is red: exit code 1, expected 0.`));
  }

  it("lacks a file that is ignored, in whichever way it is ignored", async () => {
    const bench = new Bench(folder(), { "README.md": "x", ".gitignore": "out/\n*.tmp\n" });
    bench.repo.write(".git/info/exclude", "secret.cfg\n");
    const turns = calls(WRITE_HELLO, writes("out/result.txt", "1"), writes("a.tmp", "1"), writes("secret.cfg", "1"));
    await failsAt(bench, oneAttempt([HELLO, "test -f out/result.txt", "test -f a.tmp", "test -f secret.cfg"], turns), ["K2", "K3", "K4"]);
  });

  it("lacks what the user ignores or writes meanwhile", async () => {
    const bench = new Bench(folder(), { "README.md": "x", ".gitignore": ".env\n" });
    bench.repo.write(".env", "TOKEN=1");
    // From outside of the sandbox: no command can write there. The worktree's file tells that the run has begun.
    const worktrees = path.join(bench.cache, "worktrees");
    const user = whenThereIs(worktrees, "greeting.txt", () => bench.repo.write("later.txt", "1"));
    const script = oneAttempt([HELLO, "test -f .env", "test -f later.txt"], calls(WRITE_HELLO, runs("cat greeting.txt")));
    await failsAt(bench, script, ["K2", "K3"]);
    await user;
  });

  it("lacks what a check left behind in an earlier room, and what a command left running", async () => {
    const bench = new Bench(folder());
    // Red in every first run of a room, green in a second one.
    const once = `sh -c 'test -f seen.txt && exit 0; echo 1 > seen.txt; exit 1'`;
    const leaving = calls(WRITE_HELLO, runs("sh -c 'sleep 300 & echo 1 > seen.txt; rm seen.txt'"));
    await failsAt(bench, oneAttempt([HELLO, once], leaving), ["K2"]);
    assert.deepEqual(processesOf(bench.folder), []);
  });

  it("lacks what another check of the same attempt left behind, tracked, untracked or ignored", async () => {
    const bench = new Bench(folder(), { "README.md": "x", "state.txt": "old\n", ".gitignore": "out/\n" });
    const builder = `sh -c '${HELLO} && mkdir -p out && echo 1 > out/built.txt && echo 1 > left.txt && echo new > state.txt'`;
    const others = ["test -f out/built.txt", "test -f left.txt", "grep -q new state.txt"];
    await failsAt(bench, oneAttempt([builder, ...others], calls(WRITE_HELLO)), ["K2", "K3", "K4"]);
  });

  it("lacks the secrets of the user's environment", async () => {
    const bench = new Bench(folder());
    const script = oneAttempt([HELLO, `sh -c 'test -n "$ANTHROPIC_API_KEY$MY_TOKEN$GIT_DIR"'`], calls(WRITE_HELLO, runs("env")));
    const secret = "sk-ant-0123456789-secret";
    const ended = await bench.play(script, ["--retries", "0"], { env: { ANTHROPIC_API_KEY: secret, MY_TOKEN: secret } });
    assert.equal(ended.code, 2, ended.out);
    assert.ok(!ended.out.includes(secret));
    const files = bench.repo.git("ls-files", "--others", "--ignored", "--exclude-standard").split("\n");
    assert.ok(files.length > 10);
    for (const file of files) assert.ok(!bench.repo.read(file).includes(secret), file);
  });

  it("is gone when the run is over, and the evaluator's probes change nothing of the attempt", async () => {
    const bench = new Bench(folder());
    const probing = aPassingScript().evaluator(1, calls(runs("sh -c 'echo probed > greeting.txt; echo more > more.txt'")), answers(aPass()));
    const ended = await bench.play(probing);
    assert.equal(ended.code, 0, ended.out);
    const { branch, files } = await bench.shown();
    assert.equal(bench.repo.git("show", `${branch}:greeting.txt`), "hello");
    assert.deepEqual(files.map((file) => file.path), ["greeting.txt"]);
    assert.equal(bench.repo.git("worktree", "list").split("\n").length, 2);
  });

  it("keeps each check's exit code, duration and whole output", async () => {
    const bench = new Bench(folder());
    const loud = `sh -c 'seq 1 3000; echo to-stderr >&2; grep -qx hello greeting.txt'`;
    const ended = await bench.play(oneAttempt([loud], calls(WRITE_HELLO)));
    assert.equal(ended.code, 0, ended.out);
    const log = bench.handoff("verification/attempt-1/K1.log");
    assert.ok(log.startsWith("1\n2\n") && log.includes("\n1500\n") && log.includes("3000\n") && log.includes("to-stderr"));
    const [check] = JSON.parse(bench.handoff("verification/attempt-1/checks.json")) as readonly Readonly<Record<string, unknown>>[];
    assert.deepEqual([check?.["exitCode"], check?.["green"], check?.["outputFile"]], [0, true, "verification/attempt-1/K1.log"]);
    assert.ok(Number(check?.["durationMs"]) >= 0);
    assert.ok(String(check?.["outputExcerpt"]).length < 5000);
    assert.match(bench.handoff("verification/base-1/K1.log"), /3000/);
  });
});
