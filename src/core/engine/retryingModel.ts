// A model client that sends failed requests again as its policy says. It touches no event of a request that succeeds,
// but for the usage, to which the failed tries are added.
import { NO_USAGE, addUsage } from "../domain/usage";
import type { Clock } from "../ports/clock";
import type { ModelClient, ModelEvent, ModelFailure } from "../ports/modelClient";
import { decideRetry, type RetryPolicy } from "./retryPolicy";

type Failed = Extract<ModelEvent, { readonly kind: "failed" }>;

const ENDLESS: ModelFailure = {
  code: "disconnected",
  retryable: true,
  retryAfterMs: null,
  message: "The model's answer ended without an end.",
};
const CANCELLED: ModelFailure = { code: "cancelled", retryable: false, retryAfterMs: null, message: "cancelled" };

export function retryingModel(client: ModelClient, policy: RetryPolicy, clock: Clock): ModelClient {
  return {
    async *stream(request, signal) {
      let billed = NO_USAGE;
      let waitedMs = 0;
      for (let tries = 1; ; tries += 1) {
        let failed: Failed = { kind: "failed", failure: ENDLESS, usage: NO_USAGE };
        for await (const event of client.stream(request, signal)) {
          if (event.kind === "finished") {
            yield { ...event, usage: addUsage(billed, event.usage) };
            return;
          }
          if (event.kind === "failed") failed = event;
          else yield event;
        }
        billed = addUsage(billed, failed.usage);
        const { failure } = failed;
        const decision = decideRetry(policy, failure, tries, waitedMs);
        if (decision.kind === "giveUp") {
          yield { kind: "failed", failure: explained(failure, decision.reason), usage: billed };
          return;
        }
        yield { kind: "retrying", failure, tries, delayMs: decision.delayMs };
        await clock.sleep(decision.delayMs, signal);
        if (signal.aborted) {
          yield { kind: "failed", failure: CANCELLED, usage: billed };
          return;
        }
        waitedMs += decision.delayMs;
      }
    },
  };
}

function explained(failure: ModelFailure, reason: string): ModelFailure {
  return reason === "" ? failure : { ...failure, message: `${failure.message} (${reason})` };
}
