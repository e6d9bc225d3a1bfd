// How an event is written: one line of JSON that ends with a checksum over itself and every line before it, so that
// a changed, missing or swapped line shows. The checksum guards against accidents, not against an adversary.
import { crc32 } from "node:zlib";
import type { JournalEvent } from "../../core/domain/event";

/** A place between two lines: what was read up to here. */
export interface JournalMark {
  /** Number of the event before it; 0 at the start. */
  readonly seq: number;
  /** Bytes before it. */
  readonly offset: number;
  /** Checksum of everything before it. */
  readonly sum: number;
}

export const JOURNAL_START: JournalMark = { seq: 0, offset: 0, sum: 0 };

const KEY = ',"sum":"';
/** `,"sum":"` + 8 hexadecimal digits + `"}`. */
export const SUFFIX_BYTES = KEY.length + 10;

/** The line of an event, newline included, and the place behind it. */
export function encodeLine(event: JournalEvent, before: JournalMark): { readonly line: string; readonly mark: JournalMark } {
  const json = JSON.stringify(event);
  const body = json.slice(0, -1);
  const sum = crc32(body, before.sum);
  const line = `${body}${suffixOf(sum)}\n`;
  return { line, mark: { seq: event.seq, offset: before.offset + Buffer.byteLength(line), sum } };
}

/** What ends the line before a place; compared to find out whether a file is the one that a place was noted in. */
export function suffixOf(sum: number): string {
  return `${KEY}${sum.toString(16).padStart(8, "0")}"}`;
}

/**
 * The checksum behind a line (given without its newline) that follows a place with the checksum `before`; null when it
 * is not the whole line that was written there. The numbers of events need no check of their own: the sums are chained.
 */
export function verifyLine(line: Buffer, before: number): number | null {
  const bodyEnd = line.length - SUFFIX_BYTES;
  if (bodyEnd <= 0) return null;
  const sum = crc32(line.subarray(0, bodyEnd), before);
  const expected = suffixOf(sum);
  // A loop over twenty bytes is cheaper than a string or a buffer more for every line of a long journal.
  for (let at = 0; at < SUFFIX_BYTES; at += 1) {
    if (line[bodyEnd + at] !== expected.charCodeAt(at)) return null;
  }
  return sum;
}

/** The event of a verified line. */
export function decodeLine(line: Buffer): JournalEvent {
  return JSON.parse(`${line.toString("utf8", 0, line.length - SUFFIX_BYTES)}}`) as JournalEvent;
}
