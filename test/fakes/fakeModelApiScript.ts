// Lets the fake API speak a script file, so that a whole run can go over HTTP through the real SDK.
import type { Script } from "../../src/adapters/model/script";
import { fillIn, placeholdersIn } from "../../src/adapters/model/scriptPlaceholders";
import type { FakeReply, FakeRequest, Responder } from "./fakeModelApi";
import type { Wire } from "./fakeModelApiCache";

const STOPS: Readonly<Record<string, string>> = {
  endTurn: "end_turn",
  toolUse: "tool_use",
  maxTokens: "max_tokens",
  refusal: "refusal",
  contextFull: "model_context_window_exceeded",
  pause: "pause_turn",
};

/** `sessionOf`: whose request it is, e.g. by a sentence of its system prompt. Scripted failures are left to the caller. */
export function scriptResponder(script: Script, sessionOf: (request: FakeRequest) => { readonly role: string; readonly attempt: number }): Responder {
  return (request): FakeReply => {
    const { role, attempt } = sessionOf(request);
    const messages = request.body["messages"] as readonly Wire[];
    const index = messages.filter((message) => message["role"] === "assistant").length;
    const turn = script.sessions.find((session) => session.role === role && session.attempt === attempt)?.turns[index];
    if (turn === undefined) {
      const message = `the script has no turn ${index + 1} for ${role}, attempt ${attempt}`;
      return { fault: { status: 400, message } };
    }
    const { thinking, toolCalls, stop } = fillIn(turn, placeholdersIn(firstText(messages)));
    const text = fillIn((turn.text ?? "") + (turn.json === undefined ? "" : JSON.stringify(turn.json, null, 2)), placeholdersIn(firstText(messages)));
    return {
      ...(thinking === undefined ? {} : { thinking }),
      ...(text === "" ? {} : { text }),
      toolCalls: toolCalls.map(({ name, input, malformed, id }, place) => ({
        name,
        input,
        id: id ?? `toolu_${role}_${attempt}_${index + 1}_${place + 1}`,
        ...(malformed === undefined ? {} : { rawInput: malformed }),
      })),
      ...(stop === undefined ? {} : { stop: STOPS[stop] ?? stop }),
    };
  };
}

function firstText(messages: readonly Wire[]): string {
  const content = messages[0]?.["content"];
  if (typeof content === "string") return content;
  return Array.isArray(content) ? (content as readonly Wire[]).map(({ text }) => (typeof text === "string" ? text : "")).join("\n") : "";
}
