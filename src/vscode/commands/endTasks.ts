// Discard, Mark as Done, and what tasks leave on the disk: their worktrees.
import { existsSync } from "node:fs";
import { ProgressLocation, Uri, commands, window } from "vscode";
import { CountersignError } from "../../core/domain/errors";
import type { TaskStatus } from "../../core/domain/task";
import type { WorktreeUse } from "../../core/desk/deskPorts";
import type { TaskDesk } from "../../core/desk/taskDesk";
import type { TaskView } from "../../core/projections/taskView";
import type { Host } from "../host";
import { pickTask } from "../pickTask";
import { isRecord, texts } from "../record";
import { report } from "../run";
import { inform } from "../tell";
import { taskFolders } from "./folders";
import { firstLineOf, listed } from "./lines";
import { bytesText } from "./sizes";
import { taskFor } from "./taskFor";

/** Asks first only where work would go. `confirm: false` does not ask. */
export async function discardTask(host: Host, argument: unknown): Promise<boolean> {
  const picked = await taskFor(host, argument, { actions: ["discard"], title: "Discard Which Task?", none: "No task can be discarded.", done: "discarded" });
  if (picked === undefined) return false;
  const { desk, view } = picked;
  const isSure = isRecord(argument) && argument["confirm"] === false;
  if (!isSure && hasWork(view) && !(await confirmed(view))) return false;
  const { id } = view.request;
  if (view.queueRank !== null) await desk.queue.cancel(id);
  await desk.act(id, (harness, now) => harness.discard(now));
  return true;
}

function hasWork(view: TaskView): boolean {
  return view.base !== null && (view.attempts.length > 0 || view.plan !== null);
}

async function confirmed(view: TaskView): Promise<boolean> {
  const files = new Set(view.attempts.flatMap((attempt) => attempt.files.map(({ path }) => path)));
  const lost = files.size === 0 ? "Its worktree and branch are removed." : `Its worktree and branch go, with changes to ${files.size} ${files.size === 1 ? "file" : "files"} (${listed([...files])}).`;
  const detail = `${lost} The handoff files stay. This cannot be undone.`;
  return (await window.showWarningMessage(`Discard “${firstLineOf(view.request.title)}”?`, { modal: true, detail }, "Discard")) === "Discard";
}

export async function markDone(host: Host, argument: unknown): Promise<boolean> {
  const picked = await taskFor(host, argument, { actions: ["done"], title: "Mark Which Task as Done?", none: "No task of yours is open.", done: "marked as done" });
  if (picked === undefined) return false;
  await picked.desk.act(picked.view.request.id, (harness, now) => harness.markDone(now));
  return true;
}

export async function openWorktree(host: Host, argument: unknown): Promise<string | undefined> {
  if (taskFolders(host).length === 0) return undefined;
  const fits = (view: TaskView): boolean => view.base !== null && existsSync(view.base.worktree);
  const picked = await pickTask(host, argument, { title: "Open Which Worktree?", none: "No task has a worktree now.", fits });
  if (picked === undefined) return undefined;
  const { base, request } = picked.view;
  if (base === null || !existsSync(base.worktree)) {
    throw new CountersignError("notFound", `“${firstLineOf(request.title)}” has no worktree ${base === null ? "yet: it is made when the task is run" : "any more: it is made again when the task goes on"}.`);
  }
  if (isRecord(argument) && argument["open"] === false) return base.worktree;
  await commands.executeCommand("vscode.openFolder", Uri.file(base.worktree), { forceNewWindow: true });
  return base.worktree;
}

const ENDED: ReadonlySet<TaskStatus> = new Set(["accepted", "discarded", "done"]);

interface Worktree {
  readonly desk: TaskDesk;
  readonly view: TaskView;
  readonly use: WorktreeUse;
}

/** `tasks`: ids, or "ended"; asked when left out. Returns the bytes that are free again. */
export async function cleanUpWorktrees(host: Host, argument: unknown): Promise<number> {
  if (taskFolders(host).length === 0) return 0;
  const all = await window.withProgress({ location: ProgressLocation.Window, title: "Looking at worktrees" }, async () => worktreesOf(await host.desks.all()));
  const idle = all.filter(({ desk, view }) => !desk.queue.isRunning(view.request.id) && (view.status !== "running" || desk.isInterrupted(view)));
  if (idle.length === 0) {
    inform(host, all.length === 0 ? "There are no worktrees to clean up." : "Every worktree belongs to a task that runs.");
    return 0;
  }
  const chosen = chosenBy(argument, idle) ?? (await pickWorktrees(idle));
  if (chosen.length === 0) return 0;
  const title = `Removing ${chosen.length === 1 ? "a worktree" : `${chosen.length} worktrees`}`;
  const freed = await window.withProgress({ location: ProgressLocation.Notification, title }, () => removeAll(host, chosen));
  if (freed > 0) inform(host, `${bytesText(freed)} are free again.`);
  return freed;
}

/** One that cannot be removed keeps none of the others. */
async function removeAll(host: Host, chosen: readonly Worktree[]): Promise<number> {
  let freed = 0;
  for (const { desk, view, use } of chosen) {
    try {
      await desk.act(view.request.id, (harness, now) => harness.removeWorktree(now));
      freed += use.bytes;
    } catch (error) {
      await report(host, error);
    }
  }
  return freed;
}

async function worktreesOf(desks: readonly TaskDesk[]): Promise<readonly Worktree[]> {
  const found = await Promise.all(desks.map(async (desk) => (await desk.worktrees()).map((use): Worktree => ({ desk, use, view: desk.need(use.task) }))));
  return found.flat().toSorted((a, b) => b.use.bytes - a.use.bytes);
}

function chosenBy(argument: unknown, idle: readonly Worktree[]): readonly Worktree[] | null {
  if (!isRecord(argument)) return null;
  const asked = argument["tasks"];
  if (asked === "ended") return idle.filter(({ view }) => ENDED.has(view.status));
  return Array.isArray(asked) ? idle.filter(({ use }) => texts(asked).includes(use.task)) : null;
}

async function pickWorktrees(idle: readonly Worktree[]): Promise<readonly Worktree[]> {
  const items = idle.map((worktree) => {
    const { view, use } = worktree;
    const isEnded = ENDED.has(view.status);
    const detail = isEnded ? use.path : "Not ended: its work is put on its branch first, and the worktree is made again when it goes on";
    return { label: view.request.title, description: `${bytesText(use.bytes)} · ${view.status.replaceAll("_", " ")}`, detail, picked: isEnded, worktree };
  });
  const total = bytesText(idle.reduce((sum, { use }) => sum + use.bytes, 0));
  const picked = await window.showQuickPick(items, {
    title: "Clean Up Worktrees",
    placeHolder: `They take ${total} in all. Branches and handoff files stay.`,
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  return (picked ?? []).map(({ worktree }) => worktree);
}
