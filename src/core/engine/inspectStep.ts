// Inspection: once the checks have run, the engine looks for what they cannot see. Each inspection is a function of its
// own in inspections/; what they find is on record before the evaluator is asked.
import type { Inspection } from "../domain/inspection";
import { CheckRunner } from "./checkRunner";
import type { Inspector } from "./inspected";
import { findChangedSettings } from "./inspections/changedSettings";
import { findClaims } from "./inspections/claims";
import { protectedChanges } from "./inspections/protectedChanges";
import { findProtectedChanges } from "./inspections/protectedFiles";
import { recountTests } from "./inspections/recount";
import { probeByReverting } from "./inspections/revertProbe";
import { findUnsealed } from "./inspections/unsealed";
import { findWaysOut } from "./inspections/waysOut";
import { findWeakenedTests } from "./inspections/weakenedTests";
import type { TaskRun } from "./taskRun";
import { attemptOf, commitOf, frozenContract } from "./verifyStep";

const INSPECTORS: readonly Inspector[] = [findUnsealed, findWaysOut, findChangedSettings, findProtectedChanges, findWeakenedTests, recountTests, probeByReverting, findClaims];

export async function inspectStep(run: TaskRun, attempt: number): Promise<void> {
  const view = attemptOf(run, attempt);
  const contract = frozenContract(run);
  const isGreen = view.checks.length > 0 && view.checks.every((result) => result.green);
  const looked = { run, runner: new CheckRunner(run.deps, run.recorder), contract, attempt: view, commit: commitOf(run, attempt), isGreen };
  const inspected = { ...looked, changes: await protectedChanges(looked) };
  const findings: Inspection[] = [];
  for (const inspect of INSPECTORS) {
    run.signal.throwIfAborted();
    findings.push(...(await inspect(inspected)));
  }
  await run.recorder.commit({ kind: "attemptInspected", attempt, findings });
}
