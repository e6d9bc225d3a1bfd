// How the parts of a task look in the Tasks tree: phases, contract, attempts, checks, issues, handoff files. Pure; no
// vscode here.
import { describeCheck } from "../../core/domain/checkText";
import type { Check, CheckResult, Contract } from "../../core/domain/contract";
import { codeBlock } from "../../core/domain/markdown";
import type { Phase } from "../../core/domain/task";
import { choosableAttempts, reviewedAttempt } from "../../core/projections/reviewedAttempt";
import type { AttemptView, PhaseView, TaskView } from "../../core/projections/taskView";
import type { TaskRef } from "../taskRef";
import { counted, duration, elapsed } from "../../shared/figures";
import { PHASE_WORDS } from "../../shared/words";
import { line, plain } from "./phrases";
import { row, type Icon, type Row } from "./row";

const PASS: Icon = { name: "pass", tone: "good" };
const FAIL: Icon = { name: "error", tone: "bad" };
const OPEN: Icon = { name: "circle-large-outline", tone: "muted" };
const BUSY: Icon = { name: "loading~spin", tone: "active" };
const STOPPED: Icon = { name: "circle-slash", tone: "attention" };

const PHASE_ICONS: Readonly<Record<NonNullable<PhaseView["outcome"]>, Icon>> = {
  completed: PASS,
  failed: FAIL,
  cancelled: STOPPED,
  paused: { name: "debug-pause", tone: "attention" },
};

export interface PhaseNow {
  readonly isRunning: boolean;
  readonly now: number;
}

/** Clicked, it opens the transcript of the agent session that worked in it. */
export function phaseRow(view: TaskView, phase: PhaseView, root: string, { isRunning, now }: PhaseNow): Row {
  const session = view.sessions.findLast((one) => one.phase === phase.phase && one.attempt === phase.attempt);
  const target = { root, task: view.request.id, session: session?.id };
  const cutOff = phase.outcome === null && !isRunning;
  return row(PHASE_WORDS[phase.phase], {
    description: cutOff ? "interrupted" : line(phase.outcome !== "completed" && phase.outcome, lasted(phase, now)),
    icon: phase.outcome === null ? (isRunning ? BUSY : STOPPED) : PHASE_ICONS[phase.outcome],
    context: "phase",
    click: session === undefined ? null : { kind: "command", command: "countersign.showTranscript", title: "Show Transcript", args: [{ target }] },
  });
}

function lasted(phase: PhaseView, now: number): string {
  return phase.durationMs === null ? elapsed(phase.startedAt, now) : duration(phase.durationMs);
}

export function contractRow({ criteria, checks }: Contract, isFrozen: boolean): Row {
  return row("Sprint contract", {
    description: line(counted(criteria.length, "criterion", "criteria"), counted(checks.length, "check"), !isFrozen && "proposed"),
    icon: { name: isFrozen ? "lock" : "law", tone: "plain" },
    expands: checks.length > 0 ? "closed" : "never",
    context: "contract",
  });
}

export function attemptRow(view: TaskView, attempt: AttemptView, isRunning: boolean): Row {
  const { number, verdict, icon } = outcomeOf(view, attempt, isRunning);
  const green = attempt.checks.filter((check) => check.green).length;
  const isInReview = view.status === "review" && attempt === reviewedAttempt(view) && view.attempts.length > 1;
  const isChoosable = !isRunning && choosableAttempts(view).includes(attempt);
  return row(`Attempt ${attempt.attempt}`, {
    description: line(
      number,
      verdict,
      isInReview && "in review",
      attempt.checks.length > 0 && `${green}/${attempt.checks.length} checks green`,
      attempt.files.length > 0 && counted(attempt.files.length, "file"),
    ),
    icon,
    expands: attempt === view.attempts.at(-1) ? "open" : "closed",
    context: `attempt${attempt.commit === null ? "" : " has=commit"}${isChoosable ? " can=choose" : ""}`,
  });
}

function outcomeOf(view: TaskView, attempt: AttemptView, isRunning: boolean): { readonly number: string; readonly verdict: string; readonly icon: Icon } {
  const number = attempt.score === null ? "" : `${attempt.score}/100`;
  if (attempt.cutShort !== null) return { number, verdict: "cut short", icon: FAIL };
  if (attempt.decision !== null) return { number, verdict: attempt.decision.pass ? "PASS" : "FAIL", icon: attempt.decision.pass ? PASS : FAIL };
  const isLast = attempt === view.attempts.at(-1);
  if (view.type === "single_agent" && attempt.commit !== null) return { number, verdict: "not verified", icon: { name: "pass", tone: "plain" } };
  return { number, verdict: "", icon: isLast && isRunning ? BUSY : OPEN };
}

