// What every CommandRunner must do. Each scenario is a command line that a real runner carries out and a scripted one
// has in its script.
import { strict as assert } from "node:assert";
import { CountersignError } from "../../src/core/domain/errors";
import type { CommandRunner, CommandSpec } from "../../src/core/ports/commandRunner";

export const SCENARIOS = {
  quiet: "true",
  fails: "sh -c 'echo out; exit 7'",
  speaks: "echo größe",
  long: "seq 1 2000",
  missing: "no-such-program-here --version",
  slow: "sleep 30",
  hangs: "sleep 31",
} as const;

/** What `seq 1 2000` prints. */
export const LONG_OUTPUT = Array.from({ length: 2000 }, (_, n) => `${n + 1}\n`).join("");

export interface RunnerUnderTest {
  readonly runner: CommandRunner;
  /** An existing working folder, and one that does not exist. */
  readonly cwd: string;
  readonly missingCwd: string;
  readonly outputFile: string;
  readOutput(): Promise<string>;
  dispose(): Promise<void>;
}

export function commandRunnerContract(make: () => Promise<RunnerUnderTest>): void {
  let made: RunnerUnderTest;
  beforeEach(async () => {
    made = await make();
  });
  afterEach(() => made.dispose());

  const specOf = (command: string, more: Partial<CommandSpec> = {}): CommandSpec => ({
    command,
    cwd: made.cwd,
    timeoutMs: 20_000,
    outputFile: null,
    excerptBytes: 4096,
    purpose: "agent",
    ...more,
  });
  const run = (command: string, more: Partial<CommandSpec> = {}, signal = new AbortController().signal) =>
    made.runner.run(specOf(command, more), signal);

  it("reports the exit code of a command that ended by itself", async () => {
    const { durationMs, ...result } = await run(SCENARIOS.quiet);
    const nothing = { signal: null, timedOut: false, cancelled: false, unstartable: false, outputLimitHit: false };
    assert.deepEqual(result, { ...nothing, exitCode: 0, output: "", outputBytes: 0 });
    assert.ok(durationMs >= 0 && Number.isInteger(durationMs));
    const failed = await run(SCENARIOS.fails);
    assert.deepEqual([failed.exitCode, failed.output, failed.outputBytes], [7, "out\n", 4]);
  });

  it("keeps head and tail of the output, all of it in the file, and shows it as it comes", async () => {
    let shown = "";
    const result = await run(SCENARIOS.long, {
      excerptBytes: 400,
      outputFile: made.outputFile,
      onOutput: (text) => (shown += text),
    });
    assert.ok(Buffer.byteLength(result.output) <= 400);
    assert.match(result.output, /^1\n2\n3\n[^]*\n… \d+ bytes left out …\n[^]*1999\n2000\n$/);
    assert.equal(result.outputBytes, LONG_OUTPUT.length);
    assert.equal(await made.readOutput(), LONG_OUTPUT);
    assert.equal(shown, LONG_OUTPUT);
  });

  it("counts bytes and keeps characters", async () => {
    const result = await run(SCENARIOS.speaks);
    assert.deepEqual([result.output, result.outputBytes], ["größe\n", 8]);
  });

  it("says of a program that does not exist that it cannot be started", async () => {
    const result = await run(SCENARIOS.missing);
    assert.deepEqual([result.exitCode, result.unstartable], [null, true]);
    assert.match(result.output, /not found/);
  });

  it("ends a command at its time limit", async () => {
    const result = await run(SCENARIOS.slow, { timeoutMs: 50 });
    assert.deepEqual([result.exitCode, result.timedOut, result.cancelled], [null, true, false]);
  });

  it("ends a command when it is cancelled, and starts none that is cancelled already", async () => {
    const cancel = new AbortController();
    const running = run(SCENARIOS.hangs, {}, cancel.signal);
    setImmediate(() => cancel.abort());
    const result = await running;
    assert.deepEqual([result.exitCode, result.timedOut, result.cancelled], [null, false, true]);
    const never = await run(SCENARIOS.fails, {}, AbortSignal.abort());
    assert.deepEqual([never.exitCode, never.cancelled, never.output], [null, true, ""]);
  });

  it("rejects with process when the working folder is gone", async () => {
    await assert.rejects(run(SCENARIOS.quiet, { cwd: made.missingCwd }), (error: unknown) =>
      CountersignError.is(error, "process"),
    );
  });
}
