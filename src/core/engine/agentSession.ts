// One conversation of one role with a model, from its first message to a validated last one: request, response,
// tools, again. It knows nothing of phases, contracts or verdicts.
import { textOf, toolCallsOf, type AssistantMessage } from "../domain/conversation";
import type { SessionOutcome } from "../domain/event";
import type { SessionId } from "../domain/task";
import type { Clock } from "../ports/clock";
import type { ModelClient, ModelEvent, ModelFailure, ModelRequest } from "../ports/modelClient";
import type { Transcripts } from "../ports/transcripts";
import { PHASE_OF, type RoleSettings } from "../roles/roleSettings";
import type { RoleDefinition } from "../roles/role";
import type { ToolContext } from "../tools/tool";
import type { Budget } from "./budget";
import { ConversationLog } from "./conversationLog";
import { stopCause } from "./deadline";
import type { Recorder } from "./recorder";
import { ToolCalls, type ToolCallDeps } from "./toolCalls";

/** What the engine says to an answer whose shape is right. */
export type Review =
  | { readonly kind: "accepted" }
  | { readonly kind: "sentBack"; readonly message: string }
  | { readonly kind: "refused"; readonly detail: string };

/** Where in its conversation an answer stands; the same again when a session goes on after a crash. */
export interface AnswerPlace {
  /** The turn that gave it. */
  readonly turn: number;
  /** Answers that were sent back before it. */
  readonly sentBack: number;
}

export interface SessionSpec<T> {
  readonly id: SessionId;
  readonly definition: RoleDefinition<T>;
  readonly settings: RoleSettings;
  readonly attempt: number;
  readonly firstMessage: string;
  readonly context: Omit<ToolContext, "signal">;
  /** Messages are limited to 3 × this. Source: design, "Guardrails". */
  readonly toolCallLimit: number;
  readonly signal: AbortSignal;
  readonly review: (value: T, place: AnswerPlace) => Promise<Review>;
  /** Told of each response's text and each call, for the execution log. */
  readonly onText: (text: string) => void;
  readonly onCall: ToolCallDeps["onFinished"];
}

export interface SessionDeps {
  readonly model: ModelClient;
  readonly transcripts: Transcripts;
  readonly recorder: Recorder;
  readonly budget: Budget;
  readonly clock: Clock;
}

export type SessionEnd<T> =
  | { readonly outcome: "completed"; readonly value: T }
  | { readonly outcome: Exclude<SessionOutcome, "completed">; readonly detail: string };

/** Answers whose shape is wrong are returned this often. */
const FORMAT_REPAIRS = 1;
/** Responses cut at the output limit are continued this often in a row. */
const CUT_RESPONSES = 2;

export async function runSession<T>(deps: SessionDeps, spec: SessionSpec<T>): Promise<SessionEnd<T>> {
  const { recorder } = deps;
  const { id, definition, attempt, settings } = spec;
  const phase = PHASE_OF[definition.role];
  await recorder.commit({ kind: "sessionStarted", session: id, role: definition.role, phase, attempt, model: settings.model });
  const transcript = await deps.transcripts.open(recorder.task, id);
  const log = new ConversationLog(transcript);
  try {
    const end = await new Session(deps, spec, log).run();
    await log.flush();
    const detail = end.outcome === "completed" ? "" : end.detail;
    await recorder.commit({ kind: "sessionEnded", session: id, outcome: end.outcome, detail });
    return end;
  } finally {
    await log.close();
  }
}

type End<T> = SessionEnd<T> | null;

class Session<T> {
  private readonly calls: ToolCalls;
  private readonly fixed: Pick<ModelRequest, "system" | "tools" | "outputSchema">;
  private readonly fixedBytes: number;
  private formatRepairs = 0;
  private cutResponses = 0;

  constructor(
    private readonly deps: SessionDeps,
    private readonly spec: SessionSpec<T>,
    private readonly log: ConversationLog,
  ) {
    const { definition, context, signal, id } = spec;
    const tools = definition.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    this.fixed = { system: definition.system, tools, outputSchema: definition.output.schema() };
    this.fixedBytes = Buffer.byteLength(JSON.stringify(this.fixed));
    this.calls = new ToolCalls({
      tools: definition.tools,
      context: { ...context, signal },
      session: id,
      log,
      recorder: deps.recorder,
      clock: deps.clock,
      onFinished: spec.onCall,
    });
  }

  async run(): Promise<SessionEnd<T>> {
    try {
      return await this.converse();
    } finally {
      await this.calls.idle();
    }
  }

  private async converse(): Promise<SessionEnd<T>> {
    if (this.log.isNew) this.open();
    for (;;) {
      const last = this.log.messages.at(-1);
      const end = last?.role === "assistant" ? await this.continueAfter(last) : await this.request();
      if (end !== null) return end;
    }
  }

  private open(): void {
    const { id, definition, attempt, settings, firstMessage } = this.spec;
    const tools = definition.tools.map((tool) => tool.name);
    this.log.header({ kind: "header", session: id, role: definition.role, attempt, model: settings.model, system: definition.system, tools });
    this.say(firstMessage);
  }

