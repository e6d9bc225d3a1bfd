// Cuts a stream of bytes at the borders of UTF-8 characters, so that chunks of two streams can be interleaved.

const NOTHING = Buffer.alloc(0);

export class WholeCharacters {
  private held: Buffer = NOTHING;

  /** The bytes so far, but for a character at the end that is not complete yet. */
  push(chunk: Buffer): Buffer {
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    const cut = bytes.length - incompleteBytes(bytes);
    // A copy: a view would keep the whole chunk alive.
    this.held = cut === bytes.length ? NOTHING : Buffer.from(bytes.subarray(cut));
    return bytes.subarray(0, cut);
  }

  end(): Buffer {
    const rest = this.held;
    this.held = NOTHING;
    return rest;
  }
}

/** How many bytes at the end begin a character without ending it; 0 for whole characters and for what is no UTF-8. */
function incompleteBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return byte <= 0xf4 && length > back ? back : 0;
  }
  return 0;
}
