// What a request to the editor's models used. The editor reports no usage, so the texts are counted by the model's own
// counter; what caches saved, and what is billed, nobody says. Each message is counted once.
import type { AssistantMessage, Message } from "../../core/domain/conversation";
import { NO_USAGE, type Usage } from "../../core/domain/usage";
import type { ModelRequest, ToolSpec } from "../../core/ports/modelClient";
import { partsOf, schemaInWords, type ChatPart } from "./editorConversation";

export interface TokenCounter {
  countTokens(text: string): PromiseLike<number>;
}

/** Of prose and code together; only for a counter that fails. */
const CHARACTERS_PER_TOKEN = 4;

export class TokenCounts {
  readonly #messages = new WeakMap<Message, Promise<number>>();
  /** System prompt and tools, by the tools of a session. */
  readonly #prefixes = new WeakMap<readonly ToolSpec[], Promise<number>>();

  /** `answer`: null where there is none. */
  async usage(counter: TokenCounter, request: ModelRequest, answer: AssistantMessage | null): Promise<Usage> {
    const [prefix, output, ...messages] = await Promise.all([
      this.#prefix(counter, request),
      answer === null ? 0 : this.#message(counter, answer),
      ...request.messages.map((message) => this.#message(counter, message)),
    ]);
    return { ...NO_USAGE, input: messages.reduce((sum, tokens) => sum + tokens, prefix), output };
  }

  #prefix(counter: TokenCounter, { system, tools, outputSchema }: ModelRequest): Promise<number> {
    const known = this.#prefixes.get(tools);
    if (known !== undefined) return known;
    const counting = count(counter, `${system}\n${outputSchema === null ? "" : schemaInWords(outputSchema)}\n${JSON.stringify(tools)}`);
    this.#prefixes.set(tools, counting);
    return counting;
  }

  #message(counter: TokenCounter, message: Message): Promise<number> {
    const known = this.#messages.get(message);
    if (known !== undefined) return known;
    const counting = count(counter, partsOf(message).map(textOfPart).join("\n"));
    this.#messages.set(message, counting);
    return counting;
  }
}

async function count(counter: TokenCounter, text: string): Promise<number> {
  try {
    const tokens = await counter.countTokens(text);
    if (Number.isFinite(tokens) && tokens > 0) return Math.ceil(tokens);
  } catch {
    // A count is no reason to lose an answer.
  }
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

function textOfPart(part: ChatPart): string {
  switch (part.kind) {
    case "text":
    case "toolResult":
      return part.text;
    case "toolCall":
      return `${part.name} ${JSON.stringify(part.input)}`;
  }
}
