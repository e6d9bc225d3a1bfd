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

/** The place behind a line (given without its newline), or null when it is not the whole line that must follow `before`. */
export function verifyLine(line: Buffer, before: JournalMark): JournalMark | null {
  const bodyEnd = line.length - SUFFIX_BYTES;
  const start = `{"seq":${before.seq + 1},`;
  if (bodyEnd < start.length || line.toString("latin1", 0, start.length) !== start) return null;
  const sum = crc32(line.subarray(0, bodyEnd), before.sum);
  if (line.toString("latin1", bodyEnd) !== suffixOf(sum)) return null;
  return { seq: before.seq + 1, offset: before.offset + line.length + 1, sum };
}

/** The event of a verified line. */
export function decodeLine(line: Buffer): JournalEvent {
  return JSON.parse(`${line.toString("utf8", 0, line.length - SUFFIX_BYTES)}}`) as JournalEvent;
}
