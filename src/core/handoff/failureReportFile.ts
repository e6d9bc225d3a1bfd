// `qc-failure-report.md`: why a task now needs a person: what was tried, what stayed red, what to do next.
import type { Check } from "../domain/contract";
import { describeCheck } from "../domain/checkText";
import { listItem, oneLine, tableCell } from "../domain/markdown";
import { dollars } from "../../shared/figures";
import type { AttemptView, TaskView } from "../projections/taskView";

export function printFailureReport(view: TaskView, reason: string): string {
  const stillRed = view.contract === null ? [] : redInEveryAttempt(view);
  return `${[
    `# Failure report: ${oneLine(view.request.title)}`,
    `Task \`${view.request.id}\` needs you: ${reason}.`,
    `It ran ${view.attempts.length} attempt${view.attempts.length === 1 ? "" : "s"} and cost ${dollars(view.cost.usd)}. ${kept(view)}`,
    `## Timeline\n\n${timeline(view)}`,
    `## Root causes\n\n${lines(rootCauses(view, reason, stillRed))}`,
    `## Recommendations\n\n${lines(recommendations(view, stillRed))}`,
  ].join("\n\n")}\n`;
}

function kept(view: TaskView): string {
  return view.base === null ? "" : `The work so far is on the branch \`${view.base.branch}\`.`;
}

function timeline(view: TaskView): string {
  if (view.attempts.length === 0) return "No attempt was made.";
  const rows = view.attempts.map((attempt) => {
    const green = attempt.checks.filter((c) => c.green).length;
    const score = attempt.score === null ? "–" : String(attempt.score);
    const why = attempt.cutShort?.detail ?? attempt.decision?.reasons[0] ?? "";
    return `| ${attempt.attempt} | ${attempt.startedAt} | ${score} | ${green}/${attempt.checks.length} | ${tableCell(why)} |`;
  });
  return ["| attempt | started | score | green checks | first reason |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function redInEveryAttempt(view: TaskView): readonly Check[] {
  const checks = view.contract?.contract.checks ?? [];
  const verified = view.attempts.filter((attempt) => attempt.checks.length > 0);
  if (verified.length === 0) return [];
  const isRed = (attempt: AttemptView, id: string): boolean => attempt.checks.some((c) => c.checkId === id && !c.green);
  return checks.filter((check) => verified.every((attempt) => isRed(attempt, check.id)));
}

function named(check: Check): string {
  return `${check.id} (${describeCheck(check)})`;
}

function rootCauses(view: TaskView, reason: string, stillRed: readonly Check[]): readonly string[] {
  const last = view.attempts.at(-1);
  if (last === undefined) return [`${reason}.`];
  const unmet = last.verdict?.findings.filter((f) => !f.met && f.comment.trim() !== "") ?? [];
  return [
    ...stillRed.map((check) => `Check ${named(check)} stayed red in every attempt.`),
    ...view.attempts.flatMap((a) => (a.cutShort === null ? [] : [`Attempt ${a.attempt} ended early: ${a.cutShort.detail}.`])),
    ...unmet.map((f) => `${f.criterion} is not met: ${f.comment}`),
    ...(last.verdict?.issues ?? []),
    // What the evaluator decided follows from the above; what the gate found besides does not.
    ...(last.decision?.reasons ?? [])
      .filter((text) => !/^The (evaluator|score|attempt)\b/.test(text))
      .filter((text) => !stillRed.some(({ id }) => text.startsWith(`Check ${id} `))),
  ];
}

function recommendations(view: TaskView, stillRed: readonly Check[]): readonly string[] {
  const advice = [...(view.attempts.at(-1)?.verdict?.requiredFixes ?? [])];
  if (stillRed.length > 0) advice.push(`Look first at whether ${stillRed.length === 1 ? "this check asks" : "these checks ask"} for the right thing: ${stillRed.map(named).join("; ")}.`);
  if (view.attempts.some((a) => a.cutShort !== null)) advice.push("Split the task, or raise the limit that was reached.");
  if (view.contract === null) advice.push("State the task so that its result can be tested: inputs, exact outputs, files.");
  if (view.attempts.length > 0) advice.push(`See what was done: \`countersign diff ${view.request.id}\``);
  return advice;
}

function lines(items: readonly string[]): string {
  return items.length === 0 ? "None found." : [...new Set(items)].map(listItem).join("\n");
}
