// Builds a real command runner with a temporary working folder of its own.
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ProcessCommandRunner, type ProcessRunnerOptions } from "../../src/adapters/process/processCommandRunner";
import type { CommandResult, CommandSpec } from "../../src/core/ports/commandRunner";

export interface RunnerOnDisk {
  readonly runner: ProcessCommandRunner;
  readonly cwd: string;
  readonly warnings: string[];
  run(command: string, more?: Partial<CommandSpec>, signal?: AbortSignal): Promise<CommandResult>;
  dispose(): Promise<void>;
}

export async function aRunnerOnDisk(options: Partial<ProcessRunnerOptions> = {}): Promise<RunnerOnDisk> {
  const cwd = await realpath(await mkdtemp(path.join(tmpdir(), "run-")));
  const warnings: string[] = [];
  const logger = { debug: () => {}, info: () => {}, warn: (message: string) => void warnings.push(message) };
  const runner = new ProcessCommandRunner({ logger, environment: process.env, graceMs: 300, ...options });
  const defaults = { cwd, timeoutMs: 20_000, outputFile: null, excerptBytes: 4096, purpose: "agent" } as const;
  return {
    runner,
    cwd,
    warnings,
    run: (command, more, signal = new AbortController().signal) =>
      runner.run({ command, ...defaults, ...more }, signal),
    dispose: () => rm(cwd, { recursive: true, force: true }),
  };
}