/** What stands between an attempt and its acceptance: the reason of its end, the gate's reasons, the evaluator's issues. */
export function issuesOf({ cutShort, noVerdict, decision, verdict }: AttemptView): readonly string[] {
  const found = [cutShort?.detail, noVerdict, ...(decision?.reasons ?? []), ...(verdict?.issues ?? [])];
  return [...new Set(found.flatMap((text) => (text === undefined || text === null || text === "" ? [] : [text])))];
}

export function issueRow(text: string): Row {
  return row(text, { icon: { name: "debug-stackframe-dot", tone: "attention" }, context: "issue" });
}

export interface ShownCheck {
  readonly id: string;
  readonly check: Check | undefined;
  readonly result: CheckResult | undefined;
  /** It is being run, or about to be. */
  readonly isPending: boolean;
}

/** The checks of a contract with their results, then results of checks that it does not name. */
export function shownChecks(contract: Contract | undefined, results: readonly CheckResult[], isPending: boolean): readonly ShownCheck[] {
  const ids = new Set([...(contract?.checks ?? []).map(({ id }) => id), ...results.map(({ checkId }) => checkId)]);
  return [...ids].map((id) => {
    const result = results.find(({ checkId }) => checkId === id);
    return { id, check: contract?.checks.find((one) => one.id === id), result, isPending: isPending && result === undefined };
  });
}

/** `outputFile`: absolute path of the full output, opened on click. */
export function checkRow({ id, check, result, isPending }: ShownCheck, outputFile: string | null): Row {
  return row(check === undefined ? id : checkName(check), {
    description: result === undefined ? (isPending ? "waiting" : "not run") : line(exitOf(result), duration(result.durationMs)),
    icon: result === undefined ? OPEN : result.green ? PASS : FAIL,
    context: `check${outputFile === null ? "" : " has=output"}`,
    click: outputFile === null ? null : { kind: "open", path: outputFile },
    spoken: line(check === undefined ? id : checkName(check), result === undefined ? "not run" : result.green ? "green" : `red, ${result.reason}`),
  });
}

function exitOf(result: CheckResult): string {
  if (result.timedOut) return "timed out";
  if (result.unstartable) return "could not start";
  return result.exitCode === null ? result.reason : `exit ${result.exitCode}`;
}

export function checkName(check: Check): string {
  return check.kind === "command" ? check.run : describeCheck(check);
}

/** Markdown. */
export function checkTooltip({ id, check, result }: ShownCheck, contract: Contract | undefined): string {
  const criterion = contract?.criteria.find((one) => one.id === (check?.criterion ?? result?.criterion));
  const state = result === undefined ? "Not run yet." : result.green ? "Green." : `Red: ${plain(result.reason)}`;
  const parts = [
    `**${plain(id)}** ${check === undefined ? "" : plain(checkName(check))}`,
    criterion === undefined ? "" : `${plain(criterion.id)}, ${criterion.kind}: ${plain(criterion.text)}`,
    state,
    result === undefined || result.outputExcerpt === "" ? "" : codeBlock("text", tail(result.outputExcerpt)),
  ];
  return parts.filter((text) => text !== "").join("\n\n");
}

const EXCERPT_LINES = 12;

function tail(text: string): string {
  const lines = text.replace(/\n+$/, "").split("\n");
  return lines.length <= EXCERPT_LINES ? lines.join("\n") : ["…", ...lines.slice(-EXCERPT_LINES)].join("\n");
}

export function filesRow(count: number): Row {
  return row("Handoff files", { description: String(count), icon: { name: "files", tone: "plain" }, expands: "closed", context: "files" });
}

export function fileRow(file: string, path: string): Row {
  const cut = file.lastIndexOf("/") + 1;
  return row(file.slice(cut), { description: file.slice(0, Math.max(0, cut - 1)), resource: { kind: "file", path }, click: { kind: "open", path }, context: "handoff" });
}

const PHASES_OF_TASK: ReadonlySet<Phase> = new Set(["planning", "contract"]);

/** Phases before the first attempt stand below the task, the others below their attempt. */
export function taskPhases(view: TaskView): readonly PhaseView[] {
  return view.phases.filter(({ phase }) => PHASES_OF_TASK.has(phase));
}

export function attemptPhases(view: TaskView, attempt: number): readonly PhaseView[] {
  return view.phases.filter((phase) => !PHASES_OF_TASK.has(phase.phase) && phase.attempt === attempt);
}

/** Where a task's file lies; absolute. */
export type PlanFile = (target: TaskRef, file: string) => string;
