// Wakes workers when there may be something to claim. Nobody falls asleep over a ring that came while they looked.

export class Bell {
  #rings = 0;
  readonly #asleep = new Set<() => void>();

  /** To be taken before one looks whether there is something, and handed to `sleep` when there was nothing. */
  get rings(): number {
    return this.#rings;
  }

  ring(): void {
    this.#rings += 1;
    for (const wake of this.#asleep) wake();
    this.#asleep.clear();
  }

  /** Resolves with the next ring; at once, when it has rung since `rings` was taken. */
  sleep(rings: number): Promise<void> {
    if (rings !== this.#rings) return Promise.resolve();
    return new Promise((resolve) => this.#asleep.add(resolve));
  }
}
