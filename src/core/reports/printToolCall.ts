// One tool call of a transcript as Markdown: a heading that says it all in a line, and below it input and result.
import { duration } from "../../shared/figures";
import type { ToolCallBlock, ToolResultBlock } from "../domain/conversation";
import { codeSpan, oneLine } from "../domain/markdown";
import { editLines, writtenLines, type Replacement } from "./editLines";
import { grouped } from "./figures";
import type { CallRecord } from "./sessionRecord";
import { shownBlock } from "./shownText";

/** How a call stands, as the first character of its heading: done, failed, running, or without a result. */
export const CALL_MARKS = { done: "✔", failed: "✘", running: "●", open: "○" } as const;

/** Characters. */
const SHORT_JSON = 100;

export interface CallState {
  readonly record: CallRecord | undefined;
  readonly result: ToolResultBlock | undefined;
  /** It has not come to its end yet, and somebody is at work. */
  readonly isRunning: boolean;
  /** End of the running command's output. */
  readonly outputTail: string;
}

/** `maxBytes`: of one input or result; beyond it head and tail are shown with a line that `WHOLE_LINE` matches. */
export function printToolCall(call: ToolCallBlock, state: CallState, maxBytes: number): string {
  return [`### ${headingOf(call, state)}`, ...inputOf(call, oneLine(state.record?.description ?? ""), maxBytes), ...resultOf(call, state, maxBytes)].join("\n\n");
}

/** `Open the whole result (163 KB)`: a line of its own below a block that was cut. */
export const WHOLE_LINE = /^Open the whole (input|result) \([\d,]+ KB\)$/;

function headingOf(call: ToolCallBlock, { record, result, isRunning }: CallState): string {
  const isError = result === undefined ? record?.end?.ok === false : result.isError;
  const mark = record?.end === undefined || record.end === null ? markWithoutEnd(result, isRunning) : isError ? "failed" : "done";
  const end = record?.end ?? null;
  const outcome = end === null ? [] : [oneLine(end.summary), duration(end.durationMs)];
  return [`${CALL_MARKS[mark]} ${oneLine(call.name)}${subjectOf(call, record)}`, ...outcome.filter((part) => part !== "")].join(" · ");
}

function markWithoutEnd(result: ToolResultBlock | undefined, isRunning: boolean): keyof typeof CALL_MARKS {
  if (result !== undefined) return result.isError ? "failed" : "done";
  return isRunning ? "running" : "open";
}

/** A path stands in a code span of its own, so that it can be a link. */
function subjectOf(call: ToolCallBlock, record: CallRecord | undefined): string {
  const description = oneLine(record?.description ?? "");
  const path = textIn(call.input, "path");
  if (path !== null && path !== "" && description.startsWith(path)) {
    const range = / \(\d+ (edits?|lines?)\)$/.test(description) ? "" : description.slice(path.length);
    return ` ${codeSpan(path)}${range}`;
  }
  return description === "" ? "" : ` ${codeSpan(description)}`;
}

/** Nothing where the heading says it all. */
function inputOf(call: ToolCallBlock, description: string, maxBytes: number): readonly string[] {
  const isSaid = call.malformed === undefined && (call.name === "read_file" ? description !== "" : textIn(call.input, "command")?.trim() === description);
  return isSaid ? [] : labelled("input", inputText(call), maxBytes);
}

function resultOf(call: ToolCallBlock, { result, outputTail }: CallState, maxBytes: number): readonly string[] {
  if (result !== undefined) return labelled("result", resultText(call, result), maxBytes);
  return outputTail === "" ? [] : ["Output so far:", shownBlock("text", outputTail, maxBytes).text];
}

/** What a call was given or gave, in full. `info`: its language, as in a code fence. */
export interface CallText {
  readonly info: string;
  readonly text: string;
}

/** Edits as a diff, a command as it is, everything else as JSON. */
export function inputText(call: ToolCallBlock): CallText {
  if (call.malformed !== undefined) return { info: "text", text: call.malformed };
  const [command, content, edits] = [textIn(call.input, "command"), textIn(call.input, "content"), editsIn(call.input)];
  if (call.name === "write_file" && content !== null) return { info: "diff", text: writtenLines(content) };
  if (call.name === "edit_file" && edits !== null) return { info: "diff", text: editLines(edits) };
  if (call.name === "run_command" && command !== null) return { info: "sh", text: command };
  return { info: "json", text: jsonText(call.input) };
}

export function resultText(call: ToolCallBlock, { isError, content }: ToolResultBlock): CallText {
  return { info: isError ? "text" : languageOf(call), text: content === "" ? "(empty)" : content };
}

/** On one line where it is short. */
function jsonText(input: unknown): string {
  const short = JSON.stringify(input) ?? "null";
  return short.length <= SHORT_JSON ? short : JSON.stringify(input, null, 2);
}

function labelled(part: "input" | "result", { info, text }: CallText, maxBytes: number): readonly string[] {
  const shown = shownBlock(info, text, maxBytes);
  const whole = shown.wholeBytes === null ? [] : [`Open the whole ${part} (${grouped(Math.ceil(shown.wholeBytes / 1024))} KB)`];
  return [`${part === "input" ? "Input" : "Result"}:`, shown.text, ...whole];
}

/** A file's text is coloured as what its name says. */
function languageOf(call: ToolCallBlock): string {
  const extension = /\.([a-z0-9]{1,10})$/i.exec(textIn(call.input, "path") ?? "")?.[1];
  return call.name === "read_file" && extension !== undefined ? extension.toLowerCase() : "text";
}

function textIn(input: unknown, key: string): string | null {
  const value = isRecord(input) ? input[key] : undefined;
  return typeof value === "string" ? value : null;
}

function editsIn(input: unknown): readonly Replacement[] | null {
  const edits = isRecord(input) ? input["edits"] : undefined;
  return Array.isArray(edits) && edits.every(isReplacement) ? edits : null;
}

function isReplacement(value: unknown): value is Replacement {
  return isRecord(value) && typeof value["find"] === "string" && typeof value["replace"] === "string";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
