// Writes the fake API's answers: server-sent events as the real API streams them, whole messages, and every way in
// which a stream can go wrong.
import type { ServerResponse } from "node:http";
import type { FakeUsage, Wire } from "./fakeModelApiCache";
import { signatureOf } from "./fakeModelApiRules";

export interface FakeToolCall {
  readonly name: string;
  readonly input?: unknown;
  /** Streamed as the input instead: any text. */
  readonly rawInput?: string;
  readonly id?: string;
}

export type StreamFault =
  | { readonly kind: "stallMidStream" }
  /** The connection is reset after half of the events. */
  | { readonly kind: "cutMidStream" }
  /** The body ends in order, but without the end of the message. */
  | { readonly kind: "endEarly" }
  /** Reset within the first tool call's input. */
  | { readonly kind: "cutMidToolInput" }
  /** An event whose JSON is cut. */
  | { readonly kind: "truncatedJson" }
  | { readonly kind: "errorEvent"; readonly type: string; readonly message: string; readonly errorCode?: string }
  /** Reset after the stop reason, before `message_stop`. */
  | { readonly kind: "cutAfterStopReason" }
  /** Everything is sent, the response is never ended. */
  | { readonly kind: "neverEnds" };

export interface FakeAnswer {
  readonly thinking?: string;
  readonly text?: string;
  readonly toolCalls?: readonly FakeToolCall[];
  /** Further blocks, sent whole in their start event, before the text. */
  readonly blocks?: readonly Wire[];
  /** As on the wire; `tool_use` or `end_turn` when left out. */
  readonly stop?: string;
  readonly stopDetails?: Wire;
  readonly outputTokens?: number;
  readonly streamFault?: StreamFault;
  /** Every event that can be told apart is sent twice. */
  readonly duplicated?: boolean;
  /** Unknown events, comments and pings are mixed in. */
  readonly noisy?: boolean;
  /** Bytes a chunk; cuts through events and characters. */
  readonly chunkBytes?: number;
  /** Waited between chunks, ms; pings are sent meanwhile where `pings` is set. */
  readonly delayMs?: number;
  readonly pings?: number;
}

export interface Envelope {
  readonly id: string;
  readonly model: unknown;
  readonly usage: FakeUsage | Pick<FakeUsage, "input_tokens">;
}

type Event = readonly [name: string, data: Wire];

export function outputTokens(answer: FakeAnswer): number {
  const calls = (answer.toolCalls ?? []).map(({ name, input, rawInput }) => name + (rawInput ?? JSON.stringify(input ?? {})));
  const length = [answer.thinking ?? "", answer.text ?? "", ...calls].join("").length;
  return answer.outputTokens ?? Math.max(1, Math.ceil(length / 4));
}

function contentOf(answer: FakeAnswer, { id, model }: Envelope): readonly Wire[] {
  const { thinking, text, blocks = [], toolCalls = [] } = answer;
  return [
    ...(thinking === undefined ? [] : [{ type: "thinking", thinking, signature: signatureOf(model, thinking) }]),
    ...blocks,
    ...(text === undefined ? [] : [{ type: "text", text }]),
    ...toolCalls.map((call, index) => ({ type: "tool_use", id: call.id ?? `${id.replace("msg_", "toolu_")}_${index}`, name: call.name, input: call.input ?? {} })),
  ];
}

function stopOf(answer: FakeAnswer): Wire {
  const natural = (answer.toolCalls ?? []).length > 0 ? "tool_use" : "end_turn";
  return { stop_reason: answer.stop ?? natural, stop_sequence: null, stop_details: answer.stopDetails ?? null };
}

export function wholeMessage(answer: FakeAnswer, envelope: Envelope): Wire {
  const { id, model, usage } = envelope;
  const content = contentOf(answer, envelope);
  return { id, type: "message", role: "assistant", model, content, ...stopOf(answer), usage: { ...usage, output_tokens: outputTokens(answer) } };
}

