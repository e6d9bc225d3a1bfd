// Token counts for answers that no server counted: four characters a token, earlier messages read from a cache.
import type { AssistantMessage, Message } from "../../core/domain/conversation";
import { estimateTokens } from "../../core/domain/tokenEstimate";
import { NO_USAGE, type Usage } from "../../core/domain/usage";
import type { ModelRequest } from "../../core/ports/modelClient";

/** Shorter prompts are not cached. Source: the API's documentation of prompt caching. */
const SMALLEST_CACHED_PROMPT = 1024;

export class ScriptedUsage {
  /** A conversation is sent again with every turn: its messages are measured once. */
  private readonly lengths = new WeakMap<Message["content"], number>();

  of(request: ModelRequest, answer: AssistantMessage, thinking: string): Usage {
    const fixed = JSON.stringify([request.system, request.tools, request.outputSchema]).length;
    const lastAnswer = request.messages.findLastIndex((message) => message.role === "assistant");
    const prompt = estimateTokens(fixed + this.chars(request.messages));
    const before = lastAnswer < 0 ? 0 : estimateTokens(fixed + this.chars(request.messages.slice(0, lastAnswer)));
    const output = Math.max(1, estimateTokens(JSON.stringify(answer.content).length + thinking.length));
    const cacheRead = before < SMALLEST_CACHED_PROMPT ? 0 : before;
    const fresh = prompt - cacheRead;
    return prompt < SMALLEST_CACHED_PROMPT
      ? { ...NO_USAGE, input: prompt, output }
      : { ...NO_USAGE, output, cacheRead, cacheWrite5m: fresh };
  }

  private chars(messages: readonly Message[]): number {
    return messages.reduce((sum, { content }) => sum + this.lengthOf(content), 0);
  }

  private lengthOf(content: Message["content"]): number {
    const known = this.lengths.get(content);
    if (known !== undefined) return known;
    const length = JSON.stringify(content).length;
    this.lengths.set(content, length);
    return length;
  }
}
