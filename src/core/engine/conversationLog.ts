// The conversation of one session: messages in memory, every entry in the transcript, and both back after a crash.
import type { AssistantMessage, Message, StopReason, ToolResultBlock, UserMessage } from "../domain/conversation";
import { toolCallsOf } from "../domain/conversation";
import type { Usage } from "../domain/usage";
import type { Transcript, TranscriptEntry } from "../ports/transcripts";

export class ConversationLog {
  readonly messages: Message[] = [];
  /** Bytes of all messages as JSON: the basis of the worst-case cost of the next call. */
  bytes = 0;
  /** Why the last response ended; null before the first. */
  lastStop: StopReason | null = null;
  turns = 0;
  toolCalls = 0;
  /** Answers to the last message's calls, as far as they are known. */
  private results = new Map<string, ToolResultBlock>();
  private started = new Set<string>();

  constructor(private readonly transcript: Transcript) {
    for (const entry of transcript.recovered) this.replay(entry);
  }

  get isNew(): boolean {
    return this.messages.length === 0;
  }

  header(entry: Extract<TranscriptEntry, { readonly kind: "header" }>): void {
    this.transcript.append(entry);
  }

  user(message: UserMessage): void {
    this.transcript.append({ kind: "user", message });
    this.push(message);
  }

  assistant(message: AssistantMessage, stop: StopReason, usage: Usage): void {
    this.transcript.append({ kind: "assistant", message, stop, usage });
    this.noteAssistant(message, stop);
  }

  /** On disk before a tool with side effects starts: after a crash it is known that its outcome is not. */
  async toolStarts(call: string): Promise<void> {
    this.transcript.append({ kind: "toolStarted", call });
    await this.transcript.flush();
  }

  toolResult(result: ToolResultBlock): void {
    this.transcript.append({ kind: "toolResult", result });
    this.results.set(result.callId, result);
  }

  resultOf(call: string): ToolResultBlock | undefined {
    return this.results.get(call);
  }

  wasStarted(call: string): boolean {
    return this.started.has(call);
  }

  /** Closes the turn: the results of the last message's calls, in the order of the calls, as one user message. */
  answerCalls(): void {
    const last = this.messages.at(-1);
    if (last?.role !== "assistant") return;
    const content = toolCallsOf(last).flatMap((call) => this.results.get(call.id) ?? []);
    this.user({ role: "user", content });
  }

  flush(): Promise<void> {
    return this.transcript.flush();
  }

  close(): Promise<void> {
    return this.transcript.close();
  }

  private replay(entry: TranscriptEntry): void {
    switch (entry.kind) {
      case "header":
        return;
      case "user":
        return this.push(entry.message);
      case "assistant":
        return this.noteAssistant(entry.message, entry.stop);
      case "toolStarted":
        this.started.add(entry.call);
        return;
      case "toolResult":
        this.results.set(entry.result.callId, entry.result);
    }
  }

  private noteAssistant(message: AssistantMessage, stop: StopReason): void {
    this.push(message);
    this.lastStop = stop;
    this.turns += 1;
    this.toolCalls += toolCallsOf(message).length;
    this.results = new Map();
    this.started = new Set();
  }

  /** Messages of the engine's own, tool results apart; the first one is the task. */
  get remarks(): number {
    return this.messages.filter((message) => message.role === "user" && message.content.some((block) => block.kind === "text")).length;
  }

  private push(message: Message): void {
    this.messages.push(message);
    this.bytes += Buffer.byteLength(JSON.stringify(message));
  }
}
