// Keeps what was read most recently, up to a number of bytes. Contents of commits never change, so nothing goes stale.

export class ByteCache<T> {
  readonly #entries = new Map<string, { readonly value: Promise<T>; bytes: number }>();
  #bytes = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly sizeOf: (value: T) => number,
  ) {}

  /** What `read` gave for this key the first time; a failed read is not kept. */
  get(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      // The order of a Map is that of insertion: the least recently used comes first.
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    const entry = { value: read(), bytes: 0 };
    this.#entries.set(key, entry);
    entry.value.then(
      (value) => this.#weigh(key, entry, this.sizeOf(value)),
      () => this.#remove(key, entry),
    );
    return entry.value;
  }

  /** Of what is kept now. */
  get bytes(): number {
    return this.#bytes;
  }

  #weigh(key: string, entry: { bytes: number }, bytes: number): void {
    if (this.#entries.get(key) !== entry) return;
    entry.bytes = bytes;
    this.#bytes += bytes;
    for (const [other, { bytes: freed }] of this.#entries) {
      if (this.#bytes <= this.maxBytes) return;
      // One that is still being read weighs nothing yet and has its reader waiting.
      if (freed === 0) continue;
      this.#entries.delete(other);
      this.#bytes -= freed;
    }
  }

  #remove(key: string, entry: unknown): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}
