// Clocks for tests: one moved by hand, one that moves only because somebody sleeps.
import type { Clock } from "../../src/core/ports/clock";

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

const START = Date.UTC(2026, 0, 5, 9, 0, 0);

/** Time moves only through `advance`. */
export class ManualClock implements Clock {
  #elapsed = 0;
  #jumped = 0;
  readonly #timers = new Set<Timer>();

  constructor(private readonly start = START) {}

  now(): number {
    return this.start + this.#jumped + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  /** Timers and sleeps that still wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wake = (): void => {
        timer.dispose();
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = this.after(ms, wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  after(ms: number, callback: () => void): { dispose(): void } {
    const timer = { due: this.#elapsed + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  }

  /** Moves both clocks, ringing what falls due in order; what each bell sets off runs before the next one. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    for (let next = this.#nextDue(end); next !== undefined; next = this.#nextDue(end)) {
      this.#timers.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.due);
      next.callback();
      await new Promise(setImmediate);
    }
    this.#elapsed = end;
    await new Promise(setImmediate);
  }

  /** The wall clock is set, as by a person or NTP; no time passes. */
  jump(ms: number): void {
    this.#jumped += ms;
  }

  #nextDue(end: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.due <= end);
    return due.toSorted((a, b) => a.due - b.due)[0];
  }
}

/** Stands still; a sleep ends at once and moves it by the time slept, so that waiting code runs without waiting. */
export class FixedClock implements Clock {
  readonly #clock: ManualClock;
  /** How long was slept, in order. */
  readonly slept: number[] = [];

  constructor(start = START) {
    this.#clock = new ManualClock(start);
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.slept.push(ms);
    await this.#clock.advance(ms);
  }

  after(ms: number, callback: () => void): { dispose(): void } {
    return this.#clock.after(ms, callback);
  }
}
