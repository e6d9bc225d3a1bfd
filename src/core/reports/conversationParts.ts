// A session's transcript as a reader takes it in: instructions, messages, turns with their calls and results. Built
// entry by entry, so that a session that is still going on can be followed.
import type { AssistantMessage, OpaqueBlock, StopReason, ToolResultBlock } from "../domain/conversation";
import type { Usage } from "../domain/usage";
import type { TranscriptEntry } from "../ports/transcripts";

export interface Turn {
  readonly kind: "turn";
  /** 1-based. */
  readonly number: number;
  readonly message: AssistantMessage;
  readonly stop: StopReason;
  readonly usage: Usage;
  /** By the call's id, as far as they are known. */
  readonly results: ReadonlyMap<string, ToolResultBlock>;
}

export type ConversationPart =
  | { readonly kind: "instructions"; readonly system: string; readonly tools: readonly string[] }
  /** `isFirst`: what the role was asked; the others are what Countersign said to its answers. */
  | { readonly kind: "message"; readonly text: string; readonly isFirst: boolean }
  | Turn;

export class ConversationParts {
  #parts: ConversationPart[] = [];
  #results = new Map<string, ToolResultBlock>();
  #turns = 0;
  #messages = 0;

  /** Those that have not been taken. */
  get parts(): readonly ConversationPart[] {
    return this.#parts;
  }

  /** Takes all parts but the last `count` out: they are not kept any longer. */
  takeAllBut(count: number): readonly ConversationPart[] {
    const taken = this.#parts.slice(0, -count);
    this.#parts = this.#parts.slice(-count);
    return taken;
  }

  /** Turns so far. */
  get turns(): number {
    return this.#turns;
  }

  add(entry: TranscriptEntry): void {
    switch (entry.kind) {
      case "header":
        this.#parts.push({ kind: "instructions", system: entry.system, tools: entry.tools });
        return;
      case "assistant":
        this.#turns += 1;
        this.#results = new Map();
        this.#parts.push({ kind: "turn", number: this.#turns, message: entry.message, stop: entry.stop, usage: entry.usage, results: this.#results });
        return;
      case "toolResult":
        this.#results.set(entry.result.callId, entry.result);
        return;
      case "user":
        for (const block of entry.message.content) {
          if (block.kind === "toolResult") this.#results.set(block.callId, block);
          else this.#message(block.text);
        }
        return;
      case "toolStarted":
        return;
    }
  }

  #message(text: string): void {
    this.#messages += 1;
    this.#parts.push({ kind: "message", text, isFirst: this.#messages === 1 });
  }
}

/** What a provider's own block says that a person can read; null when there is nothing, "encrypted" where it is hidden. */
export function thinkingOf({ block }: OpaqueBlock): { readonly text: string } | "encrypted" | null {
  if (typeof block !== "object" || block === null || !("type" in block)) return null;
  if (block.type === "redacted_thinking") return "encrypted";
  if (block.type !== "thinking" || !("thinking" in block) || typeof block.thinking !== "string") return null;
  return block.thinking.trim() === "" ? null : { text: block.thinking };
}
