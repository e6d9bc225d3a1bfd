// Who works on what: the tasks of a mission that are ready, and the claims on them. It holds only what can be worked on
// now; which tasks these are, the scheduler decides, and what has become of them, the journal says.
import type { Clock } from "./clock";

/**
 * How workers come to their tasks. `queue`: the store hands out the next one, atomically. `optimistic`: they try to change
 * the version of the task that they know of, and lose the race where somebody was quicker. `lease`: they look first
 * whether somebody's lease on it runs, and lose a race only with who looked at the same time.
 */
export const CLAIM_STRATEGIES = ["queue", "lease", "optimistic"] as const;
export type ClaimStrategy = (typeof CLAIM_STRATEGIES)[number];

export interface WorkOffer {
  readonly task: string;
  /** Higher comes first; among equals, what has been ready for longer. */
  readonly priority: number;
  /**
   * The highest token of the task that the one who offers knows of; 0 for a task that was never claimed. The offer is
   * outdated where a later one was given: a reconciler that has read an older state cannot have a task done twice.
   */
  readonly lastToken: number;
}

/** What names a claim: everything that renews, settles or merges shows this. */
export interface ClaimRef {
  readonly task: string;
  /** The fencing token: higher than any token given for this task before. */
  readonly token: number;
}

export interface Claim extends ClaimRef {
  readonly worker: string;
  /** Milliseconds on the store's clock; to be compared only with others of this store. */
  readonly leaseUntil: number;
  /** How long the lease is, from now or from its renewal, in milliseconds. */
  readonly leaseMs: number;
  /** How long the task had been ready, in milliseconds. */
  readonly waitedMs: number;
}

/** What became of an offer. `ready`: it was there, and has the new priority. `outdated`: a later token was given. */
export type OfferOutcome = "added" | "ready" | "claimed" | "outdated";

/** What became of a task that was taken out. `revoked`: somebody had claimed it, and can no longer settle it. */
export type WithdrawOutcome = "withdrawn" | "revoked" | "absent";

/**
 * Why a token does not count any more. `superseded`: a later one was given · `reclaimed`: its lease ran out and the task
 * was taken back · `expired`: its lease ran out · `withdrawn`: the task was taken out · `settled`: with it the task was
 * settled in another way · `unknown`: no such token was ever given.
 */
export type StaleReason = "superseded" | "reclaimed" | "expired" | "withdrawn" | "settled" | "unknown";

export interface Stale {
  readonly kind: "stale";
  readonly reason: StaleReason;
}

export type Renewal = { readonly kind: "renewed"; readonly leaseUntil: number } | Stale;
export type Settlement = { readonly kind: "settled" } | Stale;

/** `completed`, `failed`: it leaves the queue. `released`: it is ready again, for whoever comes next. */
export type SettledAs =
  | { readonly kind: "completed" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "released"; readonly reason: string };

export interface QueueMetrics {
  readonly ready: number;
  readonly claimed: number;
  /** How long the task that has been ready for longest has waited, in milliseconds; 0 when there is none. */
  readonly oldestReadyMs: number;
  /** Claims granted since the queue was opened, and how many tries somebody else was quicker at. */
  readonly claims: number;
  readonly conflicts: number;
  readonly completed: number;
  readonly failed: number;
  readonly released: number;
  readonly reclaimed: number;
  /** Renewals and settlements that were refused. */
  readonly stale: number;
}

/**
 * Contract:
 * - Every method is atomic; callers may be many and in many processes. Time is the store's.
 * - No method rejects but with CountersignError `io`, when the store cannot be reached; then nothing or all of it has
 *   happened, and calling again with the same arguments is safe. Being too late is a result, not an error.
 * - A task is absent, ready or claimed by one worker; of one task at most one token counts at any time.
 * - Tokens grow with every claim of a task and never start anew, also when the queue is opened again.
 * - `claim`: the ready task of highest priority; null when there is none. A worker holds one claim at a time: asked
 *   again, it is given the one that it holds, renewed. So a worker's name is used once; who starts again takes a new one.
 * - A lease that ran out still counts until its task is taken back (the store may be stricter and answer `expired`; it
 *   then never counts again). Nobody else is given the task before.
 * - `settle` repeated with the same token and kind answers as it did. A task that has left the queue is ready again once it
 *   is offered with its last token.
 * - `offer` and `withdraw` answer in the order of their arguments and are idempotent.
 */
export interface WorkQueue {
  offer(offers: readonly WorkOffer[]): Promise<readonly OfferOutcome[]>;
  /** Takes tasks out, claimed or not: taken over by the user, blocked, cancelled. */
  withdraw(tasks: readonly string[]): Promise<readonly WithdrawOutcome[]>;
  claim(worker: string): Promise<Claim | null>;
  /** The sign of life: the lease starts anew. */
  renew(claim: ClaimRef): Promise<Renewal>;
  settle(claim: ClaimRef, as: SettledAs): Promise<Settlement>;
  /** True while the claim counts. Ask right before a merge, where merges are one after the other. */
  isCurrent(claim: ClaimRef): Promise<boolean>;
  /** Takes back every task whose lease ran out, and says whose they were: ready again, with the priority that they had. */
  reclaim(): Promise<readonly Claim[]>;
  metrics(): Promise<QueueMetrics>;
}

/** What a queue is opened with: `tokens` holds the highest one on record of each task. */
export interface QueueStart {
  /** How long a worker may be silent before its task can be taken back, in milliseconds. */
  readonly leaseMs: number;
  readonly ready: readonly WorkOffer[];
  readonly tokens: ReadonlyMap<string, number>;
}

export type OpenQueue = (clock: Clock, start: QueueStart) => WorkQueue;
