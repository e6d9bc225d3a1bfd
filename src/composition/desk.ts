// Opens a folder's desk for a host that lives long: the same site and engine as the command line's, owned only while
// there is something to do.
import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import { messageOf } from "../core/domain/errors";
import { SCRIPT_PREFIX, scriptFileOf } from "../core/domain/scriptModel";
import type { Logger } from "../core/ports/logger";
import type { ModelClient } from "../core/ports/modelClient";
import { DEFAULT_RETRIES } from "../core/engine/retryPolicy";
import { retryingModel } from "../core/engine/retryingModel";
import { routedModel } from "../core/engine/routedModel";
import { TaskDesk } from "../core/desk/taskDesk";
import type { DeskEngine, DeskFiles, DeskReader } from "../core/desk/deskPorts";
import type { DeskSettings } from "../core/desk/deskSettings";
import type { EngineSettings } from "../core/engine/engineDeps";
import { DEFAULT_ROLES } from "../core/roles/roleSettings";
import { listedFiles } from "../adapters/files/fileListing";
import { readTranscript } from "../adapters/store/readTranscript";
import { journalFiles, journalOwner, openJournal } from "../adapters/store/fileJournal";
import { watchFiles } from "../adapters/store/watchedFile";
import { commandsOfScript, NO_CONSENT, type CommandConsent } from "./commandGuard";
import { sampleScript } from "./sample";
import { learningAccess } from "./guards";
import { anthropicRoute, scriptRoute, type ModelAccess } from "./modelRoutes";
import { graphOf, openEngine, openSite, openStore, type Environment, type Site } from "./site";

export { printDoctor } from "../core/doctor/doctorReport";
export { examine } from "./doctor";

export interface DeskOptions {
  readonly env: Environment;
  readonly logger: Logger;
  readonly settings: () => DeskSettings;
  /** The models of the editor itself; their ids begin with `vscode:`. */
  readonly editorModels: ModelClient;
  readonly access: ModelAccess;
  /** How commands may run that no sandbox confines; `root` is the desk's. Default: they may not. */
  readonly consent?: (root: string) => Omit<CommandConsent, "own">;
  /** Where copies of the bundled sample are kept: what its script runs there is allowed, word for word. */
  readonly samplesFolder?: string;
  /** Calls back after files in the folder have changed, as often as it likes; default: nobody watches. */
  readonly watchFolder?: (root: string, onChange: () => void) => { dispose(): void };
}

/** The graph is made once a run has begun, and its first steps are done: it is wanted when agents look around, ms. */
const GRAPH_AFTER_MS = 3_000;

/** Nothing is made in the folder before something is to be done there. */
export async function openDesk(folder: string, options: DeskOptions): Promise<TaskDesk> {
  const { env, logger, settings } = options;
  const site = await openSite(folder, env, { logger, ownsProcess: false, plansFolder: settings().plansFolder });
  const model = modelOf(site, options);
  const { root } = site.workspace;
  const graph = graphOf(site);
  const consent = { ...(options.consent?.(root) ?? NO_CONSENT), own: await ownOf(root, options.samplesFolder) };
  const reader = await readerOf(site, async () => {
    watch?.dispose();
    await graph.close();
  });
  const watch = options.watchFolder?.(root, () => graph.changed());
  return TaskDesk.open({
    root,
    clock: site.clock,
    logger,
    maxConcurrentTasks: () => settings().maxConcurrentTasks,
    files: filesOf(site),
    reader,
    own: async (listeners, approvePlan): Promise<DeskEngine> => {
      const { setup, prices } = settings();
      const engine = await openEngine(site, { model, limits: { setup }, prices, settings: () => engineSettingsOf(settings()), sandbox: settings, listeners, approvePlan, consent, graph });
      site.clock.after(GRAPH_AFTER_MS, () => {
        graph.refresh().catch((error: unknown) => logger.debug("the knowledge graph was not made", { error: messageOf(error) }));
      });
      engine.commands.endOrphans();
      return {
        harness: engine.harness,
        lastSeq: engine.journal.lastSeq,
        endAll: () => engine.commands.endAll(),
        close: async () => {
          try {
            const store = await engine.store();
            await store.save();
            // Its memory is not given back by itself, and this process may own the journal many times.
            await store.close();
          } finally {
            await engine.journal.close();
          }
        },
      };
    },
  });
}

