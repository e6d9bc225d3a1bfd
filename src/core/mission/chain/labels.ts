// How a project manager labels the fields of a task: `**Prompt:** …`, `- **Prompt**: …`, `#### **Prompt**`, `Prompt: …`.
// Reads one line at a time; what belongs to which task is segments.ts's.

export type Field =
  | "id"
  | "title"
  | "workerRole"
  | "qcRole"
  | "model"
  | "prompt"
  | "description"
  | "context"
  | "dependencies"
  | "criteria"
  | "verification"
  | "commands"
  | "files"
  | "maxRetries"
  | "maxAttempts"
  | "toolCalls"
  | "duration"
  | "parallelGroup"
  /** No field of ours: kept with its label as part of the context. */
  | "other";

/** Names as `normalName` makes them. */
const NAMES: Readonly<Record<Exclude<Field, never>, readonly string[]>> = {
  id: ["task id", "taskid", "task identifier", "task number", "id"],
  title: ["title", "task title", "task name", "name", "task"],
  workerRole: [
    "agent role description", "agent role", "worker role", "worker role description", "worker agent role", "worker agent role description",
    "worker agent", "worker", "role description", "role", "assigned role", "assigned agent", "agent",
  ],
  qcRole: [
    "qc agent role description", "qc agent role", "qc role", "qc role description", "qc agent", "qc", "qa agent role", "qa agent role description",
    "qa role", "quality control role", "verification role", "verifier role", "verifier", "reviewer role", "reviewer",
  ],
  model: ["recommended model", "suggested model", "pm suggested model", "preferred model", "model"],
  prompt: ["optimized prompt", "prompt", "task prompt", "worker prompt", "agent prompt", "full prompt"],
  description: ["task description", "description", "instructions", "task instructions", "task details", "objective", "work", "what to do"],
  context: ["context", "task context", "background"],
  dependencies: ["dependencies", "dependency", "task dependencies", "depends on", "requires", "prerequisites", "blocked by", "after"],
  criteria: [
    "verification criteria", "success criteria", "acceptance criteria", "qc criteria", "qc verification criteria", "completion criteria",
    "criteria", "definition of done", "done when",
  ],
  verification: ["verification", "verification steps", "how to verify"],
  commands: ["verification commands", "verification command", "check commands", "checks", "test commands", "commands"],
  files: [
    "files written", "files to write", "files to modify", "files to change", "files to touch", "files to create", "files to edit", "files modified",
    "files touched", "files changed", "files created", "expected files", "files expected", "files affected", "affected files", "files",
  ],
  maxRetries: ["max retries", "maxretries", "retries", "max retry attempts", "retry limit", "retry count", "max retry"],
  maxAttempts: ["max attempts", "attempts"],
  toolCalls: ["estimated tool calls", "tool calls", "tool call estimate", "expected tool calls", "estimated number of tool calls", "tool calls estimate"],
  duration: ["estimated duration", "duration", "estimated time", "time estimate", "estimate", "time", "estimated effort", "effort"],
  parallelGroup: ["parallel group", "parallelgroup", "parallel execution group", "parallelization group", "parallel"],
  other: [
    "tool based execution", "context retrieval steps", "context retrieval", "retrieval steps", "edge cases", "edge case considerations", "files read",
    "files to read", "status", "priority", "past failures", "avoidance strategies", "worker preamble", "qc preamble", "complexity",
  ],
};

const FIELD_OF: ReadonlyMap<string, Field> = new Map(
  Object.entries(NAMES).flatMap(([field, names]) => names.map((name) => [name, field as Field] as const)),
);

export type LabelStyle = "heading" | "list" | "bold" | "plain";

export interface Label {
  readonly style: LabelStyle;
  /** White space before it; a tab counts as four. */
  readonly indent: number;
  /** 1–6 for headings, else 0. */
  readonly level: number;
  /** As written, without marks. */
  readonly name: string;
  /** null: a label, but of no field that is known. */
  readonly field: Field | null;
  /** What follows on the same line, trimmed. */
  readonly value: string;
}

/** Longer ones are sentences. */
const LONGEST_NAME = 60;

