// Time for views: what a clock says, and a call later on. Tests move it by hand. Pure; no vscode here.

export interface Timers {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Calls back once, unless disposed of before. */
  after(ms: number, callback: () => void): { dispose(): void };
}

export const systemTimers: Timers = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return { dispose: () => clearTimeout(timer) };
  },
};
