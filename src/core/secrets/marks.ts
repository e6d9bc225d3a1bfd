// What stands in a text where a secret stood. Pure.
import { KINDS } from "./formats";

export function markOf(kind: string): string {
  return `[redacted: ${kind}]`;
}

const MARK = new RegExp(`\\[redacted: (?:${KINDS.join("|")})\\]`, "g");

/** The marks in a text, each once, in their order. */
export function marksIn(text: string): readonly string[] {
  return text.includes("[redacted: ") ? [...new Set(text.match(MARK) ?? [])] : [];
}
