// The work queue of several processes that share nothing but locks: each has its own view of what is ready, and the lock on
// a task decides whose it is. In one process, calls come one after the other, so that its own workers never collide.
import type { Clock } from "../../core/ports/clock";
import type { Lock, LockStore } from "../../core/ports/lockStore";
import type { Claim, ClaimRef, ClaimStrategy, OfferOutcome, QueueMetrics, Renewal, SettledAs, Settlement, WithdrawOutcome, WorkOffer, WorkQueue } from "../../core/ports/workQueue";
import { isClaimedEntry, type ClaimedEntry, type ReadyEntry } from "./workEntry";
import { stale, WorkLedger, type QueueOptions } from "./workLedger";

export interface LockingOptions extends QueueOptions {
  readonly strategy: Exclude<ClaimStrategy, "queue">;
  readonly locks: LockStore;
}

export class LockingWorkQueue implements WorkQueue {
  readonly #ledger: WorkLedger;
  readonly #locks: LockStore;
  readonly #strategy: LockingOptions["strategy"];
  #conflicts = 0;
  #lastCall: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, options: LockingOptions) {
    this.#ledger = new WorkLedger(clock, options);
    this.#locks = options.locks;
    this.#strategy = options.strategy;
  }

  offer(offers: readonly WorkOffer[]): Promise<readonly OfferOutcome[]> {
    return this.#inTurn(() => Promise.resolve(offers.map((offer) => this.#ledger.offer(offer))));
  }

  withdraw(tasks: readonly string[]): Promise<readonly WithdrawOutcome[]> {
    return this.#inTurn(async () => {
      const outcomes: WithdrawOutcome[] = [];
      for (const task of tasks) outcomes.push(await this.#withdraw(task));
      return outcomes;
    });
  }

  claim(worker: string): Promise<Claim | null> {
    return this.#inTurn(async () => {
      const held = this.#ledger.heldBy(worker);
      if (held !== null) {
        const renewal = await this.#renew(held);
        if (renewal !== null) return this.#ledger.extend(held, renewal.leaseUntil);
      }
      for (let entry = this.#ledger.first(); entry !== null; entry = this.#ledger.first()) {
        const claim = await this.#tryToClaim(entry, worker);
        if (claim !== null) return claim;
      }
      return null;
    });
  }

  renew(claim: ClaimRef): Promise<Renewal> {
    return this.#inTurn(async () => {
      const entry = this.#ledger.current(claim);
      if ("kind" in entry) return this.#ledger.refuse(entry);
      const lock = await this.#renew(entry);
      if (lock === null) return this.#ledger.refuse(stale("expired"));
      return { kind: "renewed", leaseUntil: this.#ledger.extend(entry, lock.leaseUntil).leaseUntil };
    });
  }

  settle(claim: ClaimRef, as: SettledAs): Promise<Settlement> {
    return this.#inTurn(async () => {
      const entry = this.#ledger.current(claim);
      if ("kind" in entry) return this.#ledger.isRepeated(claim, as) ? { kind: "settled" } : this.#ledger.refuse(entry);
      const { kind } = await this.#locks.release({ resource: claim.task, token: claim.token });
      if (kind === "lost") return this.#ledger.refuse(stale("expired"));
      this.#ledger.end(entry, as.kind);
      return { kind: "settled" };
    });
  }

  isCurrent(claim: ClaimRef): Promise<boolean> {
    return this.#inTurn(async () => {
      if ("kind" in this.#ledger.current(claim)) return false;
      return (await this.#locks.read(claim.task)).token === claim.token;
    });
  }

  reclaim(): Promise<readonly Claim[]> {
    return this.#inTurn(async () => {
      const reclaimed: Claim[] = [];
      for (const entry of this.#ledger.claimed()) {
        const claim = this.#ledger.claimOf(entry);
        const state = await this.#locks.read(entry.task);
        if (state.token === entry.token && state.holder !== null) continue;
        reclaimed.push(claim);
        // Released, so that its holder cannot go on with it after all.
        const { kind } = await this.#locks.release({ resource: entry.task, token: entry.token });
        if (kind === "lost") this.#ledger.drop(entry, state.token);
        else this.#ledger.end(entry, "reclaimed");
      }
      return reclaimed;
    });
  }

  metrics(): Promise<QueueMetrics> {
    return this.#inTurn(() => Promise.resolve(this.#ledger.metrics(this.#conflicts)));
  }

  async #tryToClaim(entry: ReadyEntry, worker: string): Promise<Claim | null> {
    const { task, token: known } = entry;
    if (this.#strategy === "lease") {
      const state = await this.#locks.read(task);
      if (state.holder !== null || state.token !== known) {
        this.#ledger.drop(entry, state.token);
        return null;
      }
    }
    // By version in any case: a free lock does not say that nobody has had it, and done the task, since it was offered.
    const outcome = await this.#locks.compareAndSet({ resource: task, holder: worker, leaseMs: this.#ledger.leaseMs }, known);
    if (outcome.kind === "locked") return this.#ledger.grant(entry, { worker, token: outcome.lock.token, leaseUntil: outcome.lock.leaseUntil });
    this.#conflicts += 1;
    this.#ledger.drop(entry, outcome.state.token);
    return null;
  }

  async #renew({ task, token }: ClaimedEntry): Promise<Lock | null> {
    const change = await this.#locks.renew({ resource: task, token }, this.#ledger.leaseMs);
    return change.kind === "renewed" ? change.lock : null;
  }

  async #withdraw(task: string): Promise<WithdrawOutcome> {
    const entry = this.#ledger.entry(task);
    if (entry === null || entry.state.kind === "absent") return "absent";
    if (isClaimedEntry(entry)) {
      await this.#locks.release({ resource: task, token: entry.token });
      this.#ledger.end(entry, "withdrawn");
      return "revoked";
    }
    entry.state = { kind: "absent" };
    return "withdrawn";
  }

  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#lastCall.then(call);
    // Whoever called hears of its failure; the next one has its turn anyway.
    this.#lastCall = result.catch(() => undefined);
    return result;
  }
}
