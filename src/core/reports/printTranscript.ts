// A session's transcript as Markdown: who, with what outcome, and the turns with their tokens, cost and calls. Pure.
// Its headings are its structure (`transcriptOutline.ts` reads them again): nothing a model writes can make one.
import { modelName } from "../domain/scriptModel";
import { counted, duration } from "../../shared/figures";
import { ROLE_WORDS } from "../../shared/words";
import type { AssistantBlock } from "../domain/conversation";
import type { SessionOutcome } from "../domain/event";
import { embedded, oneLine } from "../domain/markdown";
import type { SessionView, TaskView } from "../projections/taskView";
import { thinkingOf, type ConversationPart, type Turn } from "./conversationParts";
import { costText, tokensText } from "./figures";
import { printToolCall } from "./printToolCall";
import type { SessionNote, SessionRecord } from "./sessionRecord";
import { saidText, visible } from "./shownText";

export interface TranscriptOptions {
  /** A time as a person reads it, `2026-01-05 09:00:00`, from ISO 8601. */
  readonly stamp: (time: string) => string;
  /** Of one input or result of a call; beyond it head and tail are shown. */
  readonly maxBytes: number;
}

export const UTC_STAMP = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 19)}`;

/** Whether somebody works on the session. `interrupted`: it was cut off and can go on. */
export type SessionState = "live" | "interrupted" | "ended";

export function printTranscriptHeader(task: TaskView, session: SessionView, state: SessionState, { stamp }: TranscriptOptions): string {
  const { startedAt, endedAt, usage, cost, turns, toolCalls, retries } = session;
  const asked = retries === 0 ? "" : `, asked again ${retries === 1 ? "once" : `${retries} times`}`;
  const end = endedAt === null ? "" : ` to ${stamp(endedAt).slice(stamp(startedAt).slice(0, 10) === stamp(endedAt).slice(0, 10) ? 11 : 0)}, ${duration(Date.parse(endedAt) - Date.parse(startedAt))}`;
  return [
    `# ${sessionTitle(session)}: ${oneLine(visible(task.request.title))}`,
    "",
    `- Outcome: ${outcomeText(session, state)}`,
    `- Model: ${oneLine(modelName(session.model))}`,
    `- Time: ${stamp(startedAt)}${end}`,
    `- Turns: ${turns}, ${counted(toolCalls, "tool call")}${asked}`,
    `- Tokens: ${tokensText(usage)}`,
    `- Cost: ${costText(cost)}`,
    `- Task: ${task.request.id}, session ${session.id}`,
  ].join("\n");
}

/** `Generator, attempt 2`. */
export function sessionTitle({ role, attempt }: Pick<SessionView, "role" | "attempt">): string {
  return `${ROLE_WORDS[role]}${attempt === 0 ? "" : `, attempt ${attempt}`}`;
}

function outcomeText({ outcome, detail }: SessionView, state: SessionState): string {
  if (outcome === null) return state === "live" ? "running" : "interrupted; it goes on when the task is resumed";
  const words = outcomeWords(outcome);
  return `${words}${detail === "" || detail === words ? "" : `: ${oneLine(visible(detail))}`}`;
}

/** How a session ended, in words. */
export function outcomeWords(outcome: SessionOutcome): string {
  return OUTCOMES[outcome];
}

const OUTCOMES: Readonly<Record<SessionOutcome, string>> = {
  completed: "completed",
  timedOut: "out of time",
  outOfToolCalls: "out of tool calls",
  outOfMessages: "out of messages",
  outOfBudget: "out of budget",
  spendLimit: "spend limit reached",
  cancelled: "cancelled",
  refused: "refused by the model",
  contextFull: "context window full",
  invalidOutput: "no valid answer",
  modelFailed: "the model failed",
};

export interface PartContext {
  readonly record: SessionRecord;
  readonly options: TranscriptOptions;
  /** The part is the last one and somebody works on it. */
  readonly isRunning: boolean;
  readonly outputTail: string;
}

export function printPart(part: ConversationPart, context: PartContext): string {
  switch (part.kind) {
    case "instructions":
      return ["## Instructions", embedded(visible(part.system)), ...(part.tools.length === 0 ? [] : [`Tools: ${part.tools.join(", ")}`])].join("\n\n");
    case "message":
      return [part.isFirst ? "## Request" : "## Countersign answered", embedded(visible(part.text))].join("\n\n");
    case "turn":
      return printTurn(part, context);
  }
}

function printTurn(turn: Turn, context: PartContext): string {
  const blocks = turn.message.content.map((block, index, all) => printBlock(block, all[index - 1]?.kind === "toolCall", { ...context, turn }));
  const pieces = [`## ${turnHeading(turn, context)}`, ...notesOf(turn.number - 1, context), STOPS[turn.stop], ...blocks];
  return pieces.filter((piece) => piece !== "").join("\n\n");
}

const STOPS: Readonly<Record<Turn["stop"], string>> = {
  endTurn: "",
  toolUse: "",
  pause: "",
  maxTokens: "_The answer was cut at the output limit._",
  refusal: "_The model refused._",
  contextFull: "_The conversation fills the model's context window._",
};

function turnHeading(turn: Turn, { record, options }: PartContext): string {
  const known = record.turns.get(turn.number);
  if (known === undefined) return `Turn ${turn.number} · ${tokensText(turn.usage)}`;
  const cost = known.usd === null ? "cost unknown" : costText({ usd: known.usd, unpricedCalls: 0 });
  return [`Turn ${turn.number}`, options.stamp(known.startedAt).slice(11), duration(known.durationMs), tokensText(known.usage), cost].join(" · ");
}

function notesOf(turn: number, { record, options }: PartContext): readonly string[] {
  return record.notes.filter((note) => note.afterTurn === turn).map((note) => printNote(note, options));
}

export function printNote(note: SessionNote, { stamp }: TranscriptOptions): string {
  return `> ${stamp(note.time).slice(11)} ${oneLine(visible(note.text))}`;
}

/** Text behind a call gets a heading, so that it does not seem to be part of the call. */
function printBlock(block: AssistantBlock, followsCall: boolean, context: PartContext & { readonly turn: Turn }): string {
  switch (block.kind) {
    case "text": {
      if (block.text.trim() === "") return "";
      return followsCall ? `### Said\n\n${saidText(block.text)}` : saidText(block.text);
    }
    case "opaque": {
      const thinking = thinkingOf(block);
      if (thinking === null) return "";
      return printThinking(thinking === "encrypted" ? "The provider has encrypted it." : thinking.text);
    }
    case "toolCall": {
      const { record, options, turn } = context;
      const result = turn.results.get(block.id);
      const state = { record: record.calls.get(block.id), result, isRunning: context.isRunning && result === undefined };
      const isCommand = block.name === "run_command" && state.isRunning && state.record?.end === null;
      return printToolCall(block, { ...state, outputTail: isCommand ? context.outputTail : "" }, options.maxBytes);
    }
  }
}

/** Quoted, so that it ends where its last quoted line does. */
export function printThinking(text: string): string {
  return `### Thinking\n\n${embedded(visible(text)).replaceAll(/^(?=(.?))/gm, (_, next) => (next === "" ? ">" : "> "))}`;
}
