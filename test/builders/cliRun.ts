// Runs the built command line as a user does: as a process of its own, in a folder, with an environment of its own.
import { strict as assert } from "node:assert";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ScriptInput } from "../../src/adapters/model/script";
import { processesOf } from "./processes";
import { aRepository, type Repo } from "./repoBuilder";
import type { ScriptBuilder } from "./scriptBuilder";

const CLI = path.resolve("dist/cli.cjs");

let built: Promise<unknown> | null = null;

/** For `before`: dist/ is made from exactly these sources. */
export function ensureBuilt(): Promise<unknown> {
  const load = (url: string): Promise<{ buildIfStale(): Promise<boolean> }> => import(url) as Promise<{ buildIfStale(): Promise<boolean> }>;
  built ??= load(pathToFileURL(path.resolve("scripts/build.mjs")).href).then((module) => module.buildIfStale());
  return built;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Standard input as a whole; an end of input when left out. */
  readonly input?: string;
  /** Runs as this user and group, which only root can ask for. */
  readonly uid?: number;
}

/** An event as `--json` prints it. */
export type Printed = Readonly<Record<string, unknown>> & { readonly kind: string; readonly seq: number };

/** A command line that runs. */
export class RunningCli {
  readonly ended: Promise<Ended>;
  private out = "";
  private err = "";
  private over = false;
  private readonly waiting = new Set<() => void>();

  constructor(readonly child: ChildProcess) {
    const take = (stream: "out" | "err") => (chunk: Buffer): void => {
      this[stream] += chunk.toString("utf8");
      for (const look of this.waiting) look();
    };
    child.stdout?.on("data", take("out"));
    child.stderr?.on("data", take("err"));
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        this.over = true;
        for (const look of this.waiting) look();
        resolve({ code, signal, out: this.out, err: this.err });
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  get printed(): string {
    return this.out + this.err;
  }

  /** Resolves once both streams together match; fails when the program ends without. */
  async until(pattern: RegExp): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        const found = pattern.test(this.out) || pattern.test(this.err);
        if (!found && !this.over) return;
        this.waiting.delete(look);
        if (found) resolve();
        else reject(new Error(`the program ended without ${String(pattern)}:\n${this.printed}`));
      };
      this.waiting.add(look);
      look();
    });
  }

  say(text: string): void {
    this.child.stdin?.write(text);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** A repository in a folder of its own, with everything a run needs beside it. */
export class Bench {
  readonly repo: Repo;
  readonly cache: string;
  readonly home: string;
  private scripts = 0;

  constructor(
    readonly folder: string,
    files?: Readonly<Record<string, string>>,
    repo?: Repo,
  ) {
    this.repo = repo ?? aRepository(path.join(folder, "repo"), files ?? { "README.md": "# Greetings\n" });
    this.cache = path.join(folder, "cache");
    this.home = path.join(folder, "home");
    mkdirSync(this.home, { recursive: true });
  }

  start(args: readonly string[], options: CliOptions = {}): RunningCli {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: options.cwd ?? this.repo.dir,
      env: { ...this.environment(), ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    });
    // A program that ends before it has read its input is no failure of the test.
    child.stdin.on("error", () => undefined);
    if (options.input !== undefined) child.stdin.end(options.input);
    return new RunningCli(child);
  }

  run(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
    return this.start(args, { input: "", ...options }).ended;
  }

  /** `run "Greet" --model script:…` with further arguments. */
  play(script: ScriptBuilder, args: readonly string[] = [], options: CliOptions = {}): Promise<Ended> {
    return this.run(["run", "Greet", "--model", this.model(script), ...args], options);
  }

  /** The script as a value for `--model`. */
  model(script: ScriptBuilder | ScriptInput): string {
    if (!existsSync(path.join(this.repo.dir, ".countersign"))) this.settings({});
    return this.modelAlone(script);
  }

  /** The same, and nothing is written into the repository: a contract for code needs a sealed check then. */
  modelAlone(script: ScriptBuilder | ScriptInput): string {
    this.scripts += 1;
    const file = path.join(this.folder, `script-${this.scripts}.json`);
    writeFileSync(file, JSON.stringify("build" in script ? script.build() : script));
    return `script:${file}`;
  }

  /** What a command prints with `--json`, once it has succeeded. */
  async json<T>(...args: readonly string[]): Promise<T> {
    const ended = await this.run([...args, "--json"]);
    assert.equal(ended.code, 0, ended.err);
    assert.equal(ended.err, "");
    return JSON.parse(ended.out) as T;
  }

  /** `show TASK --json`; of the only task when none is named. */
  async shown(task?: string): Promise<Shown> {
    return this.json<Shown>("show", task ?? this.taskId());
  }

  /** The id of the newest task in the journal. */
  taskId(): string {
    const id = this.events().findLast((event) => event.kind === "taskCreated")?.["task"];
    assert.equal(typeof id, "string", "there is no task in the journal");
    return String(id);
  }

  events(): readonly Printed[] {
    return readFileSync(path.join(this.repo.dir, ".countersign/state/journal.ndjson"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const { sum, ...event } = JSON.parse(line) as Printed & { readonly sum?: string };
        assert.match(String(sum), /^[0-9a-f]{8}$/, "every line of the journal has its checksum");
        return event;
      });
  }

  kinds(): readonly string[] {
    return this.events().map(({ kind }) => kind);
  }

  event(kind: string): Printed {
    const found = this.events().findLast((event) => event.kind === kind);
    assert.ok(found, `there is no ${kind} in the journal`);
    return found;
  }

  /** A file of the task's plan folder. */
  handoff(file: string, task = this.taskId()): string {
    return this.repo.read(`.countersign/plans/${task}/${file}`);
  }

  /** Resolves once a command of a run, whose line begins so, works below the test's folder. */
  async untilProcess(command: string): Promise<void> {
    await until(() => processesOf(this.folder).some((found) => found.command.startsWith(command)), `a process "${command}"`);
  }

  async untilNoProcess(): Promise<void> {
    await until(() => processesOf(this.folder).length === 0, "the end of all processes");
  }

  /** Sealed checks are off unless they are what the test is about. */
  settings(settings: object): void {
    this.repo.write(".countersign/settings.json", JSON.stringify({ sealedChecks: false, ...settings }));
    this.repo.write(".countersign/.gitignore", "*\n");
  }

  private environment(): NodeJS.ProcessEnv {
    const coverage = process.env["NODE_V8_COVERAGE"];
    return {
      PATH: process.env["PATH"],
      HOME: this.home,
      TMPDIR: process.env["TMPDIR"],
      COUNTERSIGN_CACHE_DIR: this.cache,
      COUNTERSIGN_SCRIPT_DELAY_MS: "0",
      ...(coverage === undefined ? {} : { NODE_V8_COVERAGE: coverage }),
    };
  }
}

