// Writes what a model says as a script, while it says it, so that the run can be replayed. It changes no event.
import { textOf, toolCallsOf } from "../../core/domain/conversation";
import type { ModelClient, ModelEvent, ModelRequest } from "../../core/ports/modelClient";
import { SCRIPT_VERSION, type Script, type ScriptSession, type ScriptTurn } from "./script";
import { placeholdersOf, takeOut } from "./scriptPlaceholders";

/** Takes the whole script after every turn; must not throw. */
export interface ScriptSink {
  save(script: Script): void;
}

/** `earlier`: the script of the run that this one resumes. Wrap it around retries: only what counted is recorded. */
export function recordingModel(client: ModelClient, sink: ScriptSink, earlier?: Script): ModelClient {
  const recording = new Recording(earlier);
  return {
    async *stream(request, signal) {
      let thinking = "";
      for await (const event of client.stream(request, signal)) {
        if (event.kind === "retrying") thinking = "";
        if (event.kind === "thinkingDelta") thinking += event.text;
        const turn = turnOf(event, request, thinking);
        if (turn !== null) sink.save(recording.with(request, turn));
        yield event;
      }
    },
  };
}

class Recording {
  private readonly description: string;
  private readonly sessions: ScriptSession[];
  /** The session that wrote an entry: another one with the same role, attempt and node starts it anew. */
  private readonly writers = new Map<string, string>();

  constructor(earlier?: Script) {
    this.description = earlier?.description ?? "";
    this.sessions = [...(earlier?.sessions ?? [])];
  }

  with({ purpose, messages }: ModelRequest, turn: ScriptTurn): Script {
    const { role, attempt, session, node } = purpose;
    const index = messages.filter((message) => message.role === "assistant").length;
    const place = this.sessions.findIndex((s) => s.role === role && s.attempt === attempt && s.node === node);
    const key = `${role} ${attempt} ${node ?? ""}`;
    const writer = this.writers.get(key) ?? session;
    this.writers.set(key, session);
    const known = writer === session ? (this.sessions[place]?.turns ?? []) : [];
    const turns = [...known.slice(0, index), merged(known[index], turn)];
    this.sessions.splice(place < 0 ? this.sessions.length : place, place < 0 ? 0 : 1, { role, attempt, ...(node === undefined ? {} : { node }), turns });
    return { version: SCRIPT_VERSION, description: this.description, sessions: [...this.sessions] };
  }
}

/** A turn that failed first and was answered later has both. */
function merged(before: ScriptTurn | undefined, turn: ScriptTurn): ScriptTurn {
  const failure = turn.failure ?? before?.failure;
  return failure === undefined ? turn : { ...turn, failure };
}

function turnOf(event: ModelEvent, request: ModelRequest, thinking: string): ScriptTurn | null {
  if (event.kind === "failed") {
    const { code } = event.failure;
    if (code === "cancelled" || code === "outOfScript") return null;
    return { toolCalls: [], failure: { code, times: 1, midStream: false } };
  }
  if (event.kind !== "finished") return null;
  const text = textOf(event.message);
  const turn: ScriptTurn = {
    ...(thinking === "" ? {} : { thinking }),
    ...(text === "" ? {} : asJson(text)),
    toolCalls: toolCallsOf(event.message).map(({ id, name, input, malformed }) => ({
      id,
      name,
      input,
      ...(malformed === undefined ? {} : { malformed }),
    })),
    stop: event.stop,
    usage: event.usage,
  };
  return takeOut(turn, placeholdersOf(request));
}

/** Structured output is kept readable where that loses nothing. */
function asJson(text: string): { readonly json: unknown } | { readonly text: string } {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null && JSON.stringify(json, null, 2) === text ? { json } : { text };
  } catch {
    return { text };
  }
}
