// Composition root of the extension. Activation must stay cheap: nothing here touches a disk, git or a model.
import { Uri, window, type ExtensionContext } from "vscode";
import { ApprovalQueue } from "./core/approvals/approvalQueue";
import type { TaskDesk } from "./core/desk/taskDesk";
import type { Logger } from "./core/ports/logger";
import type { ModelCatalog } from "./core/ports/modelCatalog";
import { mementoApprovals } from "./vscode/approvals/mementoApprovals";
import { registerApprovals } from "./vscode/approvals/registerApprovals";
import { Config } from "./vscode/config";
import { registerTaskCommands } from "./vscode/commands/registerTaskCommands";
import { registerDashboard } from "./vscode/dashboard/registerDashboard";
import { Desks } from "./vscode/desks";
import { registerDocuments } from "./vscode/documents/registerDocuments";
import { watchFolder } from "./vscode/folderWatch";
import type { DoctorAbout, Host } from "./vscode/host";
import { MODEL_SETTINGS, NO_MODEL_ADVICE, credentialsOf } from "./vscode/models/access";
import { editorModels } from "./vscode/models/editorModels";
import { registerModels } from "./vscode/models/registerModels";
import { outputLogger } from "./vscode/outputLogger";
import { DraftComments } from "./vscode/review/draftComments";
import { registerReview } from "./vscode/review/registerReview";
import { samplesFolder } from "./vscode/samplesFolder";
import { registerStatus } from "./vscode/status/registerStatus";
import { registerViews } from "./vscode/views/registerViews";

let desks: Desks | null = null;

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Countersign", { log: true });
  const config = new Config(log, context.extension.packageJSON);
  const approvals = new ApprovalQueue();
  const opening = { context, config, approvals, logger: outputLogger(log) };
  const opened = new Desks((folder) => openDesk(folder, opening), log);
  desks = opened;
  const host: Host = { context, log, config, desks: opened, catalog: lazyCatalog(), drafts: new DraftComments(context.workspaceState), approvals, approvalsIn: (root) => mementoApprovals(context.workspaceState, root), doctor: (folder, about) => examine(folder, about, opening), prepareSample };
  context.subscriptions.push(
    log,
    opened,
    ...registerViews(host),
    ...registerStatus(host),
    ...registerApprovals(host),
    ...registerTaskCommands(host),
    ...registerReview(host),
    ...registerDashboard(host),
    ...registerDocuments(host),
    ...registerModels(host),
  );
}

export async function deactivate(): Promise<void> {
  await desks?.shutDown();
}

interface Opening {
  readonly context: ExtensionContext;
  readonly config: Config;
  readonly approvals: ApprovalQueue;
  readonly logger: Logger;
}

/** The engine, git and the database are a bundle of their own, loaded with the first folder that is opened. */
async function openDesk(folder: string, { context, config, approvals, logger }: Opening): Promise<TaskDesk> {
  const composition = await import("./composition/desk");
  return composition.openDesk(folder, {
    env: process.env,
    logger,
    settings: () => config.desk(Uri.file(folder)),
    editorModels: editorModels(() => config.modelIdleMs),
    access: { credentials: () => credentialsOf(context, config), advice: NO_MODEL_ADVICE, settings: MODEL_SETTINGS },
    consent: (root) => ({ approval: approvals, approvals: mementoApprovals(context.workspaceState, root), policy: () => config.commandPolicy }),
    samplesFolder: samplesFolder(context),
    watchFolder,
  });
}

async function examine(folder: string | null, about: DoctorAbout, { context, config, logger }: Opening): Promise<string> {
  const composition = await import("./composition/desk");
  const facts = await composition.examine(folder, {
    ...about,
    env: process.env,
    logger,
    setModel: "Countersign: Set API Key, or Countersign: Choose Models",
    policy: { ...config.commandPolicy, where: "your settings" },
    approvals: (root) => Promise.resolve(mementoApprovals(context.workspaceState, root)),
    settings: config.desk(folder === null ? undefined : Uri.file(folder)),
  });
  return composition.printDoctor(facts);
}

/** A bundle of its own, loaded when somebody sets models up. */
function lazyCatalog(): ModelCatalog {
  const open = async (): Promise<ModelCatalog> => (await import("./composition/modelCatalog")).openModelCatalog(MODEL_SETTINGS);
  return {
    list: async (credentials, signal) => (await open()).list(credentials, signal),
    priced: async (ownPrices) => (await open()).priced(ownPrices),
  };
}

const prepareSample: Host["prepareSample"] = async (folder) => (await import("./composition/sample")).prepareSample(folder);
