// Reads one file as text, as binary, or by range when it is large. The file is checked again once it is open: what
// was swapped in between is never read. What takes microseconds is done at once: a way through the thread pool and
// back takes longer than all of it together, and a model waits for the answer.
import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, read, readlinkSync, readSync, realpathSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { CountersignError, messageOf } from "../../core/domain/errors";
import type { FileContent } from "../../core/ports/fileTree";
import { assertInside, notAllowed } from "./realLocation";

/** Files larger than this are read by range. Source: the FileTree port. */
export const LARGE_BYTES = 10 * 1024 * 1024;
/** Larger ones are not read at once. */
const SMALL_BYTES = 1024 * 1024;
/** Text of a range is cut here, whatever the number of lines: one line may be the whole file. */
const RANGE_BYTES = 1024 * 1024;
const RANGE_LINES = 2000;
const CHUNK_BYTES = 256 * 1024;
const LINE_FEED = 10;

const readFrom = promisify(read);

export interface LineRange {
  readonly from: number;
  readonly count: number;
}

export interface OpenFile {
  readonly realRoot: string;
  readonly absolute: string;
  /** As it was asked for, for messages. */
  readonly written: string;
}

/** The content of an existing path; null when it is gone by now. */
export async function readContent(file: OpenFile, range: LineRange | undefined): Promise<FileContent | null> {
  // Whoever reads file after file must not keep everybody else waiting.
  await nextTurn();
  const fd = openFile(file);
  if (fd === null) return null;
  try {
    assertSameFile(fd, file);
    const found = fstatSync(fd);
    if (found.isDirectory()) return { kind: "folder" };
    if (!found.isFile()) throw notAllowed(file.written, "it is a device, socket or pipe and no file");
    if (found.size > LARGE_BYTES) return await readRange(fd, found.size, range ?? { from: 1, count: RANGE_LINES });
    return contentOf(await readWhole(fd, found.size));
  } finally {
    closeSync(fd);
  }
}

/** Bytes as content. Whatever holds a NUL is binary; so is UTF-16 by its mark. */
export function contentOf(bytes: Buffer): FileContent {
  if (looksBinary(bytes)) return { kind: "binary", bytes: bytes.length };
  const content = { kind: "text", text: bytes.toString("utf8"), bytes: bytes.length } as const;
  return isUtf8(bytes) ? content : { ...content, lossy: true };
}

function openFile(file: OpenFile): number | null {
  // Not blocking: opening a pipe that nobody writes to would wait for ever. On Windows the two flags are undefined.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
  try {
    return openSync(file.absolute, flags);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (code === "ELOOP") throw notAllowed(file.written, "it became a symbolic link while it was opened");
    if (code === "ENXIO") throw notAllowed(file.written, "it is a device, socket or pipe and no file");
    throw new CountersignError("io", `${file.written} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** A folder on the way may have been replaced by a link after the path was checked. */
function assertSameFile(fd: number, file: OpenFile): void {
  const now = process.platform === "linux" ? pathOfOpen(fd) : realpathSync.native(file.absolute);
  if (now !== null) assertInside(file.realRoot, now, file.written);
}

/** Null where /proc is not mounted, and for a file that was removed after it was opened. */
function pathOfOpen(fd: number): string | null {
  try {
    const target = readlinkSync(`/proc/self/fd/${fd}`);
    return target.startsWith("/") && !target.endsWith(" (deleted)") ? target : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function readWhole(fd: number, size: number): Promise<Buffer> {
  const isSmall = size <= SMALL_BYTES;
  // One byte more than it should have, so that the end is seen without another read.
  let buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const room = buffer.length - length;
    const bytesRead = isSmall ? readSync(fd, buffer, length, room, length) : (await readFrom(fd, buffer, length, room, length)).bytesRead;
    length += bytesRead;
    if (bytesRead === 0 || length < buffer.length || length > LARGE_BYTES) return buffer.subarray(0, length);
    buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
  }
}

async function readRange(fd: number, bytes: number, range: LineRange): Promise<FileContent> {
  const collected: Buffer[] = [];
  let size = 0;
  let line = 1;
  const last = range.from + range.count;
  for (let position = 0; line < last && size < RANGE_BYTES;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await readFrom(fd, chunk, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) break;
    const read = chunk.subarray(0, bytesRead);
    if (position === 0 && looksBinary(read)) return { kind: "binary", bytes };
    position += bytesRead;
    const skipped = passLines(read, 0, range.from - line);
    line += skipped.lines;
    if (line < range.from) continue;
    const taken = passLines(read, skipped.offset, last - line);
    line += taken.lines;
    collected.push(read.subarray(skipped.offset, taken.offset));
    size += taken.offset - skipped.offset;
  }
  const text = Buffer.concat(collected);
  if (text.includes(0)) return { kind: "binary", bytes };
  // In streaming mode a character that the cut left incomplete is dropped, not replaced.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return { kind: "large", text: decoder.decode(text.subarray(0, RANGE_BYTES), { stream: true }), bytes };
}

/** Goes over at most `count` line feeds from `start` on: how many there were, and where it stopped. */
function passLines(bytes: Buffer, start: number, count: number): { readonly lines: number; readonly offset: number } {
  let offset = start;
  for (let lines = 0; lines < count; lines += 1) {
    const at = bytes.indexOf(LINE_FEED, offset);
    if (at === -1) return { lines, offset: bytes.length };
    offset = at + 1;
  }
  return { lines: Math.max(0, count), offset };
}

function looksBinary(bytes: Buffer): boolean {
  const first = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  return first === 0xfffe || first === 0xfeff || bytes.includes(0);
}
