// What an inspection is given, and what it is. Types only: the inspections are in inspections/.
import type { Contract } from "../domain/contract";
import type { Inspection } from "../domain/inspection";
import type { AttemptView } from "../projections/taskView";
import type { CheckRunner } from "./checkRunner";
import type { TaskRun } from "./taskRun";

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
