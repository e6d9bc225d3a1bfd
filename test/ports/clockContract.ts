// What every Clock must do. `pass` lets so much of the clock's own time go by.
import { strict as assert } from "node:assert";
import type { Clock } from "../../src/core/ports/clock";

export interface ClockUnderTest {
  readonly clock: Clock;
  readonly pass: (ms: number) => Promise<void>;
}

export function clockContract(create: () => ClockUnderTest): void {
  it("has a wall clock in milliseconds since 1970 and a monotonic one that does not go back", async () => {
    const { clock, pass } = create();
    const [wall, before] = [clock.now(), clock.monotonic()];
    await pass(15);
    assert.ok(wall > Date.UTC(2025, 0, 1));
    // Timers may ring a fraction of a millisecond early.
    assert.ok(clock.monotonic() - before >= 14);
  });

  it("wakes a sleeper after the time, not before", async () => {
    const { clock, pass } = create();
    const before = clock.monotonic();
    await Promise.all([clock.sleep(20, new AbortController().signal), pass(20)]);
    assert.ok(clock.monotonic() - before >= 19);
  });

  it("wakes a sleeper at once when the signal aborts, without an error", async () => {
    const { clock } = create();
    const controller = new AbortController();
    const asleep = clock.sleep(3_600_000, controller.signal);
    controller.abort(new Error("enough"));
    await asleep;
  });

  it("does not fall asleep on an aborted signal", async () => {
    const { clock } = create();
    const before = clock.monotonic();
    await clock.sleep(3_600_000, AbortSignal.abort());
    assert.ok(clock.monotonic() - before < 3_600_000);
  });

  it("calls back once", async () => {
    const { clock, pass } = create();
    let calls = 0;
    clock.after(5, () => (calls += 1));
    assert.equal(calls, 0);
    await pass(30);
    await pass(30);
    assert.equal(calls, 1);
  });

  it("does not call back once disposed of", async () => {
    const { clock, pass } = create();
    let calls = 0;
    const disposed = clock.after(5, () => (calls += 1));
    disposed.dispose();
    disposed.dispose();
    await pass(30);
    assert.equal(calls, 0);
  });

  it("calls back in the order of the times", async () => {
    const { clock, pass } = create();
    const order: string[] = [];
    clock.after(25, () => order.push("late"));
    clock.after(5, () => order.push("early"));
    await pass(60);
    assert.deepEqual(order, ["early", "late"]);
  });
}