const POLL_MS = 10;
const LONGEST_WAIT_MS = 15_000;

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !holds(); waited += POLL_MS) {
    if (waited >= LONGEST_WAIT_MS) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The fields of `show --json` that tests look at. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly category: string;
  readonly type: string | null;
  readonly phase: string | null;
  readonly detail: string;
  readonly branch: string;
  readonly base: string;
  readonly worktree: string;
  readonly worktreeBytes: number;
  readonly planFolder: string;
  readonly contract: { readonly hash: string; readonly checks: readonly object[] } | null;
  readonly attempts: readonly {
    readonly attempt: number;
    readonly score: number | null;
    readonly verdict: string | null;
    readonly passed: boolean | null;
    readonly reasons: readonly string[];
    readonly cutShort: { readonly outcome: string; readonly detail: string } | null;
    readonly commit: string | null;
    readonly files: readonly { readonly path: string; readonly status: string }[];
    readonly checks: readonly { readonly id: string; readonly green: boolean; readonly reason: string; readonly exitCode: number | null }[];
  }[];
  readonly files: readonly { readonly path: string; readonly status: string }[];
  readonly handoffs: readonly string[];
  readonly sessions: readonly { readonly role: string; readonly attempt: number; readonly outcome: string | null; readonly detail: string; readonly turns: number; readonly cost: { readonly usd: number } }[];
  readonly usage: Readonly<Record<string, number>>;
  readonly cost: { readonly usd: number; readonly unpricedCalls: number };
  readonly answer: string | null;
  readonly models: Readonly<Record<string, string>>;
}

/** Runs what is independent of each other side by side, two at once. */
export async function twoAtOnce(works: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = [...works];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
  };
  await Promise.all([worker(), worker()]);
}
