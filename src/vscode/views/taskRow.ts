// How a task looks in the trees: its line, its icon, what its context menu may offer, its tooltip. Pure; no vscode here.
import { planFileOf } from "../../core/handoff/planNames";
import { shownInLine } from "../../core/approvals/shownCommand";
import { codeSpan } from "../../core/domain/markdown";
import type { Category, TaskId } from "../../core/domain/task";
import { totalTokens } from "../../core/domain/usage";
import type { TaskAction } from "../../shared/taskActions";
import { reviewedAttempt } from "../../core/projections/reviewedAttempt";
import { STATE_NAMES, isUnderWay, type TaskState } from "../../core/projections/taskState";
import type { TaskView } from "../../core/projections/taskView";
import { ago, counted, dollars, tokens } from "../../shared/figures";
import { capitalised, line, ordinal, plain } from "./phrases";
import { row, type Icon, type Row } from "./row";

/** A task with what only its desk knows. */
export interface ShownTask {
  readonly view: TaskView;
  readonly state: TaskState;
  readonly actions: readonly TaskAction[];
  /** 1-based place in the queue; null when it does not wait. */
  readonly position: number | null;
  readonly now: number;
}

const ICONS: Readonly<Record<TaskState, Icon>> = {
  new: { name: "circle-large-outline", tone: "plain" },
  inQueue: { name: "list-ordered", tone: "active" },
  running: { name: "loading~spin", tone: "active" },
  awaiting_command: { name: "shield", tone: "attention" },
  interrupted: { name: "debug-disconnect", tone: "attention" },
  awaiting_approval: { name: "checklist", tone: "attention" },
  review: { name: "git-pull-request", tone: "attention" },
  merging: { name: "git-merge", tone: "active" },
  merged: { name: "git-merge", tone: "good" },
  accepted: { name: "pass-filled", tone: "good" },
  done: { name: "pass", tone: "good" },
  discarded: { name: "circle-slash", tone: "muted" },
  escalated: { name: "warning", tone: "attention" },
  failed: { name: "error", tone: "bad" },
  paused: { name: "debug-pause", tone: "attention" },
  cancelled: { name: "stop-circle", tone: "muted" },
};

/** Where a line has little room; the icon says it, too. */
const SHORT_NAMES: Readonly<Partial<Record<TaskState, string>>> = { new: "", review: "review", awaiting_approval: "approve plan", awaiting_command: "approve command" };

const YOURS: Icon = { name: "person", tone: "plain" };

export function taskIcon(state: TaskState, view: TaskView): Icon {
  return state === "new" && view.category === "YOURS" ? YOURS : ICONS[state];
}

export function taskRow(task: ShownTask, text: string): Row {
  const { view, state } = task;
  const description = taskDescription(task);
  return row(view.request.title, {
    highlights: found(view.request.title, text),
    description,
    icon: taskIcon(state, view),
    expands: "closed",
    context: taskContext(task),
    spoken: line(view.request.title, state === "running" ? "running" : "", description, view.category),
  });
}

/** e.g. `implementation · attempt 2 · $0.12 · 3 min`, `review · attempt 2 · $0.12 · 3 min ago`. */
export function taskDescription({ view, state, position, now }: ShownTask): string {
  const attempt = reviewedAttempt(view)?.attempt ?? 0;
  const isRunning = isUnderWay(state);
  const showsAttempt = attempt > 1 || (attempt === 1 && (isRunning || state === "review"));
  return line(
    state === "running" ? (view.phase ?? "starting") : state === "inQueue" && position !== null ? `${ordinal(position)} in queue` : shortName(state, view),
    showsAttempt && `attempt ${attempt}`,
    view.cost.usd > 0 && dollars(view.cost.usd),
    isRunning ? minutes(runningSince(view), now) : ago(view.updatedAt, now),
  );
}

function shortName(state: TaskState, { waits }: TaskView): string {
  if (state === "awaiting_command" && waits.length > 1) return `approve ${waits.length} commands`;
  return SHORT_NAMES[state] ?? STATE_NAMES[state];
}

