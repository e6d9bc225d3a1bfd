// One of the editor's language models as a script plays it: parts in small pieces, one token for four characters. It
// keeps what it was sent.
import type { Script } from "../../src/adapters/model/script";
import type { ToolSpec } from "../../src/core/ports/modelClient";
import type { ChatMessage, ChatPart } from "../../src/vscode/models/editorConversation";
import type { EditorChat } from "../../src/vscode/models/editorModelClient";

const PIECE = 16;

export class ScriptedChat implements EditorChat {
  readonly sent: { readonly messages: readonly ChatMessage[]; readonly tools: readonly ToolSpec[] }[] = [];
  readonly counted: string[] = [];

  constructor(private readonly turns: Script["sessions"][number]["turns"]) {}

  send(messages: readonly ChatMessage[], tools: readonly ToolSpec[]): Promise<AsyncIterable<ChatPart>> {
    this.sent.push({ messages, tools });
    const turn = this.turns[messages.filter(({ role }) => role === "assistant").length];
    if (turn === undefined) return Promise.reject(new Error("the script has ended"));
    const text = (turn.text ?? "") + (turn.json === undefined ? "" : JSON.stringify(turn.json));
    const pieces = Array.from({ length: Math.ceil(text.length / PIECE) }, (_, index): ChatPart => ({ kind: "text", text: text.slice(index * PIECE, (index + 1) * PIECE) }));
    // As careless providers do, each response numbers its calls from zero.
    const calls = turn.toolCalls.map(({ name, input }, index): ChatPart => ({ kind: "toolCall", id: `call_${index}`, name, input: input as object }));
    return Promise.resolve(arriving([...pieces, ...calls]));
  }

  countTokens(text: string): Promise<number> {
    this.counted.push(text);
    return Promise.resolve(Math.ceil(text.length / 4));
  }
}

export async function* arriving<T>(parts: readonly T[]): AsyncGenerator<T> {
  for (const part of parts) {
    await Promise.resolve();
    yield part;
  }
}

/** Begins to answer and never ends. */
export function hangingChat(): EditorChat & { readonly ended: () => boolean } {
  let ended = false;
  return {
    ended: () => ended,
    countTokens: () => Promise.resolve(1),
    send: (_messages, _tools, signal) => {
      signal.addEventListener("abort", () => (ended = true), { once: true });
      return Promise.resolve(beginning());
    },
  };
}

async function* beginning(): AsyncGenerator<ChatPart> {
  yield { kind: "text", text: "I begin" };
  await new Promise<never>(() => {});
}
