// `execution-report.md`: what a mission came to. The figures are the engine's, what they mean is the reporter's. And the
// record that the reporter is given: the same facts, without its words.
import { codeSpan, embedded, listItem, oneLine, tableCell } from "../domain/markdown";
import type { PlannedTask } from "../domain/mission";
import type { MissionSummary } from "../domain/missionReport";
import { addCost, addUsage, NO_COST, NO_USAGE, promptTokens, type Cost, type Usage } from "../domain/usage";
import type { NodeView } from "../projections/missionView";
import type { TaskView } from "../projections/taskView";
import { dollars, duration } from "../../shared/figures";

export interface NodeRecord {
  readonly node: NodeView;
  readonly planned: PlannedTask;
  /** null where nobody has begun it. */
  readonly task: TaskView | null;
}

export function printExecutionReport(mission: TaskView, nodes: readonly NodeRecord[], said: MissionSummary): string {
  const { request } = mission;
  const failed = failedOf(nodes);
  const parts = [
    `# Execution report: ${oneLine(request.title)}`,
    `Mission \`${request.id}\`: ${outcomeText(mission, nodes)}`,
    `## Summary\n\n${embedded(said.summary)}`,
    `## Tasks\n\n${taskTable(nodes)}`,
    `## Files changed\n\n${fileList(mission)}`,
    section("## Decisions", said.decisions),
    `## Metrics\n\n${metrics(mission, nodes)}`,
    failed.length === 0 ? "" : `## What failed\n\n${failed.map((record) => failedText(record, nodes)).join("\n")}`,
    section("## Impact", said.impact),
    failed.length === 0 ? "" : `## Delay\n\n${delayText(nodes)}`,
    section("## Risks", said.risks),
    section("## Next actions", said.nextActions),
    section("## Lessons", said.lessons),
    `## Links\n\n${links(nodes)}`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** What the reporter reads. */
export function missionRecord(mission: TaskView, nodes: readonly NodeRecord[]): string {
  const { request } = mission;
  const tasks = nodes.map(({ node, planned, task }) => {
    const attempts = (task?.attempts ?? []).map((attempt) => `  - attempt ${attempt.attempt}: ${attempt.decision?.pass === true ? "PASS" : "FAIL"}, score ${attempt.score ?? "none"}. ${attempt.verdict?.summary ?? ""}${attempt.decision?.pass === true ? "" : ` ${(attempt.decision?.reasons ?? []).join(" ")}`}`);
    const said = task?.attempts.at(-1)?.selfEvaluation?.summary ?? "";
    const files = (task?.attempts.at(-1)?.files ?? []).map(({ path }) => path).join(", ");
    return [`- ${node.id} ${oneLine(planned.title)}: ${stateText(node)}${node.sentBack === 0 ? "" : `, sent back ${node.sentBack} times after it had passed alone`}`, ...attempts, files === "" ? "" : `  - files: ${files}`, said === "" ? "" : `  - its worker says: ${oneLine(said)}`]
      .filter((line) => line !== "")
      .join("\n");
  });
  return [
    `# Request\n\n${mission.mission?.plan?.request ?? request.description}`,
    `# Outcome\n\n${outcomeText(mission, nodes)}`,
    `# Tasks\n\n${tasks.join("\n")}`,
    `# Metrics\n\n${metrics(mission, nodes)}`,
  ].join("\n\n");
}

/** `qc-failure-report.md` of a mission: which tasks need the user; each has a report of its own. null: none does. */
export function printQcFailures(mission: TaskView, nodes: readonly NodeRecord[]): string | null {
  const failed = failedOf(nodes);
  if (failed.length === 0) return null;
  const rows = failed.map((record) => failedText(record, nodes)).join("\n");
  return `# Failure report: ${oneLine(mission.request.title)}\n\nThe mission \`${mission.request.id}\` needs you. Retry, skip or take over what failed, and it goes on.\n\n${rows}\n`;
}

export function stateText({ state, detail }: NodeView): string {
  const words: Readonly<Record<NodeView["state"], string>> = { open: "not done", claimed: "running", merged: "merged", failed: "failed", skipped: "skipped by the user", takenOver: "taken over by the user" };
  return detail === "" ? words[state] : `${words[state]} (${detail})`;
}

function failedOf(nodes: readonly NodeRecord[]): readonly NodeRecord[] {
  return nodes.filter(({ node }) => node.state === "failed");
}

function outcomeText({ mission }: TaskView, nodes: readonly NodeRecord[]): string {
  const merged = nodes.filter(({ node }) => node.state === "merged").length;
  const blocked = mission?.finished?.blocked ?? [];
  const failed = failedOf(nodes).length;
  const rest = [failed === 0 ? "" : `${failed} failed`, blocked.length === 0 ? "" : `${blocked.length} blocked (${blocked.join(", ")})`].filter((text) => text !== "");
  return `${merged} of ${nodes.length} tasks merged${rest.length === 0 ? "" : `, ${rest.join(", ")}`}.`;
}

function taskTable(nodes: readonly NodeRecord[]): string {
  const rows = nodes.map(({ node, planned, task }) => {
    const last = task?.attempts.findLast(({ score }) => score !== null);
    const cost = task === null ? "–" : costText(task.cost);
    return `| ${node.id} | ${tableCell(planned.title)} | ${tableCell(stateText(node))} | ${task?.attempts.length ?? 0} | ${last?.score ?? "–"} | ${cost} |`;
  });
  return ["| id | task | outcome | attempts | score | cost |", "| --- | --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function fileList({ attempts }: TaskView): string {
  const files = attempts.at(-1)?.files ?? [];
  if (files.length === 0) return "None.";
  return files.map((file) => listItem(`${codeSpan(file.path)} ${file.status}${file.added === null ? "" : `, +${file.added} −${file.removed ?? 0}`}`)).join("\n");
}

function metrics(mission: TaskView, nodes: readonly NodeRecord[]): string {
  const tasks = nodes.flatMap(({ task }) => task ?? []);
  const cost = tasks.reduce((sum: Cost, task) => addCost(sum, task.cost), mission.cost ?? NO_COST);
  const usage = tasks.reduce((sum: Usage, task) => addUsage(sum, task.usage), mission.usage ?? NO_USAGE);
  const attempts = tasks.reduce((sum, task) => sum + task.attempts.length, 0);
  const questions = tasks.reduce((sum, task) => sum + task.questions.length, 0);
  const sentBack = nodes.reduce((sum, { node }) => sum + node.sentBack, 0);
  const wall = Date.parse(mission.updatedAt) - Date.parse(mission.createdAt);
  const work = nodes.reduce((sum, { node }) => sum + (node.claimedAt === null || node.endedAt === null ? 0 : Date.parse(node.endedAt) - Date.parse(node.claimedAt)), 0);
  return [
    `- Cost: ${costText(cost)}; tokens: ${promptTokens(usage)} in, ${usage.output} out`,
    `- Attempts: ${attempts}; sent back after a merge: ${sentBack}; questions to the project manager: ${questions}`,
    `- Time: ${duration(wall)} from request to report; ${duration(work)} of work, one task after the other`,
  ].join("\n");
}

function costText({ usd, unpricedCalls }: Cost): string {
  return unpricedCalls === 0 ? dollars(usd) : `${dollars(usd)} and ${unpricedCalls} calls of models without a known price`;
}

function failedText({ node, planned, task }: NodeRecord, nodes: readonly NodeRecord[]): string {
  const waiting = dependentsOf(node.id, nodes);
  const blocks = waiting.length === 0 ? "" : ` It blocks ${waiting.join(", ")}.`;
  const report = task === null ? "" : ` See \`../${task.request.id}/qc-failure-report.md\`.`;
  return listItem(`**${node.id}** ${oneLine(planned.title)}: ${oneLine(node.detail)}.${blocks}${report}`);
}

/** What was not begun because of it, in tool calls that are still to be done. */
function delayText(nodes: readonly NodeRecord[]): string {
  const open = nodes.filter(({ node }) => node.state === "open" || node.state === "failed");
  const calls = open.reduce((sum, { planned }) => sum + planned.estimatedToolCalls, 0);
  return `${open.length} task${open.length === 1 ? " is" : "s are"} still to be done, with ${calls} tool calls as estimated.`;
}

function dependentsOf(id: string, nodes: readonly NodeRecord[]): readonly string[] {
  const found = new Set([id]);
  // The plan need not be in the order of its graph.
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const { planned } of nodes) if (planned.dependencies.some((other) => found.has(other))) found.add(planned.id);
  }
  found.delete(id);
  return nodes.map(({ node }) => node.id).filter((one) => found.has(one));
}

function links(nodes: readonly NodeRecord[]): string {
  const rows = nodes.flatMap(({ node, task }) => (task === null ? [] : [`- ${node.id}: [plan](../${task.request.id}/plan.md), [QA report](../${task.request.id}/qa-report.md)`]));
  return ["- [The plan](chain-output.md)", ...rows].join("\n");
}

function section(heading: string, items: readonly string[]): string {
  return items.length === 0 ? "" : `${heading}\n\n${items.map((item) => listItem(oneLine(item))).join("\n")}`;
}
