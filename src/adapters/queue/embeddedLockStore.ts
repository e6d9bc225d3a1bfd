// Locks in the process that owns the journal: every method does its work in one piece.
import type { Clock } from "../../core/ports/clock";
import type { Lock, LockChange, LockOutcome, LockRef, LockRequest, LockState, LockStore } from "../../core/ports/lockStore";

interface Held {
  readonly holder: string;
  readonly leaseUntil: number;
}

interface Resource {
  readonly token: number;
  /** null: released, or never locked. */
  readonly held: Held | null;
}

export class EmbeddedLockStore implements LockStore {
  readonly #resources = new Map<string, Resource>();

  /** `tokens`: the highest token on record of each resource. */
  constructor(
    private readonly clock: Clock,
    tokens: ReadonlyMap<string, number> = new Map(),
  ) {
    for (const [resource, token] of tokens) this.#resources.set(resource, { token, held: null });
  }

  read(resource: string): Promise<LockState> {
    return Promise.resolve(this.#state(resource));
  }

  acquire(request: LockRequest): Promise<LockOutcome> {
    return Promise.resolve(this.#lock(request));
  }

  compareAndSet(request: LockRequest, expected: number): Promise<LockOutcome> {
    const state = this.#state(request.resource);
    if (state.token === expected) return Promise.resolve(this.#lock(request));
    return Promise.resolve({ kind: "refused", reason: "moved", state });
  }

  renew({ resource, token }: LockRef, leaseMs: number): Promise<LockChange> {
    const held = this.#heldWith(resource, token);
    if (held === null) return Promise.resolve({ kind: "lost", state: this.#state(resource) });
    return Promise.resolve({ kind: "renewed", lock: this.#hold({ resource, holder: held.holder, leaseMs }, token) });
  }

  release({ resource, token }: LockRef): Promise<LockChange> {
    const known = this.#resources.get(resource);
    if (known?.token !== token) return Promise.resolve({ kind: "lost", state: this.#state(resource) });
    this.#resources.set(resource, { token, held: null });
    return Promise.resolve({ kind: "released" });
  }

  isCurrent({ resource, token }: LockRef): Promise<boolean> {
    const state = this.#state(resource);
    return Promise.resolve(state.token === token && state.holder !== null);
  }

  #lock(request: LockRequest): LockOutcome {
    const state = this.#state(request.resource);
    if (state.holder !== null) return { kind: "refused", reason: "held", state };
    return { kind: "locked", lock: this.#hold(request, state.token + 1) };
  }

  #hold({ resource, holder, leaseMs }: LockRequest, token: number): Lock {
    const leaseUntil = this.clock.monotonic() + leaseMs;
    this.#resources.set(resource, { token, held: { holder, leaseUntil } });
    return { resource, holder, token, leaseUntil };
  }

  #heldWith(resource: string, token: number): Held | null {
    const known = this.#resources.get(resource);
    return known?.token === token ? known.held : null;
  }

  #state(resource: string): LockState {
    const { token, held } = this.#resources.get(resource) ?? { token: 0, held: null };
    const runs = held !== null && held.leaseUntil > this.clock.monotonic();
    return { token, holder: runs ? held.holder : null, leaseUntil: runs ? held.leaseUntil : null };
  }
}
