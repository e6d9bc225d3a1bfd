// Builds what the command line and the editor both work with from the adapters: a site and its engine. No logic of its own.
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "../adapters/clock/systemClock";
import { ConfinedFileTree } from "../adapters/files/confinedFileTree";
import { Exclusions } from "../adapters/files/exclusions";
import { defaultCacheDir } from "../adapters/git/cacheDir";
import { openWorkspace } from "../adapters/git/gitWorkspace";
import { ThreadedGraph } from "../adapters/graph/threadedGraph";
import { FileLogger } from "../adapters/log/fileLogger";
import { ProcessCommandRunner } from "../adapters/process/processCommandRunner";
import type { Territory } from "../adapters/sandbox/territory";
import { LockFileSetup } from "../adapters/setup/lockFileSetup";
import { openJournal, type SourceJournal } from "../adapters/store/fileJournal";
import { FilePlanFolder } from "../adapters/store/filePlanFolder";
import { FileTranscripts } from "../adapters/store/fileTranscripts";
import { EmbeddedWorkQueue } from "../adapters/queue/embeddedWorkQueue";
import { PRICES, withPriceOverrides, type PriceTable } from "../core/domain/pricing";
import { CountersignError } from "../core/domain/errors";
import { guardedLogger } from "../core/secrets/guardedPorts";
import { SecretLedger } from "../core/secrets/ledger";
import { Redactor, secretsOfEnvironment } from "../core/secrets/redactor";
import type { TaskId } from "../core/domain/task";
import { Harness } from "../core/engine/harness";
import type { EngineDeps, EngineSettings, HarnessDeps } from "../core/engine/engineDeps";
import type { Listeners } from "../core/engine/recorder";
import type { Clock } from "../core/ports/clock";
import type { CommandRunner } from "../core/ports/commandRunner";
import type { Logger } from "../core/ports/logger";
import type { GraphReader } from "../core/ports/knowledgeGraph";
import type { ModelClient } from "../core/ports/modelClient";
import type { TaskStore } from "../core/ports/taskStore";
import type { Workspace } from "../core/ports/workspace";
import type { ProtectionProbe } from "../core/ports/protection";
import { sandboxOf, territoryOf, type SandboxSettings } from "./commandSandbox";
import { guardedPorts, outputLedger } from "./guards";
import { guardedCommands, NO_CONSENT, type CommandConsent } from "./commandGuard";
import { engineSettings, readSettingsFile, type LimitOptions, type SettingsFile } from "./settingsFile";
import { keepTypesFromTheFirstCall, leaveWasmUnoptimised } from "./v8Flags";
import { VERSION } from "./version";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What every command works on: the repository, its state folder and its handoff files. */
export interface Site {
  readonly workspace: Workspace;
  readonly stateDir: string;
  readonly plans: FilePlanFolder;
  readonly plansDir: string;
  readonly cacheDir: string;
  /** What commands may write, see, and must not know of. */
  readonly territory: Territory;
  readonly settings: SettingsFile;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Knows the keys that are configured, and the formats of others. */
  readonly redactor: Redactor;
  /** Whether V8 may be tuned for a short run: not in the editor, whose process is shared with other extensions. */
  readonly ownsProcess: boolean;
}

export interface SiteOptions {
  /** Default: the file that COUNTERSIGN_LOG names. */
  readonly logger?: Logger;
  /** Default true. */
  readonly ownsProcess?: boolean;
  /** Folder of the handoff files, relative to the workspace's root. Default `.countersign/plans`. */
  readonly plansFolder?: string;
}

