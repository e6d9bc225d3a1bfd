// `plan.md`: the plan as a person reads and edits it, with the sprint contract at its end.
import type { Contract } from "../domain/contract";
import { CONTRACT_HEADING, contractSection, describeCheck } from "../domain/contractYaml";
import type { Plan } from "../domain/handoff";
import type { TaskRequest } from "../domain/task";

const STEPS_HEADING = "## Steps";

export function printPlan(plan: Plan, request: TaskRequest): string {
  const approaches = plan.approaches.map(
    (a) => `### ${a.name}${a.name === plan.chosen ? " (chosen)" : ""}\n\n${a.summary}\n\n${a.tradeoffs}`.trim(),
  );
  return `${[
    `# Plan: ${plan.title}`,
    `Task \`${request.id}\`, ${request.category}.\n\n${quote(request.description || request.title)}`,
    `## What is there now\n\n${plan.currentState}`,
    `## Approaches\n\n${approaches.join("\n\n")}`,
    `## Choice\n\n${plan.chosen}: ${plan.rationale}`,
    `${STEPS_HEADING}\n\n${plan.steps.map((step) => `- [ ] ${oneLine(step)}`).join("\n")}`,
    `## Acceptance criteria\n\n${list(plan.acceptanceCriteria)}`,
    `## Verification commands\n\n${list(plan.verificationCommands.map((c) => `\`${c}\``))}`,
    `## Deliverables\n\n${list(plan.deliverables)}`,
    `## Risks\n\n${list(plan.risks)}`,
    `Estimated tool calls: ${plan.estimatedToolCalls}`,
  ].join("\n\n")}\n`;
}

/** `markdown` with its contract section replaced, or added at the end. Whatever a person wrote before it stays. */
export function withContract(markdown: string, contract: Contract): string {
  const start = markdown.search(new RegExp(`^${CONTRACT_HEADING}\\s*$`, "m"));
  const before = start === -1 ? markdown : markdown.slice(0, start);
  return `${before.trimEnd()}\n\n${contractSection(contract)}\n${contractTable(contract)}`;
}

/** The steps as they stand in the text now, with or without a tick; null when there are none. */
export function stepsIn(markdown: string): readonly string[] | null {
  const lines = markdown.split(/\r?\n/);
  const start = lines.findIndex((line) => line.trim() === STEPS_HEADING);
  if (start === -1) return null;
  const end = lines.findIndex((line, index) => index > start && line.startsWith("## "));
  const steps = lines.slice(start + 1, end === -1 ? undefined : end).flatMap((line) => /^\s*[-*] \[[ xX]\] (.+)$/.exec(line)?.[1] ?? []);
  return steps.length === 0 ? null : steps;
}

/** What a step looks like after it was printed and read back. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function contractTable(contract: Contract): string {
  const rows = contract.criteria.map((criterion) => {
    const checks = contract.checks.filter((check) => check.criterion === criterion.id);
    return `- **${criterion.id}** (${criterion.kind}) ${criterion.text}\n${checks.map((c) => `  - ${c.id}: ${describeCheck(c)}`).join("\n")}`;
  });
  return `The same, in words:\n\n${rows.join("\n")}\n`;
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
