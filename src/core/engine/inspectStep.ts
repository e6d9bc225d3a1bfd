// Inspection: once the checks have run, the engine looks for what they cannot see. Each inspection is a function of its
// own in inspections/; what they find is on record before the evaluator is asked.
import type { Contract } from "../domain/contract";
import type { Inspection } from "../domain/inspection";
import type { AttemptView } from "../projections/taskView";
import { CheckRunner } from "./checkRunner";
import type { TaskRun } from "./taskRun";
import { attemptOf, commitOf, frozenContract } from "./verifyStep";

export interface Inspected {
  readonly run: TaskRun;
  readonly runner: CheckRunner;
  readonly contract: Contract;
  readonly attempt: AttemptView;
  readonly commit: string;
  /** Whether every check is green: what costs time is only worth it then. */
  readonly isGreen: boolean;
}

/** Rejects only for what would end the run; what an attempt brought about is a finding. */
export type Inspector = (inspected: Inspected) => Promise<readonly Inspection[]>;

const INSPECTORS: readonly Inspector[] = [];

export async function inspectStep(run: TaskRun, attempt: number): Promise<void> {
  const view = attemptOf(run, attempt);
  const contract = frozenContract(run);
  const isGreen = view.checks.length > 0 && view.checks.every((result) => result.green);
  const inspected = { run, runner: new CheckRunner(run.deps, run.recorder), contract, attempt: view, commit: commitOf(run, attempt), isGreen };
  const findings: Inspection[] = [];
  for (const inspect of INSPECTORS) {
    run.signal.throwIfAborted();
    findings.push(...(await inspect(inspected)));
  }
  await run.recorder.commit({ kind: "attemptInspected", attempt, findings });
}
