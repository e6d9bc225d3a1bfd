// Builds model requests, and collects what a model client says to one.
import type { AssistantMessage, Message } from "../../src/core/domain/conversation";
import type { ModelClient, ModelEvent, ModelRequest, ToolSpec } from "../../src/core/ports/modelClient";

export const READ_FILE: ToolSpec = {
  name: "read_file",
  description: "Reads a file.",
  inputSchema: { type: "object", properties: { path: { type: "string" } }, required: ["path"], additionalProperties: false },
};

export function userSays(text: string): Message {
  return { role: "user", content: [{ kind: "text", text }] };
}

/** The results of every tool call of `message`, in order. */
export function resultsFor(message: AssistantMessage, content = "the result"): Message {
  const calls = message.content.filter((block) => block.kind === "toolCall");
  return { role: "user", content: calls.map(({ id }) => ({ kind: "toolResult" as const, callId: id, content, isError: false })) };
}

export function aRequest(change: Partial<ModelRequest> = {}): ModelRequest {
  return {
    model: "claude-opus-5-5",
    system: "You are the generator.",
    tools: [READ_FILE],
    messages: [userSays("Add a Fibonacci command.")],
    maxOutputTokens: 1000,
    outputSchema: null,
    effort: "medium",
    purpose: { role: "generator", attempt: 1, session: "generator-1-abcd" },
    ...change,
  };
}

export async function collect(client: ModelClient, request: ModelRequest, signal = new AbortController().signal): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of client.stream(request, signal)) events.push(event);
  return events;
}

type End = Extract<ModelEvent, { readonly kind: "finished" | "failed" }>;

/** The last event; fails unless it is the only end. */
export function endOf(events: readonly ModelEvent[]): End {
  const ends = events.filter((event) => event.kind === "finished" || event.kind === "failed");
  const [end] = ends;
  if (ends.length !== 1 || end === undefined || events.at(-1) !== end) {
    throw new Error(`expected one end, last: ${events.map((event) => event.kind).join(", ")}`);
  }
  return end;
}

export function finishOf(events: readonly ModelEvent[]): Extract<ModelEvent, { readonly kind: "finished" }> {
  const end = endOf(events);
  if (end.kind === "finished") return end;
  throw new Error(`expected finished, got ${end.failure.code}: ${end.failure.message}`);
}

export function failureOf(events: readonly ModelEvent[]): Extract<ModelEvent, { readonly kind: "failed" }> {
  const end = endOf(events);
  if (end.kind === "failed") return end;
  throw new Error("expected failed, got finished");
}
