// What is printed when a run ends: what came out, where it is, what it cost, what to do next.
import { modelName } from "../core/domain/scriptModel";
import { planFileOf } from "../core/handoff/planNames";
import { addCost, addUsage, NO_COST, NO_USAGE, promptTokens } from "../core/domain/usage";
import { dollars } from "../shared/figures";
import { kindNote } from "../core/domain/fileKind";
import type { FileChange } from "../core/domain/workspace";
import { choosableAttempts, reviewedAttempt } from "../core/projections/reviewedAttempt";
import type { TaskView } from "../core/projections/taskView";
import type { Terminal } from "./terminal";

export interface SummaryInput {
  readonly view: TaskView;
  /** Of a mission; else none. */
  readonly tasks: readonly TaskView[];
  /** Absolute plan folder. */
  readonly folder: string;
  /** How this program is called, e.g. `countersign` or `node dist/cli.cjs`. */
  readonly program: string;
  /** ` --repo DIR` where the current folder is another one. */
  readonly repoFlag: string;
}

export function printSummary(terminal: Terminal, input: SummaryInput): void {
  const { view, tasks, folder } = input;
  const t = terminal;
  t.line(`\n${headline(t, view)}`);
  if (view.detail !== "") t.line(`  ${view.detail}`);
  if (view.handoffs.length > 0) {
    t.line(`\n${t.bold("Handoff files")} ${t.dim(`in ${folder}`)}`);
    for (const file of view.handoffs) t.line(`  ${file}`);
  }
  const changed = reviewedAttempt(view)?.files ?? [];
  if (changed.length > 0) {
    t.line(`\n${t.bold("Changes")}`);
    for (const line of diffStat(t, changed)) t.line(`  ${line}`);
  }
  if (view.sessions.length > 0) t.line(`\n${t.bold("Cost")} ${costLine(summed([view, ...tasks]))}`);
  for (const line of [view, ...tasks].flatMap(costByRole)) t.line(t.dim(`  ${line}`));
  t.line(`\n${t.bold("Next")}`);
  for (const line of nextSteps(input)) t.line(`  ${line}`);
}

function headline(t: Terminal, view: TaskView): string {
  const attempts = view.attempts.length;
  const after = attempts === 0 || view.type === "single_agent" ? "" : ` after ${attempts} attempt${attempts === 1 ? "" : "s"}`;
  switch (view.status) {
    case "review":
      return t.green(t.bold(view.type === "single_agent" ? "✔ Done, not verified: review the diff" : `✔ Passed${after}, ready for your review`));
    case "escalated":
      return t.red(t.bold(`✘ Escalated to you${after}`));
    case "queued":
      return t.bold("Recorded for you: a YOURS task is never run");
    case "awaiting_approval":
      return t.yellow(t.bold("The plan waits for your approval"));
    case "merged":
      return t.green(t.bold(`✔ Merged into its mission${after}`));
    case "merging":
    case "running":
    case "accepted":
    case "discarded":
    case "done":
    case "failed":
    case "paused":
    case "cancelled":
      return t.yellow(t.bold(`${view.status[0]?.toUpperCase() ?? ""}${view.status.slice(1)}`));
  }
}

export function diffStat(t: Terminal, changes: readonly FileChange[]): readonly string[] {
  const width = Math.max(...changes.map((change) => change.path.length));
  const rows = changes.map((change) => {
    const lines = change.added === null ? "binary" : `${t.green(`+${change.added}`)} ${t.red(`−${change.removed ?? 0}`)}`;
    const note = kindNote(change);
    return `${change.path.padEnd(width)}  ${change.status.padEnd(8)}  ${lines}${note === "" ? "" : `  ${note}`}`;
  });
  const added = changes.reduce((sum, change) => sum + (change.added ?? 0), 0);
  const removed = changes.reduce((sum, change) => sum + (change.removed ?? 0), 0);
  return [...rows, t.dim(`${changes.length} file${changes.length === 1 ? "" : "s"}, +${added} −${removed}`)];
}

