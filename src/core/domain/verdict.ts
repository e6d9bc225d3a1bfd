// The evaluator's verdict and the gate that decides over it. Data only; the gate is gate.ts.

export interface CriterionFinding {
  readonly criterion: string;
  readonly met: boolean;
  /** Quotes that prove it, each verbatim from its source. */
  readonly evidence: readonly Evidence[];
  readonly comment: string;
}

/** A quote and where it stands. */
export interface Evidence {
  /** `check:K1` (that check's output) or `file:src/a.ts` (that file in the attempt's commit). */
  readonly source: string;
  /** Verbatim, except for white space. May be empty for a check: then the check's result itself is the evidence. */
  readonly quote: string;
}

/** What the evaluator answered. Only the gate turns it into a result. */
export interface Verdict {
  readonly verdict: "PASS" | "FAIL";
  /** 0–100. */
  readonly score: number;
  readonly findings: readonly CriterionFinding[];
  readonly issues: readonly string[];
  readonly requiredFixes: readonly string[];
  readonly summary: string;
}

/** Score a PASS needs. Source: design, "The life of a task", 7. */
export const PASS_SCORE = 80;

/** The gate's decision: the only PASS that counts. */
export interface GateDecision {
  readonly pass: boolean;
  /** Why not; empty exactly when `pass`. */
  readonly reasons: readonly string[];
}
