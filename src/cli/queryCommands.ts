// `tasks`, `show`, `diff` and `cost`: they read and never own the journal, so they work while a run is going on.
import { shownInLine } from "../core/approvals/shownCommand";
import { contractSection } from "../core/domain/contractYaml";
import { CountersignError, messageOf } from "../core/domain/errors";
import type { TaskBase } from "../core/domain/workspace";
import { findTask } from "../core/engine/harness";
import type { TaskStore } from "../core/ports/taskStore";
import { reviewedAttempt } from "../core/projections/reviewedAttempt";
import type { AttemptView, TaskView } from "../core/projections/taskView";
import { costFilter, costReport, type CostScope } from "../core/reports/costReport";
import { counted, dollars } from "../shared/figures";
import type { Command } from "./arguments";
import { openSite, readStore, type Site } from "../composition/site";
import { printCostReport } from "./costReport";
import type { CommandContext } from "./runCommands";
import { costLine, diffStat } from "./summary";
import { taskJson, type TaskPlace } from "./taskJson";
import type { Terminal } from "./terminal";

export type Query = Extract<Command, { kind: "tasks" | "show" | "diff" | "cost" }>;

export async function queryCommand(command: Query, context: CommandContext): Promise<number> {
  const site = await openSite(command.repo, context.env);
  const { store, close } = await readStore(site);
  try {
    switch (command.kind) {
      case "tasks":
        await printTasks(command.json, { site, store, context });
        break;
      case "show":
        await printTask(findTask(store.tasks(), command.task), command.json, { site, context });
        break;
      case "diff":
        await printDiff(findTask(store.tasks(), command.task), command.attempt, { site, context });
        break;
      case "cost":
        printCosts(command, { site, store, context });
    }
    return 0;
  } finally {
    await close();
  }
}

async function placeOf(site: Site, view: TaskView): Promise<TaskPlace> {
  const worktreeBytes = view.base === null ? 0 : await sizeOf(site, view.base);
  return { planFolder: site.plans.pathOf(view.request.id), worktreeBytes };
}

/** A worktree that cannot be looked at, as after the cache folder was moved, must not hide the tasks. */
async function sizeOf(site: Site, base: TaskBase): Promise<number> {
  try {
    return await site.workspace.worktreeSize(base);
  } catch (error) {
    site.logger.warn("the size of a worktree is not known", { worktree: base.worktree, error: messageOf(error) });
    return 0;
  }
}

/** Tasks of a mission below it, in the order of its plan. */
function underMissions(views: readonly TaskView[]): readonly TaskView[] {
  const children = (mission: TaskView): readonly TaskView[] => {
    const order = (mission.mission?.nodes ?? []).map(({ id }) => id);
    const own = views.filter(({ request }) => request.partOf?.mission === mission.request.id);
    return own.toSorted((a, b) => order.indexOf(a.request.partOf?.node ?? "") - order.indexOf(b.request.partOf?.node ?? ""));
  };
  return views.filter(({ request }) => request.partOf === undefined).flatMap((view) => [view, ...children(view)]);
}

async function printTasks(json: boolean, at: { site: Site; store: TaskStore; context: CommandContext }): Promise<void> {
  const { site, store, context } = at;
  const views = underMissions(store.tasks());
  const places = await Promise.all(views.map((view) => placeOf(site, view)));
  if (json) {
    const all = views.map((view, index) => taskJson(view, places[index] ?? { planFolder: "", worktreeBytes: 0 }));
    return context.out.raw(`${JSON.stringify(all, null, 2)}\n`);
  }
  if (views.length === 0) return context.out.line(`No tasks yet. Start one: ${context.program} run "<task>"`);
  const rows = views.map((view, index) => [
    `${view.request.partOf === undefined ? "" : "└ "}${view.request.id}`,
    statusWords(view),
    view.category,
    view.type ?? "",
    String(view.attempts.length),
    `${dollars(view.cost.usd)}${view.cost.unpricedCalls > 0 ? "+?" : ""}`,
    megabytes(places[index]?.worktreeBytes ?? 0),
    view.updatedAt.slice(0, 16).replace("T", " "),
    view.request.title,
  ]);
  for (const line of table(["task", "status", "category", "type", "attempts", "cost", "worktree", "updated (UTC)", "title"], rows)) {
    context.out.line(line);
  }
}

