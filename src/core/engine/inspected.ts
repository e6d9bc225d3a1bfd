// What an inspection is given, and what it is. Types only: the inspections are in inspections/.
import type { CommandCheck, Contract } from "../domain/contract";
import type { Inspection } from "../domain/inspection";
import type { ProtectedKind } from "../domain/protection";
import type { FileChange } from "../domain/workspace";
import type { AttemptView } from "../projections/taskView";
import type { CheckRunner } from "./checkRunner";
import type { TaskRun } from "./taskRun";

/** `script`: decides about a check by its name in a command · `manifest`: a package.json · `listed`: the contract says so */
export type Protection = ProtectedKind | "script" | "manifest" | "listed";

export interface ProtectedChange {
  readonly path: string;
  readonly status: FileChange["status"];
  readonly protection: Protection;
  /** The contract lets this work change it: it is shown, and stays when the checks are tried with those of the base. */
  readonly isAllowed: boolean;
  /** The checks that depend on it. */
  readonly checks: readonly CommandCheck[];
  /** Texts of both sides; null where there is none. */
  readonly base: string | null;
  readonly attempt: string | null;
  /** Lines that the attempt brought. */
  readonly brought: readonly string[];
  /** Package scripts that the checks run. */
  readonly scripts: readonly string[];
}

export interface Inspected {
  readonly run: TaskRun;
  readonly runner: CheckRunner;
  readonly contract: Contract;
  readonly attempt: AttemptView;
  readonly commit: string;
  /** What it changed of the files that checks depend on. */
  readonly changes: readonly ProtectedChange[];
  /** Whether every check is green: what costs time is only worth it then. */
  readonly isGreen: boolean;
}

/** Rejects only for what would end the run; what an attempt brought about is a finding. */
export type Inspector = (inspected: Inspected) => Promise<readonly Inspection[]>;
