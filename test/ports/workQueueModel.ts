// What a WorkQueue is, said in the plainest way, and steps that people and machines take with one: after each, queue and
// model must agree on who may settle what.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { ClaimRef, SettledAs, WorkQueue } from "../../src/core/ports/workQueue";

const TASKS = ["a", "b", "c", "d", "e"];
const WORKERS = 4;

export type QueueStep =
  | { readonly kind: "offer"; readonly task: string; readonly priority: number; readonly isOutdated: boolean }
  | { readonly kind: "claim" | "crash"; readonly worker: number }
  | { readonly kind: "renew" | "completed" | "failed" | "released"; readonly claim: number }
  | { readonly kind: "withdraw"; readonly task: string }
  | { readonly kind: "pass"; readonly leases: number }
  | { readonly kind: "reclaim" };

const task = fc.constantFrom(...TASKS);
/** Mostly the latest claims; older ones are those who come back too late. */
const claim = fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 2 }) }, { weight: 1, arbitrary: fc.nat({ max: 20 }) });
const worker = fc.nat({ max: WORKERS - 1 });

export const queueSteps: fc.Arbitrary<QueueStep[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("offer" as const), task, priority: fc.nat({ max: 3 }), isOutdated: fc.boolean() }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("claim" as const), worker }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const), worker }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom("renew" as const, "completed" as const, "failed" as const, "released" as const), claim }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("withdraw" as const), task }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("pass" as const), leases: fc.constantFrom(0.3, 0.6, 1.1) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("reclaim" as const) }) },
  ),
  { minLength: 10, maxLength: 80, size: "max" },
);

interface ModelTask {
  status: "absent" | "ready" | "claimed";
  priority: number;
  /** Counts up with everything that becomes ready. */
  order: number;
  token: number;
  worker: string;
  until: number;
  /** How the claim with `token` ended. */
  ending: string | null;
}

interface UnderTest {
  readonly queue: WorkQueue;
  readonly leaseMs: number;
  readonly pass: (ms: number) => Promise<void>;
}

export class QueueModel {
  readonly #tasks = new Map(TASKS.map((name): [string, ModelTask] => [name, { status: "absent", priority: 0, order: 0, token: 0, worker: "", until: 0, ending: null }]));
  /** Every claim ever granted, latest first. */
  readonly #refs: ClaimRef[] = [];
  /** Claims that the store gave up as soon as their lease had run out, which it may. */
  readonly #expired = new Set<string>();
  readonly #lives = Array.from({ length: WORKERS }, () => 0);
  #now = 0;
  #order = 0;

  constructor(private readonly under: UnderTest) {}

  async take(step: QueueStep): Promise<void> {
    await this.#act(step);
    await this.#agree();
  }

  /** Nothing may be lost: whatever is ready or claimed gets done in the end, once. */
  async finishAll(): Promise<void> {
    const left = [...this.#tasks].filter(([, { status }]) => status !== "absent").map(([name]) => name);
    await this.#act({ kind: "pass", leases: 1.1 });
    await this.#act({ kind: "reclaim" });
    const done: string[] = [];
    for (let found = await this.#claim("last"); found !== null; found = await this.#claim("last")) {
      done.push(found.task);
      await this.#settle(found, "completed");
    }
    assert.deepEqual(done.toSorted(), left.toSorted());
  }

  async #act(step: QueueStep): Promise<void> {
    switch (step.kind) {
      case "offer":
        return this.#offer(step.task, step.priority, step.isOutdated);
      case "claim":
        await this.#claim(`w${step.worker}.${this.#lives[step.worker]!}`);
        return;
      case "crash":
        // Whoever starts again has another name; its claim is nobody's until the lease runs out.
        this.#lives[step.worker]! += 1;
        return;
      case "withdraw":
        return this.#withdraw(step.task);
      case "pass":
        this.#now += step.leases * this.under.leaseMs;
        return this.under.pass(step.leases * this.under.leaseMs);
      case "reclaim":
        return this.#reclaim();
      default: {
        const ref = this.#refs[step.claim];
        if (ref === undefined) return;
        return step.kind === "renew" ? this.#renew(ref) : this.#settle(ref, step.kind);
      }
    }
  }