/** Resolves when the response has ended, been cut, or been left hanging. */
export async function streamMessage(response: ServerResponse, answer: FakeAnswer, envelope: Envelope): Promise<void> {
  const events = damaged(eventsOf(answer, envelope), answer);
  for (let i = 0; i < (answer.pings ?? 0); i += 1) {
    response.write('event: ping\ndata: {"type": "ping"}\n\n');
    await pause(answer.delayMs ?? 0);
  }
  const bytes = Buffer.from(events.map((event) => printed(event, answer)).join(""));
  const size = answer.chunkBytes ?? 4096;
  for (let from = 0; from < bytes.length; from += size) {
    response.write(bytes.subarray(from, from + size));
    await pause(answer.delayMs ?? 0);
  }
  switch (answer.streamFault?.kind) {
    case "stallMidStream":
    case "neverEnds":
      return;
    case "cutMidStream":
    case "cutMidToolInput":
    case "cutAfterStopReason":
      // What was written must be on its way before the reset.
      await new Promise((resolve) => setTimeout(resolve, 20));
      response.destroy();
      return;
    default:
      response.end();
  }
}

async function pause(ms: number): Promise<void> {
  await (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : new Promise(setImmediate));
}

function eventsOf(answer: FakeAnswer, envelope: Envelope): Event[] {
  const { id, model, usage } = envelope;
  const message = { id, type: "message", role: "assistant", model, content: [], stop_reason: null, stop_sequence: null };
  const started: Event = ["message_start", { message: { ...message, usage: { ...usage, output_tokens: 1 } } }];
  const content = contentOf(answer, envelope);
  const firstCall = content.length - (answer.toolCalls ?? []).length;
  const blocks = content.flatMap((block, index) => blockEvents(block, index, answer.toolCalls?.[index - firstCall]));
  const { cache_creation: _unsaid, ...cumulative } = { cache_creation: null, ...usage };
  const ended: Event = ["message_delta", { delta: stopOf(answer), usage: { ...cumulative, output_tokens: outputTokens(answer) } }];
  return [started, ["ping", {}], ...blocks, ended, ["message_stop", {}]];
}

function blockEvents(block: Wire, index: number, call: FakeToolCall | undefined): Event[] {
  const event = (name: string, data: Wire): Event => [name, { index, ...data }];
  const around = (start: Wire, deltas: readonly Wire[]): Event[] => [
    event("content_block_start", { content_block: start }),
    ...deltas.map((delta) => event("content_block_delta", { delta })),
    event("content_block_stop", {}),
  ];
  switch (block["type"]) {
    case "text":
      return around({ type: "text", text: "" }, pieces(block["text"]).map((text) => ({ type: "text_delta", text })));
    case "thinking": {
      const deltas = pieces(block["thinking"]).map((thinking) => ({ type: "thinking_delta", thinking }));
      return around({ type: "thinking", thinking: "", signature: "" }, [...deltas, { type: "signature_delta", signature: block["signature"] }]);
    }
    case "tool_use": {
      const json = call?.rawInput ?? JSON.stringify(block["input"]);
      const deltas = ["", ...pieces(json)].map((partial) => ({ type: "input_json_delta", partial_json: partial }));
      return around({ ...block, input: {} }, deltas);
    }
    default:
      return around(block, []);
  }
}

function pieces(text: unknown): string[] {
  return Array.from(String(text).matchAll(/[^]{1,24}/gu), ([piece]) => piece);
}

/** The events up to where the fault strikes. */
function damaged(events: readonly Event[], { streamFault: fault }: FakeAnswer): readonly Event[] {
  const half = events.slice(0, Math.ceil(events.length / 2));
  switch (fault?.kind) {
    case "stallMidStream":
    case "cutMidStream":
    case "endEarly":
      return half;
    case "cutMidToolInput": {
      const inputs = events.flatMap(([, { delta }], index) => ((delta as Wire | undefined)?.["type"] === "input_json_delta" ? [index] : []));
      return events.slice(0, inputs.at(-1) ?? events.length);
    }
    case "truncatedJson":
      return [...half, ["content_block_delta", { cut: true }]];
    case "errorEvent": {
      const details = fault.errorCode === undefined ? {} : { details: { error_code: fault.errorCode } };
      return [...half, ["error", { error: { type: fault.type, message: fault.message, ...details } }]];
    }
    case "cutAfterStopReason":
      return events.slice(0, -1);
    default:
      return events;
  }
}

function printed([name, data]: Event, { duplicated, noisy }: FakeAnswer): string {
  const json = JSON.stringify({ type: name, ...data });
  const body = data["cut"] === true ? json.slice(0, json.length - 6) : json;
  const text = `event: ${name}\ndata: ${body}\n\n`;
  const twice = duplicated === true && name !== "content_block_delta" && name !== "error";
  const noise = `: a comment\n\nevent: content_block_glow\ndata: {"type":"content_block_glow","index":0}\n\nevent: later\ndata: not json\n\n`;
  return (noisy === true ? noise : "") + text + (twice ? text : "");
}
