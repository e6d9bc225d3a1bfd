// What roles hand to one another as validated structured output: the plan and the self-evaluation. Data only.

export interface Approach {
  readonly name: string;
  readonly summary: string;
  readonly tradeoffs: string;
}

/** The planner's output; written as `plan.md`. */
export interface Plan {
  readonly title: string;
  /** What is there now, as found in the repository. */
  readonly currentState: string;
  /** 2–4 approaches that were weighed. */
  readonly approaches: readonly Approach[];
  readonly chosen: string;
  readonly rationale: string;
  /** Printed as checkboxes, in order. */
  readonly steps: readonly string[];
  readonly acceptanceCriteria: readonly string[];
  /** Exact command lines that show the criteria. */
  readonly verificationCommands: readonly string[];
  readonly deliverables: readonly string[];
  readonly risks: readonly string[];
  /** Tool calls the implementation should need; its limit is this × 1.5. */
  readonly estimatedToolCalls: number;
}

/** The generator's output; written as `self-eval.md`. */
export interface SelfEvaluation {
  readonly summary: string;
  /** 1–10. */
  readonly confidence: number;
  readonly gaps: readonly string[];
  readonly evidence: readonly { readonly criterion: string; readonly claim: string }[];
  readonly deliverables: readonly string[];
}