async function printTask(view: TaskView, json: boolean, at: { site: Site; context: CommandContext }): Promise<void> {
  const { out } = at.context;
  const place = await placeOf(at.site, view);
  if (json) return out.raw(`${JSON.stringify(taskJson(view, place), null, 2)}\n`);
  out.line(out.bold(view.request.title));
  out.line(`${view.request.id} · ${statusWords(view)} · ${view.category}${view.type === null ? "" : ` · ${view.type}`}`);
  if (view.detail !== "") out.line(view.detail);
  for (const { command, reason } of view.waits) out.line(`${out.yellow("waits for your approval:")} ${shownInLine(command)} (${reason})`);
  if (view.base !== null) out.line(`branch ${view.base.branch} · base ${view.base.commit.slice(0, 10)} · worktree ${megabytes(place.worktreeBytes)}`);
  out.line(`files in ${place.planFolder}`);
  out.line(`cost ${costLine(view)}`);
  for (const attempt of view.attempts) printAttempt(out, view, attempt);
  if (view.contract !== null) out.line(`\n${contractSection(view.contract.contract)}`);
}

function printAttempt(out: Terminal, view: TaskView, attempt: AttemptView): void {
  const green = attempt.checks.filter((check) => check.green).length;
  const verdict = attempt.decision === null ? "undecided" : attempt.decision.pass ? out.green("PASS") : out.red("FAIL");
  const score = attempt.score === null ? "" : `, score ${attempt.score}`;
  const place = view.status === "review" && attempt === reviewedAttempt(view) && view.attempts.length > 1 ? " · in review" : "";
  out.line(`\nattempt ${attempt.attempt}: ${verdict}${score} · ${green}/${attempt.checks.length} checks green${place}`);
  for (const reason of attempt.decision?.reasons ?? []) out.line(`  - ${reason}`);
  if (attempt.files.length > 0) for (const line of diffStat(out, attempt.files)) out.line(`  ${line}`);
}

/** A run that asks its person something does not go on by itself: whoever looks from elsewhere is told. */
function statusWords({ status, waits }: TaskView): string {
  return waits.length === 0 ? status : `${status}: ${counted(waits.length, "command")} to approve`;
}

async function printDiff(view: TaskView, attempt: number | null, at: { site: Site; context: CommandContext }): Promise<void> {
  const { base, to } = diffEnds(view, attempt);
  at.context.out.raw(await at.site.workspace.diff(base, base.commit, to));
}

function diffEnds(view: TaskView, attempt: number | null): { readonly base: TaskBase; readonly to: string } {
  const { base } = view;
  const isOver = view.status === "review" || view.status === "accepted" || view.status === "discarded";
  const last = isOver ? view.attempts.findLast((a) => a.commit !== null && a.attempt === (view.chosen ?? a.attempt)) : undefined;
  const wanted = attempt === null ? last : view.attempts.find((a) => a.attempt === attempt);
  if (base === null || (attempt !== null && wanted === undefined)) {
    throw new CountersignError("notFound", `Task ${view.request.id} has no ${attempt === null ? "changes yet" : `attempt ${attempt}`}.`);
  }
  // The branch also holds what an attempt that was stopped had done so far.
  return { base, to: wanted?.commit ?? base.branch };
}

function printCosts(command: Extract<Query, { kind: "cost" }>, at: { site: Site; store: TaskStore; context: CommandContext }): void {
  const { store, site, context } = at;
  const task = command.task === null ? null : findTask(store.tasks(), command.task);
  const scope: CostScope = task === null ? { kind: command.period === "weekly" ? "week" : "day" } : { kind: "task", task: task.request };
  const now = new Date(site.clock.now());
  const report = costReport(store.costs(costFilter(scope, now)), scope, now);
  if (command.json) context.out.raw(`${JSON.stringify(report, null, 2)}\n`);
  else printCostReport(context.out, report);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows].map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd());
}

function megabytes(bytes: number): string {
  return bytes === 0 ? "–" : bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
