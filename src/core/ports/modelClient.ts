// A language model. Adapters: Anthropic's API, the scripted model, and, in the editor layer, VS Code's own models.
import type { AssistantMessage, Message, StopReason, ToolCallBlock } from "../domain/conversation";
import type { Role } from "../domain/task";
import type { Usage } from "../domain/usage";

/** A JSON Schema object, plain data. */
export type JsonSchema = { readonly [key: string]: unknown };

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
}

export interface ModelRequest {
  readonly model: string;
  /** Byte-stable for the life of a session, as are `tools` and `outputSchema`: they are the cached prefix. */
  readonly system: string;
  readonly tools: readonly ToolSpec[];
  readonly messages: readonly Message[];
  readonly maxOutputTokens: number;
  /** The final text must be JSON of this schema; null for plain text. */
  readonly outputSchema: JsonSchema | null;
  readonly effort: "low" | "medium" | "high";
  /** Who asks; for the scripted model, recordings and logs. Never sent. */
  /** `node`: of a mission's graph, for its tasks. */
  readonly purpose: { readonly role: Role; readonly attempt: number; readonly session: string; readonly node?: string };
}

export type ModelFailureCode =
  | "rateLimited"
  | "overloaded"
  | "serverError"
  | "unreachable"
  | "disconnected"
  | "stalled"
  | "invalidKey"
  | "notPermitted"
  | "spendLimit"
  | "contextFull"
  | "modelNotFound"
  | "badRequest"
  | "unsupported" // the server does not know structured output (or another optional feature we then leave out)
  | "cancelled"
  | "outOfScript";

export interface ModelFailure {
  readonly code: ModelFailureCode;
  /** May the same request succeed later? */
  readonly retryable: boolean;
  /** As the server asked, milliseconds; null when it did not. */
  readonly retryAfterMs: number | null;
  /** For a person: what happened and what to do. Holds no key. */
  readonly message: string;
}

export type ModelEvent =
  | { readonly kind: "textDelta"; readonly text: string }
  | { readonly kind: "thinkingDelta"; readonly text: string }
  /** A tool call is complete while the response still streams: a read-only one may start now. */
  | { readonly kind: "toolCallReady"; readonly call: ToolCallBlock }
  | { readonly kind: "retrying"; readonly failure: ModelFailure; readonly tries: number; readonly delayMs: number }
  | { readonly kind: "finished"; readonly message: AssistantMessage; readonly stop: StopReason; readonly usage: Usage }
  /** `usage`: what the failed tries were billed as far as is known (input is billed once a stream has begun). */
  | { readonly kind: "failed"; readonly failure: ModelFailure; readonly usage: Usage };

/**
 * Contract:
 * - The stream ends with exactly one `finished` or `failed`, and never throws.
 * - After `retrying` everything streamed before it is void.
 * - A cancel through `signal` ends it with `failed` (`cancelled`) at once.
 * - `usage` is what the server reported, with every token kind; where it reports nothing, what the model's own counter says.
 */
export interface ModelClient {
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}
