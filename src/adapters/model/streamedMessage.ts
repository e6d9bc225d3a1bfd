// Puts the events of a streamed message together. It takes whatever a server sends: unknown events and blocks,
// repeated ones, missing ends; what it cannot read it keeps unread or leaves out, and it never throws.
import { randomUUID } from "node:crypto";
import type { AssistantBlock, AssistantMessage, StopReason, ToolCallBlock } from "../../core/domain/conversation";
import type { Usage } from "../../core/domain/usage";
import type { ModelEvent } from "../../core/ports/modelClient";
import { isRecord } from "./anthropicErrors";
import { PROVIDER } from "./anthropicRequest";
import { UsageCount } from "./usageCount";

interface OpenBlock {
  readonly raw: Record<string, unknown>;
  /** Pieces of a tool call's input. */
  json: string;
  /** The finished block; undefined while it is open, null when there is nothing to keep. */
  done: AssistantBlock | null | undefined;
}

type Progress = Extract<ModelEvent, { readonly kind: "textDelta" | "thinkingDelta" | "toolCallReady" }>;

const NOTHING: readonly Progress[] = [];

export class StreamedMessage {
  private readonly blocks = new Map<number, OpenBlock>();
  private readonly count = new UsageCount();
  private stopReason: string | null = null;
  private refusal = "";
  private begun = false;
  private ended = false;

  /** `takenIds`: ids of earlier calls of the conversation; some servers number each response's calls from zero. */
  constructor(private readonly takenIds: () => ReadonlySet<string>) {}

  /** The server has begun to answer: the input is billed. */
  get hasBegun(): boolean {
    return this.begun;
  }

  /** Everything has been received, even where the connection is lost now. */
  get isComplete(): boolean {
    return this.ended || this.stopReason !== null;
  }

  get hasEnded(): boolean {
    return this.ended;
  }

  get usage(): Usage {
    return this.count.usage;
  }

  take(event: Record<string, unknown>): readonly Progress[] {
    switch (event["type"]) {
      case "message_start":
        this.begun = true;
        if (isRecord(event["message"])) this.count.add(event["message"]["usage"]);
        return NOTHING;
      case "content_block_start":
        return this.start(indexOf(event), event["content_block"]);
      case "content_block_delta":
        return this.delta(indexOf(event), event["delta"]);
      case "content_block_stop":
        return this.finish(this.blocks.get(indexOf(event)));
      case "message_delta":
        this.count.add(event["usage"]);
        if (isRecord(event["delta"])) this.readStop(event["delta"]);
        return NOTHING;
      case "message_stop":
        this.ended = true;
        return this.finishAll();
      default:
        return NOTHING;
    }
  }

  /** A whole message that was not streamed. */
  takeWhole(message: Record<string, unknown>): readonly Progress[] {
    this.begun = true;
    this.ended = true;
    this.count.add(message["usage"]);
    this.readStop(message);
    const content = Array.isArray(message["content"]) ? (message["content"] as readonly unknown[]) : [];
    return [...content.flatMap((block, index) => this.start(index, block)), ...this.finishAll()];
  }

  /** The end of the message; null when it says nothing, which no caller could go on from. */
  end(): Extract<ModelEvent, { readonly kind: "finished" }> | null {
    this.finishAll();
    const content = [...this.blocks].toSorted(([a], [b]) => a - b).flatMap(([, block]) => block.done ?? []);
    const stop = stopOf(this.stopReason, content);
    if (stop === "refusal" && this.refusal !== "" && !content.some((block) => block.kind === "text")) {
      content.push({ kind: "text", text: this.refusal });
    }
    if (content.length === 0 && (stop === "endTurn" || stop === "toolUse")) return null;
    const message: AssistantMessage = { role: "assistant", content };
    return { kind: "finished", message, stop, usage: this.usage };
  }

  private start(index: number, raw: unknown): readonly Progress[] {
    // A second start of the same block is a repeated event.
    if (!isRecord(raw) || this.blocks.has(index)) return NOTHING;
    this.blocks.set(index, { raw: { ...raw }, json: "", done: undefined });
    return raw["type"] === "text" && typeof raw["text"] === "string" && raw["text"] !== "" ? [{ kind: "textDelta", text: raw["text"] }] : NOTHING;
  }