function summed(views: readonly TaskView[]): Pick<TaskView, "usage" | "cost"> {
  return { usage: views.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE), cost: views.reduce((sum, { cost }) => addCost(sum, cost), NO_COST) };
}

export function costLine(view: Pick<TaskView, "usage" | "cost">): string {
  const { usage, cost } = view;
  const unknown = cost.unpricedCalls === 0 ? "" : ` + unknown (${cost.unpricedCalls === 1 ? "1 call of a model" : `${cost.unpricedCalls} calls of models`} without a known price)`;
  const input = promptTokens(usage);
  const cached = input === 0 ? 0 : Math.round((100 * usage.cacheRead) / input);
  return `${dollars(cost.usd)}${unknown} · ${input} tokens in (${cached} % from cache), ${usage.output} out`;
}

function costByRole(view: TaskView): readonly string[] {
  return view.sessions.map((s) => {
    const attempt = s.attempt > 0 ? ` ${s.attempt}` : "";
    const cost = s.cost.unpricedCalls > 0 ? "unknown" : dollars(s.cost.usd);
    return `${`${s.role}${attempt}`.padEnd(22)} ${modelName(s.model).padEnd(20)} ${String(s.turns).padStart(3)} turn${s.turns === 1 ? " " : "s"} ${String(s.toolCalls).padStart(4)} call${s.toolCalls === 1 ? " " : "s"}  ${cost}`;
  });
}

function missionSteps({ request, mission }: TaskView, folder: string, call: (command: string) => string): readonly string[] {
  const [failed] = mission?.finished?.failed ?? [];
  return [
    `read ${folder}/${mission?.finished === null ? planFileOf({ type: "mission" }) : "execution-report.md"}`,
    ...(failed === undefined ? [] : [`${call(`node ${request.id} ${failed} retry`)}   or skip, or take-over: what becomes of it`, `${call(`resume ${request.id}`)}   then go on`]),
    `${call(`discard ${request.id}`)}   give it up`,
  ];
}

function nextSteps({ view, program, repoFlag, folder }: SummaryInput): readonly string[] {
  const id = view.request.id;
  const call = (command: string): string => `${program} ${command}${repoFlag}`;
  switch (view.status) {
    case "review":
      return [`${call(`diff ${id}`)}      look at it`, `${call(`accept ${id}`)}    merge it into your working tree`, `${call(`retry ${id} "…"`)}   ask for changes`, `${call(`discard ${id}`)}   give it up`];
    case "escalated":
      if (view.type === "mission") return missionSteps(view, folder, call);
      return [
        `read ${folder}/qc-failure-report.md`,
        ...(view.attempts.length === 0 ? [] : [`${call(`diff ${id}`)}      see what was done`]),
        ...choosableAttempts(view).slice(0, 1).map(({ attempt }) => `${call(`accept ${id} --attempt ${attempt}`)}    take attempt ${attempt}, which passed`),
        `${call(`retry ${id} "…"`)}   say what to do differently, and go on`,
        `${call(`discard ${id}`)}   give it up`,
      ];
    case "awaiting_approval":
      return [`read, and edit if you like, ${folder}/${planFileOf(view)}`, `${call(`resume ${id} --approve`)}`];
    case "paused":
      // A limit of the provider's is not ours to raise.
      if (view.sessions.at(-1)?.outcome === "spendLimit") return [`${call(`resume ${id}`)}    go on once the limit is raised there`];
      return [`${call(`resume ${id}`)} ${view.detail.includes("daily budget") ? "--day-budget" : "--budget"} USD   raise the budget and go on`];
    case "failed":
    case "cancelled":
    case "running":
      return [`${call(`resume ${id}`)}    go on where it stopped: nothing is lost`, `${call(`discard ${id}`)}   give it up`];
    case "queued":
    case "merging":
    case "merged":
    case "accepted":
    case "discarded":
    case "done":
      return [call(`show ${id}`)];
  }
}
