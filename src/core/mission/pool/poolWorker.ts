// One worker of the pool: what it is doing, since when, and what it has done so far. It starts nothing itself.
import type { Clock } from "../../ports/clock";
import type { Claim, SettledAs, StaleReason } from "../../ports/workQueue";

/** `leaving`: works on its last task. `left`: drained, lost or stopped. */
export type WorkerState = "idle" | "working" | "leaving" | "left";

export interface WorkerMetrics {
  readonly name: string;
  readonly state: WorkerState;
  /** What it works on. */
  readonly task: string | null;
  /** Since when it has been idle or working, milliseconds since 1970. */
  readonly since: number;
  /** Its last sign of life, milliseconds since 1970; null before the first of this task. */
  readonly heartbeatAt: number | null;
  readonly claims: number;
  readonly completed: number;
  readonly failed: number;
  readonly released: number;
  readonly busyMs: number;
  readonly idleMs: number;
  /** Of the idle time, that in which the task it was given next had been ready already. */
  readonly idleWhileReadyMs: number;
}

/** The work on one claim. */
export interface Run {
  readonly claim: Claim;
  readonly controller: AbortController;
  /** Ends the pool's wait for it, as its claim does not count any more, and aborts it; `why` is the signal's reason. */
  readonly lose: (reason: StaleReason, why: string) => void;
}

export class PoolWorker {
  /** Finishes what it has and leaves. */
  isLeaving = false;
  run: Run | null = null;
  /** A sign of life has come since the last renewal. */
  isAlive = false;
  #hasLeft = false;
  #since: number;
  #sinceWall: number;
  #heartbeatAt: number | null = null;
  #busyMs = 0;
  #idleMs = 0;
  #idleWhileReadyMs = 0;
  readonly #counts = { claims: 0, completed: 0, failed: 0, released: 0 };

  constructor(
    readonly name: string,
    private readonly clock: Clock,
  ) {
    this.#since = clock.monotonic();
    this.#sinceWall = clock.now();
  }

  begin(run: Run): void {
    const idleMs = this.#turn();
    this.run = run;
    this.isAlive = true;
    this.#heartbeatAt = null;
    this.#counts.claims += 1;
    this.#idleMs += idleMs;
    this.#idleWhileReadyMs += Math.min(idleMs, run.claim.waitedMs);
  }

  heartbeat(): void {
    this.isAlive = true;
    this.#heartbeatAt = this.clock.now();
  }

  /** `as`: null for work that counts no more. */
  end(as: SettledAs | null): void {
    this.#busyMs += this.#turn();
    this.run = null;
    if (as !== null) this.#counts[as.kind] += 1;
  }

  leave(): void {
    if (this.#hasLeft) return;
    if (this.run === null) this.#idleMs += this.#turn();
    else this.end(null);
    this.#hasLeft = true;
  }

  metrics(): WorkerMetrics {
    const lasting = this.#hasLeft ? 0 : this.clock.monotonic() - this.#since;
    return {
      name: this.name,
      state: this.#state(),
      task: this.run?.claim.task ?? null,
      since: this.#sinceWall,
      heartbeatAt: this.#heartbeatAt,
      ...this.#counts,
      busyMs: this.#busyMs + (this.run === null ? 0 : lasting),
      idleMs: this.#idleMs + (this.run === null ? lasting : 0),
      idleWhileReadyMs: this.#idleWhileReadyMs,
    };
  }

  #state(): WorkerState {
    if (this.#hasLeft) return "left";
    if (this.run === null) return "idle";
    return this.isLeaving ? "leaving" : "working";
  }

  /** How long the state lasted that ends now. */
  #turn(): number {
    const lasted = this.clock.monotonic() - this.#since;
    this.#since += lasted;
    this.#sinceWall = this.clock.now();
    return lasted;
  }
}
