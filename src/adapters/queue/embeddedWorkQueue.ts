// The work queue in the process that owns the journal. Every method does its work in one piece, before anything else can
// run: claims cannot collide. It remembers nothing beyond its process; what it has to know is opened with it.
import type { Clock } from "../../core/ports/clock";
import type { Claim, ClaimRef, OfferOutcome, QueueMetrics, Renewal, SettledAs, Settlement, Stale, StaleReason, WithdrawOutcome, WorkOffer, WorkQueue } from "../../core/ports/workQueue";
import { firstReady, isClaimedEntry, isReadyEntry, type ClaimedEntry, type WorkEntry } from "./workEntry";

export interface QueueOptions {
  /** How long a worker may be silent before its task can be taken back, in milliseconds. */
  readonly leaseMs: number;
  /** What is ready, with the highest token of each task on record. */
  readonly ready?: readonly WorkOffer[];
  /** The highest token on record of other tasks. */
  readonly tokens?: ReadonlyMap<string, number>;
}

export class EmbeddedWorkQueue implements WorkQueue {
  readonly #entries = new Map<string, WorkEntry>();
  /** By worker. */
  readonly #claims = new Map<string, string>();
  readonly #counts = { claims: 0, completed: 0, failed: 0, released: 0, reclaimed: 0, stale: 0 };
  readonly #leaseMs: number;
  /** Numbers what becomes ready. */
  #order = 0;

  constructor(
    private readonly clock: Clock,
    { leaseMs, ready = [], tokens = new Map() }: QueueOptions,
  ) {
    this.#leaseMs = leaseMs;
    for (const [task, token] of tokens) this.#entries.set(task, lost(task, token));
    for (const offer of ready) this.#offer(offer);
  }

  offer(offers: readonly WorkOffer[]): Promise<readonly OfferOutcome[]> {
    return Promise.resolve(offers.map((offer) => this.#offer(offer)));
  }

  withdraw(tasks: readonly string[]): Promise<readonly WithdrawOutcome[]> {
    return Promise.resolve(tasks.map((task) => this.#withdraw(task)));
  }

  claim(worker: string): Promise<Claim | null> {
    return Promise.resolve(this.#claim(worker));
  }

  renew(claim: ClaimRef): Promise<Renewal> {
    const entry = this.#current(claim);
    if ("kind" in entry) return Promise.resolve(this.#refuse(entry));
    entry.state = { ...entry.state, leaseUntil: this.#leaseEnd() };
    return Promise.resolve({ kind: "renewed", leaseUntil: entry.state.leaseUntil });
  }

  settle(claim: ClaimRef, as: SettledAs): Promise<Settlement> {
    const entry = this.#current(claim);
    if ("kind" in entry) {
      const known = this.#entries.get(claim.task);
      const isRepeated = known?.token === claim.token && known.ending === as.kind;
      return Promise.resolve(isRepeated ? { kind: "settled" } : this.#refuse(entry));
    }
    this.#end(entry, as.kind);
    this.#counts[as.kind] += 1;
    return Promise.resolve({ kind: "settled" });
  }

  isCurrent(claim: ClaimRef): Promise<boolean> {
    return Promise.resolve(!("kind" in this.#current(claim)));
  }

  reclaim(): Promise<readonly Claim[]> {
    const now = this.clock.monotonic();
    const late = [...this.#entries.values()].filter(isClaimedEntry).filter(({ state }) => state.leaseUntil <= now);
    const claims = late.map((entry) => this.#claimOf(entry));
    for (const entry of late) this.#end(entry, "reclaimed");
    this.#counts.reclaimed += late.length;
    return Promise.resolve(claims);
  }

  metrics(): Promise<QueueMetrics> {
    const entries = [...this.#entries.values()];
    const ready = entries.filter(isReadyEntry);
    const oldest = ready.reduce((since, { state }) => Math.min(since, state.since), this.clock.monotonic());
    return Promise.resolve({
      ...this.#counts,
      conflicts: 0,
      ready: ready.length,
      claimed: entries.filter(isClaimedEntry).length,
      oldestReadyMs: this.clock.monotonic() - oldest,
    });
  }

  #offer({ task, priority, lastToken }: WorkOffer): OfferOutcome {
    const entry = this.#entries.get(task) ?? lost(task, 0);
    if (entry.state.kind === "claimed") return "claimed";
    if (entry.token > lastToken) return "outdated";
    this.#entries.set(task, entry);
    entry.priority = priority;
    if (entry.token < lastToken) [entry.token, entry.ending] = [lastToken, "reclaimed"];
    if (entry.state.kind === "ready") return "ready";
    this.#makeReady(entry);
    return "added";
  }

  #withdraw(task: string): WithdrawOutcome {
    const entry = this.#entries.get(task);
    if (entry === undefined || entry.state.kind === "absent") return "absent";
    if (isClaimedEntry(entry)) {
      this.#end(entry, "withdrawn");
      return "revoked";
    }
    entry.state = { kind: "absent" };
    return "withdrawn";
  }

  #claim(worker: string): Claim | null {
    const held = this.#entries.get(this.#claims.get(worker) ?? "");
    if (held !== undefined && isClaimedEntry(held)) {
      held.state = { ...held.state, leaseUntil: this.#leaseEnd() };
      return this.#claimOf(held);
    }
    const entry = firstReady(this.#entries.values());
    if (entry === null) return null;
    const now = this.clock.monotonic();
    const state = { kind: "claimed", worker, leaseUntil: this.#leaseEnd(), waitedMs: now - entry.state.since } as const;
    const claimed: ClaimedEntry = Object.assign(entry, { state, token: entry.token + 1, ending: null });
    this.#claims.set(worker, entry.task);
    this.#counts.claims += 1;
    return this.#claimOf(claimed);
  }

  /** The entry that a claim counts for. */
  #current({ task, token }: ClaimRef): ClaimedEntry | Stale {
    const entry = this.#entries.get(task);
    if (entry === undefined || token > entry.token || token < 1) return stale("unknown");
    if (token < entry.token) return stale("superseded");
    if (isClaimedEntry(entry)) return entry;
    return stale(entry.ending === "reclaimed" || entry.ending === "withdrawn" ? entry.ending : "settled");
  }

  #end(entry: ClaimedEntry, ending: WorkEntry["ending"]): void {
    this.#claims.delete(entry.state.worker);
    const ended: WorkEntry = Object.assign(entry, { state: { kind: "absent" } as const, ending });
    if (ending === "released" || ending === "reclaimed") this.#makeReady(ended);
  }

  #makeReady(entry: WorkEntry): void {
    this.#order += 1;
    entry.state = { kind: "ready", since: this.clock.monotonic(), order: this.#order };
  }

  #leaseEnd(): number {
    return this.clock.monotonic() + this.#leaseMs;
  }

  #claimOf({ task, token, state: { worker, leaseUntil, waitedMs } }: ClaimedEntry): Claim {
    return { task, token, worker, leaseUntil, leaseMs: this.#leaseMs, waitedMs };
  }

  #refuse(refusal: Stale): Stale {
    this.#counts.stale += 1;
    return refusal;
  }
}

/** A task whose claims, if there were any, ended with the process that had granted them. */
function lost(task: string, token: number): WorkEntry {
  return { task, token, priority: 0, state: { kind: "absent" }, ending: token === 0 ? null : "reclaimed" };
}

function stale(reason: StaleReason): Stale {
  return { kind: "stale", reason };
}
