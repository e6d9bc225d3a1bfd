// Finds one call of a session again by its place among all calls, for what shows it in full. Pure.
import { toolCallsOf, type ToolCallBlock, type ToolResultBlock } from "../domain/conversation";
import type { TranscriptEntry } from "../ports/transcripts";
import { inputText, resultText, type CallText } from "./printToolCall";
import { visible } from "./shownText";

/** A place as `transcriptOutline` counts it. */
export interface CallPlace {
  readonly ordinal: number;
  readonly part: "input" | "result";
}

/** The whole input or result; null when there is none (any more). */
export function wholeText(entries: readonly TranscriptEntry[], { ordinal, part }: CallPlace): CallText | null {
  const call = callAt(entries, ordinal);
  if (call === null) return null;
  const result = part === "result" ? resultFor(entries, call) : null;
  if (part === "result" && result === null) return null;
  const { info, text } = result === null ? inputText(call) : resultText(call, result);
  return { info, text: visible(text) };
}

function callAt(entries: readonly TranscriptEntry[], ordinal: number): ToolCallBlock | null {
  let before = 0;
  for (const entry of entries) {
    if (entry.kind !== "assistant") continue;
    const calls = toolCallsOf(entry.message);
    const found = calls[ordinal - before];
    if (found !== undefined) return found;
    before += calls.length;
  }
  return null;
}

function resultFor(entries: readonly TranscriptEntry[], call: ToolCallBlock): ToolResultBlock | null {
  for (const entry of entries) if (entry.kind === "toolResult" && entry.result.callId === call.id) return entry.result;
  return null;
}
