// What a block of context is called by, whoever sends it: two hashes, one of what it says, one of what it says apart from
// what changes with every run. Pure.
import { createHash } from "node:crypto";

export interface Fingerprint {
  /** Same for texts that differ only in what no reader sees. Hexadecimal SHA-256. */
  readonly content: string;
  /** Same also for texts that differ only in times, durations, places and temporary paths: the same thing, seen again. */
  readonly shape: string;
}

export function fingerprint(text: string): Fingerprint {
  const plain = normalised(text);
  const segments = volatileSegments(plain);
  const content = sha256(plain);
  const isPlain = segments.every(({ kind }) => kind === "text");
  return { content, shape: isPlain ? content : sha256(JSON.stringify(segments.map(maskOf))) };
}

/**
 * Line ends, white space at the ends of lines, empty lines around the text, a byte order mark before it, and the form in which
 * Unicode writes the same characters: nothing that can be seen. Indentation, case and inner white space carry meaning.
 */
export function normalised(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(LINE_TAILS, "")
    .replaceAll(OUTER_LINES, "")
    .normalize("NFC");
}

/** Begins where a run begins, lest a long one be walked from each of its characters. */
const LINE_TAILS = /(?<![\t ])[\t ]+$/gm;
const OUTER_LINES = /^[\n\uFEFF]+|(?<!\n)\n+$/g;

/** A piece of a text: its words, or something that changes with every run. */
export type Segment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: VolatileKind; readonly text: string };

export type VolatileKind = "time" | "duration" | "place" | "temporaryPath" | "address";

/** In this order where several would match at one place. Each is linear: no part of a pattern can match what the next one does. */
const VOLATILE: readonly (readonly [VolatileKind, string])[] = [
  // 2026-01-05T09:00:00.000Z, 2026-01-05 09:00:00 +0200
  ["time", String.raw`\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?\b`],
  // 09:00:00, 09:00:00.123
  ["time", String.raw`\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b`],
  // /tmp/x-7k2m/a, /var/folders/…, C:\Users\x\AppData\Local\Temp\a
  ["temporaryPath", String.raw`(?:/private)?/(?:tmp|var/tmp|var/folders)/[^\s"'\x60:,;()<>|]+`],
  ["temporaryPath", String.raw`\b[A-Z]:\\(?:[^\s\\"'<>|]{1,80}\\){0,6}Temp\\[^\s"'<>|:]+`],
  // 12 ms, 1.5s, 3 minutes
  ["duration", String.raw`\b\d{1,12}(?:\.\d{1,9})? ?(?:ns|µs|μs|us|ms|s|sec|secs|seconds?|min|mins|minutes?|h|hours?)\b`],
  ["address", String.raw`\b0x[0-9a-fA-F]{4,16}\b`],
  // src/a.ts:12:5, a.py:3, (12,5)
  ["place", String.raw`(?<=[\w)\]]):\d{1,7}(?::\d{1,7})?\b`],
  ["place", String.raw`\(\d{1,7}, ?\d{1,7}\)`],
  // line 12, line 12, column 5
  ["place", String.raw`\b[Ll]ines? \d{1,7}(?:, col(?:umn)? \d{1,7})?\b`],
];
const ANY_VOLATILE = new RegExp(VOLATILE.map(([, pattern], index) => `(?<v${index}>${pattern})`).join("|"), "g");

/** The text in pieces: joined, they are the text. */
export function volatileSegments(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(ANY_VOLATILE)) {
    if (match.index > end) segments.push({ kind: "text", text: text.slice(end, match.index) });
    segments.push({ kind: kindOf(match.groups ?? {}), text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length || segments.length === 0) segments.push({ kind: "text", text: text.slice(end) });
  return segments;
}

/** What of a segment counts for the shape: the words, or only what kind of thing stands there. */
export function maskOf(segment: Segment): string | readonly [VolatileKind] {
  return segment.kind === "text" ? segment.text : [segment.kind];
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): VolatileKind {
  const index = VOLATILE.findIndex((_, at) => groups[`v${at}`] !== undefined);
  return VOLATILE[index]?.[0] ?? "place";
}
