// Decides whether and when a failed model request is sent again. Pure; the waiting is retryingModel's.
import { roughly } from "../../shared/figures";
import type { ModelFailure } from "../ports/modelClient";

export interface RetryPolicy {
  /** Requests in all, the first one included. */
  readonly maxTries: number;
  /** Upper bound of the first delay; doubles with every try. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** A server that asks for a longer wait than this is not waited for. */
  readonly longestRetryAfterMs: number;
  /** Delays of one request in all. */
  readonly maxTotalWaitMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export const DEFAULT_RETRIES: Omit<RetryPolicy, "random"> = {
  maxTries: 8,
  firstDelayMs: 1_000,
  longestDelayMs: 60_000,
  longestRetryAfterMs: 600_000,
  maxTotalWaitMs: 900_000,
};

export type RetryDecision =
  | { readonly kind: "retry"; readonly delayMs: number }
  /** `reason`: why no more, in a clause; empty when the failure says it all. */
  | { readonly kind: "giveUp"; readonly reason: string };

/**
 * `tries`: requests sent so far; `waitedMs`: delays so far. Exponential backoff with full jitter, so that many clients
 * do not come back together; what the server asks for is the least that is waited.
 */
export function decideRetry(policy: RetryPolicy, failure: ModelFailure, tries: number, waitedMs: number): RetryDecision {
  if (!failure.retryable) return { kind: "giveUp", reason: "" };
  if (tries >= policy.maxTries) return { kind: "giveUp", reason: `it was tried ${tries} times` };
  const asked = failure.retryAfterMs;
  if (asked !== null && asked > policy.longestRetryAfterMs) {
    const longest = roughly(policy.longestRetryAfterMs);
    return { kind: "giveUp", reason: `the server asks to wait ${roughly(asked)}, and more than ${longest} are not waited` };
  }
  const backoff = policy.random() * Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** (tries - 1));
  const jitter = policy.random() * policy.firstDelayMs;
  const delayMs = Math.round(asked === null ? backoff : Math.max(0, asked) + jitter);
  if (waitedMs + delayMs > policy.maxTotalWaitMs) {
    return { kind: "giveUp", reason: `it was tried ${tries} times over ${roughly(waitedMs)}` };
  }
  return { kind: "retry", delayMs };
}
