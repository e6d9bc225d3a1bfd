// New Task: asks what is not known yet, creates the task, and runs it where that was chosen.
import path from "node:path";
import { UIKind, commands, env, type WorkspaceFolder } from "vscode";
import { titleOf } from "../../core/engine/taskId";
import type { TaskDesk } from "../../core/desk/taskDesk";
import type { TaskView } from "../../core/projections/taskView";
import { CountersignError } from "../../core/domain/errors";
import type { Host } from "../host";
import type { HasTarget } from "../taskRef";
import { inform } from "../tell";
import { folderNamed, taskFolders } from "./folders";
import { firstLineOf } from "./lines";
import { pathOnDesk } from "./paths";
import { lastStep } from "./newTaskLast";
import { activeFolder, categoryStep, filesStep, folderStep, profileStep, textStep } from "./newTaskSteps";
import { askInOrder } from "./steps";
import { startTask } from "./startTask";
import { DraftStore, descriptionOf, type NewTaskOptions, type TaskDraft } from "./taskDraft";
import type { TaskDocuments } from "./taskDocuments";

/** Where the text comes from, said below the box: "" for nowhere but the person. */
export interface Origin {
  readonly hint: string;
}

/** The task that was created; undefined when the person left. */
export async function newTask(host: Host, documents: TaskDocuments, options: NewTaskOptions, origin: Origin = { hint: "" }): Promise<HasTarget | undefined> {
  const folders = taskFolders(host);
  const [first] = folders;
  if (first === undefined) return undefined;
  const draft = startingDraft(host, folders, options);
  if (options.run !== undefined && options.text !== undefined) return created(host, draft);
  const drafts = new DraftStore(host.context.workspaceState);
  // A text that comes from the code is not what the person wrote the last time, and does not replace it.
  const isOwn = options.text === undefined && options.about === undefined;
  const kept = isOwn ? drafts.load() : null;
  const begun: TaskDraft = kept === null ? draft : { ...draft, ...kept };
  const outcome = await askInOrder(
    [
      folderStep(options.folder === undefined ? folders : []),
      textStep(host, { hint: hintOf(origin, kept !== null), onDocument: (state) => documents.open(state) }),
      categoryStep(host),
      profileStep,
      filesStep((state) => host.desks.of(state.folder ?? first)),
      lastStep(host, (state) => host.desks.of(state.folder ?? first)),
    ],
    begun,
  );
  if (outcome.kind === "left") {
    if (isOwn) await drafts.keep(outcome.state);
    return undefined;
  }
  if (!isOwn) return created(host, outcome.state);
  // Where it cannot be created, another window's lock say, nothing typed is lost.
  await drafts.keep(outcome.state);
  const made = await created(host, outcome.state);
  await drafts.clear();
  return made;
}

function startingDraft(host: Host, folders: readonly WorkspaceFolder[], options: NewTaskOptions): TaskDraft {
  const named = options.folder === undefined ? undefined : folderNamed(folders, options.folder);
  if (options.folder !== undefined && named === undefined) {
    throw new CountersignError("notFound", `The folder ${options.folder} is not open in this window. Open are: ${folders.map(({ name }) => name).join(", ")}.`);
  }
  const { text = "", about = "", category, requestedType = null, profile = "code", attachments = [], approvePlan, models = null, run = true } = options;
  return {
    folder: named ?? activeFolder(folders),
    text,
    about,
    category: category ?? host.config.defaultCategory,
    requestedType,
    profile,
    attachments,
    approvePlan: approvePlan ?? host.config.approvePlan,
    models,
    run,
  };
}

function hintOf({ hint }: Origin, isDraft: boolean): string {
  if (isDraft) return "Your draft from the last time; clear it to begin anew.";
  if (hint !== "") return hint;
  const lines = env.uiKind === UIKind.Desktop ? "Paste as many lines as you like, or write them in an editor (the pencil)." : "The pencil opens an editor for more lines.";
  return `The first line becomes the title. ${lines}`;
}

async function created(host: Host, draft: TaskDraft): Promise<HasTarget> {
  const { folder, run } = draft;
  if (folder === null) throw new CountersignError("notFound", "No folder is open. Nothing was created.");
  const desk = await host.desks.of(folder);
  const attachments = await Promise.all(draft.attachments.map((file) => attached(desk.root, file)));
  const view = await desk.create(requestOf(host, { ...draft, attachments }, folder));
  const target = { root: desk.root, task: view.request.id };
  const isStarted = run && view.type !== null && (await startTask(host, { desk, view }));
  tellCreated(host, { desk, view, isStarted });
  return { target };
}

/** Agents work in a copy of the repository: what lies elsewhere is not there. */
async function attached(root: string, file: string): Promise<string> {
  const relative = await pathOnDesk(root, path.resolve(root, file));
  if (relative !== null) return relative;
  throw new CountersignError("notAllowed", `${file} lies outside of ${root}, where agents cannot read it. Nothing was created. Copy it into the repository, or say what it holds.`);
}

function requestOf(host: Host, draft: TaskDraft, folder: WorkspaceFolder): Parameters<TaskDesk["create"]>[0] {
  const description = descriptionOf(draft);
  const { category, requestedType, profile, attachments, approvePlan } = draft;
  return { title: titleOf(description), description, category, requestedType, profile, attachments, approvePlan, models: { ...host.config.models(folder.uri), ...draft.models } };
}

function tellCreated(host: Host, { desk, view, isStarted }: { readonly desk: TaskDesk; readonly view: TaskView; readonly isStarted: boolean }): void {
  const target = { root: desk.root, task: view.request.id };
  const title = `“${firstLineOf(view.request.title)}”`;
  const open = { "Open Task": () => commands.executeCommand("countersign.openTask", { target }) };
  if (view.type === null) return inform(host, `${title} is on your list.`);
  const isWaiting = !desk.queue.isRunning(view.request.id);
  if (isStarted) return inform(host, isWaiting ? `${title} waits in the queue.` : `${title} runs. You can go on working meanwhile.`, open);
  return inform(host, `${title} is created. Run it from the Tasks view when you like.`, { Run: () => commands.executeCommand("countersign.runTask", { target }) });
}