export async function openSite(repo: string, env: Environment, options: SiteOptions = {}): Promise<Site> {
  const cacheDir = env["COUNTERSIGN_CACHE_DIR"] ?? defaultCacheDir(env, process.platform, homedir());
  const clock = new SystemClock();
  const redactor = new Redactor(secretsOfEnvironment(env));
  const logger = guardedLogger(options.logger ?? new FileLogger(env["COUNTERSIGN_LOG"] ?? null, clock), redactor);
  const workspace = await openWorkspace(repo, { cacheDir, logger, environment: env });
  const settings = await userSettings(workspace);
  const plansFolder = options.plansFolder ?? join(".countersign", "plans");
  const plansDir = join(workspace.root, plansFolder);
  const plans = new FilePlanFolder({ workspace: workspace.root, folder: plansFolder, logger });
  const stateDir = join(workspace.root, ".countersign", "state");
  const ownsProcess = options.ownsProcess ?? true;
  const territory = territoryOf(workspace, plansDir);
  return { workspace, stateDir, plans, plansDir, cacheDir, territory, settings, clock, logger, redactor, ownsProcess };
}

/** The user's settings. A repository that brings its own could run commands and raise spending: it is refused. */
async function userSettings(workspace: Workspace): Promise<SettingsFile> {
  const settings = await readSettingsFile(workspace.root);
  if (Object.keys(settings).length === 0 || (await workspace.tracked(".countersign")).length === 0) return settings;
  throw new CountersignError(
    "notAllowed",
    "This repository has files of its own under .countersign/ and a settings.json there, which could run commands and raise your " +
      "spending. Nothing was run. Look at it, then keep it out of git: git rm -r --cached .countersign",
  );
}

/** The projection; loaded only when a query needs it. */
export async function openStore(site: Site, journal: SourceJournal): Promise<TaskStore> {
  if (site.ownsProcess) leaveWasmUnoptimised();
  const { openTaskStore } = await import("../adapters/store/sqlTaskStore");
  return openTaskStore(site.stateDir, journal, { logger: site.logger });
}

/** Nothing is read or started before somebody asks it. */
export function graphOf({ workspace, stateDir, clock, logger }: Site): ThreadedGraph {
  return new ThreadedGraph({ root: workspace.root, stateDir, clock, logger });
}

/** Whether a task was ever created here. */
export function hasTasks(site: Site): boolean {
  return existsSync(join(site.stateDir, "journal.ndjson"));
}

type StoreDoor = () => Promise<TaskStore>;

/** Opens the projection once, when it is first asked for, and brings it up to date every time. */
function storeDoor(site: Site, journal: SourceJournal): StoreDoor {
  let opening: Promise<TaskStore> | null = null;
  return async () => {
    opening ??= openStore(site, journal);
    const store = await opening;
    await store.sync();
    return store;
  };
}

/** Follows the journal without owning it: queries work while a run is going on. */
export async function readStore(site: Site): Promise<{ readonly store: TaskStore; readonly close: () => Promise<void> }> {
  const journal = await openJournal(site.stateDir, { clock: site.clock, logger: site.logger, readOnly: true });
  const store = await openStore(site, journal);
  return {
    store,
    close: async () => {
      await store.close();
      await journal.close();
    },
  };
}

export interface EngineOptions {
  readonly model: ModelClient;
  readonly limits: Partial<LimitOptions>;
  /** Asked at every look: a long-lived host's settings change. Default: the settings file's under `limits`. */
  readonly settings?: () => EngineSettings;
  /** The host's own prices over the table; default: the settings file's. */
  readonly prices?: unknown;
  /** Asked for every command; default: the settings file's. */
  readonly sandbox?: () => SandboxSettings;
  readonly listeners: Listeners;
  readonly approvePlan: EngineDeps["approvePlan"];
  /** How commands may run that no sandbox confines; default: they may not. */
  readonly consent?: CommandConsent;
  /** What agents may ask; default: one of this engine's own, whose thread ends with the process. */
  readonly graph?: GraphReader;
}

export interface OpenEngine {
  readonly harness: Harness;
  readonly journal: SourceJournal;
  readonly commands: ProcessCommandRunner;
  /** What protects commands here, now. */
  readonly protection: ProtectionProbe;
  /** The projection, up to date. It lives as long as the process. */
  readonly store: StoreDoor;
}

