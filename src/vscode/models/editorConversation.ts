// A conversation in the words of the editor's language models: messages of parts, two roles, no system prompt, no
// structured output. Pure; the same conversation always gives the same messages.
import { randomUUID } from "node:crypto";
import type { AssistantBlock, AssistantMessage, Message, ToolCallBlock } from "../../core/domain/conversation";
import type { ModelRequest } from "../../core/ports/modelClient";

export type ChatPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "toolCall"; readonly id: string; readonly name: string; readonly input: object }
  | { readonly kind: "toolResult"; readonly callId: string; readonly text: string };

export interface ChatMessage {
  readonly role: "user" | "assistant";
  readonly parts: readonly ChatPart[];
}

/** The system prompt stands before the first message's own text: some models know no message but the user's. */
export function chatMessages({ system, outputSchema, messages }: ModelRequest): readonly ChatMessage[] {
  const preface = [system, outputSchema === null ? "" : schemaInWords(outputSchema)].filter((text) => text !== "").map(textPart);
  return messages.flatMap((message, index) => {
    const parts = [...(index === 0 ? preface : []), ...partsOf(message)];
    return parts.length === 0 ? [] : [{ role: message.role, parts }];
  });
}

/** What structured output says where a model has it. */
export function schemaInWords(schema: object): string {
  return `When your work is done, your last message is one JSON object of this JSON Schema and nothing else, no code fence and no words around it:\n${JSON.stringify(schema)}`;
}

export function partsOf(message: Message): readonly ChatPart[] {
  if (message.role === "assistant") return message.content.flatMap(assistantPart);
  return message.content.flatMap((block): readonly ChatPart[] => {
    if (block.kind === "text") return block.text.trim() === "" ? [] : [textPart(block.text)];
    // These results know no failure but in words.
    const text = block.isError ? `Error: ${block.content}` : block.content;
    return [{ kind: "toolResult", callId: block.callId, text }];
  });
}

function assistantPart(block: AssistantBlock): readonly ChatPart[] {
  switch (block.kind) {
    case "text":
      return block.text.trim() === "" ? [] : [textPart(block.text)];
    case "toolCall":
      // What the model really wrote is told in the call's result.
      return [{ kind: "toolCall", id: block.id, name: block.name, input: isRecord(block.input) ? block.input : {} }];
    case "opaque":
      return [];
  }
}

function textPart(text: string): ChatPart {
  return { kind: "text", text };
}

/** Puts an answer together while its parts arrive. */
export class ChatAnswer {
  readonly #content: AssistantBlock[] = [];
  readonly #taken: Set<string>;

  constructor(messages: readonly Message[]) {
    const calls = messages.flatMap(({ content }) => content.flatMap((block) => (block.kind === "toolCall" ? [block.id] : [])));
    this.#taken = new Set(calls);
  }

  get isEmpty(): boolean {
    return this.#content.every((block) => block.kind === "text" && block.text.trim() === "");
  }

  get message(): AssistantMessage {
    return { role: "assistant", content: this.#content };
  }

  get callsTools(): boolean {
    return this.#content.some((block) => block.kind === "toolCall");
  }

  text(text: string): void {
    const last = this.#content.at(-1);
    if (last?.kind === "text") this.#content[this.#content.length - 1] = { kind: "text", text: last.text + text };
    else this.#content.push({ kind: "text", text });
  }

  toolCall(id: string, name: string, input: unknown): ToolCallBlock {
    const call: ToolCallBlock = { kind: "toolCall", id: this.#free(id), name, ...(isRecord(input) ? { input } : { input: {}, malformed: JSON.stringify(input) ?? "" }) };
    this.#content.push(call);
    return call;
  }

  /** Some providers number each response's calls from zero, and some leave the id out. */
  #free(id: string): string {
    const free = id === "" || this.#taken.has(id) ? `call_${randomUUID().replaceAll("-", "")}` : id;
    this.#taken.add(free);
    return free;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