const MAY_BE_LABEL = /[:：*_#]/;

/** null: the line is no label. */
export function readLabel(line: string): Label | null {
  return MAY_BE_LABEL.test(line.slice(0, 200)) ? labelOf(line) : null;
}

function labelOf(line: string): Label | null {
  // What follows a name may be a whole paragraph on one line; it is looked at once, by slicing.
  const text = line.trimStart();
  const indent = indentOf(line);
  const list = /^[-*+]\s+/.exec(text)?.[0] ?? "";
  const heading = list === "" ? (/^#{1,6}(?=\s)/.exec(text)?.[0] ?? "") : "";
  const rest = withoutSign(text.slice(list.length + heading.length).trim());
  const parts = splitBold(rest) ?? (heading === "" && list !== "" ? null : splitPlain(rest, heading !== ""));
  if (parts === null) return null;
  const name = withoutSign(parts.name).trim();
  if (name === "" || name.length > LONGEST_NAME) return null;
  const style: LabelStyle = heading !== "" ? "heading" : list !== "" ? "list" : parts.isBold ? "bold" : "plain";
  return { style, indent, level: heading.length, name, field: FIELD_OF.get(normalName(name)) ?? null, value: parts.value.trim() };
}

export function indentOf(line: string): number {
  const white = /^[ \t]*/.exec(line)?.[0] ?? "";
  return white.replaceAll("\t", "    ").length;
}

interface Parts {
  readonly name: string;
  readonly value: string;
  readonly isBold: boolean;
}

/** `**Name:** value`, `**Name**: value`, `**Name: value**`, `**Name** - value`, `**Name**` alone. */
function splitBold(text: string): Parts | null {
  const mark = /^(?:\*{1,3}|_{1,3})(?=[^\s*_])/.exec(text)?.[0];
  if (mark === undefined) return null;
  const end = text.indexOf(mark, mark.length);
  if (end < 0) return null;
  const inside = text.slice(mark.length, end);
  const after = text.slice(end + mark.length).trim();
  const colon = colonIn(inside);
  if (colon >= 0) return { name: inside.slice(0, colon), value: `${inside.slice(colon + 1).trim()} ${after}`, isBold: true };
  if (after === "") return { name: inside, value: "", isBold: true };
  const sign = /^(?:[:：]|[-–—](?=\s))/.exec(after)?.[0];
  return sign === undefined ? null : { name: inside, value: after.slice(sign.length), isBold: true };
}

/** `Name: value`; a heading may also be the name alone. */
function splitPlain(text: string, isHeading: boolean): Parts | null {
  const head = text.slice(0, LONGEST_NAME + 1);
  const colon = colonIn(head);
  if (colon > 0) return { name: head.slice(0, colon), value: text.slice(colon + 1), isBold: false };
  return isHeading ? { name: text, value: "", isBold: false } : null;
}

function colonIn(text: string): number {
  const places = [text.indexOf(":"), text.indexOf("：")].filter((at) => at >= 0);
  return places.length === 0 ? -1 : Math.min(...places);
}

/** Without an emoji or the like before it. */
function withoutSign(text: string): string {
  return text.replace(/^[^\p{L}\p{N}*_`<>[(|"'\\-]{1,8}/u, "");
}

/** A label for many tasks belongs to none of them. */
const FOR_ALL = /\b(?:all|each|every|per)\b/;

/** Lower case, without what is said in brackets, and with one spelling for what has several. */
export function normalName(name: string): string {
  const bracket = name.indexOf("(");
  const inBrackets = bracket < 0 ? "" : name.slice(bracket).toLowerCase();
  if (FOR_ALL.test(inBrackets)) return name.toLowerCase();
  return (bracket > 0 ? name.slice(0, bracket) : name)
    .toLowerCase()
    .replace(/[\s_/`*–—-]+/g, " ")
    .replace(/\best\.? /, "estimated ")
    .replace(/\b(?:maximum|max\.)(?= )/, "max")
    .replace("optimised", "optimized")
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
}

/** Text may follow on many lines, with headings and labels of its own. */
export function isLong(field: Field | null): boolean {
  return field === "prompt" || field === "description" || field === "context" || field === "other" || field === null;
}

/** Lists, in which a label of no known field names a group of items. */
export function isListField(field: Field | null): boolean {
  return field === "criteria" || field === "verification" || field === "commands" || field === "files";
}
