// What was decided about a command that no sandbox confines, as it stands on record. Data only.

/**
 * Who decided: an entry of the person's policy, the person beforehand (`own`: words of the bundled sample or of a
 * command line's own option), the person when asked (`once`, or for the task or workspace, now or earlier), the person
 * refusing (`person`), or nobody: there was no one to ask.
 */
export type DecidedBy = "policy" | "own" | "once" | "task" | "workspace" | "setUp" | "person" | "nobody";

export interface CommandDecision {
  readonly command: string;
  readonly purpose: "agent" | "check" | "setup";
  readonly decision: "allowed" | "refused";
  readonly by: DecidedBy;
  /** One or two sentences for a person. */
  readonly reason: string;
}
