// Time. Tests move it by hand.

/**
 * Contract: `sleep` resolves after `ms` or, when `signal` aborts first, at once (it never rejects; the caller looks at
 * the signal). `after` calls back once unless disposed of; it does not keep the process alive.
 */
export interface Clock {
  /** Milliseconds since 1970, UTC; may jump. */
  now(): number;
  /** Milliseconds, monotonic; for durations. */
  monotonic(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  after(ms: number, callback: () => void): { dispose(): void };
}
