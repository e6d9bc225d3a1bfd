// What every LockStore must do, whatever it stands on.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { Lock, LockOutcome, LockRef, LockStore } from "../../src/core/ports/lockStore";

export interface LocksUnderTest {
  readonly locks: LockStore;
  /** Lets so much of the store's time go by. */
  readonly pass: (ms: number) => Promise<void>;
  /** The same store opened again: it knows the tokens. */
  readonly reopen: (tokens: ReadonlyMap<string, number>) => Promise<LockStore>;
}

const LEASE_MS = 1_000;

/** `runs`: of each property. */
export function lockStoreContract(name: string, make: () => Promise<LocksUnderTest>, runs = 150): void {
  describe(name, () => {
    it("locks for one holder at a time, and says who has it and until when", async () => {
      const { locks } = await make();
      assert.deepEqual(await locks.read("branch"), { token: 0, holder: null, leaseUntil: null });
      const lock = await locked(locks, "branch", "one");
      assert.deepEqual(await locks.read("branch"), { token: lock.token, holder: "one", leaseUntil: lock.leaseUntil });
      for (const holder of ["two", "one"]) {
        assert.deepEqual(await locks.acquire({ resource: "branch", holder, leaseMs: LEASE_MS }), { kind: "refused", reason: "held", state: await locks.read("branch") });
      }
      assert.equal((await locked(locks, "other", "two")).holder, "two");
    });

    it("is free when it was released, with the token that it had", async () => {
      const { locks } = await make();
      const lock = await locked(locks, "branch", "one");
      for (const _ of [1, 2]) assert.equal((await locks.release(lock)).kind, "released");
      assert.deepEqual(await locks.read("branch"), { token: lock.token, holder: null, leaseUntil: null });
      assert.equal(await locks.isCurrent(lock), false);
      assert.ok((await locked(locks, "branch", "two")).token > lock.token);
    });

    it("is free when its lease has run out, and lasts longer when it is renewed", async () => {
      const { locks, pass } = await make();
      const lock = await locked(locks, "branch", "one");
      await pass(LEASE_MS * 0.6);
      const renewed = await locks.renew(lock, LEASE_MS);
      assert.ok(renewed.kind === "renewed" && renewed.lock.token === lock.token && renewed.lock.leaseUntil > lock.leaseUntil);
      await pass(LEASE_MS * 0.6);
      assert.equal((await acquire(locks, "branch", "two")).kind, "refused");
      await pass(LEASE_MS * 0.6);
      assert.deepEqual([await locks.isCurrent(lock), (await locks.read("branch")).holder], [false, null]);
      assert.ok((await locked(locks, "branch", "two")).token > lock.token);
    });

    it("listens to no token but the last one", async () => {
      const { locks, pass } = await make();
      const old = await locked(locks, "branch", "one");
      await pass(LEASE_MS);
      const next = await locked(locks, "branch", "two");
      const state = await locks.read("branch");
      assert.deepEqual(await locks.renew(old, LEASE_MS), { kind: "lost", state });
      assert.deepEqual(await locks.release(old), { kind: "lost", state });
      assert.deepEqual(await locks.release({ resource: "branch", token: next.token + 1 }), { kind: "lost", state });
      assert.equal(await locks.isCurrent(next), true);
      assert.equal((await locks.release({ resource: "nothing", token: 0 })).kind, "lost");
    });

    it("does not renew what was released", async () => {
      const { locks } = await make();
      const lock = await locked(locks, "branch", "one");
      await locks.release(lock);
      assert.equal((await locks.renew(lock, LEASE_MS)).kind, "lost");
    });

    it("locks by version only where nothing has changed since it was read", async () => {
      const { locks } = await make();
      const request = { resource: "task", holder: "one", leaseMs: LEASE_MS };
      const { token } = await locks.read("task");
      const first = await locks.compareAndSet(request, token);
      assert.ok(first.kind === "locked");
      await locks.release(first.lock);
      assert.deepEqual(await locks.compareAndSet({ ...request, holder: "two" }, token), { kind: "refused", reason: "moved", state: await locks.read("task") });
      assert.equal((await locks.compareAndSet({ ...request, holder: "two" }, first.lock.token)).kind, "locked");
      assert.equal((await locks.compareAndSet(request, (await locks.read("task")).token)).kind, "refused");
    });

    it("gives one of many who ask at the same time the lock", async () => {
      const { locks } = await make();
      const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? acquire(locks, "task", `h${i}`) : locks.compareAndSet({ resource: "task", holder: `h${i}`, leaseMs: LEASE_MS }, 0))));
      assert.equal(outcomes.filter(({ kind }) => kind === "locked").length, 1);
    });

    it("goes on from the tokens on record when it is opened again", async () => {
      const under = await make();
      const { token } = await locked(under.locks, "branch", "one");
      const locks = await under.reopen(new Map([["branch", token]]));
      assert.ok((await locked(locks, "branch", "two")).token > token);
    });

    it("never has two who may both go on, and no token twice, whoever comes, goes and sleeps", async () => {
      const step = fc.oneof(
        fc.record({ kind: fc.constantFrom("acquire" as const, "compareAndSet" as const), holder: fc.nat({ max: 3 }), behind: fc.nat({ max: 1 }) }),
        fc.record({ kind: fc.constantFrom("renew" as const, "release" as const), lock: fc.nat({ max: 4 }) }),
        fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(300, 700, 1_100) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
          const { locks, pass } = await make();
          /** Every lock ever given, latest first. */
          const given: Lock[] = [];
          for (const one of steps) {
            const before = await locks.read("r");
            if (one.kind === "pass") await pass(one.ms);
            else if ("lock" in one) await change(locks, one.kind, given, one.lock);
            else {
              const request = { resource: "r", holder: `h${one.holder}`, leaseMs: LEASE_MS };
              const expected = before.token - one.behind;
              const outcome = one.kind === "acquire" ? await locks.acquire(request) : await locks.compareAndSet(request, expected);
              const isFree = before.holder === null && (one.kind === "acquire" || expected === before.token);
              assert.equal(outcome.kind, isFree ? "locked" : "refused");
              if (outcome.kind !== "locked") continue;
              assert.ok(outcome.lock.token > before.token);
              given.unshift(outcome.lock);
            }
            for (const [index, lock] of given.entries()) assert.ok(index === 0 || !(await locks.isCurrent(lock)), "an older lock still counts");
          }
        }),
        { numRuns: runs },
      );
    });
  });
}

async function change(locks: LockStore, kind: "renew" | "release", given: readonly Lock[], index: number): Promise<void> {
  const lock: LockRef | undefined = given[index];
  if (lock === undefined) return;
  const wasCurrent = await locks.isCurrent(lock);
  const result = kind === "renew" ? await locks.renew(lock, LEASE_MS) : await locks.release(lock);
  if (wasCurrent || index > 0) assert.equal(result.kind, index > 0 ? "lost" : kind === "renew" ? "renewed" : "released");
  assert.equal(await locks.isCurrent(lock), result.kind === "renewed");
}

function acquire(locks: LockStore, resource: string, holder: string): Promise<LockOutcome> {
  return locks.acquire({ resource, holder, leaseMs: LEASE_MS });
}

async function locked(locks: LockStore, resource: string, holder: string): Promise<Lock> {
  const outcome = await acquire(locks, resource, holder);
  assert.ok(outcome.kind === "locked", `${holder} was refused`);
  return outcome.lock;
}
