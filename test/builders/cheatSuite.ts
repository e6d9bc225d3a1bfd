// Turns the tables of the adversarial suite into tests.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CheatBench, type Case, type Cheat, type Played } from "./cheatBench";
import { couldNotRun } from "./couldNotRun";
import { needsSandbox } from "./sandboxBench";
import { tempFolder } from "./tempFolder";

/** No case passes, the report names what was wrong, and nothing else has made it fail. */
export function describeCheats(what: string, cheats: readonly Cheat[]): void {
  describeCases(what, cheats, (cheat, { view, report }) => {
    assert.equal(view.status, "escalated", `${view.status}: ${view.detail}\n${report}`);
    assert.equal(view.category, "YOURS");
    for (const words of cheat.named) assert.match(report, words);
    const reasons = view.attempts.flatMap(({ decision }) => decision?.reasons ?? []);
    for (const reason of reasons) assert.ok(cheat.named.some((words) => words.test(reason)), `an unexpected reason: ${reason}`);
  });
}

export function describeHonestRuns(what: string, runs: readonly Case[]): void {
  describeCases(what, runs, (_, { view, report }) => {
    assert.equal(view.status, "review", `${view.status}: ${view.detail}\n${report}`);
    assert.match(report, /^# QA report, attempt 1: PASS$/m);
  });
}

function hasPytest(): boolean {
  return spawnSync("python3", ["-c", "import pytest"], { stdio: "ignore" }).status === 0;
}

function describeCases<T extends Case>(what: string, cases: readonly T[], verify: (played: T, result: Played) => void): void {
  describe(what, function () {
    this.timeout(180_000);
    const folder = tempFolder();
    const shared = mkdtempSync(path.join(realpathSync(tmpdir()), "countersign-cheats-"));
    const bench = new CheatBench(shared);
    after(() => rmSync(shared, { recursive: true, force: true }));
    for (const played of cases) {
      it(played.name, async function () {
        if (played.sandbox === "auto") await needsSandbox(this);
        if (played.python === true && !hasPytest()) couldNotRun(this, "there is no pytest: pip install pytest");
        verify(played, await bench.play(played, folder()));
      });
    }
  });
}
