// One task of a chain file: its fields read, what is missing assumed and said. Dependencies are left as text: they mean
// something only among all tasks.
import { DEFAULT_ESTIMATE, DEFAULT_MAX_RETRIES, type PlannedTask } from "../../domain/mission";
import { textOf, type FieldText } from "./fieldText";
import { insideCode, itemsOf, pathsOf, plain, readNumber, saysNone } from "./fieldValues";
import type { Field } from "./labels";
import type { RawField, RawTask } from "./rawTask";

export interface ChainTask {
  readonly task: PlannedTask;
  /** Where it begins, from 1. */
  readonly line: number;
  /** Its heading behind the id, where it has one. */
  readonly heading: string | null;
  /** Another id it goes by in this file. */
  readonly alias: string | null;
  /** null: nothing is said about dependencies. */
  readonly dependsOn: FieldText | null;
  /** All that stands in the file for it, as written; `label` is empty for text under no label. */
  readonly fields: readonly Note[];
}

/** Something a task does not say, and what is taken instead. */
export type Assumption =
  | "title"
  | "workerRole"
  | "qcRole"
  | "prompt"
  | "criteria"
  | "maxRetries"
  | "toolCalls"
  | "dependencies";

export interface Defaults {
  /** A role that the file gives for all tasks, else one of ours. */
  readonly qcRole: string;
  readonly assume: (what: Assumption, id: string) => void;
}

export const DEFAULT_WORKER_ROLE = "Software engineer who knows the languages and tools of this repository";
export const DEFAULT_QC_ROLE = "Reviewer who checks each deliverable against its criteria by running and reading it";

/** Where a title is made from the beginning of a prompt. */
const LONGEST_TITLE = 80;

export interface Note {
  readonly label: string;
  readonly text: string;
}

class Fields {
  readonly extras: Note[] = [];
  private readonly texts = new Map<Field | "body", FieldText[]>();

  constructor(raw: RawTask, lines: readonly string[]) {
    for (const field of raw.fields) this.add(field, textOf(field, lines));
  }

  private add(field: RawField, text: FieldText): void {
    if (text.summary !== null) this.keep(`${field.label?.name ?? "Text"}, folded under`, text.summary);
    if (field.field === "other") this.keep(field.label?.name ?? "", text.text);
    else this.texts.set(field.field, [...(this.texts.get(field.field) ?? []), text]);
  }

  /** Text that belongs to no field of ours. */
  keep(label: string, text: string): void {
    if (text.trim() !== "" && !saysNone({ text, isExact: false })) this.extras.push({ label, text });
  }

  all(field: Field | "body"): readonly FieldText[] {
    return this.texts.get(field) ?? [];
  }

  one(field: Field | "body"): FieldText | null {
    return this.all(field)[0] ?? null;
  }

  /** "" where nothing is said. */
  text(field: Field | "body"): string {
    return this.all(field).filter((text) => !saysNone(text)).map(({ text }) => text).join("\n");
  }

  line(field: Field): string {
    const all = this.all(field).filter((text) => !saysNone(text));
    return all.map(({ text, isExact }) => (isExact ? text : plain(text))).join("\n");
  }
}

export function readTask(raw: RawTask, lines: readonly string[], defaults: Defaults): ChainTask {
  const fields = new Fields(raw, lines);
  const { id } = raw;
  const assumed = <T>(what: Assumption, value: T): T => {
    defaults.assume(what, id);
    return value;
  };
  const numbers = readNumbers(fields, assumed);
  const { criteria, verificationCommands } = readChecks(fields);
  const files = readFiles(fields);
  const ownTitle = titleOf(raw, fields);
  const { prompt, context } = readPrompt(fields, ownTitle, assumed);
  const said = (text: string, what: Assumption, otherwise: string): string => (text === "" ? assumed(what, otherwise) : text);
  const duration = fields.line("duration");
  const model = fields.line("model");
  const task: PlannedTask = {
    id,
    title: said(ownTitle, "title", titleFrom(prompt, id)),
    workerRole: said(fields.line("workerRole"), "workerRole", DEFAULT_WORKER_ROLE),
    qcRole: said(fields.line("qcRole"), "qcRole", defaults.qcRole),
    model: model === "" ? null : model,
    prompt: said(prompt, "prompt", ownTitle === "" ? id : ownTitle),
    ...(context === "" ? {} : { context }),
    dependencies: [],
    criteria: criteria.length > 0 ? criteria : assumed("criteria", []),
    verificationCommands,
    files,
    ...numbers,
    ...(duration === "" ? {} : { estimatedDuration: duration }),
  };
  const written = raw.fields.map(({ label, lines: rest }) => ({ label: label?.name ?? "", text: [label?.value ?? "", ...rest.map((line) => lines[line] ?? "")].join("\n").trim() }));
  return { task, line: raw.line + 1, heading: raw.heading?.title ?? null, alias: raw.alias, dependsOn: fields.one("dependencies"), fields: written };
}

