// Carries out the tool calls of one turn: read-only ones in parallel and as soon as they have streamed in, others
// one after the other in the order of the calls.
import type { ToolCallBlock } from "../domain/conversation";
import { toolAnswer } from "../domain/foreignText";
import type { SessionId } from "../domain/task";
import type { Clock } from "../ports/clock";
import type { Tool, ToolContext, ToolOutcome } from "../tools/tool";
import type { ConversationLog } from "./conversationLog";
import type { Recorder } from "./recorder";

/** What a model reads about a call that was cut off by a crash. Source: design, "State: one journal". */
export const INTERRUPTED = "interrupted, outcome unknown: check before repeating";

export interface ToolCallDeps {
  readonly tools: readonly Tool[];
  readonly context: ToolContext;
  readonly session: SessionId;
  readonly log: ConversationLog;
  readonly recorder: Recorder;
  readonly clock: Clock;
  /** Told after each call, for the execution log. */
  readonly onFinished: (call: ToolCallBlock, description: string, outcome: ToolOutcome) => void;
}

interface Ran {
  readonly call: ToolCallBlock;
  readonly description: string;
  readonly outcome: ToolOutcome;
}

export class ToolCalls {
  private early = new Map<string, Promise<Ran>>();
  private sideEffectSeen = false;
  private readonly running = new Set<Promise<Ran>>();

  constructor(private readonly deps: ToolCallDeps) {}

  /** A call has streamed in. Starts it when it only reads and no earlier call of the turn may change what it reads. */
  ready(call: ToolCallBlock): void {
    const tool = this.toolOf(call);
    if (tool === undefined || call.malformed !== undefined) return;
    if (!tool.readOnly) this.sideEffectSeen = true;
    else if (!this.sideEffectSeen) this.early.set(call.id, this.start(call));
  }

  /** Resolves when nothing runs any more, also not what a response began that came to nothing. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.running);
  }

  /** Forgets calls of a response that was cut off and is being asked for again. */
  reset(): void {
    this.early = new Map();
    this.sideEffectSeen = false;
  }

  /**
   * Answers all calls of a finished response; every call has its result in the log afterwards. Once the session is
   * stopped no call with side effects begins any more: the turn stays open and is finished when the session goes on.
   */
  async answer(calls: readonly ToolCallBlock[]): Promise<void> {
    const open = calls.filter((call) => this.deps.log.resultOf(call.id) === undefined);
    let reads: Promise<Ran>[] = [];
    for (const call of open) {
      const readOnly = this.toolOf(call)?.readOnly ?? true;
      if (readOnly) {
        reads.push(this.early.get(call.id) ?? this.start(call));
        continue;
      }
      await this.settle(reads);
      reads = [];
      if (this.isStopped) return;
      await this.runWithEffects(call);
    }
    await this.settle(reads);
    if (this.isStopped) return;
    this.reset();
    this.deps.log.answerCalls();
  }

  private async settle(reads: readonly Promise<Ran>[]): Promise<void> {
    const ended = await Promise.all(reads);
    // A read that a stop may have cut off is done again.
    if (this.isStopped) return;
    for (const ran of ended) this.finish(ran);
  }

  private get isStopped(): boolean {
    return this.deps.context.signal.aborted;
  }

  private start(call: ToolCallBlock): Promise<Ran> {
    const running = this.run(call);
    const ended = (): void => void this.running.delete(running);
    this.running.add(running);
    // Whoever awaits it gets its failure; until then it must not count as unhandled.
    running.then(ended, ended);
    return running;
  }

  private async runWithEffects(call: ToolCallBlock): Promise<void> {
    if (!this.deps.log.wasStarted(call.id)) {
      await this.deps.log.toolStarts(call.id);
      return this.finish(await this.run(call));
    }
    const tool = this.toolOf(call);
    const repeated = tool?.repeatable === true ? await this.run(call) : null;
    if (repeated?.outcome.ok === true) return this.finish(repeated);
    const outcome = { ok: false, text: INTERRUPTED, summary: "interrupted" };
    this.finish({ call, description: tool?.describe(call.input) ?? "", outcome });
  }

  /** After the response that asked for it is on record, and in the order of the calls: so people read it, too. */
  private finish({ call, description, outcome }: Ran): void {
    this.deps.log.toolResult({ kind: "toolResult", callId: call.id, content: outcome.text, isError: !outcome.ok });
    this.deps.onFinished(call, description, outcome);
  }

  private async run(call: ToolCallBlock): Promise<Ran> {
    const { recorder, clock, session } = this.deps;
    const tool = this.toolOf(call);
    const description = tool?.describe(call.input) ?? "";
    const event = { session, call: call.id, tool: call.name };
    recorder.note({ kind: "toolCalled", ...event, summary: description });
    const started = clock.monotonic();
    const outcome = await this.outcomeOf(call, tool);
    const durationMs = Math.round(clock.monotonic() - started);
    recorder.note({ kind: "toolFinished", ...event, ok: outcome.ok, summary: outcome.summary, durationMs });
    return { call, description, outcome };
  }

  private async outcomeOf(call: ToolCallBlock, tool: Tool | undefined): Promise<ToolOutcome> {
    if (tool === undefined) {
      const names = this.deps.tools.map((t) => t.name).join(", ");
      return { ok: false, text: `There is no tool ${call.name}. Your tools: ${names}.`, summary: "unknown tool" };
    }
    if (call.malformed !== undefined) {
      const text = "The call's input is no valid JSON; it may have been cut at the output limit. Nothing was done. Send it again, in smaller pieces if it is long.";
      return { ok: false, text, summary: "malformed input" };
    }
    const outcome = await tool.run(call.input, this.deps.context);
    return { ...outcome, text: toolAnswer(outcome.text) };
  }

  private toolOf(call: ToolCallBlock): Tool | undefined {
    return this.deps.tools.find((tool) => tool.name === call.name);
  }
}
