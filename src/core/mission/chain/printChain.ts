// A plan → the chain file that parseChain reads back as the same plan. Text that Markdown or a label could take for
// something else stands in a code block. Pure.
import type { MissionPlan, PlannedTask } from "../../domain/mission";
import { buildDag } from "../dag";
import { insideCode, saysNone } from "./fieldValues";
import { readId } from "./taskIds";

export function printChain(plan: MissionPlan): string {
  const built = buildDag(plan.tasks);
  const parts = [
    "# Task Decomposition Plan",
    "## Project Overview",
    labelled("Goal", plan.title),
    block("Request", plan.request),
    block("Overview", plan.overview),
    list("Assumptions", plan.assumptions, item),
    "---",
    "## Task Graph",
    ...plan.tasks.flatMap((task) => [...printTask(task), "---"]),
    "## Dependency Summary",
    ...(built.ok ? [`Critical path: ${built.dag.criticalPath.join(" → ")}`, built.dag.batches.map((ids, at) => `${at + 1}. ${ids.join(", ")}`).join("\n")] : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

function printTask(task: PlannedTask): readonly string[] {
  return [
    `**Task ID:** ${idText(task.id)}`,
    labelled("Title", task.title),
    labelled("Agent Role Description", task.workerRole),
    task.model === null ? "**Recommended Model:** N/A" : labelled("Recommended Model", task.model),
    block("Prompt", task.prompt, "markdown"),
    ...(task.context === undefined ? [] : [block("Context", task.context, "markdown")]),
    list("Success Criteria", task.criteria, boxed),
    list("Verification Commands", task.verificationCommands, code),
    list("Files Written", task.files, code),
    `**Dependencies:** ${task.dependencies.length === 0 ? "None" : task.dependencies.map(idText).join(", ")}`,
    ...(task.estimatedDuration === undefined ? [] : [labelled("Estimated Duration", task.estimatedDuration)]),
    `**Estimated Tool Calls:** ${task.estimatedToolCalls}`,
    `**Parallel Group:** ${task.parallelGroup ?? "N/A"}`,
    labelled("QC Agent Role Description", task.qcRole),
    `**Max Retries:** ${task.maxRetries}`,
  ];
}

/** An id that would be read in another spelling stands as code. */
function idText(id: string): string {
  const read = readId(id);
  return read?.id === id && read.rest === "" && !saysNone({ text: id, isExact: false }) ? id : `\`${id}\``;
}

function labelled(label: string, text: string): string {
  return isPlainLine(text) && !saysNone({ text, isExact: false }) ? `**${label}:** ${text}` : block(label, text);
}

function block(label: string, text: string, info = "text"): string {
  return `**${label}:**\n\n${fenced(text, info)}`;
}

function list(label: string, items: readonly string[], print: (item: string) => string): string {
  return `**${label}:**${items.length === 0 ? " None" : `\n\n${items.map(print).join("\n")}`}`;
}

function boxed(text: string): string {
  return isPlainLine(text) ? `- [ ] ${text}` : fencedItem("- [ ]", text);
}

function item(text: string): string {
  return isPlainLine(text) ? `- ${text}` : fencedItem("-", text);
}

function code(text: string): string {
  if (text === "" || /[\r\n]/.test(text) || text.trim() === "") return fencedItem("-", text);
  const mark = "`".repeat(longestRun(text) + 1);
  const isPadded = /^`|`$/.test(text) || (text.startsWith(" ") && text.endsWith(" "));
  return `- ${mark}${isPadded ? ` ${text} ` : text}${mark}`;
}

/** Nothing in it is a mark of Markdown at the place where it would be read as one. */
function isPlainLine(text: string): boolean {
  return /^[\p{L}\p{N}"'(][^\r\n]*$/u.test(text) && text.trim() === text && insideCode(text) === null && !/<\/?(?:details|prompt|reasoning|thinking|analysis)|-->/i.test(text);
}

function fenced(text: string, info: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${info}\n${text}\n${fence}`;
}

function fencedItem(mark: string, text: string): string {
  return `${mark}\n${fenced(text, "text").split("\n").map((line) => `  ${line}`).join("\n")}`;
}

function longestRun(text: string): number {
  return [...text.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), 0);
}