function titleOf(raw: RawTask, fields: Fields): string {
  const title = fields.line("title");
  const behindId = raw.idLabel?.rest ?? "";
  if (title === "") return behindId === "" ? (raw.heading?.title ?? "") : behindId;
  fields.keep("Task ID", behindId);
  return title;
}

type Assume = <T>(what: Assumption, value: T) => T;

function readNumbers(fields: Fields, assumed: Assume): Pick<PlannedTask, "maxRetries" | "estimatedToolCalls" | "parallelGroup"> {
  const number = (field: Field, label: string): number | null => {
    const text = fields.text(field);
    const read = readNumber(text);
    if (text !== "" && (read === null || read.hasMore)) fields.keep(label, text);
    return read?.value ?? null;
  };
  const attempts = number("maxAttempts", "Max Attempts");
  const retries = number("maxRetries", "Max Retries") ?? (attempts === null ? null : Math.max(0, attempts - 1));
  const calls = number("toolCalls", "Estimated Tool Calls");
  return {
    maxRetries: retries ?? assumed("maxRetries", DEFAULT_MAX_RETRIES),
    estimatedToolCalls: calls === null || calls === 0 ? assumed("toolCalls", DEFAULT_ESTIMATE) : calls,
    parallelGroup: number("parallelGroup", "Parallel Group"),
  };
}

/** A line of "Verification" is a command where all of it is code, else a criterion. */
function readChecks(fields: Fields): Pick<PlannedTask, "criteria" | "verificationCommands"> {
  const items = (field: Field): readonly string[] => fields.all(field).filter((text) => !saysNone(text)).flatMap(({ text }) => itemsOf(text));
  const verification = items("verification");
  const asCommand = (item: string): string => insideCode(item) ?? item;
  const commands = fields.all("commands").filter((text) => !saysNone(text));
  return {
    criteria: [...items("criteria"), ...verification.filter((item) => insideCode(item) === null)],
    verificationCommands: [
      ...commands.flatMap(({ text, isExact }) => (isExact ? text.split("\n").filter((line) => line.trim() !== "") : itemsOf(text).map(asCommand))),
      ...verification.flatMap((item) => insideCode(item) ?? []),
    ],
  };
}

function readFiles(fields: Fields): readonly string[] {
  const read = fields.all("files").filter((text) => !saysNone(text)).map(({ text }) => pathsOf(text));
  for (const remark of read.flatMap(({ remarks }) => remarks)) fields.keep("Files", remark);
  return [...new Set(read.flatMap(({ paths }) => paths))];
}

/** Where there is no prompt, all that is said about the work is one. */
function readPrompt(fields: Fields, title: string, assumed: Assume): { readonly prompt: string; readonly context: string } {
  const body = fields.all("body").map(({ text }) => text).filter((text) => text !== "").join("\n\n");
  const prompt = fields.one("prompt")?.text ?? "";
  const description = fields.text("description");
  const context = fields.all("context").map(({ text }) => text).filter((text) => text !== "");
  const notes = (extras: readonly Note[]): readonly string[] => extras.map(noteOf);
  if (prompt !== "") {
    return { prompt, context: [...context, ...notes([{ label: "Description", text: description }, { label: "", text: body }].filter(({ text }) => text !== "")), ...notes(fields.extras)].join("\n\n") };
  }
  const own = [description, body].filter((text) => text !== "").join("\n\n");
  if (description !== "") return { prompt: own, context: [...context, ...notes(fields.extras)].join("\n\n") };
  if (own !== "") return { prompt: assumed("prompt", own), context: [...context, ...notes(fields.extras)].join("\n\n") };
  const rest = [...context.map((text) => noteOf({ label: "Context", text })), ...notes(fields.extras)];
  return { prompt: rest.length === 0 ? "" : assumed("prompt", [title, ...rest].filter((text) => text !== "").join("\n\n")), context: "" };
}

export function noteOf({ label, text }: Note): string {
  if (label === "") return text;
  return `**${label}:**${text.includes("\n") ? "\n" : " "}${text}`;
}

/** The first heading of a prompt, else the beginning of its first line. */
function titleFrom(prompt: string, otherwise: string): string {
  const lines = prompt.split("\n", 50).map((line) => line.slice(0, 500));
  const heading = lines.find((line) => /^#{1,6}\s+\S/.test(line)) ?? lines.find((line) => /[\p{L}\p{N}]/u.test(line)) ?? otherwise;
  const text = heading.replace(/^[#\s*>-]+/, "").replace(/[\s*]+$/, "");
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE - 1).trimEnd()}…` : text;
}
