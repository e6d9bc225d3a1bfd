// A model whose answers are written down beforehand, one a request. It refuses what a real API refuses, so that a
// conversation that no server would take fails the test.
import { strict as assert } from "node:assert";
import { toolCallsOf, type AssistantBlock, type AssistantMessage, type Message, type StopReason, type ToolCallBlock } from "../../src/core/domain/conversation";
import { NO_USAGE, type Usage } from "../../src/core/domain/usage";
import type { ModelClient, ModelEvent, ModelFailure, ModelFailureCode, ModelRequest } from "../../src/core/ports/modelClient";

/** The events of one response; or what makes them, for answers that depend on the request or wait for something. */
export type Answer = readonly ModelEvent[] | ((request: ModelRequest, signal: AbortSignal) => AsyncIterable<ModelEvent>);

export class FakeModel implements ModelClient {
  /** Every request, with the messages as they stood then. */
  readonly requests: ModelRequest[] = [];
  private readonly answers: Answer[];

  constructor(...answers: readonly Answer[]) {
    this.answers = [...answers];
  }

  /** Answers that were not asked for. */
  get left(): number {
    return this.answers.length;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    assertTakable(request.messages);
    this.requests.push({ ...request, messages: structuredClone([...request.messages]) });
    const answer = this.answers.shift() ?? failsWith("outOfScript", "the test has no answer for this request");
    if (signal.aborted) yield* failsWith("cancelled");
    else if (typeof answer === "function") yield* answer(request, signal);
    else yield* untilAborted(answer, signal);
  }
}

/** The answer to the n-th turn of a conversation is the n-th, whenever and by whichever session it is asked. */
export function conversation(...turns: readonly (readonly ModelEvent[])[]): FakeModel {
  const answer: Answer = async function* (request, signal) {
    const turn = request.messages.filter((message) => message.role === "assistant").length;
    yield* untilAborted(turns[turn] ?? failsWith("outOfScript", `turn ${turn} is not written down`), signal);
  };
  return new FakeModel(...turns.map(() => answer));
}

function* untilAborted(events: readonly ModelEvent[], signal: AbortSignal): Generator<ModelEvent> {
  for (const event of events) {
    if (signal.aborted) return yield* failsWith("cancelled");
    yield event;
  }
}

export function assertTakable(messages: readonly Message[]): void {
  assert.equal(messages[0]?.role, "user", "the first message is the user's");
  assert.equal(messages.at(-1)?.role, "user", "the last message is the user's");
  for (const [index, message] of messages.entries()) {
    assert.ok(message.content.length > 0 || message.role === "assistant", `message ${index} is empty`);
    const before = messages[index - 1];
    if (message.role === "assistant") assert.equal(before?.role, "user", `message ${index} follows another of its kind`);
    else {
      const asked = before?.role === "assistant" ? toolCallsOf(before).map((call) => call.id) : [];
      const answered = message.content.flatMap((block) => (block.kind === "toolResult" ? [block.callId] : []));
      assert.deepEqual(answered, asked, `message ${index} answers the calls before it, in order`);
    }
  }
}

export const A_USAGE: Usage = { ...NO_USAGE, input: 100, output: 10 };

export function call(id: string, name: string, input: unknown = {}): ToolCallBlock {
  return { kind: "toolCall", id, name, input };
}

/** A whole response as it streams: each call is ready before the end. */
export function answers(content: readonly AssistantBlock[], stop: StopReason, usage = A_USAGE): readonly ModelEvent[] {
  const message: AssistantMessage = { role: "assistant", content };
  const parts = content.flatMap((block): ModelEvent[] => {
    if (block.kind === "toolCall") return [{ kind: "toolCallReady", call: block }];
    return block.kind === "text" ? [{ kind: "textDelta", text: block.text }] : [];
  });
  return [...parts, { kind: "finished", message, stop, usage }];
}

export function says(text: string, stop: StopReason = "endTurn", usage = A_USAGE): readonly ModelEvent[] {
  return answers([{ kind: "text", text }], stop, usage);
}

export function saysJson(value: unknown): readonly ModelEvent[] {
  return says(JSON.stringify(value));
}

export function callsTools(...calls: readonly ToolCallBlock[]): readonly ModelEvent[] {
  return answers(calls, "toolUse");
}

export function failureOfCode(code: ModelFailureCode, message: string = code): ModelFailure {
  return { code, retryable: false, retryAfterMs: null, message };
}

export function failsWith(code: ModelFailureCode, message: string = code, usage = NO_USAGE): readonly ModelEvent[] {
  return [{ kind: "failed", failure: failureOfCode(code, message), usage }];
}

export function retrying(message = "busy"): ModelEvent {
  return { kind: "retrying", failure: failureOfCode("overloaded", message), tries: 1, delayMs: 1000 };
}