/** Whole minutes: a line that moved every second would draw the eye to it. */
function minutes(since: string, now: number): string {
  const passed = Math.floor((now - Date.parse(since)) / 60_000);
  return passed < 1 ? "under a minute" : `${passed} min`;
}

/** Start of the phase that goes on, or of what has come last. */
function runningSince(view: TaskView): string {
  return view.phases.findLast(({ outcome }) => outcome === null)?.startedAt ?? view.updatedAt;
}

/** What the manifest's menus look for: `task status=review category=PREP can=review has=plan …`. */
export function taskContext({ view, state, actions }: ShownTask): string {
  const has = [
    ...Object.entries({ ...HANDOFFS, plan: planFileOf(view) }).flatMap(([name, file]) => (view.handoffs.includes(file) ? [name] : [])),
    ...(view.base !== null && state !== "discarded" && state !== "accepted" ? ["worktree"] : []),
  ];
  return [`task status=${state} category=${view.category}`, ...actions.map((action) => `can=${action}`), ...has.map((name) => `has=${name}`)].join(" ");
}

export const HANDOFFS = { plan: "plan.md", selfEval: "self-eval.md", qaReport: "qa-report.md", failureReport: "qc-failure-report.md" } as const;

function found(title: string, text: string): readonly (readonly [number, number])[] {
  const start = text === "" ? -1 : title.toLowerCase().indexOf(text.toLowerCase());
  return start < 0 ? [] : [[start, start + text.length]];
}

/** Markdown. */
export function taskTooltip({ view, state, position, now }: ShownTask): string {
  const { request, cost, usage, attempts } = view;
  const last = attempts.at(-1);
  const unpriced = cost.unpricedCalls > 0 ? `, and ${counted(cost.unpricedCalls, "call")} without a known price` : "";
  const paragraphs = [
    `**${plain(request.title)}**`,
    plain(shortened(request.description)),
    `${capitalised(STATE_NAMES[state])}${position === null ? "" : ` (${ordinal(position)})`}${view.detail === "" ? "" : `: ${plain(view.detail)}`}`,
    ...view.waits.slice(0, WAITS_SHOWN).map(({ command, reason }) => `${codeSpan(shownInLine(command))}: ${plain(reason)}`),
    line(view.category, typeName(view), `profile ${request.profile}`),
    last === undefined ? "" : line(counted(attempts.length, "attempt"), last.score !== null && `last score ${last.score}/100`, counted(last.files.length, "changed file")),
    totalTokens(usage) === 0 ? "" : `${plain(dollars(cost.usd))}${unpriced} for ${tokens(totalTokens(usage))} tokens`,
    `Created ${ago(view.createdAt, now)}, changed ${ago(view.updatedAt, now)}. ID: \`${request.id}\``,
  ];
  return paragraphs.filter((text) => text !== "").join("\n\n");
}

function typeName({ type }: TaskView): string {
  if (type === null) return "never run";
  return type === "mission" ? "a mission of several tasks" : type === "multi_agent" ? "planned and verified" : "single agent";
}

/** Commands that a tooltip names; the prompt shows them all. */
const WAITS_SHOWN = 3;
const DESCRIPTION_CHARACTERS = 400;

function shortened(text: string): string {
  return text.length <= DESCRIPTION_CHARACTERS ? text : `${text.slice(0, DESCRIPTION_CHARACTERS)}…`;
}

/** Categories and what they mean, for menus and tooltips. */
export const CATEGORY_MEANINGS: Readonly<Record<Category, string>> = {
  DISPATCH: "simple, run at once by a single agent",
  PREP: "prepared autonomously, verified before you review it",
  YOURS: "needs you, never run",
};

/** Places in a queue, by task. */
export function positionsOf(waiting: readonly TaskView[]): ReadonlyMap<TaskId, number> {
  return new Map(waiting.map((view, index) => [view.request.id, index + 1]));
}
