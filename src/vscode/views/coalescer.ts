// Gathers what is to be shown anew and hands it on at most once in a while: the first at once, the rest together.
// Pure; no vscode here.
import type { Timers } from "./timers";

export class Coalescer<T> {
  readonly #items = new Set<T>();
  #isAll = false;
  #pause: { dispose(): void } | null = null;

  /**
   * `flush` is called with what has been added since its last call, or with "all". While `isBusy` says that whoever was
   * flushed to is still at it, the pause goes on.
   */
  constructor(
    private readonly timers: Pick<Timers, "after">,
    private readonly gapMs: number,
    private readonly flush: (items: readonly T[] | "all") => void,
    private readonly isBusy: () => boolean = () => false,
  ) {}

  add(items: readonly T[]): void {
    for (const item of items) this.#items.add(item);
    if (items.length > 0) this.#flushUnlessPaused();
  }

  addAll(): void {
    this.#isAll = true;
    this.#flushUnlessPaused();
  }

  dispose(): void {
    this.#pause?.dispose();
    this.#items.clear();
    this.#isAll = false;
  }

  #flushUnlessPaused(): void {
    if (this.#pause === null) this.#flushUnlessBusy();
  }

  #flushUnlessBusy(): void {
    if (this.isBusy()) this.#rest();
    else this.#flushNow();
  }

  #flushNow(): void {
    const items = this.#isAll ? "all" : [...this.#items];
    this.#isAll = false;
    this.#items.clear();
    // First the pause: what the flush itself adds waits, too.
    this.#rest();
    this.flush(items);
  }

  #rest(): void {
    this.#pause = this.timers.after(this.gapMs, () => {
      this.#pause = null;
      if (this.#isAll || this.#items.size > 0) this.#flushUnlessBusy();
    });
  }
}
