// What the engine finds out about an attempt beyond its contract's checks: signs of work that passes without being
// right. Data only; what looks for them is in engine/inspections.

export type InspectionKind =
  /** A file that checks depend on was changed: a test, a script they run, a file the contract lists as protected. */
  | "protectedChanged"
  /** Green only with the attempt's own version of protected files: red with those of the base commit. */
  | "weakenedTests"
  /** A check that stays green without the changes it is said to cover. */
  | "notCovered"
  /** A claim of the self-evaluation that does not hold. */
  | "falseClaim"
  /** The attempt brings something that makes runners pass whatever the code does. */
  | "forcedPass"
  /** A symbolic link that leads out of the repository, or a submodule. */
  | "wayOut"
  /** Settings of git that were changed during the task and would make git run programs. */
  | "changedSettings";

export interface Inspection {
  readonly kind: InspectionKind;
  /** `fails`: the attempt does not pass. `note`: the evaluator and the user shall know. */
  readonly weight: "fails" | "note";
  /** Id of the check it is about. */
  readonly check: string | null;
  /** File it is about, relative to the repository's root. */
  readonly path: string | null;
  /** One whole sentence for a person, with its full stop. */
  readonly text: string;
}