  private async request(): Promise<End<T>> {
    const { spec, log, deps } = this;
    const { settings } = spec;
    if (spec.signal.aborted) return this.stopped();
    if (log.messages.length >= 3 * spec.toolCallLimit) {
      return { outcome: "outOfMessages", detail: `the conversation reached its limit of ${3 * spec.toolCallLimit} messages` };
    }
    const refusal = await deps.budget.refusal(settings.model, this.fixedBytes + log.bytes, settings.maxOutputTokens);
    if (refusal !== null) return { outcome: "outOfBudget", detail: refusal };
    const started = deps.clock.monotonic();
    const { partOf } = deps.recorder.view.request;
    const purpose = { role: spec.definition.role, attempt: spec.attempt, session: spec.id, ...(partOf === undefined ? {} : { node: partOf.node }) };
    const { model, maxOutputTokens, effort } = settings;
    const request = { ...this.fixed, model, maxOutputTokens, effort, messages: log.messages, purpose };
    let isFinished = false;
    for await (const event of deps.model.stream(request, spec.signal)) {
      if (event.kind === "failed") return this.failed(event.failure, event.usage);
      if (event.kind === "finished") {
        isFinished = true;
        this.finished(event, started);
      } else this.progress(event);
    }
    return isFinished ? null : { outcome: "modelFailed", detail: "the model's answer ended without an end" };
  }

  private progress(event: Exclude<ModelEvent, { readonly kind: "finished" | "failed" }>): void {
    const { recorder } = this.deps;
    const live = { task: recorder.task, session: this.spec.id };
    switch (event.kind) {
      case "textDelta":
        return recorder.live({ kind: "textStreamed", ...live, text: event.text });
      case "thinkingDelta":
        return recorder.live({ kind: "thinkingStreamed", ...live, text: event.text });
      case "toolCallReady":
        return this.calls.ready(event.call);
      case "retrying":
        this.calls.reset();
        recorder.note({
          kind: "modelRetried",
          session: this.spec.id,
          reason: event.failure.message,
          tries: event.tries,
          delayMs: event.delayMs,
        });
    }
  }

  private finished(event: Extract<ModelEvent, { readonly kind: "finished" }>, started: number): void {
    const { recorder, budget, clock } = this.deps;
    const { message, stop, usage } = event;
    this.log.assistant(message, stop, usage);
    const model = this.spec.settings.model;
    recorder.note({
      kind: "turnCompleted",
      session: this.spec.id,
      turn: this.log.turns,
      model,
      usage,
      usd: budget.price(model, usage),
      durationMs: Math.round(clock.monotonic() - started),
      stop,
      toolCalls: toolCallsOf(message).length,
    });
    budget.warnTask();
    const text = textOf(message);
    if (text !== "") this.spec.onText(text);
  }

  private async continueAfter(message: AssistantMessage): Promise<End<T>> {
    const { log, spec } = this;
    const calls = toolCallsOf(message);
    if (log.lastStop === "refusal") return { outcome: "refused", detail: `the model refused: ${textOf(message).slice(0, 500) || "no reason given"}` };
    if (log.lastStop === "contextFull") return { outcome: "contextFull", detail: "the conversation fills the model's context window" };
    if (calls.length === 0) return this.conclude(message);
    if (log.toolCalls > spec.toolCallLimit) {
      return { outcome: "outOfToolCalls", detail: `the session reached its limit of ${spec.toolCallLimit} tool calls` };
    }
    if (spec.signal.aborted) return this.stopped();
    await this.calls.answer(calls);
    this.cutResponses = 0;
    return spec.signal.aborted ? this.stopped() : null;
  }

  private async conclude(message: AssistantMessage): Promise<End<T>> {
    if (this.log.lastStop === "maxTokens") return this.continueCut();
    if (this.log.lastStop === "pause") {
      this.say("Go on.");
      return null;
    }
    await this.deps.budget.warnDay();
    const parsed = this.spec.definition.output.parse(textOf(message));
    if (!parsed.ok) return this.sendBackShape(parsed.problems);
    const review = await this.spec.review(parsed.value, { turn: this.log.turns, sentBack: this.log.remarks - 1 });
    if (review.kind === "accepted") return { outcome: "completed", value: parsed.value };
    if (review.kind === "refused") return { outcome: "invalidOutput", detail: review.detail };
    this.say(review.message);
    return null;
  }

  private continueCut(): End<T> {
    this.cutResponses += 1;
    const limit = this.spec.settings.maxOutputTokens;
    if (this.cutResponses > CUT_RESPONSES) {
      return { outcome: "invalidOutput", detail: `the model's answer passed its output limit of ${limit} tokens ${this.cutResponses} times` };
    }
    this.say(`Your last message was cut at the output limit of ${limit} tokens. Send it again, shorter.`);
    return null;
  }

  private sendBackShape(problems: readonly string[]): End<T> {
    const list = problems.slice(0, 20).join("; ");
    if (this.formatRepairs >= FORMAT_REPAIRS) return { outcome: "invalidOutput", detail: `the model's answer has the wrong shape: ${list}` };
    this.formatRepairs += 1;
    const schema = this.fixed.outputSchema;
    const shape = schema === null ? "" : ` It must be one JSON object of this schema, and nothing else:\n${JSON.stringify(schema)}`;
    this.say(`Your last message cannot be used: ${list}.${shape}`);
    return null;
  }

  private async failed(failure: ModelFailure, usage: Extract<ModelEvent, { kind: "failed" }>["usage"]): Promise<SessionEnd<T>> {
    const { recorder, budget } = this.deps;
    const model = this.spec.settings.model;
    const usd = budget.price(model, usage);
    if (usd !== 0) recorder.note({ kind: "callFailed", session: this.spec.id, model, usage, usd, reason: failure.message });
    if (failure.code === "cancelled" || this.spec.signal.aborted) return this.stopped();
    if (failure.code === "spendLimit") return { outcome: "spendLimit", detail: failure.message };
    if (failure.code === "contextFull") return { outcome: "contextFull", detail: failure.message };
    return { outcome: "modelFailed", detail: failure.message };
  }

  private stopped(): SessionEnd<T> {
    const cause = stopCause(this.spec.signal);
    return { outcome: cause, detail: cause === "timedOut" ? "the phase reached its time limit" : "cancelled" };
  }

  private say(text: string): void {
    this.log.user({ role: "user", content: [{ kind: "text", text }] });
  }
}
