// Makes model failures: which codes may succeed on another try stands here once.
import type { ModelFailure, ModelFailureCode } from "../../core/ports/modelClient";

const RETRYABLE: readonly ModelFailureCode[] = ["rateLimited", "overloaded", "serverError", "unreachable", "disconnected", "stalled"];

/** `retryable` overrules the rule of the code, for a server that says so itself. */
export function modelFailure(
  code: ModelFailureCode,
  message: string,
  extra: { readonly retryAfterMs?: number | null; readonly retryable?: boolean } = {},
): ModelFailure {
  const retryable = extra.retryable ?? RETRYABLE.includes(code);
  return { code, retryable, retryAfterMs: extra.retryAfterMs ?? null, message };
}
