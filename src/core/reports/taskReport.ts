// A task as one Markdown file for somebody who was not there: what was asked, planned, done, checked, decided and paid.
// Pure; everything but the plan's text comes from the journal.
import { counted, duration } from "../../shared/figures";
import { PHASE_WORDS } from "../../shared/words";
import { codeSpan, embedded, headingsIn, listItem, oneLine, tableCell } from "../domain/markdown";
import { itemsOfEach, type RequestItem } from "../domain/review";
import { kindNote } from "../domain/fileKind";
import { modelName } from "../domain/scriptModel";
import type { JournalEvent } from "../domain/event";
import type { FileChange } from "../domain/workspace";
import { printQaReport } from "../handoff/qaReportFile";
import { requestsOf } from "../projections/openRequests";
import type { AttemptView, TaskView } from "../projections/taskView";
import { DECISION_COLUMNS, decisionRows, protectionNotes } from "./commandDecisions";
import { costText, tokensText } from "./figures";
import { UTC_STAMP, outcomeWords, sessionTitle } from "./printTranscript";
import { visible } from "./shownText";

export interface ReportSource {
  readonly view: TaskView;
  /** The task's own, in their order: what is told of commands is in no view. */
  readonly events: readonly JournalEvent[];
  /** `plan.md` as it stands in the task's folder; null when it is not there. */
  readonly plan: string | null;
  /** ISO 8601. */
  readonly now: string;
  readonly version: string;
  /** The logs of checks lie beside the report, so that it can link to them. */
  readonly hasLogs: boolean;
}

