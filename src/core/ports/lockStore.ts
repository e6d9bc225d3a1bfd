// Locks on named resources (an integration branch, a task), by lease or by version. A lock keeps others out only as long
// as all goes well; the fencing token is what keeps out whoever believes that it still holds one.

export interface LockState {
  /** The highest token given; 0 before the first. It is the resource's version. */
  readonly token: number;
  /** Who holds it; null when it is free or its lease ran out. */
  readonly holder: string | null;
  /** When the lease ends, in milliseconds on the store's clock; null when nobody holds it. */
  readonly leaseUntil: number | null;
}

/** What names a lock that somebody was given. */
export interface LockRef {
  readonly resource: string;
  readonly token: number;
}

export interface Lock extends LockRef {
  readonly holder: string;
  /** Milliseconds on the store's clock. */
  readonly leaseUntil: number;
}

export interface LockRequest {
  readonly resource: string;
  readonly holder: string;
  readonly leaseMs: number;
}

/** `held`: somebody else's lease still runs. `moved`: the version is not the expected one. */
export type LockOutcome =
  | { readonly kind: "locked"; readonly lock: Lock }
  | { readonly kind: "refused"; readonly reason: "held" | "moved"; readonly state: LockState };

/** `lost`: a later token was given, the lock was released, or its lease ran out. */
export type LockChange = { readonly kind: "renewed"; readonly lock: Lock } | { readonly kind: "released" } | { readonly kind: "lost"; readonly state: LockState };

/**
 * Contract:
 * - Every method is atomic; holders may be many and in many processes. Time is the store's.
 * - No method rejects but with CountersignError `io`, when the store cannot be reached. A lock that cannot be had is a result.
 * - Every lock has a token higher than all before it on the resource, also when the store is opened again; `read` tells it.
 * - `acquire` (lease): refused while another lease runs. The same holder, asking again, is refused too: names are no proof.
 * - `compareAndSet` (optimistic): as `acquire`, and refused as `moved` unless the token is still `expected`.
 * - A lease that ran out is free to take. Until somebody does, its holder may renew or release it (the store may be
 *   stricter and answer `lost`).
 * - `release` with a token that does not count changes nothing; repeated, it answers `released` until the next lock.
 */
export interface LockStore {
  read(resource: string): Promise<LockState>;
  acquire(request: LockRequest): Promise<LockOutcome>;
  compareAndSet(request: LockRequest, expected: number): Promise<LockOutcome>;
  renew(lock: LockRef, leaseMs: number): Promise<LockChange>;
  release(lock: LockRef): Promise<LockChange>;
  /** True while no later token was given and the lock is neither released nor run out. */
  isCurrent(lock: LockRef): Promise<boolean>;
}
