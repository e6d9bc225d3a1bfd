// The work queue in the process that owns the journal. Every method does its work in one piece, before anything else can
// run: claims cannot collide. It remembers nothing beyond its process; what it has to know is opened with it.
import type { Clock } from "../../core/ports/clock";
import type { Claim, ClaimRef, OfferOutcome, QueueMetrics, Renewal, SettledAs, Settlement, WithdrawOutcome, WorkOffer, WorkQueue } from "../../core/ports/workQueue";
import { isClaimedEntry } from "./workEntry";
import { WorkLedger, type QueueOptions } from "./workLedger";

export class EmbeddedWorkQueue implements WorkQueue {
  readonly #ledger: WorkLedger;

  constructor(
    private readonly clock: Clock,
    options: QueueOptions,
  ) {
    this.#ledger = new WorkLedger(clock, options);
  }

  offer(offers: readonly WorkOffer[]): Promise<readonly OfferOutcome[]> {
    return Promise.resolve(offers.map((offer) => this.#ledger.offer(offer)));
  }

  withdraw(tasks: readonly string[]): Promise<readonly WithdrawOutcome[]> {
    return Promise.resolve(tasks.map((task) => this.#withdraw(task)));
  }

  claim(worker: string): Promise<Claim | null> {
    const held = this.#ledger.heldBy(worker);
    if (held !== null) return Promise.resolve(this.#ledger.extend(held, this.#leaseEnd()));
    const entry = this.#ledger.first();
    return Promise.resolve(entry === null ? null : this.#ledger.grant(entry, { worker, token: entry.token + 1, leaseUntil: this.#leaseEnd() }));
  }

  renew(claim: ClaimRef): Promise<Renewal> {
    const entry = this.#ledger.current(claim);
    if ("kind" in entry) return Promise.resolve(this.#ledger.refuse(entry));
    const { leaseUntil } = this.#ledger.extend(entry, this.#leaseEnd());
    return Promise.resolve({ kind: "renewed", leaseUntil });
  }

  settle(claim: ClaimRef, as: SettledAs): Promise<Settlement> {
    const entry = this.#ledger.current(claim);
    if ("kind" in entry) return Promise.resolve(this.#ledger.isRepeated(claim, as) ? { kind: "settled" } : this.#ledger.refuse(entry));
    this.#ledger.end(entry, as.kind);
    return Promise.resolve({ kind: "settled" });
  }

  isCurrent(claim: ClaimRef): Promise<boolean> {
    return Promise.resolve(!("kind" in this.#ledger.current(claim)));
  }

  reclaim(): Promise<readonly Claim[]> {
    const now = this.clock.monotonic();
    const late = this.#ledger.claimed().filter(({ state }) => state.leaseUntil <= now);
    const claims = late.map((entry) => this.#ledger.claimOf(entry));
    for (const entry of late) this.#ledger.end(entry, "reclaimed");
    return Promise.resolve(claims);
  }

  metrics(): Promise<QueueMetrics> {
    return Promise.resolve(this.#ledger.metrics(0));
  }

  #withdraw(task: string): WithdrawOutcome {
    const entry = this.#ledger.entry(task);
    if (entry === null || entry.state.kind === "absent") return "absent";
    if (isClaimedEntry(entry)) {
      this.#ledger.end(entry, "withdrawn");
      return "revoked";
    }
    entry.state = { kind: "absent" };
    return "withdrawn";
  }

  #leaseEnd(): number {
    return this.clock.monotonic() + this.#ledger.leaseMs;
  }
}
