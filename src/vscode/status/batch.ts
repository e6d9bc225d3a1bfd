// Holds messages back that come close together: the first is said at once, the others of the next seconds as one.
// Pure; no vscode here.
import type { Timers } from "../views/timers";

export const QUIET_MS = 5000;

export class Batch<T> {
  #held: T[] = [];
  #quiet: { dispose(): void } | null = null;

  /** `say` is called with one message or several. */
  constructor(
    private readonly timers: Pick<Timers, "after">,
    private readonly say: (messages: readonly T[]) => void,
  ) {}

  add(message: T): void {
    this.#held.push(message);
    if (this.#quiet === null) this.#flush();
  }

  dispose(): void {
    this.#quiet?.dispose();
    this.#held = [];
  }

  #flush(): void {
    const messages = this.#held;
    this.#held = [];
    this.#quiet = this.timers.after(QUIET_MS, () => {
      this.#quiet = null;
      if (this.#held.length > 0) this.#flush();
    });
    this.say(messages);
  }
}
