import { strict as assert } from "node:assert";
import type { CheckResult, Contract } from "../../src/core/domain/contract";
import type { CheckSite } from "../../src/core/domain/event";
import { CheckRunner } from "../../src/core/engine/checkRunner";
import { KnownResults } from "../../src/core/engine/knownResults";
import { Recorder } from "../../src/core/engine/recorder";
import { engineSettings } from "../../src/composition/settingsFile";
import { aCommandCheck, aContract } from "../builders/contractBuilder";
import { aView } from "../builders/viewBuilder";
import { ManualClock } from "../fakes/manualClock";
import { MemoryFileTree } from "../fakes/memoryFileTree";
import { MemoryJournal } from "../fakes/memoryJournal";
import { MemoryPlanFolder } from "../fakes/memoryPlanFolder";
import { ScriptedCommandRunner, type ScriptedCommand } from "../fakes/scriptedCommandRunner";

const GREEN: ScriptedCommand = { exitCode: 0 };
const RED: ScriptedCommand = { exitCode: 1 };
const ATTEMPT: CheckSite = { site: "attempt", attempt: 1 };
const BASE: CheckSite = { site: "base", round: 1 };
const MOCHA = (passing: number): ScriptedCommand => ({ output: `\n  ${passing} passing (1ms)\n` });

interface Bench {
  readonly runner: CheckRunner;
  readonly commands: ScriptedCommandRunner;
  readonly kinds: () => readonly string[];
  readonly run: (contract: Contract, where: CheckSite) => Promise<readonly CheckResult[]>;
  readonly probe: (contract: Contract) => Promise<readonly CheckResult[]>;
}

function aBench(script: Readonly<Record<string, ScriptedCommand | readonly ScriptedCommand[]>>, { rerunChecks = true, files = {} } = {}): Bench {
  const commands = new ScriptedCommandRunner(script);
  const clock = new ManualClock();
  const kinds: string[] = [];
  const journal = new MemoryJournal(clock);
  const recorder = new Recorder(journal, { onEvent: ({ kind }) => void kinds.push(kind), onLive: () => undefined }, aView({ attempts: [] }));
  recorder.note({ kind: "attemptStarted", attempt: 1 });
  kinds.length = 0;
  const tree = new MemoryFileTree(files);
  const putBack = tree.checkpoint();
  const room = { dir: "/room", checkpoint: () => Promise.resolve(() => Promise.resolve(putBack())), close: () => Promise.resolve() };
  const unused = (): never => assert.fail("not needed here");
  const settings = engineSettings({ rerunChecks }, {});
  const plans = new MemoryPlanFolder();
  const read = plans.read.bind(plans);
  // What commands print is in their files.
  plans.read = async (task, file) => commands.outputs.get(plans.pathOf(task, file)) ?? (await read(task, file));
  const deps = { commands, clock, plans, filesAt: () => tree, settings, workspace: { openCleanRoom: unused }, setup: { prepare: unused } };
  const known = new KnownResults();
  const runner = new CheckRunner(deps as unknown as ConstructorParameters<typeof CheckRunner>[0], recorder);
  const signal = new AbortController().signal;
  return {
    runner,
    commands,
    kinds: () => kinds,
    run: (contract, where) => runner.run(room, { contract, where, ...(where.site === "base" ? { known } : {}) }, signal),
    probe: (contract) => runner.probe(room, { contract, checks: contract.checks, folder: "verification/attempt-1/probes" }, signal),
  };
}

const change = aContract({ checks: [aCommandCheck({ run: "check" })] });
const guard = aContract({ criteria: [{ id: "C1", text: "It works", kind: "guard" }], checks: [aCommandCheck({ run: "check" })] });

