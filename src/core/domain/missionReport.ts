// What the roles around a mission's tasks hand over: the sharpened request, and what the record means. Data only.

/** The request optimizer's output. */
export interface OptimizedRequest {
  readonly request: string;
  /** Decided, since any sensible reader would have decided so. */
  readonly assumptions: readonly string[];
  /** Open questions, with their choices. */
  readonly ambiguities: readonly string[];
}

/** The reporter's output: words around the engine's figures. */
export interface MissionSummary {
  readonly summary: string;
  readonly decisions: readonly string[];
  readonly impact: readonly string[];
  readonly risks: readonly string[];
  readonly nextActions: readonly string[];
  /** Go to the next planner. */
  readonly lessons: readonly string[];
}
