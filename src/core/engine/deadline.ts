// A phase's time limit: ends the agent's work by aborting a signal, and stands still while the engine itself works.
import type { Clock } from "../ports/clock";

export type StopCause = "timedOut" | "cancelled";

export class Deadline {
  private readonly controller = new AbortController();
  private remainingMs: number;
  private startedAt = 0;
  private timer: { dispose(): void } | null = null;
  /** Pieces of work off the clock; one more for good after `dispose`. */
  private holds = 0;
  private readonly onCancel = (): void => this.stop("cancelled");

  constructor(
    limitMs: number,
    private readonly clock: Clock,
    private readonly outer: AbortSignal,
  ) {
    this.remainingMs = limitMs;
    if (outer.aborted) this.stop("cancelled");
    else outer.addEventListener("abort", this.onCancel, { once: true });
    this.start();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Runs engine work (checks, set-up) off the agent's clock. Only a cancel ends it early. */
  async offTheClock<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.pause();
    try {
      return await work(this.outer);
    } finally {
      this.resume();
    }
  }

  dispose(): void {
    this.pause();
    this.outer.removeEventListener("abort", this.onCancel);
  }

  private pause(): void {
    this.holds += 1;
    if (this.timer === null) return;
    this.timer.dispose();
    this.timer = null;
    this.remainingMs -= this.clock.monotonic() - this.startedAt;
  }

  private resume(): void {
    this.holds -= 1;
    this.start();
  }

  private start(): void {
    if (this.holds > 0 || this.signal.aborted) return;
    this.startedAt = this.clock.monotonic();
    this.timer = this.clock.after(Math.max(0, this.remainingMs), () => this.stop("timedOut"));
  }

  private stop(cause: StopCause): void {
    if (!this.signal.aborted) this.controller.abort(cause);
  }
}

/** Why a signal made by a Deadline was aborted. */
export function stopCause(signal: AbortSignal): StopCause {
  return signal.reason === "timedOut" ? "timedOut" : "cancelled";
}
