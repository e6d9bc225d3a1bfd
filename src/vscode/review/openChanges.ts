// Opens what an attempt changed in the editor's own diff editors: all of it, one file, or two attempts side by side.
import { Uri, commands, window, type QuickPickItem, type Tab } from "vscode";
import path from "node:path";
import { CountersignError } from "../../core/domain/errors";
import type { TaskDesk } from "../../core/desk/taskDesk";
import type { FileChange, TaskBase } from "../../core/domain/workspace";
import type { AttemptView, TaskView } from "../../core/projections/taskView";
import type { Host } from "../host";
import { pickTask, type PickedTask } from "../pickTask";
import { targetOf, type Target } from "../taskRef";
import { documentsIn, isMultiDiff, targetOrActive } from "./activeReview";
import { uriOf, type AttemptDocument } from "./attemptDocument";
import { messageText } from "../messageText";

/** An attempt whose work is in a commit, so that it can be looked at for ever, whatever runs meanwhile. */
export interface Look {
  readonly desk: TaskDesk;
  readonly view: TaskView;
  readonly base: TaskBase;
  readonly attempt: AttemptView & { readonly commit: string };
}

export async function reviewChanges(host: Host, argument: unknown): Promise<void> {
  const look = await pickLook(host, targetOf(argument), "Review the changes of which task?");
  if (look !== undefined) await openAll(look);
}

/** The multi-diff editor over base ↔ attempt. */
async function openAll(look: Look): Promise<void> {
  const { view, attempt } = look;
  if (attempt.files.length === 0) {
    await window.showInformationMessage(messageText(`Attempt ${attempt.attempt} of “${view.request.title}” changes no files.`));
    return;
  }
  const diffs = attempt.files.map((change) => ({ change, from: sideOf(look, "base", change), to: sideOf(look, "attempt", change) }));
  await openMultiDiff(look, `${view.request.title} · attempt ${attempt.attempt}`, diffs);
}

export async function openChange(host: Host, argument: unknown): Promise<void> {
  const target = targetOrActive(argument);
  const look = await pickLook(host, target, "Open a change of which task?");
  if (look === undefined) return;
  const change = await pickChange(look, target?.path);
  if (change === undefined) return;
  const sides = [uriOf(sideOf(look, "base", change)), uriOf(sideOf(look, "attempt", change))];
  await commands.executeCommand("vscode.diff", ...sides, `${path.posix.basename(change.path)} (base ↔ attempt ${look.attempt.attempt})`);
}

/** The file itself, as the attempt left it; of a deleted one what it was. */
export async function openAttemptFile(host: Host, argument: unknown): Promise<void> {
  const target = targetOrActive(argument);
  const look = await pickLook(host, target, "Open a file of which task?");
  if (look === undefined) return;
  const change = await pickChange(look, target?.path);
  if (change === undefined) return;
  await commands.executeCommand("vscode.open", uriOf(sideOf(look, change.status === "deleted" ? "base" : "attempt", change)));
}

export async function compareAttempts(host: Host, argument: unknown): Promise<void> {
  const fits = (view: TaskView): boolean => committed(view).length > 1;
  const none = "No task has two attempts to compare yet.";
  const picked = await pickTask(host, targetOrActive(argument), { title: "Compare the attempts of which task?", fits, none });
  if (picked === undefined) return;
  const looks = committed(picked.view).map(({ attempt }) => lookAt(picked, attempt));
  const [last] = looks.slice(-1);
  if (last === undefined) throw new CountersignError("notFound", none);
  const wanted = pairIn(argument);
  const to = looks.find((look) => look.attempt.attempt === wanted?.to) ?? (await pickVersion(looks.toReversed(), "Compare which attempt?"));
  if (to === undefined || to === "base") return;
  const others: readonly Version[] = [...looks.filter((look) => look !== to).toReversed(), "base"];
  const from = others.find((other) => numberOf(other) === wanted?.from) ?? (await pickVersion(others, `Compare attempt ${to.attempt.attempt} with what?`));
  if (from !== undefined) await openComparison(from, to);
}

async function openComparison(one: Version, other: Look): Promise<void> {
  // The older one stands on the left, whichever was chosen first.
  const [from, to] = one !== "base" && one.attempt.attempt > other.attempt.attempt ? [other, one] : [one, other];
  if (from === "base") return openAll(to);
  const { desk, view, base } = to;
  const changes = await desk.files.changes(base, from.attempt.commit, to.attempt.commit);
  const names = `attempt ${from.attempt.attempt} ↔ attempt ${to.attempt.attempt}`;
  if (changes.length === 0) {
    await window.showInformationMessage(messageText(`“${view.request.title}”: ${names} have the same files.`));
    return;
  }
  const diffs = changes.map((change) => ({ change, from: asReference(sideOf(from, "attempt", change)), to: asReference(sideOf(to, "attempt", change)) }));
  await openMultiDiff(to, `${view.request.title} · ${names}`, diffs);
}

