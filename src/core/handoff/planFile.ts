// `plan.md`: the plan as a person reads and edits it, with the sprint contract at its end.
import type { Contract } from "../domain/contract";
import { describeCheck } from "../domain/checkText";
import { CONTRACT_HEADING, contractSection } from "../domain/contractYaml";
import { codeSpan, embedded, oneLine, sectionOf } from "../domain/markdown";
import { reasonsToChange } from "../domain/mayChangeRules";
import type { Plan } from "../domain/handoff";
import type { TaskRequest } from "../domain/task";

const STEPS_HEADING = "## Steps";

export function printPlan(plan: Plan, request: TaskRequest): string {
  const approaches = plan.approaches.map(
    (a) => `### ${oneLine(a.name)}${a.name === plan.chosen ? " (chosen)" : ""}\n\n${embedded(a.summary)}\n\n${embedded(a.tradeoffs)}`.trim(),
  );
  return `${[
    `# Plan: ${oneLine(plan.title)}`,
    `Task \`${request.id}\`, ${request.category}.\n\n${quote(request.description || request.title)}`,
    `## What is there now\n\n${embedded(plan.currentState)}`,
    `## Approaches\n\n${approaches.join("\n\n")}`,
    `## Choice\n\n**${oneLine(plan.chosen)}**\n\n${embedded(plan.rationale)}`,
    `${STEPS_HEADING}\n\n${plan.steps.map((step) => `- [ ] ${oneLine(step)}`).join("\n")}`,
    `## Acceptance criteria\n\n${list(plan.acceptanceCriteria)}`,
    `## Verification commands\n\n${list(plan.verificationCommands.map(codeSpan))}`,
    `## Deliverables\n\n${list(plan.deliverables)}`,
    `## Risks\n\n${list(plan.risks)}`,
    `Estimated tool calls: ${plan.estimatedToolCalls}`,
  ].join("\n\n")}\n`;
}

/** `markdown` with its contract section replaced, or added at the end. Whatever a person wrote around it stays. */
export function withContract(markdown: string, contract: Contract): string {
  const lines = markdown.split("\n");
  const section = sectionOf(lines, CONTRACT_HEADING);
  const before = lines.slice(0, section?.start).join("\n").trimEnd();
  const after = section === null ? "" : lines.slice(section.end).join("\n").trim();
  return `${before}\n\n${contractSection(contract)}\n${contractTable(contract)}${after === "" ? "" : `\n${after}\n`}`;
}

/** The steps as they stand in the text now, with or without a tick; null when there are none. */
export function stepsIn(markdown: string): readonly string[] | null {
  const lines = markdown.split(/\r?\n/);
  const section = sectionOf(lines, STEPS_HEADING);
  if (section === null) return null;
  const steps = lines.slice(section.start, section.end).flatMap((line) => /^\s*[-*] \[[ xX]\] (.+)$/.exec(line)?.[1] ?? []);
  return steps.length === 0 ? null : steps;
}

function contractTable(contract: Contract): string {
  const rows = contract.criteria.map((criterion) => {
    const checks = contract.checks.filter((check) => check.criterion === criterion.id);
    return `- **${criterion.id}** (${criterion.kind}) ${oneLine(criterion.text)}\n${checks.map((c) => `  - ${c.id}: ${oneLine(describeCheck(c))}`).join("\n")}`;
  });
  return `The same, in words:\n\n${rows.join("\n")}\n${allowedChanges(contract)}`;
}

/** What verifies the work and may be changed by it: a person shall see it before the work begins. */
function allowedChanges({ mayChange = [], criteria }: Contract): string {
  if (mayChange.length === 0) return "";
  const rows = mayChange.map((path) => `- ${codeSpan(path)}, for ${reasonsToChange(path, criteria).join(", ") || "no criterion"}`);
  return `\nChecks depend on these files, and the work may change them:\n\n${rows.join("\n")}\n`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "None." : items.map((item) => `- ${oneLine(item)}`).join("\n");
}

function quote(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");
}
