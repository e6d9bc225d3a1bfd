// Who has a folder's engine, and for how long.
import { strict as assert } from "node:assert";
import { CountersignError } from "../../src/core/domain/errors";
import type { DeskEngine } from "../../src/core/desk/deskPorts";
import { EngineSeat, IDLE_RELEASE_MS } from "../../src/core/desk/engineSeat";
import { deferred } from "../builders/deferred";
import { ManualClock } from "../fakes/manualClock";

type Step = "take" | "read" | "close";

class Bench {
  readonly clock = new ManualClock();
  readonly log: string[] = [];
  readonly failing = new Map<Step, unknown>();
  readonly waiting = new Map<Step, Promise<void>>();
  readonly seat = new EngineSeat({
    take: async () => {
      await this.#step("take");
      return { close: () => this.#step("close") } as unknown as DeskEngine;
    },
    onTaken: () => this.#step("read"),
    onFree: () => this.log.push("free"),
    onTrouble: (error) => this.log.push(`trouble: ${(error as Error).message}`),
    clock: this.clock,
  });

  /** Holds a step back until what it returns is called. */
  hold(step: Step): () => void {
    const { promise, resolve } = deferred();
    this.waiting.set(step, promise);
    return resolve;
  }

  async #step(step: Step): Promise<void> {
    this.log.push(step);
    await this.waiting.get(step);
    if (this.failing.has(step)) throw this.failing.get(step);
  }
}

const nothing = (): Promise<void> => Promise.resolve();

describe("EngineSeat", () => {
  it("takes the journal once for all who work at the same time, and reads what others wrote before anything is done", async () => {
    const bench = new Bench();
    const goOn = bench.hold("read");
    const works = [1, 2, 3].map((n) => bench.seat.use(async () => bench.log.push(`work ${n}`)));
    assert.ok(bench.seat.isTaken);
    goOn();
    await Promise.all(works);
    assert.deepEqual(bench.log, ["take", "read", "work 1", "work 2", "work 3"]);
  });

  it("gives it up when nothing was done for a while, and takes it again", async () => {
    const bench = new Bench();
    await bench.seat.use(nothing);
    await bench.clock.advance(IDLE_RELEASE_MS - 1);
    await bench.seat.use(nothing);
    await bench.clock.advance(IDLE_RELEASE_MS - 1);
    assert.deepEqual(bench.log, ["take", "read"]);
    await bench.clock.advance(1);
    assert.deepEqual([bench.log.slice(2), bench.seat.isTaken], [["close", "free"], false]);
    await bench.seat.use(nothing);
    assert.deepEqual(bench.log.slice(4), ["take", "read"]);
  });

  it("does not give it up under a work, however long that takes", async () => {
    const bench = new Bench();
    const { promise, resolve } = deferred();
    const working = bench.seat.use(() => promise);
    await bench.seat.use(nothing);
    await bench.clock.advance(10 * IDLE_RELEASE_MS);
    assert.deepEqual(bench.log, ["take", "read"]);
    resolve();
    await working;
    await bench.clock.advance(IDLE_RELEASE_MS);
    assert.deepEqual(bench.log.slice(2), ["close", "free"]);
  });

  it("waits until it is given up before it takes it again, and is its owner until then", async () => {
    const bench = new Bench();
    await bench.seat.use(nothing);
    const closed = bench.hold("close");
    await bench.clock.advance(IDLE_RELEASE_MS);
    const again = bench.seat.use(nothing);
    await bench.clock.advance(0);
    assert.deepEqual([bench.log.slice(2), bench.seat.isTaken], [["close"], true]);
    closed();
    await again;
    assert.deepEqual(bench.log.slice(2), ["close", "free", "take", "read"]);
  });

  it("fails all who waited for a journal that could not be taken, and robs nobody who has begun again since", async () => {
    const bench = new Bench();
    bench.failing.set("take", new CountersignError("locked", "another window"));
    const goOn = bench.hold("take");
    const first = bench.seat.use(nothing);
    const third = first.catch(() => {
      bench.failing.clear();
      return bench.seat.use(nothing);
    });
    const second = bench.seat.use(nothing);
    goOn();
    await Promise.all([assert.rejects(first, /another window/), assert.rejects(second, /another window/), third]);
    assert.ok(bench.seat.isTaken);
    assert.deepEqual(bench.log, ["take", "free", "take", "read"]);
  });

  it("gives a journal up again that cannot be read", async () => {
    const bench = new Bench();
    bench.failing.set("read", new Error("damaged"));
    await assert.rejects(bench.seat.use(nothing), /damaged/);
    assert.deepEqual([bench.log, bench.seat.isTaken], [["take", "read", "close", "free"], false]);
    bench.failing.clear();
    await bench.seat.use(nothing);
  });

  it("can be used again after it could not be given up in order", async () => {
    const bench = new Bench();
    await bench.seat.use(nothing);
    bench.failing.set("close", new Error("the disk is full"));
    await bench.clock.advance(IDLE_RELEASE_MS);
    assert.deepEqual(bench.log.slice(2), ["close", "trouble: the disk is full", "free"]);
    await bench.seat.use(nothing);
    assert.deepEqual(bench.log.slice(5), ["take", "read"]);
  });

  it("lets go at once of a journal that cannot be written any more, and of any other only after a while", async () => {
    const bench = new Bench();
    await assert.rejects(bench.seat.use(() => Promise.reject(new CountersignError("conflict", "no"))), /no/);
    await bench.clock.advance(0);
    assert.deepEqual(bench.log.slice(2), []);
    await assert.rejects(bench.seat.use(() => Promise.reject(new CountersignError("io", "gone"))), /gone/);
    await bench.clock.advance(0);
    assert.deepEqual(bench.log.slice(2), ["close", "free"]);
  });

  it("waits for what is under way when it is closed, takes nothing more, and closes once", async () => {
    const bench = new Bench();
    const { promise, resolve } = deferred();
    const working = bench.seat.use(() => promise);
    await bench.clock.advance(0);
    const closing = Promise.all([bench.seat.close(), bench.seat.close()]);
    await assert.rejects(bench.seat.use(nothing), (error) => CountersignError.is(error, "cancelled"));
    assert.deepEqual(bench.log, ["take", "read"]);
    resolve();
    await Promise.all([working, closing]);
    assert.deepEqual(bench.log.slice(2), ["close", "free"]);
    await bench.clock.advance(IDLE_RELEASE_MS);
    assert.deepEqual(bench.log.slice(4), []);
  });
});
