// One line of a session's transcript file: an entry of ours, or damage.
import type { TranscriptEntry } from "../../core/ports/transcripts";

const KINDS: Readonly<Record<TranscriptEntry["kind"], true>> = {
  header: true,
  user: true,
  assistant: true,
  toolStarted: true,
  toolResult: true,
};

/** null for a line that is no entry. */
export function entryOf(line: string): TranscriptEntry | null {
  const value = parseJson(line);
  return isEntry(value) ? value : null;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isEntry(value: unknown): value is TranscriptEntry {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  return typeof value.kind === "string" && Object.hasOwn(KINDS, value.kind);
}