/** In a copy of the sample, and for the script that plays it: its commands are ours. */
async function ownOf(root: string, samplesFolder: string | undefined): Promise<CommandConsent["own"]> {
  const folder = samplesFolder === undefined ? null : await realpath(samplesFolder).catch(() => null);
  if (folder === null || !root.startsWith(folder + sep)) return () => null;
  const [known, script] = [await commandsOfScript(sampleScript()), sampleScript()];
  return ({ command, purpose }, { models }) => {
    const isPlayed = Object.values(models).every((model) => model.startsWith(SCRIPT_PREFIX) && scriptFileOf(model) === script);
    return isPlayed && purpose !== "setup" && known.has(command) ? "It is a command of the bundled sample." : null;
  };
}

function modelOf(site: Site, { editorModels, access, settings, logger }: DeskOptions): ModelClient {
  const routes = [
    { prefix: "vscode:", open: () => Promise.resolve(editorModels) },
    scriptRoute(site.clock),
    anthropicRoute(learningAccess(access, site.redactor), { logger, idleTimeoutMs: () => settings().modelIdleMs }),
  ];
  return retryingModel(routedModel(routes), { ...DEFAULT_RETRIES, random: Math.random }, site.clock);
}

async function readerOf(site: Site, onClose: () => Promise<void>): Promise<DeskReader> {
  const journal = await openJournal(site.stateDir, { clock: site.clock, logger: site.logger, readOnly: true });
  const store = await openStore(site, journal);
  return {
    store,
    events: (fromSeq) => journal.events(fromSeq),
    forgotten: () => journal.forgotten,
    watch: (onChange) => watchFiles(journalFiles(site.stateDir), onChange),
    owner: () => journalOwner(site.stateDir, site.clock),
    close: async () => {
      await onClose();
      await store.close();
      await journal.close();
    },
  };
}

function filesOf({ workspace, plans, plansDir, logger }: Site): DeskFiles {
  return {
    changes: (base, from, to) => workspace.changes(base, from, to),
    fileAt: (base, commit, path) => workspace.fileAt(base, commit, path),
    bytesAt: (base, commit, path) => workspace.bytesAt(base, commit, path),
    lines: (base, from, to, path) => workspace.lines(base, from, to, path),
    diff: (base, from, to) => workspace.diff(base, from, to),
    worktreeSize: (base) => workspace.worktreeSize(base),
    visible: async () => (await listedFiles(workspace.root, "", logger, new AbortController().signal)).map(({ path }) => path),
    planFile: (task, file) => plans.pathOf(task, file),
    transcript: (task, session, from) => readTranscript(plansDir, { task, session }, from),
  };
}

function engineSettingsOf(settings: DeskSettings): EngineSettings {
  const { maxRetries, passScore, sealedChecks, dataVerification = null, rerunChecks, revertProbe, toolCalls, phaseLimitsMs, maxOutputTokens, budget } = settings;
  const of = (role: keyof typeof DEFAULT_ROLES): EngineSettings["roles"][typeof role] => ({ ...DEFAULT_ROLES[role], maxOutputTokens: maxOutputTokens[role] });
  const roles = {
    planner: of("planner"),
    contract_negotiator: of("contract_negotiator"),
    generator: of("generator"),
    evaluator: of("evaluator"),
    single_agent: of("single_agent"),
    request_optimizer: of("request_optimizer"),
    project_manager: of("project_manager"),
    preamble_writer: of("preamble_writer"),
    worker: of("worker"),
    qc: of("qc"),
    reporter: of("reporter"),
  };
  return { roles, phaseLimitsMs, maxRetries, passScore, sealedChecks, ...(dataVerification === null ? {} : { dataVerification }), rerunChecks, revertProbe, toolCalls, budget };
}
