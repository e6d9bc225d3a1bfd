// Run, Cancel, Resume, Retry with Feedback: what begins a task, ends it, or goes on with it.
import { dollars } from "../../shared/figures";
import { ProgressLocation, Uri, window } from "vscode";
import { pickOne, type Choice } from "../ask";
import type { Host } from "../host";
import type { PickedTask } from "../pickTask";
import { isRecord } from "../record";
import { goAlong, sendRequest } from "../review/sendRequest";
import { firstLineOf } from "./lines";
import { startTask, whichModels } from "./startTask";
import { taskFor, type TaskQuestion } from "./taskFor";

const RUN: TaskQuestion = { actions: ["run", "resume"], title: "Run Which Task?", none: "No task waits to be run.", done: "run" };
const CANCEL: TaskQuestion = { actions: ["cancel"], title: "Cancel Which Task?", none: "No task runs or waits.", done: "cancelled" };
const RESUME: TaskQuestion = { actions: ["resume", "run"], title: "Resume Which Task?", none: "No task was stopped or cut off.", done: "resumed" };
const RETRY: TaskQuestion = { actions: ["retry"], title: "Retry Which Task?", none: "No task waits for your review, and none was escalated.", done: "tried again" };

export async function runTask(host: Host, argument: unknown): Promise<boolean> {
  const picked = await taskFor(host, argument, RUN);
  return picked !== undefined && startTask(host, picked, modelsIn(argument));
}

/** Resolves when it has ended. What was done is kept. */
export async function cancelTask(host: Host, argument: unknown): Promise<boolean> {
  const picked = await taskFor(host, argument, CANCEL);
  if (picked === undefined) return false;
  const { desk, view } = picked;
  const title = `Cancelling “${firstLineOf(view.request.title)}”`;
  await window.withProgress({ location: ProgressLocation.Window, title }, () => desk.queue.cancel(view.request.id));
  return true;
}

export async function resumeTask(host: Host, argument: unknown): Promise<boolean> {
  const picked = await taskFor(host, argument, RESUME);
  if (picked === undefined) return false;
  if ((await pausedByBudget(picked)) && !(await mayGoOn(host, picked, argument))) return false;
  return startTask(host, picked, modelsIn(argument));
}

/** Asks for what shall be different and begins another round of attempts with it. */
export async function retryTask(host: Host, argument: unknown): Promise<boolean> {
  const picked = await taskFor(host, argument, RETRY);
  if (picked === undefined) return false;
  const { desk, view } = picked;
  const comments = host.drafts.pending({ root: desk.root, task: view.request.id });
  const text = isRecord(argument) && typeof argument["text"] === "string" ? argument["text"].trim() : await askFeedback(picked, comments);
  if (text === undefined || (text === "" && comments === 0)) return false;
  const sent = await sendRequest(host, picked, text);
  return startTask(host, { desk, view: sent.view }, modelsIn(argument));
}

async function askFeedback({ view }: PickedTask, comments: number): Promise<string | undefined> {
  const what = view.status === "escalated" ? "What did you learn from its failure report?" : "What shall be different? To comment on lines, open the changes instead.";
  return window.showInputBox({
    title: `Retry with Feedback: ${firstLineOf(view.request.title)}`,
    prompt: `${what} It goes to the next attempt word for word, in the same worktree and under the same contract. ${goAlong(comments)}`,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === "" && comments === 0 ? "Say what shall be different." : undefined),
  });
}

async function pausedByBudget({ desk, view }: PickedTask): Promise<boolean> {
  if (view.status !== "paused") return false;
  const paused = (await desk.events(view.request.id)).findLast((event) => event.kind === "taskPaused");
  return paused?.kind === "taskPaused" && paused.reason === "outOfBudget";
}

type BudgetChoice = { readonly kind: "asSet" } | { readonly kind: "raise"; readonly usd: number } | { readonly kind: "other" };

/** It would stop at the same place again: offers to raise the limit that it has reached. */
async function mayGoOn(host: Host, { desk, view }: PickedTask, argument: unknown): Promise<boolean> {
  const { budget } = host.config.desk(Uri.file(desk.root));
  const isDay = view.detail.startsWith("today");
  const key = isDay ? "budget.dayUsd" : "budget.taskUsd";
  const limit = isDay ? budget.dayUsd : budget.taskUsd;
  const given = isRecord(argument) ? argument["budgetUsd"] : undefined;
  const usd = typeof given === "number" ? given : await askBudget(view.request.title, { limit, spent: view.cost.usd, isDay });
  if (usd === null) return false;
  if (usd !== limit) await host.config.set(key, usd, "user");
  return true;
}

interface Reached {
  readonly limit: number | null;
  readonly spent: number;
  readonly isDay: boolean;
}

/** null: the person left. */
async function askBudget(title: string, { limit, spent, isDay }: Reached): Promise<number | null> {
  const now = limit ?? Number.POSITIVE_INFINITY;
  const twice = Math.max(1, Math.ceil(spent * 2), Number.isFinite(now) ? now * 2 : 0);
  const what = isDay ? "daily breaker" : "budget of a task";
  const items: readonly Choice<BudgetChoice>[] = [
    { label: `$(arrow-up) Raise the ${what} to ${dollars(twice)}`, detail: "In your user settings; then resume", value: { kind: "raise", usd: twice } },
    { label: "$(edit) Another amount…", value: { kind: "other" } },
    { label: "$(debug-continue) Resume with what is set now", detail: Number.isFinite(now) ? `${dollars(now)}: where it stopped before, it stops again` : "No limit is set any more", value: { kind: "asSet" } },
  ];
  const answer = await pickOne(items, { title: `Out of Budget: ${firstLineOf(title)}`, placeholder: `It has cost ${dollars(spent)} so far` });
  if (answer.kind !== "picked") return null;
  if (answer.value.kind === "asSet") return limit ?? twice;
  return answer.value.kind === "raise" ? answer.value.usd : askAmount(twice, spent);
}

async function askAmount(value: number, spent: number): Promise<number | null> {
  const amountIn = (text: string): number => Number(text.trim().replace(/^\$/, ""));
  const typed = await window.showInputBox({
    title: "Budget in US Dollars",
    value: String(value),
    ignoreFocusOut: true,
    validateInput: (text) => (amountIn(text) > 0 ? (amountIn(text) <= spent ? `It has cost ${dollars(spent)} already.` : undefined) : "An amount above 0."),
  });
  return typed === undefined ? null : amountIn(typed);
}

function modelsIn(argument: unknown): ReturnType<typeof whichModels> {
  return isRecord(argument) ? whichModels(argument["models"]) : undefined;
}
