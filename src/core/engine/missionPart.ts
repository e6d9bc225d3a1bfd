// What makes a task one of a mission: its roles are worker and qc, with preambles; its first words are the mission's.
// Types only.

import type { TaskBase } from "../domain/workspace";

/** Of one role of a task: what stands before its message. */
export interface Briefing {
  readonly preamble: string;
  /** What of the mission it may know, in sections; "" for nothing. */
  readonly context: string;
}

export interface MissionPart {
  readonly worker: Briefing;
  readonly qc: Briefing;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Where its worktree begins: the mission's branch, with the work of what it depends on. */
  readonly from: Pick<TaskBase, "commit" | "head">;
  /** Called whenever something happens: its worker is not hung. */
  readonly alive: () => void;
  /** Asks the project manager; once an attempt. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string>;
}
