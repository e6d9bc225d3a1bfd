// The machine's clock. Timers that only watch never keep the process alive.
import type { Clock } from "../../core/ports/clock";

/** setTimeout fires at once above this. */
const LONGEST_TIMER = 2 ** 31 - 1;

export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, LONGEST_TIMER));
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  after(ms: number, callback: () => void): { dispose(): void } {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER));
    timer.unref();
    return { dispose: () => clearTimeout(timer) };
  }
}