type Version = Look | "base";

function numberOf(version: Version): number {
  return version === "base" ? 0 : version.attempt.attempt;
}

/** Which attempts a caller wants to be compared; 0 is the base. */
function pairIn(argument: unknown): { readonly from: number | undefined; readonly to: number | undefined } | undefined {
  const target = targetOf(argument);
  if (target === undefined) return undefined;
  const { with: from } = target as Target & { readonly with?: unknown };
  return { from: typeof from === "number" ? from : undefined, to: target.attempt };
}

async function pickVersion(versions: readonly Version[], title: string): Promise<Version | undefined> {
  const items = versions.map((version): QuickPickItem & { readonly version: Version } => {
    if (version === "base") return { label: "Base", description: "what the task started from", version };
    const { attempt, score, files } = version.attempt;
    const words = [`${files.length} ${files.length === 1 ? "file" : "files"}`, ...(score === null ? [] : [`score ${score}`])];
    return { label: `Attempt ${attempt}`, description: words.join(" · "), version };
  });
  return (await window.showQuickPick(items, { title }))?.version;
}

/** undefined: the user left, or was told that there is nothing to see. */
export async function pickLook(host: Host, target: Target | undefined, title: string): Promise<Look | undefined> {
  const fits = (view: TaskView): boolean => committed(view).length > 0;
  const none = "No task has changes to look at yet. They are there as soon as an attempt is committed.";
  const picked = await pickTask(host, target, { title, fits, none });
  return picked === undefined ? undefined : lookAt(picked, target?.attempt);
}

/** Throws `notFound` where nothing is to be seen. Without a number: the attempt in review, else the last that has a commit. */
export function lookAt({ desk, view }: PickedTask, number?: number): Look {
  const attempts = committed(view);
  const wanted = number ?? view.chosen ?? undefined;
  const attempt = wanted === undefined ? attempts.at(-1) : attempts.find((one) => one.attempt === wanted);
  if (view.base === null || attempt === undefined) {
    const what = number === undefined ? "There are no changes" : `There is no attempt ${number}`;
    throw new CountersignError("notFound", `${what} of “${view.request.title}” to look at: it is ${view.status.replace("_", " ")}.`);
  }
  return { desk, view, base: view.base, attempt };
}

function committed(view: TaskView): readonly Look["attempt"][] {
  if (view.base === null || view.status === "discarded") return [];
  return view.attempts.flatMap((attempt) => (attempt.commit === null ? [] : [{ ...attempt, commit: attempt.commit }]));
}

async function pickChange({ attempt, view }: Look, wanted: string | undefined): Promise<FileChange | undefined> {
  if (wanted !== undefined) {
    const change = attempt.files.find((file) => file.path === wanted);
    if (change === undefined) throw new CountersignError("notFound", `Attempt ${attempt.attempt} of “${view.request.title}” does not change ${wanted}.`);
    return change;
  }
  const items = attempt.files.map((change) => ({ label: change.path, description: change.status, change }));
  return (await window.showQuickPick(items, { title: `A file of attempt ${attempt.attempt}`, matchOnDescription: true }))?.change;
}

export function sideOf({ desk, view, base, attempt }: Look, side: "base" | "attempt", { path: file }: { readonly path: string }): AttemptDocument {
  const common = { root: desk.root, task: view.request.id, attempt: attempt.attempt, path: file, side };
  return side === "base" ? { ...common, commit: base.commit, version: "base" } : { ...common, commit: attempt.commit, version: `attempt ${attempt.attempt}` };
}

function asReference(document: AttemptDocument): AttemptDocument {
  return { ...document, side: "reference" };
}

interface FileDiff {
  readonly change: FileChange;
  readonly from: AttemptDocument;
  readonly to: AttemptDocument;
}

/** A side that is not there is left out: the editor then says "added" or "deleted". */
async function openMultiDiff({ base, view }: Look, title: string, diffs: readonly FileDiff[]): Promise<void> {
  const open = tabsOf(title, view);
  // Commits do not change: what is shown already is what there is to see.
  if (open.some((tab) => tab.isActive && tab.group.isActive)) return;
  const resources = diffs.map(({ change: { path: file, status }, from, to }) => {
    const own = Uri.file(path.join(base.root, file));
    if (status === "added") return [uriOf(to), undefined, uriOf(to)];
    return [own, uriOf(from), status === "deleted" ? undefined : uriOf(to)];
  });
  if (open.length > 0) await window.tabGroups.close(open, true);
  await commands.executeCommand("vscode.changes", title, resources);
}

/** Where the same is open already: the editor would add a tab every time. It writes the number of files behind the title. */
function tabsOf(title: string, { request }: TaskView): readonly Tab[] {
  const isSame = (tab: Tab): boolean => {
    if (!isMultiDiff(tab) || (tab.label !== title && !tab.label.startsWith(`${title} (`))) return false;
    return documentsIn(tab).every(({ task }) => task === request.id);
  };
  return window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(isSame);
}
