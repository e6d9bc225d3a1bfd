// For hosts where nobody can be asked: every request is refused, in words that say what would allow it.
import type { CommandApproval } from "../ports/commandApproval";

/** `advice`: what the person can do, as whole sentences. */
export function noApproval(advice: (allowedWith: string | null) => string): CommandApproval {
  return {
    ask: ({ allowedWith, reason }) => Promise.resolve({ kind: "refused", by: "nobody", reason: `Nobody could be asked. ${reason} ${advice(allowedWith)}` }),
  };
}
