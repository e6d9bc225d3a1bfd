// Starts code-server, which is a real VS Code for the browser, with folders of its own: nothing of the user's is read.
// Knows processes, not pages.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod/mini";
import type { EditorPrograms } from "./programs";

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 5_000;
const LOG_CHARACTERS = 200_000;
/** What a developer's shell may hold and a test must not see: keys, other editors, options of Node.js and npm. */
const FOREIGN = /^(ANTHROPIC_|CLAUDE|COUNTERSIGN_|VSCODE_|ELECTRON_|NODE_OPTIONS$|npm_|INIT_CWD$|PORT$|PASSWORD$|HASHED_PASSWORD$|CS_|CODE_SERVER_|GITHUB_TOKEN$)/;

const SETTINGS = z.record(z.string(), z.unknown());
const MANIFEST = z.object({
  contributes: z.object({
    configuration: z.array(z.object({ properties: z.record(z.string(), z.object({ scope: z.optional(z.string()) })) })),
  }),
});

export interface CodeServerOptions {
  /** A folder for user data, caches and settings; it is made when it is missing. */
  readonly home: string;
  readonly extensions: string;
  /** User settings beside the ones that keep the window quiet. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whether every folder is trusted without asking. */
  readonly trusted: boolean;
  readonly args: readonly string[];
  /** Variables that the extension host sees beside PATH and the like. */
  readonly env: Readonly<Record<string, string>>;
}

/** Ends a server whose test process was killed and could not end it: no window has been there for this long. */
export const ENDS_WHEN_LEFT = "--idle-timeout-seconds=120";

/** Settings that every window of a test has: nothing opens by itself, nothing moves, nothing asks the network. */
const QUIET_SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.reduceMotion": "on",
  "window.commandCenter": false,
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off",
  "update.showReleaseNotes": false,
  "git.openRepositoryInParentFolders": "never",
  "security.workspace.trust.startupPrompt": "never",
  "typescript.disableAutomaticTypeAcquisition": true,
} as const;

export class CodeServer {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #log = "";
  #stopping = false;

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.#ended = new Promise((resolve) => process.once("close", () => resolve()));
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#log = (this.#log + text).slice(-LOG_CHARACTERS);
      });
    }
  }

  /** Resolves when it answers; `origin` is where. */
  static async start(programs: EditorPrograms, options: CodeServerOptions): Promise<{ readonly server: CodeServer; readonly origin: string }> {
    mkdirSync(options.home, { recursive: true });
    writeFileSync(configFile(options.home), "");
    changeSettings(options.home, { ...QUIET_SETTINGS, ...options.settings });
    const child = spawn(programs.node, [programs.codeServer, ...serverArguments(options)], {
      cwd: options.home,
      env: environment(options),
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: the extension host and its children end with it.
      detached: true,
    });
    const server = new CodeServer(child);
    process.once("exit", server.#kill);
    return { server, origin: await server.#origin() };
  }

  /** What it has said so far, the last part of it. */
  get log(): string {
    return this.#log;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    process.removeListener("exit", this.#kill);
    this.#signal("SIGTERM");
    const timer = setTimeout(this.#kill, STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(timer);
    // Whatever is left of the group has lost its parent.
    this.#kill();
  }

  /** Rejects when it ends without having been asked to. */
  async failure(): Promise<never> {
    await this.#ended;
    if (this.#stopping) return await new Promise<never>(() => {});
    throw new Error(`code-server has ended by itself. It said:\n${this.#log.slice(-4000)}`);
  }

  async #origin(): Promise<string> {
    const limit = new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error(`code-server did not start in ${START_LIMIT_MS / 1000} s. It said:\n${this.#log}`)), START_LIMIT_MS).unref();
    });
    const listening = new Promise<string>((resolve) => {
      const look = (): void => {
        const found = /HTTP server listening on (http:\/\/[\d.]+:\d+)/.exec(this.#log)?.[1];
        if (found === undefined) return;
        this.#process.stdout?.off("data", look);
        resolve(found);
      };
      this.#process.stdout?.on("data", look);
    });
    return await Promise.race([listening, limit, this.failure()]);
  }

  readonly #kill = (): void => this.#signal("SIGKILL");

  #signal(signal: NodeJS.Signals): void {
    if (this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, signal);
    } catch (error) {
      // ESRCH: the whole group is gone already.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

function serverArguments(options: CodeServerOptions): readonly string[] {
  return [
    "--auth=none",
    "--bind-addr=127.0.0.1:0",
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-getting-started-override",
    "--ignore-last-opened",
    `--config=${configFile(options.home)}`,
    `--user-data-dir=${userData(options.home)}`,
    `--extensions-dir=${options.extensions}`,
    ...(options.trusted ? ["--disable-workspace-trust"] : []),
    ...options.args,
  ];
}

function configFile(home: string): string {
  return path.join(home, "config.yaml");
}

/** Where VS Code keeps settings, state and logs. */
export function userData(home: string): string {
  return path.join(home, "user-data");
}

/**
 * Changes user settings on disk. To the window the server is a remote machine: settings of machine scope are read from
 * that machine's own file.
 */
export function changeSettings(home: string, change: Readonly<Record<string, unknown>>): void {
  const scopes = machineScoped();
  const ofMachine = Object.entries(change).filter(([key]) => scopes.has(key));
  mergeInto(path.join(userData(home), "User", "settings.json"), change);
  if (ofMachine.length > 0) mergeInto(path.join(userData(home), "Machine", "settings.json"), Object.fromEntries(ofMachine));
}

function mergeInto(file: string, change: Readonly<Record<string, unknown>>): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const before = existsSync(file) ? SETTINGS.parse(JSON.parse(readFileSync(file, "utf8"))) : {};
  writeFileSync(file, JSON.stringify({ ...before, ...change }, null, 2));
}

function machineScoped(): ReadonlySet<string> {
  const { contributes } = MANIFEST.parse(JSON.parse(readFileSync("package.json", "utf8")));
  const found = contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
  return new Set(found.filter(([, { scope }]) => scope?.startsWith("machine")).map(([key]) => key));
}

function environment(options: CodeServerOptions): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  return {
    ...Object.fromEntries(own),
    // A setting of git's or an agent's own in the home folder would make tests differ from machine to machine.
    HOME: options.home,
    XDG_CONFIG_HOME: path.join(options.home, "config"),
    XDG_DATA_HOME: path.join(options.home, "data"),
    XDG_CACHE_HOME: path.join(options.home, "cache"),
    COUNTERSIGN_CACHE_DIR: path.join(options.home, "cache", "countersign"),
    // Without a market place to ask, nothing waits for the network.
    EXTENSIONS_GALLERY: "{}",
    ...options.env,
  };
}
