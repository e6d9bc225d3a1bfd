// Keeps the beginning and the end of a text that is too long to hand on. It never cuts a character in two and never
// grows beyond its bound, the line that says how much is missing included.

/** Room for the line that says how much is missing, in bytes. */
const MARKER_BYTES = 64;
/** Below this bound there is no room for both ends and the line between: the head alone is kept. */
const SMALLEST_SPLIT = 2 * MARKER_BYTES;

/** Head and tail of `text` in at most `maxBytes` bytes of UTF-8, with `… N bytes left out …` between them. */
export function boundText(text: string, maxBytes: number): string {
  const bounded = new HeadAndTail(maxBytes);
  bounded.push(text);
  return bounded.text();
}

/** The same for a text that comes in pieces; memory stays within a few times the bound. */
export class HeadAndTail {
  /** Everything, up to the bound. */
  private head = "";
  private headBytes = 0;
  /** The end of what came after `head`. */
  private tail = "";
  private totalBytes = 0;
  /** A high surrogate whose other half is still to come. */
  private pending = "";

  constructor(private readonly maxBytes: number) {}

  push(piece: string): void {
    let text = this.pending + piece;
    this.pending = "";
    if (isHighSurrogate(text.charCodeAt(text.length - 1))) {
      this.pending = text.slice(-1);
      text = text.slice(0, -1);
    }
    this.keep(text);
  }

  text(): string {
    this.keep(this.pending);
    this.pending = "";
    if (this.totalBytes <= this.maxBytes) return this.head + this.tail;
    if (this.maxBytes < SMALLEST_SPLIT) return headOf(this.head, this.maxBytes);
    const half = Math.floor((this.maxBytes - MARKER_BYTES) / 2);
    const head = headOf(this.head, half);
    const tail = tailOf(this.tail.length > half ? this.tail : this.head + this.tail, half);
    const missing = this.totalBytes - Buffer.byteLength(head) - Buffer.byteLength(tail);
    return `${head}${head === "" || head.endsWith("\n") ? "" : "\n"}… ${missing} bytes left out …\n${tail}`;
  }

  /** Bytes of everything that was pushed. */
  get bytes(): number {
    return this.totalBytes + Buffer.byteLength(this.pending);
  }

  private keep(text: string): void {
    if (text === "") return;
    const bytes = Buffer.byteLength(text);
    this.totalBytes += bytes;
    let rest = text;
    if (this.tail === "" && this.headBytes < this.maxBytes) {
      const taken = bytes <= this.maxBytes - this.headBytes ? text : headOf(text, this.maxBytes - this.headBytes);
      this.head += taken;
      this.headBytes += Buffer.byteLength(taken);
      rest = text.slice(taken.length);
    }
    this.tail += rest;
    // In UTF-16 units, which are never more than bytes: what is kept always holds the last `maxBytes` bytes.
    if (this.tail.length > 4 * this.maxBytes)
      this.tail = dropLowSurrogate(this.tail.slice(this.tail.length - this.maxBytes));
  }
}

/** The longest beginning of `text` that fits into `bytes`, whole characters only. */
export function headOf(text: string, bytes: number): string {
  const length = longestFit(
    Math.min(text.length, Math.max(0, bytes)),
    (n) => Buffer.byteLength(text.slice(0, n)) <= bytes,
  );
  const cutsPair = length > 0 && length < text.length && isHighSurrogate(text.charCodeAt(length - 1));
  return text.slice(0, cutsPair && isLowSurrogate(text.charCodeAt(length)) ? length - 1 : length);
}

/** The longest end of `text` that fits into `bytes`, whole characters only. */
export function tailOf(text: string, bytes: number): string {
  const fits = (n: number): boolean => Buffer.byteLength(text.slice(text.length - n)) <= bytes;
  const start = text.length - longestFit(Math.min(text.length, Math.max(0, bytes)), fits);
  const cutsPair = start > 0 && start < text.length && isHighSurrogate(text.charCodeAt(start - 1));
  return text.slice(cutsPair && isLowSurrogate(text.charCodeAt(start)) ? start + 1 : start);
}

/** Greatest n ≤ `most` that fits, where half a pair counts as a whole character (so sizes only ever grow with n). */
function longestFit(most: number, fits: (n: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function dropLowSurrogate(text: string): string {
  return isLowSurrogate(text.charCodeAt(0)) ? text.slice(1) : text;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
