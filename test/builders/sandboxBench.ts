// A user's home, repository and cache folder as Countersign lays them out, and a command runner whose sandbox is real.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Context } from "mocha";
import { ProcessCommandRunner } from "../../src/adapters/process/processCommandRunner";
import { CommandSandbox, type CommandSandboxOptions } from "../../src/adapters/sandbox/commandSandbox";
import { sandboxHere } from "../../src/adapters/sandbox/sandboxHere";
import type { Territory } from "../../src/adapters/sandbox/territory";
import type { CommandResult, CommandSpec } from "../../src/core/ports/commandRunner";
import { couldNotRun } from "./couldNotRun";
import { GIT_ENVIRONMENT } from "./repoBuilder";

/** To be called in a `before`: skips with the reason where there is no sandbox, and fails in CI. */
export async function needsSandbox(test: Context): Promise<void> {
  const protection = await sandboxHere();
  if (protection.kind === "missing") couldNotRun(test, `${protection.why} ${protection.install.join("; ")}`);
}

export interface SandboxBench {
  /** Holds everything else. */
  readonly base: string;
  readonly home: string;
  readonly root: string;
  readonly cacheDir: string;
  /** The task's worktree. */
  readonly worktree: string;
  readonly otherWorktree: string;
  readonly room: string;
  readonly territory: Territory;
  readonly runner: ProcessCommandRunner;
  run(command: string, more?: Partial<CommandSpec>, signal?: AbortSignal): Promise<CommandResult>;
  /** Output and exit code in one line. */
  ask(command: string, more?: Partial<CommandSpec>): Promise<string>;
  git(...args: readonly string[]): string;
  dispose(): void;
}

/** `parent`: where the whole of it lies; by default not below the temporary folder, which commands do not see. */
export function aSandboxBench(parent = "/var/lib", options: Partial<CommandSandboxOptions> = {}): SandboxBench {
  const base = realpathSync(mkdtempSync(path.join(parent, "countersign-sandbox-")));
  const home = path.join(base, "home");
  const root = path.join(home, "my projects", "größe");
  const cacheDir = path.join(home, ".cache", "countersign");
  const worktrees = path.join(cacheDir, "worktrees", "0123456789abcdef");
  const rooms = path.join(cacheDir, "rooms", "0123456789abcdef");
  const [worktree, otherWorktree, room] = [path.join(worktrees, "task-aaaa"), path.join(worktrees, "task-bbbb"), path.join(rooms, "task-aaaa-1")];
  const git = (...args: readonly string[]): string => execFileSync("git", ["-C", root, ...args], { env: { ...process.env, ...GIT_ENVIRONMENT }, encoding: "utf8" });
  write(root, { "README.md": "# Größe\n", ".vscode/settings.json": "{}\n", ".countersign/state/journal.ndjson": "sealed\n", ".countersign/plans/task-aaaa/plan.md": "the plan\n" });
  git("init", "--quiet");
  git("add", "README.md", ".vscode");
  git("commit", "--quiet", "-m", "First");
  for (const [folder, branch] of [[worktree, "a"], [otherWorktree, "b"], [room, "c"]] as const) git("worktree", "add", "--quiet", "-b", branch, folder);
  const commonDir = path.join(root, ".git");
  const territory: Territory = {
    root,
    gitFolders: [commonDir],
    cacheDir,
    checkoutsIn: [worktrees, rooms],
    secret: [path.join(root, ".countersign")],
    packages: path.join(cacheDir, "packages", "0123456789abcdef"),
    home,
  };
  const environment = { ...process.env, HOME: home };
  const logger = { debug: () => {}, info: () => {}, warn: () => {} };
  const sandbox = new CommandSandbox({ territory, mode: () => "auto", network: () => undefined, environment, logger, ...options });
  const runner = new ProcessCommandRunner({ logger, environment, graceMs: 300, sandbox });
  const defaults = { cwd: worktree, timeoutMs: 20_000, outputFile: null, excerptBytes: 16_384, purpose: "agent" } as const;
  const run: SandboxBench["run"] = (command, more, signal = new AbortController().signal) => runner.run({ command, ...defaults, ...more }, signal);
  return {
    base,
    home,
    root,
    cacheDir,
    worktree,
    otherWorktree,
    room,
    territory,
    runner,
    run,
    git,
    ask: async (command, more) => {
      const { output, exitCode, signal } = await run(command, more);
      return `${output}[${exitCode ?? signal}]`;
    },
    dispose: () => rmSync(base, { recursive: true, force: true }),
  };
}

/**
 * To be called in a `describe`: every test gets a bench of its own, for as long as it lasts, where there is a sandbox.
 * What is returned stands for the bench of the test that runs.
 */
export function useSandboxBench(options: () => Partial<CommandSandboxOptions> = () => ({})): SandboxBench {
  let bench: SandboxBench | null = null;
  before(async function () {
    await needsSandbox(this);
  });
  beforeEach(() => {
    bench = aSandboxBench(undefined, options());
  });
  afterEach(() => {
    bench?.dispose();
    bench = null;
  });
  return new Proxy({} as SandboxBench, {
    get: (_, name) => {
      if (bench === null) throw new Error("There is a bench only while a test runs.");
      return Reflect.get(bench, name) as unknown;
    },
  });
}

/** Files below a folder, by relative path. */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}
