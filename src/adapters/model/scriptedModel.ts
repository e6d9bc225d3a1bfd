// A model that says what a script file says. It keeps nothing between requests but how often a scripted failure was
// shown: the answer follows from role, attempt and the number of answers in the request, so a resumed run goes on.
import { textOf, toolCallsOf, type AssistantBlock, type AssistantMessage, type StopReason } from "../../core/domain/conversation";
import { NO_USAGE, type Usage } from "../../core/domain/usage";
import type { Clock } from "../../core/ports/clock";
import type { ModelClient, ModelEvent, ModelFailure, ModelRequest } from "../../core/ports/modelClient";
import { modelFailure } from "./modelFailure";
import type { Script, ScriptSession, ScriptTurn } from "./script";
import { fillIn, placeholdersOf } from "./scriptPlaceholders";
import { ScriptedUsage } from "./scriptedUsage";

/** So that progress looks alive; a block has at most 25 chunks, so it takes 50 ms at most. */
export const CHUNK_DELAY_MS = 2;
const CHUNKS_A_BLOCK = 25;
const SMALLEST_CHUNK = 16;

export interface ScriptedModelOptions {
  readonly clock: Clock;
  /** Milliseconds between chunks of text; 0 for tests. */
  readonly chunkDelayMs: number;
}

export class ScriptedModel implements ModelClient {
  private readonly failuresShown = new Map<string, number>();
  private readonly usage = new ScriptedUsage();

  constructor(
    private readonly script: Script,
    private readonly options: ScriptedModelOptions,
  ) {}

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const found = findTurn(this.script, request);
    if ("missing" in found) {
      yield failed(modelFailure("outOfScript", found.missing));
      return;
    }
    const { turn, key } = found;
    await this.wait(turn.delayMs ?? 0, signal);
    if (signal.aborted) {
      yield CANCELLED;
      return;
    }
    const failure = this.failureOf(turn, key);
    const midStream = turn.failure?.midStream === true;
    if (failure !== null && !midStream) {
      yield failed(failure);
      return;
    }
    const message = messageOf(turn, request, key);
    const usage = turn.usage ?? this.usage.of(request, message, turn.thinking ?? "");
    for await (const event of this.deltas(turn, message, signal)) {
      if (signal.aborted) break;
      yield event;
    }
    if (signal.aborted) {
      yield { ...CANCELLED, usage: inputOf(usage) };
      return;
    }
    if (failure !== null) {
      yield failed(failure, inputOf(usage));
      return;
    }
    yield { kind: "finished", message, stop: turn.stop ?? naturalStop(message), usage };
  }

  private async *deltas(turn: ScriptTurn, message: AssistantMessage, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    for (const text of chunksOf(turn.thinking ?? "")) {
      await this.wait(this.options.chunkDelayMs, signal);
      yield { kind: "thinkingDelta", text };
    }
    for (const text of chunksOf(textOf(message))) {
      await this.wait(this.options.chunkDelayMs, signal);
      yield { kind: "textDelta", text };
    }
    for (const call of toolCallsOf(message)) {
      await this.wait(this.options.chunkDelayMs, signal);
      yield { kind: "toolCallReady", call };
    }
  }

  /** The failure this request meets, if it is one of the first for its turn; a turn that says nothing else fails always. */
  private failureOf({ failure, text, json, toolCalls }: ScriptTurn, key: string): ModelFailure | null {
    if (failure === undefined) return null;
    const shown = this.failuresShown.get(key) ?? 0;
    const hasAnswer = text !== undefined || json !== undefined || toolCalls.length > 0;
    if (shown >= failure.times && hasAnswer) return null;
    this.failuresShown.set(key, shown + 1);
    return modelFailure(failure.code, `the script fails here (${failure.code})`, { retryAfterMs: failure.retryAfterMs ?? null });
  }

  private async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (ms > 0) await this.options.clock.sleep(ms, signal);
  }
}

type Found = { readonly turn: ScriptTurn; readonly key: string } | { readonly missing: string };

function findTurn({ sessions }: Script, { purpose, messages }: ModelRequest): Found {
  const name = ({ role, attempt, node }: Pick<ScriptSession, "role" | "attempt" | "node">): string => `${role}, attempt ${attempt}${node === undefined ? "" : ` of ${node}`}`;
  const fitting = sessions.filter((s) => s.role === purpose.role && s.attempt === purpose.attempt);
  const session = fitting.find(({ node }) => node === purpose.node) ?? fitting.find(({ node }) => node === undefined);
  if (session === undefined) {
    const known = sessions.map(name).join("; ") || "none";
    return { missing: `The script has no session for ${name(purpose)}. It holds: ${known}.` };
  }
  const index = messages.filter((message) => message.role === "assistant").length;
  const turn = session.turns[index];
  if (turn !== undefined) return { turn, key: [purpose.role, ...(purpose.node === undefined ? [] : [purpose.node]), purpose.attempt, index + 1].join("_") };
  return { missing: `The script's session for ${name(purpose)} ends after turn ${session.turns.length}; turn ${index + 1} was asked for.` };
}

function messageOf(turn: ScriptTurn, request: ModelRequest, key: string): AssistantMessage {
  const placeholders = placeholdersOf(request);
  const text = (turn.text ?? "") + (turn.json === undefined ? "" : JSON.stringify(turn.json, null, 2));
  const content: AssistantBlock[] = text === "" ? [] : [{ kind: "text", text: fillIn(text, placeholders) }];
  for (const [index, call] of turn.toolCalls.entries()) {
    const id = call.id ?? `call_${key}_${index + 1}`;
    const malformed = call.malformed === undefined ? {} : { malformed: call.malformed };
    content.push({ kind: "toolCall", id, name: call.name, input: fillIn(call.input, placeholders), ...malformed });
  }
  return { role: "assistant", content };
}

function naturalStop(message: AssistantMessage): StopReason {
  return toolCallsOf(message).length > 0 ? "toolUse" : "endTurn";
}

/** Input is billed once a stream has begun, output that was not received is not known. */
function inputOf(usage: Usage): Usage {
  return { ...usage, output: 0 };
}

type Failed = Extract<ModelEvent, { readonly kind: "failed" }>;

function failed(failure: ModelFailure, usage: Usage = NO_USAGE): Failed {
  return { kind: "failed", failure, usage };
}

const CANCELLED = failed(modelFailure("cancelled", "cancelled"));

function* chunksOf(text: string): Generator<string> {
  const letters = Array.from(text);
  const size = Math.max(SMALLEST_CHUNK, Math.ceil(letters.length / CHUNKS_A_BLOCK));
  for (let from = 0; from < letters.length; from += size) yield letters.slice(from, from + size).join("");
}
