// Desks as the editor opens them, on a real folder in this process: real git, journal, files, checks and commands; the
// models are scripts. Two desks on one folder are two windows: the journal's lock does not care that they share a process.
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openDesk, type DeskOptions } from "../../src/composition/desk";
import type { DeskSettings } from "../../src/core/desk/deskSettings";
import type { DeskChange, TaskDesk } from "../../src/core/desk/taskDesk";
import type { JournalEvent } from "../../src/core/domain/event";
import { ROLES, type Role, type TaskId, type TaskStatus } from "../../src/core/domain/task";
import type { TaskRequest } from "../../src/core/domain/task";
import { DEFAULT_BUDGET } from "../../src/core/engine/budget";
import { DEFAULT_MAX_RETRIES, DEFAULT_TOOL_CALLS } from "../../src/core/engine/engineDeps";
import type { ModelClient } from "../../src/core/ports/modelClient";
import type { TaskView } from "../../src/core/projections/taskView";
import { DEFAULT_ROLES, PHASE_LIMITS_MS } from "../../src/core/roles/roleSettings";
import { RecordingLogger } from "../fakes/recordingLogger";
import { aRepository, GIT_ENVIRONMENT, Repo } from "./repoBuilder";
import { aTaskRequest } from "./samples";
import { runs, type ScriptBuilder, type ToolCallInput } from "./scriptBuilder";

export class DeskBench {
  readonly repo: Repo;
  readonly logger = new RecordingLogger();
  readonly settings: { -readonly [K in keyof DeskSettings]: DeskSettings[K] };
  private scripts = 0;

  /** `isThere`: another process has made the repository. */
  constructor(
    readonly folder: string,
    isThere = false,
  ) {
    const dir = path.join(folder, "repo");
    this.repo = isThere ? new Repo(dir) : aRepository(dir, { "README.md": "# Greetings\n" });
    this.settings = aDeskSettings();
  }

  open(options: Partial<DeskOptions> = {}): Promise<TaskDesk> {
    return openDesk(this.repo.dir, {
      env: { ...GIT_ENVIRONMENT, COUNTERSIGN_CACHE_DIR: path.join(this.folder, "cache") },
      logger: this.logger,
      settings: () => this.settings,
      editorModels: NO_MODELS,
      access: { credentials: () => Promise.resolve(null), advice: "No model is set up. Set a key." },
      ...options,
    });
  }

  /** A request whose every role is played by the script. */
  request(script: ScriptBuilder, title = "Greet", change: Partial<TaskRequest> = {}): Omit<TaskRequest, "id"> {
    this.scripts += 1;
    const file = path.join(this.folder, `script-${this.scripts}.json`);
    writeFileSync(file, JSON.stringify(script.build()));
    const models = Object.fromEntries(ROLES.map((role) => [role, `script:${file}`])) as Record<Role, string>;
    const { id: _id, ...request } = aTaskRequest({ title, description: title, models, ...change });
    return request;
  }

  /** A command that lasts until `open` is called; `name` tells several apart. */
  gate(name = "gate"): Gate {
    return new Gate(name, this.repo.dir, path.join(this.folder, "cache"));
  }
}

/** Its command is in a sandbox: it writes in its worktree alone, and sees what is in the repository's own folder. */
export class Gate {
  private begun = false;

  constructor(
    private readonly name: string,
    private readonly repo: string,
    private readonly cache: string,
  ) {}

  /** As a tool call of a script. */
  get waits(): ToolCallInput {
    return runs(this.command);
  }

  get command(): string {
    // In a folder that is never part of the work.
    return `mkdir -p node_modules; touch 'node_modules/${this.name}.begun'; while [ ! -e '${this.opened}' ]; do sleep 0.02; done`;
  }

  get hasBegun(): boolean {
    const below = (folder: string): readonly string[] => (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder).map((name) => path.join(folder, name)) : []);
    this.begun ||= ["worktrees", "rooms"]
      .flatMap((kind) => below(path.join(this.cache, kind)))
      .flatMap(below)
      .some((checkout) => existsSync(path.join(checkout, "node_modules", `${this.name}.begun`)));
    return this.begun;
  }

  open(): void {
    writeFileSync(this.opened, "");
  }

  private get opened(): string {
    return path.join(this.repo, ".git", `${this.name}.open`);
  }
}

export function aDeskSettings(): DeskSettings {
  return {
    maxConcurrentTasks: 2,
    maxRetries: DEFAULT_MAX_RETRIES,
    passScore: 80,
    sealedChecks: false,
    rerunChecks: true,
    revertProbe: "code",
    toolCalls: DEFAULT_TOOL_CALLS,
    phaseLimitsMs: PHASE_LIMITS_MS,
    maxOutputTokens: Object.fromEntries(ROLES.map((role) => [role, DEFAULT_ROLES[role].maxOutputTokens])) as DeskSettings["maxOutputTokens"],
    budget: DEFAULT_BUDGET,
    setup: [],
    plansFolder: ".countersign/plans",
    sandbox: "auto",
    network: [],
    modelIdleMs: 120_000,
    prices: null,
  };
}

/** Resolves with the first change that fits, now or later. */
export function changed<T>(desk: TaskDesk, fits: (change: DeskChange | null) => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const now = fits(null);
    if (now !== undefined) return resolve(now);
    const subscription = desk.onChange((change) => {
      const found = fits(change);
      if (found === undefined) return;
      subscription.dispose();
      resolve(found);
    });
  });
}

/** The task's view once it has one of these states. */
export function untilStatus(desk: TaskDesk, id: TaskId, ...wanted: readonly TaskStatus[]): Promise<TaskView> {
  return changed(desk, () => {
    const view = desk.task(id);
    return view !== undefined && wanted.includes(view.status) && !desk.queue.isRunning(id) ? view : undefined;
  });
}

/** The event of that kind, whenever it comes from now on. */
export function untilEvent<K extends JournalEvent["kind"]>(desk: TaskDesk, kind: K): Promise<Extract<JournalEvent, { readonly kind: K }>> {
  return changed(desk, (change) => (change?.kind === "event" && change.event.kind === kind ? (change.event as Extract<JournalEvent, { readonly kind: K }>) : undefined));
}

/** Waits, turn by turn of the event loop, for what no event tells. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

export const NO_MODELS: ModelClient = {
  stream: () => {
    throw new Error("no test asks the editor's models");
  },
};