  async #offer(name: string, priority: number, isOutdated: boolean): Promise<void> {
    const entry = this.#entry(name);
    const lastToken = isOutdated ? Math.max(0, entry.token - 1) : entry.token;
    const [outcome] = await this.under.queue.offer([{ task: name, priority, lastToken }]);
    const expected = entry.status === "claimed" ? "claimed" : lastToken < entry.token ? "outdated" : entry.status === "ready" ? "ready" : "added";
    assert.equal(outcome, expected);
    if (expected === "added" || expected === "ready") entry.priority = priority;
    if (expected === "added") this.#ready(entry);
  }

  async #claim(name: string): Promise<ClaimRef | null> {
    const claimed = await this.under.queue.claim(name);
    const held = this.#heldBy(name, claimed);
    const ready = [...this.#tasks].filter(([, { status }]) => status === "ready").toSorted(([, a], [, b]) => b.priority - a.priority || a.order - b.order)[0];
    const [expected, entry] = held ?? ready ?? [null, null];
    assert.equal(claimed?.task ?? null, expected);
    if (claimed === null || entry === null) return null;
    if (held === undefined) {
      assert.ok(claimed.token > entry.token, "tokens grow");
      this.#refs.unshift({ task: claimed.task, token: claimed.token });
      Object.assign(entry, { status: "claimed", worker: name, token: claimed.token, ending: null });
    }
    assert.deepEqual([claimed.worker, claimed.token], [name, entry.token]);
    entry.until = this.#now + this.under.leaseMs;
    return claimed;
  }

  /** What a worker holds, unless the store gave it up, as it may, when its lease ran out. */
  #heldBy(name: string, claimed: ClaimRef | null): [string, ModelTask] | undefined {
    const held = [...this.#tasks].find(([task, entry]) => entry.worker === name && this.#isCurrent({ task, token: entry.token }));
    if (held === undefined) return undefined;
    const ref = { task: held[0], token: held[1].token };
    if (!this.#mayExpire(ref) || (claimed !== null && key(claimed) === key(ref))) return held;
    this.#expired.add(key(ref));
    return undefined;
  }

  async #renew(ref: ClaimRef): Promise<void> {
    const result = await this.under.queue.renew(ref);
    if (this.#mayExpire(ref) && result.kind === "stale") return void this.#expired.add(key(ref));
    assert.equal(result.kind, this.#isCurrent(ref) ? "renewed" : "stale");
    if (result.kind === "renewed") this.#entry(ref.task).until = this.#now + this.under.leaseMs;
  }

  async #settle(ref: ClaimRef, kind: SettledAs["kind"]): Promise<void> {
    const entry = this.#entry(ref.task);
    const result = await this.under.queue.settle(ref, kind === "completed" ? { kind } : { kind, reason: "as the test wants" });
    if (this.#mayExpire(ref) && result.kind === "stale") return void this.#expired.add(key(ref));
    const isRepeated = entry.token === ref.token && entry.ending === kind;
    assert.equal(result.kind, this.#isCurrent(ref) || isRepeated ? "settled" : "stale");
    if (this.#isCurrent(ref)) this.#end(entry, kind);
  }

  async #withdraw(name: string): Promise<void> {
    const entry = this.#entry(name);
    const expected = { absent: "absent", ready: "withdrawn", claimed: "revoked" }[entry.status];
    assert.deepEqual(await this.under.queue.withdraw([name]), [expected]);
    if (entry.status === "claimed") entry.ending = "withdrawn";
    entry.status = "absent";
  }

  async #reclaim(): Promise<void> {
    const back = await this.under.queue.reclaim();
    const late = [...this.#tasks].filter(([, entry]) => entry.status === "claimed" && entry.until <= this.#now);
    assert.deepEqual(refsOf(back), refsOf(late.map(([name, { token }]) => ({ task: name, token }))));
    for (const { task: name } of back) this.#end(this.#entry(name), "reclaimed");
  }

  #end(entry: ModelTask, ending: string): void {
    entry.ending = ending;
    entry.status = "absent";
    if (ending === "released" || ending === "reclaimed") this.#ready(entry);
  }

  #ready(entry: ModelTask): void {
    this.#order += 1;
    Object.assign(entry, { status: "ready", order: this.#order });
  }

  /** Of all claims ever granted, exactly those count that the model says count: one a task at most. */
  async #agree(): Promise<void> {
    for (const ref of this.#refs) {
      if (this.#mayExpire(ref)) continue;
      assert.equal(await this.under.queue.isCurrent(ref), this.#isCurrent(ref), `claim ${key(ref)}`);
    }
    const count = (status: ModelTask["status"]): number => [...this.#tasks.values()].filter((entry) => entry.status === status).length;
    const { ready, claimed } = await this.under.queue.metrics();
    assert.deepEqual({ ready, claimed }, { ready: count("ready"), claimed: count("claimed") });
  }

  #isCurrent(ref: ClaimRef): boolean {
    const entry = this.#entry(ref.task);
    return entry.status === "claimed" && entry.token === ref.token && !this.#expired.has(key(ref));
  }

  /** Its lease ran out and nobody took the task back: the store decides. */
  #mayExpire(ref: ClaimRef): boolean {
    return this.#isCurrent(ref) && this.#entry(ref.task).until <= this.#now;
  }

  #entry(name: string): ModelTask {
    const entry = this.#tasks.get(name);
    assert.ok(entry !== undefined);
    return entry;
  }
}

function key({ task: name, token }: ClaimRef): string {
  return `${name}#${token}`;
}

function refsOf(refs: readonly ClaimRef[]): string[] {
  return refs.map(key).toSorted();
}
