// A conversation with a model in the project's own words. What only one provider understands (thinking,
// signatures) travels as `opaque` blocks, stored and resent verbatim.

export interface TextBlock {
  readonly kind: "text";
  readonly text: string;
}

/** A tool call as the model wrote it. `input` is unchecked until the tool's own schema has read it. */
export interface ToolCallBlock {
  readonly kind: "toolCall";
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  /** Set when the input was no valid JSON: the raw text. The engine answers such a call with an error. */
  readonly malformed?: string;
}

/** A provider's own block (e.g. thinking with its signature): never read, never changed, never moved to another session. */
export interface OpaqueBlock {
  readonly kind: "opaque";
  readonly provider: string;
  readonly block: unknown;
}

export type AssistantBlock = TextBlock | ToolCallBlock | OpaqueBlock;

export interface ToolResultBlock {
  readonly kind: "toolResult";
  readonly callId: string;
  readonly content: string;
  readonly isError: boolean;
}

export type UserBlock = TextBlock | ToolResultBlock;

export interface UserMessage {
  readonly role: "user";
  readonly content: readonly UserBlock[];
}

export interface AssistantMessage {
  readonly role: "assistant";
  readonly content: readonly AssistantBlock[];
}

export type Message = UserMessage | AssistantMessage;

/** Why a response ended. `contextFull`: the model's window is used up. */
export type StopReason = "endTurn" | "toolUse" | "maxTokens" | "refusal" | "contextFull" | "pause";

export function textOf(message: AssistantMessage): string {
  return message.content
    .filter((block) => block.kind === "text")
    .map((block) => block.text)
    .join("");
}

export function toolCallsOf(message: AssistantMessage): readonly ToolCallBlock[] {
  return message.content.filter((block) => block.kind === "toolCall");
}