describe("CheckRunner", () => {
  const rows: readonly (readonly [string, Contract, CheckSite, readonly ScriptedCommand[], boolean, boolean, number])[] = [
    ["a green check of a change that stays green", change, ATTEMPT, [GREEN, GREEN], true, false, 2],
    ["a green check of a change that turns red", change, ATTEMPT, [GREEN, RED], false, true, 2],
    ["a red check of a change", change, ATTEMPT, [RED, GREEN], false, false, 1],
    ["a green guard of an attempt", guard, ATTEMPT, [GREEN, RED], true, false, 1],
    ["a red guard of the base commit that stays red", guard, BASE, [RED, RED], false, false, 2],
    ["a red guard of the base commit that turns green", guard, BASE, [RED, GREEN], false, true, 2],
    ["a green guard of the base commit", guard, BASE, [GREEN, RED], true, false, 1],
    ["a red check of a change on the base commit", change, BASE, [RED, GREEN], false, false, 1],
    ["a command that never ends", guard, BASE, [{ never: "timeout" }, GREEN], false, false, 1],
  ];
  for (const [what, contract, where, script, green, flaky, times] of rows) {
    it(`runs ${what} ${times === 1 ? "once" : "twice"}`, async () => {
      const bench = aBench({ check: script });
      const [result] = await bench.run(contract, where);
      assert.equal(bench.commands.asked.length, times);
      assert.equal(result?.green, green);
      assert.equal(result.flaky, flaky ? true : undefined);
      if (flaky) assert.match(result.reason, /^flaky: green once and red once \(exit code 1, expected 0\)$/);
      assert.deepEqual(bench.kinds(), ["checkStarted", "checkFinished"], "it is one check all the same");
    });
  }

  it("runs nothing twice where the user does not want it", async () => {
    const bench = aBench({ check: [GREEN, RED] }, { rerunChecks: false });
    assert.equal((await bench.run(change, ATTEMPT))[0]?.green, true);
  });

  it("runs nothing twice once a check of the attempt is red: it does not pass any more", async () => {
    const bench = aBench({ broken: RED, check: [GREEN, RED] });
    const contract = aContract({ checks: [aCommandCheck({ run: "broken" }), aCommandCheck({ id: "K2", run: "check" })] });
    assert.deepEqual((await bench.run(contract, ATTEMPT)).map(({ green }) => green), [false, true]);
    assert.equal(bench.commands.asked.length, 2);
  });

  it("keeps the output of the second run beside that of the first", async () => {
    const bench = aBench({ check: GREEN });
    await bench.run(change, ATTEMPT);
    assert.deepEqual([...bench.commands.outputs.keys()].map((file) => /verification.*/.exec(file)?.[0]), ["verification/attempt-1/K1.log", "verification/attempt-1/again/K1.log"]);
  });

  describe("in another round on the base commit", () => {
    const second: CheckSite = { site: "base", round: 2 };
    const renamed = aContract({ criteria: [{ id: "C2", text: "It works", kind: "change" }], checks: [aCommandCheck({ id: "K7", criterion: "C2", run: "check" })] });
    const sealed = (text: string): Contract =>
      aContract({ checks: [aCommandCheck({ run: "check", sealed: true })], sealedFiles: [{ path: "sealed/a.test.js", text }] });
    const rounds: readonly (readonly [string, Contract, Contract, readonly ScriptedCommand[], number, boolean])[] = [
      ["takes a result that was as it should be, whatever the check is called now", change, renamed, [RED, GREEN], 1, false],
      ["tries a result that was a problem again", change, change, [GREEN, RED], 2, false],
      ["runs a check again of which something else is expected now", change, guard, [RED, GREEN], 2, true],
      ["runs a check again that has another time limit", change, aContract({ checks: [aCommandCheck({ run: "check", timeout: 7 })] }), [RED, GREEN], 2, true],
      ["runs a sealed check again whose files are others", sealed("1"), sealed("2"), [RED, GREEN], 2, true],
      ["takes the result of a sealed check whose files are the same", sealed("1"), sealed("1"), [RED, GREEN], 1, false],
    ];
    for (const [what, before, now, script, times, green] of rounds) {
      it(what, async () => {
        const bench = aBench({ check: script });
        await bench.run(before, BASE);
        const [result] = await bench.run(now, second);
        assert.equal(bench.commands.asked.length, times);
        assert.deepEqual([result?.checkId, result?.criterion, result?.green], [now.checks[0]?.id, now.checks[0]?.criterion, green]);
      });
    }
  });

  it("compares the tests that ran with those of the base commit", async () => {
    const bench = aBench({ "npx mocha": [MOCHA(5), MOCHA(4)] });
    const contract = aContract({ criteria: [{ id: "C1", text: "Tests pass", kind: "guard" }], checks: [aCommandCheck({ run: "npx mocha" })] });
    assert.equal((await bench.run(contract, BASE))[0]?.tests?.ran, 5);
    const [result] = await bench.run(contract, ATTEMPT);
    assert.deepEqual([result?.green, result?.reason, result?.tests?.ran], [false, "fewer tests ran than before the work: 4, 5 on the base commit", 4]);
  });

  it("counts tests in an output of which only a part is kept", async () => {
    const lines = Array.from({ length: 30_000 }, (_, at) => `ok  \texample.org/package${at}\t0.001s\n`).join("");
    const bench = aBench({ "go test ./...": { output: lines } });
    const contract = aContract({ checks: [aCommandCheck({ run: "go test ./..." })] });
    assert.equal((await bench.run(contract, BASE))[0]?.tests?.ran, 30_000);
  });

  it("wants a summary of a new check where the same runner has printed one before", async () => {
    const bench = aBench({ "npx mocha": MOCHA(5), "npx mocha new.js": [RED, GREEN] });
    const criteria = [{ id: "C1", text: "Tests pass", kind: "guard" }, { id: "C2", text: "It is tested", kind: "change" }] as const;
    const contract = aContract({ criteria, checks: [aCommandCheck({ run: "npx mocha" }), aCommandCheck({ id: "K2", criterion: "C2", run: "npx mocha new.js" })] });
    await bench.run(contract, BASE);
    assert.deepEqual((await bench.run(contract, ATTEMPT)).map(({ reason }) => reason), ["", "the runner ended early or printed no summary"]);
  });

  it("takes no count from a check that is expected to fail", async () => {
    const bench = aBench({ "npx mocha": { exitCode: 1, output: "  1 passing (1ms)\n  1 failing\n" } });
    const [result] = await bench.run(aContract({ checks: [aCommandCheck({ run: "npx mocha", exit: 1 })] }), ATTEMPT);
    assert.deepEqual([result?.green, result?.tests], [true, undefined]);
  });

  it("records nothing of a probe", async () => {
    const bench = aBench({ check: GREEN });
    assert.deepEqual((await bench.probe(change)).map(({ green }) => green), [true]);
    assert.deepEqual(bench.kinds(), []);
    assert.equal(bench.commands.asked.length, 1);
  });
});
