// What a queue knows: the tasks, who has claimed which, and what became of tokens. It does everything in one piece and
// asks nobody; where claims have to be agreed on with others, the queue does that before it writes here.
import type { Clock } from "../../core/ports/clock";
import type { Claim, ClaimRef, OfferOutcome, QueueMetrics, SettledAs, Stale, StaleReason, WorkOffer } from "../../core/ports/workQueue";
import { firstReady, isClaimedEntry, isReadyEntry, type ClaimedEntry, type ReadyEntry, type WorkEntry } from "./workEntry";

export interface QueueOptions {
  /** How long a worker may be silent before its task can be taken back, in milliseconds. */
  readonly leaseMs: number;
  /** What is ready, with the highest token of each task on record. */
  readonly ready?: readonly WorkOffer[];
  /** The highest token on record of other tasks. */
  readonly tokens?: ReadonlyMap<string, number>;
}

export class WorkLedger {
  readonly leaseMs: number;
  readonly #entries = new Map<string, WorkEntry>();
  /** By worker. */
  readonly #claims = new Map<string, string>();
  readonly #counts = { claims: 0, completed: 0, failed: 0, released: 0, reclaimed: 0, withdrawn: 0, stale: 0 };
  /** Numbers what becomes ready. */
  #order = 0;

  constructor(
    private readonly clock: Clock,
    { leaseMs, ready = [], tokens = new Map() }: QueueOptions,
  ) {
    this.leaseMs = leaseMs;
    for (const [task, token] of tokens) this.#entries.set(task, unclaimed(task, token));
    for (const offer of ready) this.offer(offer);
  }

  offer({ task, priority, lastToken }: WorkOffer): OfferOutcome {
    const entry = this.#entries.get(task) ?? unclaimed(task, 0);
    if (entry.state.kind === "claimed") return "claimed";
    if (entry.token > lastToken) return "outdated";
    this.#entries.set(task, entry);
    entry.priority = priority;
    if (entry.token < lastToken) [entry.token, entry.ending] = [lastToken, "reclaimed"];
    if (entry.state.kind === "ready") return "ready";
    this.#makeReady(entry);
    return "added";
  }

  entry(task: string): WorkEntry | null {
    return this.#entries.get(task) ?? null;
  }

  first(): ReadyEntry | null {
    return firstReady(this.#entries.values());
  }

  claimed(): readonly ClaimedEntry[] {
    return [...this.#entries.values()].filter(isClaimedEntry);
  }

  heldBy(worker: string): ClaimedEntry | null {
    const entry = this.#entries.get(this.#claims.get(worker) ?? "");
    return entry !== undefined && isClaimedEntry(entry) ? entry : null;
  }

  grant(entry: ReadyEntry, grant: { readonly worker: string; readonly token: number; readonly leaseUntil: number }): Claim {
    const { worker, token, leaseUntil } = grant;
    const state = { kind: "claimed", worker, leaseUntil, waitedMs: this.clock.monotonic() - entry.state.since } as const;
    this.#claims.set(worker, entry.task);
    this.#counts.claims += 1;
    return this.claimOf(Object.assign(entry, { state, token, ending: null }));
  }

  /** Renews the lease in place. */
  extend(entry: ClaimedEntry, leaseUntil: number): Claim {
    entry.state = { ...entry.state, leaseUntil };
    return this.claimOf(entry);
  }

  claimOf({ task, token, state: { worker, leaseUntil, waitedMs } }: ClaimedEntry): Claim {
    return { task, token, worker, leaseUntil, leaseMs: this.leaseMs, waitedMs };
  }

  /** The entry that a claim counts for, as far as is known here. */
  current({ task, token }: ClaimRef): ClaimedEntry | Stale {
    const entry = this.#entries.get(task);
    if (entry === undefined || token > entry.token || token < 1) return stale("unknown");
    if (token < entry.token) return stale("superseded");
    if (isClaimedEntry(entry)) return entry;
    return stale(entry.ending === "reclaimed" || entry.ending === "withdrawn" ? entry.ending : "settled");
  }

  /** The same was said before, with the same token. */
  isRepeated({ task, token }: ClaimRef, as: SettledAs): boolean {
    const entry = this.#entries.get(task);
    return entry !== undefined && entry.token === token && entry.ending === as.kind;
  }

  /** Ends a claim; a task that was released or taken back is ready again. */
  end(entry: ClaimedEntry, ending: SettledAs["kind"] | "reclaimed" | "withdrawn"): void {
    this.#forget(entry);
    this.#counts[ending] += 1;
    const ended: WorkEntry = Object.assign(entry, { state: { kind: "absent" } as const, ending });
    if (ending === "released" || ending === "reclaimed") this.#makeReady(ended);
  }

  /** Others are further with this task than was known here: it is ready once it is offered with their token. */
  drop(entry: WorkEntry, token: number): void {
    if (isClaimedEntry(entry)) this.#forget(entry);
    Object.assign(entry, { state: { kind: "absent" }, token: Math.max(token, entry.token), ending: "reclaimed" });
  }

  refuse(refusal: Stale): Stale {
    this.#counts.stale += 1;
    return refusal;
  }

  metrics(conflicts: number): QueueMetrics {
    const ready = [...this.#entries.values()].filter(isReadyEntry);
    const now = this.clock.monotonic();
    const { withdrawn: _, ...counts } = this.#counts;
    return { ...counts, conflicts, ready: ready.length, claimed: this.claimed().length, oldestReadyMs: now - ready.reduce((since, { state }) => Math.min(since, state.since), now) };
  }

  /** Its worker may have another claim by now, where the store gave up this one as soon as its lease ran out. */
  #forget({ task, state: { worker } }: ClaimedEntry): void {
    if (this.#claims.get(worker) === task) this.#claims.delete(worker);
  }

  #makeReady(entry: WorkEntry): void {
    this.#order += 1;
    entry.state = { kind: "ready", since: this.clock.monotonic(), order: this.#order };
  }
}

/** A task whose claims, if there were any, ended with the process that had granted them. */
function unclaimed(task: string, token: number): WorkEntry {
  return { task, token, priority: 0, state: { kind: "absent" }, ending: token === 0 ? null : "reclaimed" };
}

export function stale(reason: StaleReason): Stale {
  return { kind: "stale", reason };
}
