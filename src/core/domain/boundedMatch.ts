// Looks a regular expression that a model wrote up in a text, within a time limit: some patterns would take years, and
// nothing could cancel them.
import { runInNewContext } from "node:vm";
import { CountersignError } from "./errors";

const MOST_MS = 1_000;

export type Match = "yes" | "no" | "tooSlow";

/** `pattern` is valid JavaScript, with the flag `m`; throws CountersignError `badRequest` when it is not. */
export function boundedMatch(pattern: string, text: string): Match {
  try {
    return runInNewContext("new RegExp(pattern, 'm').test(text)", { pattern, text }, { timeout: MOST_MS }) === true ? "yes" : "no";
  } catch (error) {
    // It comes from the other context: no `instanceof` holds.
    if (typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return "tooSlow";
    throw new CountersignError("badRequest", `The pattern /${pattern}/ cannot be used.`, { cause: error });
  }
}
