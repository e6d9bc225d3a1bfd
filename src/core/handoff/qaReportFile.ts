// `qa-report.md`: the gate's decision on an attempt, with every check and the evaluator's verdict.
import type { CheckResult, Contract } from "../domain/contract";
import { describeCheck } from "../domain/checkText";
import type { Inspection } from "../domain/inspection";
import { codeBlock, codeSpan, embedded, listItem, oneLine, tableCell } from "../domain/markdown";
import type { RequestItem } from "../domain/review";
import { describeTests } from "../domain/testCount";
import type { Verdict } from "../domain/verdict";
import type { AttemptView } from "../projections/taskView";

/** `requests`: what the user asked for after the attempt before, judged like criteria. `top`: the marks of its title. */
export function printQaReport(attempt: AttemptView, contract: Contract, requests: readonly RequestItem[], top = "#"): string {
  const pass = attempt.decision?.pass ?? false;
  const score = attempt.score === null ? "no score" : `score ${attempt.score}`;
  const reasons = attempt.decision?.reasons ?? [];
  return `${[
    `${top} QA report, attempt ${attempt.attempt}: ${pass ? "PASS" : "FAIL"}`,
    `${pass ? "✅" : "❌"} ${score}. Commit \`${attempt.commit ?? "none"}\`.`,
    reasons.length === 0 ? "" : `${top}# Why it failed\n\n${reasons.map(listItem).join("\n")}`,
    `${top}# Checks\n\n${attempt.checks.length === 0 ? "None was run." : `Run by the engine in a fresh checkout of the commit.\n\n${checkTable(contract, attempt.checks)}`}`,
    ...contract.checks.flatMap((check) => redOutput(attempt.checks.find((r) => r.checkId === check.id), top)),
    inspectionText(attempt.inspection ?? [], top),
    attempt.cutShort === null ? verdictText(attempt.verdict, [...contract.criteria, ...requests], top) : "",
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

/** For a task that ended before there was an attempt: the problems of the last contract that was proposed, or why it ended. */
export function printNoAttemptReport(reason: string, problems: readonly string[]): string {
  const why = problems.length === 0 ? [`${reason}.`] : problems;
  return `# QA report: FAIL\n\n❌ No attempt was made: there is no contract that it could be measured by.\n\n## Why it failed\n\n${why.map(listItem).join("\n")}\n`;
}

function checkTable(contract: Contract, results: readonly CheckResult[]): string {
  const rows = contract.checks.map((check) => {
    const result = results.find((r) => r.checkId === check.id);
    const cells = [check.id, check.criterion, describeCheck(check), ...resultCells(result)];
    return `| ${cells.map(tableCell).join(" | ")} |`;
  });
  return ["| check | criterion | what | result | exit | ms | output |", "| --- | --- | --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function resultCells(result: CheckResult | undefined): readonly string[] {
  if (result === undefined) return ["not run", "", "", ""];
  const output = result.outputFile === null ? "" : `[log](${result.outputFile})`;
  const tests = result.tests === undefined ? "" : ` (${describeTests(result.tests)})`;
  const state = result.green ? `✅ green${tests}` : `❌ red: ${result.reason}`;
  return [state, result.exitCode === null ? "" : String(result.exitCode), String(Math.round(result.durationMs)), output];
}

function redOutput(result: CheckResult | undefined, top: string): readonly string[] {
  if (result === undefined || result.green || result.outputExcerpt.trim() === "") return [];
  return [`${top}## Output of ${result.checkId}\n\n${codeBlock("text", result.outputExcerpt.trimEnd())}`];
}

function inspectionText(findings: readonly Inspection[], top: string): string {
  if (findings.length === 0) return "";
  return `${top}# What the engine found besides\n\n${findings.map(({ weight, text }) => `- ${weight === "fails" ? "❌" : "⚠️"} ${oneLine(text)}`).join("\n")}`;
}

function verdictText(verdict: Verdict | null, judged: readonly { readonly id: string; readonly text: string }[], top: string): string {
  if (verdict === null) return `${top}# The evaluator's verdict\n\nNone that was valid.`;
  const findings = verdict.findings.map((finding) => {
    const text = judged.find((c) => c.id === finding.criterion)?.text ?? "not in the contract";
    const evidence = finding.evidence.map((e) => `  - ${oneLine(e.source)}${e.quote.trim() === "" ? "" : `: ${codeSpan(e.quote)}`}`);
    return [`- ${finding.met ? "✅" : "❌"} **${oneLine(finding.criterion)}** ${oneLine(text)}`, ...(finding.comment.trim() === "" ? [] : [`  - ${oneLine(finding.comment)}`]), ...evidence].join("\n");
  });
  return [
    `${top}# The evaluator's verdict: ${verdict.verdict}, score ${verdict.score}`,
    embedded(verdict.summary),
    findings.join("\n"),
    verdict.issues.length === 0 ? "" : `${top}## Issues\n\n${verdict.issues.map(listItem).join("\n")}`,
    verdict.requiredFixes.length === 0 ? "" : `${top}## Required fixes\n\n${verdict.requiredFixes.map(listItem).join("\n")}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
