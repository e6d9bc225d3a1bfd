// Translates what the editor's language models throw into model failures in words for a person. Pure: the errors are
// known by their code, as the API's documentation says, never by their class.
import { messageOf } from "../../core/domain/errors";
import type { ModelFailure, ModelFailureCode } from "../../core/ports/modelClient";

const RETRYABLE: ReadonlySet<ModelFailureCode> = new Set(["rateLimited", "overloaded", "serverError", "unreachable", "disconnected", "stalled"]);
const LONGEST_DETAIL = 500;

export function editorFailure(code: ModelFailureCode, message: string): ModelFailure {
  return { code, retryable: RETRYABLE.has(code), retryAfterMs: null, message };
}

export const CANCELLED = editorFailure("cancelled", "cancelled");
/** The same request asked again is mostly answered. */
export const EMPTY_ANSWER = editorFailure("serverError", "The model answered with nothing.");

export function modelIsGone(model: string): ModelFailure {
  return editorFailure("modelNotFound", `The editor has no model ${model} now. Sign in to whatever provides it, or choose another one (Countersign: Choose Models).`);
}

export function modelIsSilent(model: string, seconds: number): ModelFailure {
  return editorFailure("stalled", `${model} was silent for ${seconds} s.`);
}

/** `model`: the id without its prefix. */
export function failureOf(error: unknown, model: string): ModelFailure {
  const detail = detailOf(error);
  switch (codeOf(error)) {
    case "NoPermissions":
      return editorFailure("notPermitted", `You have not allowed Countersign to use ${model}. Resume the task and allow it when the editor asks, or manage it under “Manage Language Model Access”.`);
    case "Blocked":
      return editorFailure("spendLimit", `${model} answers no more for now: its quota is used up or the request was blocked. ${detail}`.trim());
    case "NotFound":
      return modelIsGone(model);
    default:
      return editorFailure(guessed(detail), `${model} failed: ${detail === "" ? "no reason was given" : detail}`);
  }
}

/** Providers put their own errors behind the code `Unknown`: what they say is all there is to go by. */
function guessed(detail: string): ModelFailureCode {
  if (/cancel+ed|aborted/i.test(detail)) return "disconnected";
  if (/\b429\b|rate.?limit|too many requests/i.test(detail)) return "rateLimited";
  if (/\b529\b|overloaded/i.test(detail)) return "overloaded";
  if (/quota|billing|spend(ing)? limit|insufficient.*(credit|fund)/i.test(detail)) return "spendLimit";
  if (/context (window|length|limit)|prompt is too long|token limit|maximum context|too many tokens/i.test(detail)) return "contextFull";
  if (/\b401\b|unauthori[sz]ed|invalid.*key|not signed in|sign in/i.test(detail)) return "invalidKey";
  if (/\b403\b|forbidden/i.test(detail)) return "notPermitted";
  if (/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|getaddrinfo|offline/i.test(detail)) return "unreachable";
  if (/\b400\b|invalid.?request|bad request/i.test(detail)) return "badRequest";
  return "serverError";
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : "";
}

function detailOf(error: unknown): string {
  const own = messageOf(error);
  const cause = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : "";
  const text = cause === "" || own.includes(cause) ? own : `${own} (${cause})`;
  return text.trim().slice(0, LONGEST_DETAIL);
}