  private delta(index: number, delta: unknown): readonly Progress[] {
    if (!isRecord(delta)) return NOTHING;
    if (!this.blocks.has(index) && delta["type"] === "text_delta") this.start(index, { type: "text", text: "" });
    const block = this.blocks.get(index);
    if (block === undefined || block.done !== undefined) return NOTHING;
    switch (delta["type"]) {
      case "text_delta":
        return [{ kind: "textDelta", text: grow(block.raw, "text", delta["text"]) }];
      case "thinking_delta":
        return [{ kind: "thinkingDelta", text: grow(block.raw, "thinking", delta["thinking"]) }];
      case "signature_delta":
        if (typeof delta["signature"] === "string") block.raw["signature"] = delta["signature"];
        return NOTHING;
      case "input_json_delta":
        if (typeof delta["partial_json"] === "string") block.json += delta["partial_json"];
        return NOTHING;
      default:
        return NOTHING;
    }
  }

  private finishAll(): readonly Progress[] {
    return [...this.blocks.values()].flatMap((block) => this.finish(block));
  }

  private finish(block: OpenBlock | undefined): readonly Progress[] {
    if (block === undefined || block.done !== undefined) return NOTHING;
    block.done = this.blockOf(block);
    return block.done?.kind === "toolCall" ? [{ kind: "toolCallReady", call: block.done }] : NOTHING;
  }

  private blockOf({ raw, json }: OpenBlock): AssistantBlock | null {
    switch (raw["type"]) {
      case "text": {
        const text = typeof raw["text"] === "string" ? raw["text"] : "";
        return text === "" ? null : { kind: "text", text };
      }
      case "tool_use":
        return this.toolCall(raw, json);
      case "thinking":
        // Cut before its signature it would be refused when it is sent again.
        if (typeof raw["signature"] !== "string" || raw["signature"] === "") return null;
        return { kind: "opaque", provider: PROVIDER, block: raw };
      default: {
        const input = json === "" ? {} : inputOf(json, {});
        return { kind: "opaque", provider: PROVIDER, block: "input" in input ? { ...raw, input: input.input } : raw };
      }
    }
  }

  private toolCall(raw: Record<string, unknown>, json: string): ToolCallBlock {
    const name = typeof raw["name"] === "string" ? raw["name"] : "";
    return { kind: "toolCall", id: this.freeId(raw["id"]), name, ...inputOf(json, raw["input"] ?? {}) };
  }

  private freeId(id: unknown): string {
    const taken = this.takenIds();
    const isFree = (candidate: string): boolean =>
      !taken.has(candidate) && ![...this.blocks.values()].some(({ done }) => done?.kind === "toolCall" && done.id === candidate);
    if (typeof id === "string" && id !== "" && isFree(id)) return id;
    return `toolu_${randomUUID().replaceAll("-", "")}`;
  }

  private readStop(from: Record<string, unknown>): void {
    const { stop_reason: reason, stop_details: details } = from;
    if (typeof reason === "string") this.stopReason = reason;
    if (!isRecord(details)) return;
    const words = [details["category"], details["explanation"]].filter((word) => typeof word === "string");
    this.refusal = words.join(": ");
  }
}

function indexOf(event: Record<string, unknown>): number {
  return typeof event["index"] === "number" ? event["index"] : 0;
}

/** Adds text to a field; returns what was added. */
function grow(raw: Record<string, unknown>, field: string, added: unknown): string {
  const text = typeof added === "string" ? added : "";
  raw[field] = (typeof raw[field] === "string" ? raw[field] : "") + text;
  return text;
}

/** A tool's input is an object; anything else is kept as it came. `whole`: what the block's start carried. */
function inputOf(json: string, whole: unknown): Pick<ToolCallBlock, "input" | "malformed"> {
  if (json.trim() === "") return isRecord(whole) ? { input: whole } : { input: {}, malformed: JSON.stringify(whole) };
  try {
    const input: unknown = JSON.parse(json);
    return isRecord(input) ? { input } : { input: {}, malformed: json };
  } catch {
    return { input: {}, malformed: json };
  }
}

function stopOf(reason: string | null, content: readonly AssistantBlock[]): StopReason {
  switch (reason) {
    case "max_tokens":
      return "maxTokens";
    case "refusal":
      return "refusal";
    case "pause_turn":
      return "pause";
    case "model_context_window_exceeded":
      return "contextFull";
    default:
      // Compatible servers are careless with the reason; the content is not.
      return content.some((block) => block.kind === "toolCall") ? "toolUse" : "endTurn";
  }
}