export async function openEngine(site: Site, options: EngineOptions): Promise<OpenEngine> {
  const { clock, logger, workspace, plansDir, settings, redactor } = site;
  if (site.ownsProcess) keepTypesFromTheFirstCall();
  const ownSettings = engineSettings(settings, options.limits);
  const journal = await openJournal(site.stateDir, { clock, logger });
  const ledger = new SecretLedger();
  const exclusions = new Exclusions(workspace.root);
  const sandboxSettings = options.sandbox ?? ((): SandboxSettings => ({ sandbox: settings.sandbox ?? "auto", network: settings.network }));
  const sandbox = sandboxOf(site, sandboxSettings, exclusions);
  const commands = new ProcessCommandRunner({ environment: process.env, logger, sandbox, redactor, onRedacted: outputLedger(plansDir, ledger) });
  const store = storeDoor(site, journal);
  const deps: HarnessDeps = {
    workspace,
    clock,
    logger,
    commandsFor: guardedCommands({ root: workspace.root, runner: commands, protection: () => sandbox.protection(), consent: options.consent ?? NO_CONSENT, logger }),
    ...guardedPorts({ journal, plans: site.plans, transcripts: new FileTranscripts({ plansDir, clock, logger }), model: options.model }, redactor, ledger),
    setup: setupOf(site, commands, options.limits),
    filesAt: (dir) => new ConfinedFileTree({ root: dir, aliases: [workspace.root], exclusions, logger }),
    prices: pricesWith(options.prices ?? settings.prices),
    isDayAlertOnRecord: async (day, limitUsd) => (await store()).tasks().some(({ dayWarning }) => dayWarning?.day === day && dayWarning.limitUsd === limitUsd),
    viewOf: async (task) => (await store()).task(task),
    agentFiles: agentFilesIn(workspace.root, logger),
    reachesNetwork: () => reachesNetwork(sandboxSettings()),
    openQueue: (time, start) => new EmbeddedWorkQueue(time, start),
    spentTodayByOthers: async (task) => spentToday(await store(), clock, task),
    redact: (text) => redactor.text(text).text,
    randomText,
    graph: options.graph ?? graphOf(site),
    get settings() {
      return options.settings?.() ?? ownSettings;
    },
    approvePlan: options.approvePlan,
    version: VERSION,
  };
  return { harness: new Harness(deps, options.listeners), journal, commands, protection: () => sandbox.protection(), store };
}

function reachesNetwork({ sandbox, network = "off" }: SandboxSettings): boolean {
  return sandbox === "off" || network !== "off";
}

/** Preambles and lessons: `.countersign/agents/`, under the rules of the handoff files. */
function agentFilesIn(workspace: string, logger: Logger): HarnessDeps["agentFiles"] {
  const folder = new FilePlanFolder({ workspace, folder: ".countersign", logger });
  const agents = "agents" as TaskId;
  return { read: (file) => folder.read(agents, file), write: (file, text) => folder.write(agents, file, text) };
}

function pricesWith(own: unknown): PriceTable {
  return own === undefined || own === null ? PRICES : withPriceOverrides(PRICES, own);
}

function setupOf(site: Site, commands: CommandRunner, limits: Partial<LimitOptions>): LockFileSetup {
  const override = limits.setup ?? site.settings.setup ?? null;
  return new LockFileSetup({ cacheDir: site.cacheDir, commands, override, logger: site.logger });
}

function spentToday(store: TaskStore, clock: Clock, but: TaskId): number {
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  const rows = store.costs({ from: today, to: today }).filter((row) => row.task !== but);
  return rows.reduce((sum, row) => sum + row.cost.usd, 0);
}

/** Crockford's base 32: no letter that is mistaken for another. */
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

function randomText(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}
