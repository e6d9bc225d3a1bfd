// Run the Sample Task: a copy of the bundled repository, opened where it touches nothing of the user's, and its task run
// by a script. The folder is opened in between, so what is left to do is remembered over the reload.
import { writeFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { ProgressLocation, Uri, commands, window, workspace, type Disposable } from "vscode";
import { SCRIPT_PREFIX } from "../../core/domain/scriptModel";
import { ROLES, type Role, type TaskId, type TaskRequest } from "../../core/domain/task";
import { titleOf } from "../../core/engine/taskId";
import { pickOne } from "../ask";
import type { Host, SampleFiles } from "../host";
import { rememberSample, tellSample } from "../milestones";
import { isRecord, oneOf } from "../record";
import { report } from "../run";
import { samplesFolder } from "../samplesFolder";
import type { HasTarget } from "../taskRef";
import { inform, warn } from "../tell";

const PENDING = "countersign.sample.pending";
const WHERE = ["here", "newWindow", "workspace", "nowhere"] as const;
/** `workspace`: beside the folders of this window; `nowhere`: for whoever opens the folder on their own. */
type Where = (typeof WHERE)[number];

interface Pending {
  /** As it is opened. */
  readonly folder: string;
  /** As its desk calls it. */
  readonly root: string;
  readonly task: TaskId;
}

/** `argument.open` says where, and asks nothing. Returns the task; it runs once its folder is open and trusted. */
export async function runSample(host: Host, argument: unknown): Promise<HasTarget | undefined> {
  const where = (isRecord(argument) ? oneOf(WHERE, argument["open"]) : undefined) ?? (await askWhere(host));
  if (where === null) return undefined;
  const pending = await window.withProgress({ location: ProgressLocation.Window, title: "Preparing the sample" }, () => prepared(host));
  if (where !== "nowhere") await host.context.globalState.update(PENDING, pending);
  await open(Uri.file(pending.folder), where);
  return { target: { root: pending.root, task: pending.task } };
}

/** null: the person left. */
async function askWhere(host: Host): Promise<Where | null> {
  const folders = workspace.workspaceFolders ?? [];
  // Nothing of the user's is in this window.
  if (folders.every((folder) => isSample(host, folder.uri))) return "here";
  const reload = folders.length === 1 && workspace.workspaceFile === undefined ? "The window becomes a workspace of two folders and loads anew" : "Your folders stay as they are";
  const answer = await pickOne<Where>(
    [
      { label: "$(empty-window) In a new window", detail: "This window stays as it is", value: "newWindow" },
      { label: "$(root-folder) In this window, beside your folders", detail: reload, value: "workspace" },
      { label: "$(window) In this window, instead of your folders", detail: "File > Open Recent brings them back", value: "here" },
    ],
    { title: "Run the Sample Task", placeholder: "The sample has a folder of its own. Where shall it open? No key is needed, and your project is not touched" },
  );
  return answer.kind === "picked" ? answer.value : null;
}


function isSample(host: Host, uri: Uri): boolean {
  return uri.scheme === "file" && uri.fsPath.startsWith(samplesFolder(host.context) + path.sep);
}

/** A copy of its own each time: a sample that was run is no longer the one that the script knows. */
async function prepared(host: Host): Promise<Pending> {
  const folder = path.join(samplesFolder(host.context), Date.now().toString(36), "tally");
  const files = await host.prepareSample(folder);
  await keepOrdinaryLimits(host, files);
  const request = requestOf(host, files);
  return host.desks.beside(folder, async (desk) => ({ folder, root: desk.root, task: (await desk.create(request)).request.id }));
}

function requestOf(host: Host, { script, task }: SampleFiles): Omit<TaskRequest, "id"> {
  const { defaultModels } = host.config;
  const models = Object.fromEntries(ROLES.map((role) => [role, `${SCRIPT_PREFIX}${script}#${defaultModels[role]}`])) as Record<Role, string>;
  return { title: titleOf(task), description: task, category: "PREP", requestedType: null, profile: "code", attachments: [], approvePlan: false, models };
}

/** The script fails once and then passes with a certain score: with stricter limits of the user's it could not. */
async function keepOrdinaryLimits(host: Host, { repo }: SampleFiles): Promise<void> {
  const { maxRetries, passScore } = host.config.desk();
  if (maxRetries >= 1 && passScore <= 80) return;
  await mkdir(path.join(repo, ".vscode"), { recursive: true });
  await writeFile(path.join(repo, ".vscode", "settings.json"), `${JSON.stringify({ "countersign.maxRetries": 2, "countersign.passScore": 80 }, null, 2)}\n`);
}

async function open(uri: Uri, where: Where): Promise<void> {
  switch (where) {
    case "here":
    case "newWindow":
      await commands.executeCommand("vscode.openFolder", uri, where === "here" ? { forceReuseWindow: true } : { forceNewWindow: true });
      return;
    case "workspace":
      workspace.updateWorkspaceFolders(workspace.workspaceFolders?.length ?? 0, 0, { uri, name: "Countersign sample" });
      return;
    case "nowhere":
      return;
  }
}

/** Goes on with a sample whose folder this window shows now, and remembers that one has passed. */
export function continueSample(host: Host): readonly Disposable[] {
  const look = (): void => {
    const pending = pendingHere(host);
    if (pending === null) return;
    if (workspace.isTrusted) start(host, pending).catch((error: unknown) => report(host, error));
    else warn(host, "The sample’s checks are commands, so it runs once you trust its folder. It is a copy of the sample that came with Countersign.", { "Manage Workspace Trust": () => commands.executeCommand("workbench.trust.manage") });
  };
  tellSample(host).catch((error: unknown) => report(host, error));
  look();
  return [workspace.onDidChangeWorkspaceFolders(look), workspace.onDidGrantWorkspaceTrust(look), host.desks.onDidChange(({ change }) => {
    const isSampleRun = change.kind === "event" && change.event.kind === "taskPassed" && change.view.request.models.planner.startsWith(SCRIPT_PREFIX);
    if (isSampleRun) rememberSample(host).catch((error: unknown) => report(host, error));
  })];
}

function pendingHere(host: Host): Pending | null {
  const kept: unknown = host.context.globalState.get(PENDING);
  if (!isRecord(kept)) return null;
  const { folder, root, task } = kept;
  if (typeof folder !== "string" || typeof root !== "string" || typeof task !== "string") return null;
  const isOpen = (workspace.workspaceFolders ?? []).some((open) => open.uri.scheme === "file" && open.uri.fsPath === folder);
  return isOpen ? { folder, root, task: task as TaskId } : null;
}

async function start(host: Host, { root, task }: Pending): Promise<void> {
  await host.context.globalState.update(PENDING, undefined);
  const { desk } = await host.desks.find({ root, task });
  const target = { root, task };
  inform(host, "A recording plays the models; the plan, the contract, git, the commands and the checks are real. The first attempt is going to fail a check.");
  await desk.queue.run(task);
  await commands.executeCommand("countersign.openTask", { target });
}
