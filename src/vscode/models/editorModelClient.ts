// The editor's own language models as a model client. Knows a chat by two methods and not the editor, so that it can be
// tried without one. One request is one try: retries are made around it.
import { NO_USAGE } from "../../core/domain/usage";
import type { ModelClient, ModelEvent, ModelFailure, ModelRequest, ToolSpec } from "../../core/ports/modelClient";
import { ChatAnswer, chatMessages, type ChatMessage, type ChatPart } from "./editorConversation";
import { CANCELLED, EMPTY_ANSWER, failureOf, modelIsGone, modelIsSilent } from "./editorFailure";
import { GivenUp, eachPatiently, patiently, type Patience } from "./silence";
import { TokenCounts, type TokenCounter } from "./tokenCounts";

/** Ids of the editor's models begin so; what follows is `<vendor>/<id>`. */
export const EDITOR_PREFIX = "vscode:";

/** One of the editor's models. Both methods may reject with errors of the editor. */
export interface EditorChat extends TokenCounter {
  /** The answer's parts as they arrive, texts and tool calls. `signal` ends the editor's own request. */
  send(messages: readonly ChatMessage[], tools: readonly ToolSpec[], signal: AbortSignal): PromiseLike<AsyncIterable<ChatPart>>;
}

export interface EditorModelOptions {
  /** null: the editor does not have it now. `id`: `<vendor>/<id>`. */
  readonly find: (id: string) => PromiseLike<EditorChat | null>;
  /** Silence after which a request is given up, ms. */
  readonly idleMs: () => number;
}

export function editorModelClient(options: EditorModelOptions): ModelClient {
  const counts = new TokenCounts();
  return { stream: (request, signal) => new Exchange(request, signal, { ...options, counts }).events() };
}

class Exchange {
  readonly #id: string;
  readonly #patience: Patience;
  readonly #answer: ChatAnswer;
  /** Once it has begun to answer, the input counts as used. */
  #begun: EditorChat | null = null;

  constructor(
    private readonly request: ModelRequest,
    signal: AbortSignal,
    private readonly options: EditorModelOptions & { readonly counts: TokenCounts },
  ) {
    this.#id = request.model.slice(EDITOR_PREFIX.length);
    this.#patience = { signal, idleMs: options.idleMs() };
    this.#answer = new ChatAnswer(request.messages);
  }

  async *events(): AsyncGenerator<ModelEvent> {
    const editorsRequest = new AbortController();
    try {
      const chat = await patiently(() => this.options.find(this.#id), this.#patience);
      if (chat === null) yield await this.#failed(modelIsGone(this.#id));
      else yield* this.#ask(chat, editorsRequest.signal);
    } catch (error) {
      yield await this.#failed(this.#failureOf(error));
    } finally {
      editorsRequest.abort();
    }
  }

  async *#ask(chat: EditorChat, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const { request } = this;
    const parts = await patiently(() => chat.send(chatMessages(request), request.tools, signal), this.#patience);
    this.#begun = chat;
    for await (const part of eachPatiently(parts, this.#patience)) yield* this.#take(part);
    if (this.#answer.isEmpty) {
      yield await this.#failed(EMPTY_ANSWER);
      return;
    }
    const { message, callsTools } = this.#answer;
    const usage = await this.options.counts.usage(chat, request, message);
    yield { kind: "finished", message, stop: callsTools ? "toolUse" : "endTurn", usage };
  }

  *#take(part: ChatPart): Generator<ModelEvent> {
    if (part.kind === "text" && part.text !== "") {
      this.#answer.text(part.text);
      yield { kind: "textDelta", text: part.text };
    } else if (part.kind === "toolCall") {
      yield { kind: "toolCallReady", call: this.#answer.toolCall(part.id, part.name, part.input) };
    }
  }

  #failureOf(error: unknown): ModelFailure {
    if (this.#patience.signal.aborted) return CANCELLED;
    return error instanceof GivenUp ? modelIsSilent(this.#id, this.#patience.idleMs / 1000) : failureOf(error, this.#id);
  }

  async #failed(failure: ModelFailure): Promise<ModelEvent> {
    // A cancel is answered at once.
    const isCounted = this.#begun !== null && failure.code !== "cancelled";
    const usage = isCounted && this.#begun !== null ? await this.options.counts.usage(this.#begun, this.request, null) : NO_USAGE;
    return { kind: "failed", failure, usage };
  }
}