export function printTaskReport(source: ReportSource): string {
  const { view } = source;
  return `${[
    head(source),
    `## Request\n\n${requestText(view)}`,
    section("Timeline", timeline(view)),
    section("Plan", planText(source)),
    section("Answer", view.answer === null ? "" : embedded(visible(view.answer))),
    ...view.attempts.map((attempt) => attemptText(attempt, source)),
    section("Changes accepted", acceptedText(view)),
    section("Commands allowed and refused", commandsText(source)),
    section("Secrets left out", redactionsText(view)),
    section("Cost", costTable(view)),
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

function head({ view, now, version }: ReportSource): string {
  const { request, status, detail, category, type, base, createdAt, updatedAt, cost } = view;
  const why = detail === "" ? "" : `: ${oneLine(visible(detail))}`;
  return [
    `# ${oneLine(visible(request.title))}`,
    "",
    `Exported ${UTC_STAMP(now)} (UTC) by Countersign ${version}. It quotes the project's files and the output of its commands: read it before you share it.`,
    "",
    `- Status: ${status.replaceAll("_", " ")}${why}`,
    `- Kind: ${category}${type === null ? "" : `, ${type.replaceAll("_", " ")}`}${type === "multi_agent" ? `, verified as ${request.profile}` : ""}`,
    `- Task: ${request.id}, created ${UTC_STAMP(createdAt)}, last changed ${UTC_STAMP(updatedAt)} (UTC)`,
    ...(base === null ? [] : [`- Base: commit ${base.commit}, branch ${codeSpan(base.branch)}`]),
    `- Cost: ${costText(cost)}`,
  ].join("\n");
}

function section(title: string, text: string): string {
  return text === "" ? "" : `## ${title}\n\n${text}`;
}

function requestText({ request, rounds }: TaskView): string {
  const attached = request.attachments.map((path) => `- ${codeSpan(path)}`).join("\n");
  const asked = itemsOfEach(rounds.map((round) => round.request)).map((items, index) => {
    return `### After attempt ${rounds[index]?.afterAttempt ?? 0}\n\n${items.map(requestItem).join("\n")}`;
  });
  return [embedded(visible(request.description.trim() || request.title)), attached === "" ? "" : `Attached:\n\n${attached}`, ...asked].filter((part) => part !== "").join("\n\n");
}

function requestItem({ text, comment }: RequestItem): string {
  return listItem(comment === null ? visible(text) : `${codeSpan(`${comment.path}:${comment.line}`)} ${visible(text)}`);
}

function timeline({ phases }: TaskView): string {
  if (phases.length === 0) return "";
  const rows = phases.map(({ phase, attempt, startedAt, durationMs, outcome }) => {
    return [PHASE_WORDS[phase], attempt === 0 ? "" : String(attempt), UTC_STAMP(startedAt), durationMs === null ? "" : duration(durationMs), outcome ?? "not ended"];
  });
  return table(["Phase", "Attempt", "Started (UTC)", "Duration", "Outcome"], rows);
}

function planText({ view, plan }: ReportSource): string {
  if (plan !== null) return demoted(plan);
  return view.plan === null ? "" : "plan.md is not in the task's folder any more.";
}

function attemptText(attempt: AttemptView, { view, hasLogs }: ReportSource): string {
  const { decision, files, checks } = attempt;
  const undecided = view.type === "single_agent" ? "not verified" : "undecided";
  const verdict = decision === null ? undecided : decision.pass ? "PASS" : "FAIL";
  const contract = view.contract?.contract;
  const shown = hasLogs ? attempt : { ...attempt, checks: checks.map((check) => ({ ...check, outputFile: null })) };
  // As they were numbered when the attempt was judged.
  const rounds = view.rounds.filter((round) => round.afterAttempt < attempt.attempt);
  const { open } = requestsOf({ type: view.type, rounds, attempts: view.attempts.filter((one) => one.attempt < attempt.attempt) });
  const requests = itemsOfEach(open.map((round) => round.request)).flat();
  return [
    `## Attempt ${attempt.attempt}: ${verdict}${attempt.score === null ? "" : `, score ${attempt.score}`}`,
    attempt.cutShort === null ? "" : `It ended early: ${oneLine(visible(attempt.cutShort.detail))}.`,
    files.length === 0 ? "It changed no files." : changesTable(files),
    selfEvaluation(attempt),
    contract === undefined || decision === null ? "" : printQaReport(shown, contract, requests, "###").trimEnd(),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function changesTable(files: readonly FileChange[]): string {
  const sum = (of: (file: FileChange) => number | null): number => files.reduce((total, file) => total + (of(file) ?? 0), 0);
  const rows = files.map(({ path, status, added, removed, kinds }) => [codeSpan(path), [status, kindNote({ kinds })].filter((part) => part !== "").join(", "), added === null ? "binary" : `+${added}`, removed === null ? "" : `−${removed}`]);
  const total = [counted(files.length, "file"), "", `+${sum((file) => file.added)}`, `−${sum((file) => file.removed)}`];
  return table(["File", "Change", "Added", "Removed"], files.length === 1 ? rows : [...rows, total]);
}

function selfEvaluation({ selfEvaluation: own }: AttemptView): string {
  if (own === null) return "";
  const gaps = own.gaps.length === 0 ? "" : `\n\nGaps it named:\n\n${own.gaps.map((gap) => listItem(visible(gap))).join("\n")}`;
  return `The generator's own word, confidence ${own.confidence} of 10:\n\n${embedded(visible(own.summary))}${gaps}`;
}

function acceptedText({ accepted, committed }: TaskView): string {
  if (accepted === null) return "";
  const conflicts = accepted.conflicts.length === 0 ? "" : `\n\nWith conflicts:\n\n${accepted.conflicts.map((path) => `- ${codeSpan(path)}`).join("\n")}`;
  return `${accepted.applied.map((path) => `- ${codeSpan(path)}`).join("\n")}${conflicts}${committed === null ? "" : `\n\nCommitted as ${committed}.`}`;
}

/** What a sandbox confines runs unasked: nothing is decided about it, and nothing told. */
function commandsText({ events }: ReportSource): string {
  const rows = decisionRows(events);
  if (rows.length === 0) return "";
  const notes = protectionNotes(events).map((note) => visible(oneLine(note)));
  return [...notes, table(DECISION_COLUMNS, rows)].join("\n\n");
}

/** What this report, too, shows marks for. */
function redactionsText({ redactions }: TaskView): string {
  if (redactions.length === 0) return "";
  const rows = redactions.map(({ where, kinds, count }) => [codeSpan(where), kinds.join(", "), String(count)]);
  return `Marks such as \`[redacted: …]\` stand for them.\n\n${table(["Where", "What looks like", "At least"], rows)}`;
}

function costTable({ sessions, usage, cost }: TaskView): string {
  if (sessions.length === 0) return "No model was called.";
  const rows = sessions.map((session) => [
    sessionTitle(session),
    modelName(session.model),
    session.outcome === null ? "not ended" : outcomeWords(session.outcome),
    String(session.turns),
    String(session.toolCalls),
    tokensText(session.usage),
    costText(session.cost),
  ]);
  const total = ["Total", "", "", ...[(s: (typeof sessions)[number]) => s.turns, (s: (typeof sessions)[number]) => s.toolCalls].map((of) => String(sessions.reduce((sum, session) => sum + of(session), 0))), tokensText(usage), costText(cost)];
  return table(["Session", "Model", "Outcome", "Turns", "Tool calls", "Tokens", "Cost"], [...rows, total]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map((cell) => tableCell(visible(cell))).join(" | ")} |`).join("\n");
}

/** A file that people edit as part of this one: its headings two levels lower, its title a section. */
function demoted(markdown: string): string {
  const lines = visible(markdown).trim().split("\n");
  const headings = new Set(headingsIn(lines).map(({ line }) => line));
  return lines.map((line, index) => (headings.has(index) ? line.replace(/^ {0,3}(#+)/, (_, marks: string) => "#".repeat(Math.min(6, marks.length + 2))) : line)).join("\n");
}
