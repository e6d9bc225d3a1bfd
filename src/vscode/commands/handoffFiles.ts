// Opens a task's handoff files, and approves its plan.
import { TabInputText, Uri, ViewColumn, commands, window, workspace, type TextDocument } from "vscode";
import { stat } from "node:fs/promises";
import { CountersignError, messageOf } from "../../core/domain/errors";
import { planFileOf } from "../../core/handoff/planNames";
import type { TaskView } from "../../core/projections/taskView";
import type { Host } from "../host";
import { pickTask, type PickedTask } from "../pickTask";
import { isRecord } from "../record";
import { inform, warn } from "../tell";
import { taskFolders } from "./folders";
import { firstLineOf } from "./lines";
import { taskFor } from "./taskFor";

export interface HandoffFile {
  readonly file: string;
  /** As within a sentence: "the plan". */
  readonly name: string;
  readonly title: string;
}

export const PLAN: HandoffFile = { file: "plan.md", name: "plan", title: "Open Which Plan?" };
export const SELF_EVALUATION: HandoffFile = { file: "self-eval.md", name: "self-evaluation", title: "Open Which Self-Evaluation?" };
export const QA_REPORT: HandoffFile = { file: "qa-report.md", name: "QA report", title: "Open Which QA Report?" };
export const FAILURE_REPORT: HandoffFile = { file: "qc-failure-report.md", name: "failure report", title: "Open Which Failure Report?" };

/** Rendered, unless `as: "text"` is said; a plan that can still be edited opens as text. */
export async function openHandoff(host: Host, argument: unknown, what: HandoffFile): Promise<boolean> {
  if (taskFolders(host).length === 0) return false;
  const fits = (view: TaskView): boolean => view.handoffs.includes(fileOf(view, what));
  const picked = await pickTask(host, argument, { title: what.title, none: `No task has a ${what.name} yet.`, fits });
  if (picked === undefined) return false;
  const uri = await handoffUri(picked, what);
  const asText = isRecord(argument) ? argument["as"] === "text" : false;
  await (asText || isEditable(picked.view, what) ? openText(uri) : openRendered(host, uri));
  return true;
}

/** A mission's plan has another name. */
function fileOf(view: TaskView, { file }: HandoffFile): string {
  return file === PLAN.file ? planFileOf(view) : file;
}

async function handoffUri({ desk, view }: PickedTask, what: HandoffFile): Promise<Uri> {
  const { name } = what;
  const file = fileOf(view, what);
  const path = desk.files.planFile(view.request.id, file);
  const isThere = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isThere) return Uri.file(path);
  const why = view.handoffs.includes(file) ? `Its ${name} is gone from the folder of handoff files` : `It has no ${name} yet`;
  throw new CountersignError("notFound", `“${firstLineOf(view.request.title)}”: ${why} (${path}).`);
}

function isEditable(view: TaskView, { file }: HandoffFile): boolean {
  return file === PLAN.file && view.status === "awaiting_approval";
}

async function openText(uri: Uri): Promise<void> {
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: false });
}

async function openRendered(host: Host, uri: Uri): Promise<void> {
  try {
    await commands.executeCommand("markdown.showPreview", uri);
  } catch (error) {
    // The editor's Markdown extension can be switched off.
    host.log.info(`${uri.fsPath} is shown as text: ${messageOf(error)}`);
    await openText(uri);
  }
}

/**
 * The first time it opens the plan, because nobody approves what they have not seen; said again, or with
 * `approve: true`, it approves. What is wrong with an edited plan is told when the task waits again.
 */
export async function approvePlan(host: Host, argument: unknown): Promise<boolean> {
  const picked = await taskFor(host, argument, { actions: ["approve"], title: "Approve Which Plan?", none: "No plan waits for your approval.", done: "approved" });
  if (picked === undefined) return false;
  const uri = await handoffUri(picked, PLAN);
  const isSure = isRecord(argument) && argument["approve"] === true;
  if (!isSure && !isOpen(uri)) {
    await openText(uri);
    const target = { root: picked.desk.root, task: picked.view.request.id };
    inform(host, "Look at the plan and its contract. You may edit steps, criteria and checks here; then approve it.", {
      Approve: () => commands.executeCommand("countersign.approvePlan", { target, approve: true }),
      "Show Preview": () => commands.executeCommand("markdown.showPreviewToSide", uri),
    });
    return false;
  }
  await saved(uri);
  await approve(host, picked, uri);
  return true;
}

function isOpen(uri: Uri): boolean {
  return window.tabGroups.all.some((group) => group.tabs.some(({ input }) => input instanceof TabInputText && input.uri.toString() === uri.toString()));
}

/** What is approved is what the person sees. */
async function saved(uri: Uri): Promise<void> {
  const document = workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (document?.isDirty !== true || (await document.save())) return;
  // The editor's own automatic save may be at it, which makes this one fail.
  if (await savedWithin(AUTOMATIC_SAVE_MS, document)) return;
  throw new CountersignError("io", `${uri.fsPath} could not be saved, so nothing was approved. Save it, then approve again.`);
}

const AUTOMATIC_SAVE_MS = 3000;

function savedWithin(ms: number, document: TextDocument): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      listener.dispose();
      resolve(!document.isDirty);
    };
    const listener = workspace.onDidSaveTextDocument((saved) => {
      if (saved === document) end();
    });
    const timer = setTimeout(end, document.isDirty ? ms : 0);
  });
}

async function approve(host: Host, { desk, view }: PickedTask, uri: Uri): Promise<void> {
  const { id, title } = view.request;
  // Where the plan is taken, the contract is frozen; where not, the task waits again and says why.
  const listener = desk.onChange((change) => {
    if (change.kind !== "event" || change.event.task !== id) return;
    const { event } = change;
    const isRefused = event.kind === "taskPaused" && event.reason === "awaitingApproval";
    if (event.kind === "planApproved" || event.kind === "taskFailed" || event.kind === "taskCancelled" || isRefused) listener.dispose();
    if (!isRefused) return;
    warn(host, `The plan of “${firstLineOf(title)}” was not taken: ${event.detail}.`, { "Open Plan": () => window.showTextDocument(uri, { viewColumn: ViewColumn.Active }) });
  });
  try {
    await desk.queue.approve(id);
  } catch (error) {
    listener.dispose();
    throw error;
  }
}
