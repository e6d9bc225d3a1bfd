// Durations as they come in: how many, the longest, and percentiles of the latest. Its memory is bounded.

const KEPT = 1000;

export interface Percentiles {
  readonly count: number;
  /** Milliseconds, of the latest thousand; 0 where there are none. */
  readonly p50: number;
  readonly p99: number;
  /** Of all. */
  readonly max: number;
}

export class Distribution {
  readonly #latest: number[] = [];
  #count = 0;
  #max = 0;

  add(value: number): void {
    this.#latest[this.#count % KEPT] = value;
    this.#count += 1;
    this.#max = Math.max(this.#max, value);
  }

  percentiles(): Percentiles {
    const sorted = this.#latest.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return { count: this.#count, p50: at(0.5), p99: at(0.99), max: this.#max };
  }
}
