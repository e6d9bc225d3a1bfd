// Ends a request that is cancelled or that nothing is heard of: one abort signal, and the reason for it.

export type EndedBy = "cancelled" | "stalled" | "finished";

export class Lifeline {
  private readonly controller = new AbortController();
  private readonly onCancel = (): void => this.endBy("cancelled");
  private timer: NodeJS.Timeout;
  private cause: EndedBy | null = null;

  constructor(
    private readonly outer: AbortSignal,
    idleTimeoutMs: number,
  ) {
    if (outer.aborted) this.endBy("cancelled");
    else outer.addEventListener("abort", this.onCancel, { once: true });
    this.timer = setTimeout(() => this.endBy("stalled"), idleTimeoutMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Why the signal was aborted; null while it is not. */
  get endedBy(): EndedBy | null {
    return this.cause;
  }

  /** Something was heard: the wait starts anew. */
  touch(): void {
    this.timer.refresh();
  }

  /** All that counts was received; the rest of the response is waited for this long only, to keep the connection. */
  finishWithin(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.endBy("finished"), ms);
  }

  /** Lets go of everything; a response that is still open is broken off. */
  close(isOpen: boolean): void {
    clearTimeout(this.timer);
    this.outer.removeEventListener("abort", this.onCancel);
    if (isOpen) this.endBy("finished");
  }

  private endBy(cause: EndedBy): void {
    if (this.cause !== null) return;
    this.cause = cause;
    this.controller.abort();
  }
}
