// Runs the contract of Clock on the machine's clock and on the two that tests use.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { SystemClock } from "../../src/adapters/clock/systemClock";
import { bundled } from "../builders/bundled";
import { tempFolder } from "../builders/tempFolder";
import { FixedClock, ManualClock } from "../fakes/manualClock";
import { clockContract } from "./clockContract";

describe("SystemClock", () => {
  const folder = tempFolder();

  clockContract(() => {
    const clock = new SystemClock();
    return { clock, pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };
  });

  it("does not ring early for a time that is longer than a timer can hold", async () => {
    const clock = new SystemClock();
    let rang = false;
    const timer = clock.after(2 ** 40, () => (rang = true));
    await new Promise((resolve) => setTimeout(resolve, 5));
    timer.dispose();
    assert.equal(rang, false);
  });

  it("lets the process end while a callback is due, but not while somebody sleeps", async () => {
    const script = await bundled(folder(), "clockChild.ts", [
      'import { writeFileSync } from "node:fs";',
      'import { SystemClock } from "src/adapters/clock/systemClock";',
      "const clock = new SystemClock();",
      "clock.after(3_600_000, () => undefined);",
      'clock.sleep(30, new AbortController().signal).then(() => writeFileSync(process.argv[2], "slept"));',
    ]);
    execFileSync(process.execPath, [script, `${folder()}/out`], { timeout: 15_000 });
    assert.equal(readFileSync(`${folder()}/out`, "utf8"), "slept");
  });
});

describe("ManualClock", () => {
  clockContract(() => {
    const clock = new ManualClock();
    return { clock, pass: (ms) => clock.advance(ms) };
  });

  it("stands still by itself, and jumps without time passing", async () => {
    const clock = new ManualClock();
    const [wall, monotonic] = [clock.now(), clock.monotonic()];
    await new Promise((resolve) => setTimeout(resolve, 2));
    clock.jump(-60_000);
    assert.deepEqual([clock.now(), clock.monotonic()], [wall - 60_000, monotonic]);
  });
});

describe("FixedClock", () => {
  clockContract(() => {
    const clock = new FixedClock();
    return { clock, pass: (ms) => clock.sleep(ms, new AbortController().signal) };
  });

  it("ends a sleep at once and remembers how long it was", async () => {
    const clock = new FixedClock();
    await clock.sleep(60_000, new AbortController().signal);
    assert.deepEqual(clock.slept, [60_000]);
  });
});
