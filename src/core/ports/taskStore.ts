// Queries over all tasks: a projection of the journal, rebuilt from it whenever it is missing, older or damaged.
import type { Phase, Role, TaskId } from "../domain/task";
import type { Cost, Usage } from "../domain/usage";
import type { TaskView } from "../projections/taskView";

export interface CostRow {
  /** `YYYY-MM-DD`, UTC day of the call. */
  readonly day: string;
  readonly task: TaskId;
  readonly title: string;
  readonly role: Role;
  readonly phase: Phase;
  readonly model: string;
  readonly calls: number;
  readonly usage: Usage;
  readonly cost: Cost;
}

/**
 * Contract: `sync` applies what the journal holds beyond the projection; the queries answer from the last sync.
 * `save` writes the snapshot (temporary file, fsync, rename). All reject with CountersignError `io` or `damaged`
 * (the journal's damage: a damaged snapshot is rebuilt in silence but for a log line).
 */
export interface TaskStore {
  sync(): Promise<void>;
  /** Newest first. */
  tasks(): readonly TaskView[];
  task(id: TaskId): TaskView | null;
  /** Calls on UTC days `from`…`to` inclusive, grouped by day, task, role, phase and model. */
  costs(filter: { readonly from?: string; readonly to?: string; readonly task?: TaskId }): readonly CostRow[];
  save(): Promise<void>;
  close(): Promise<void>;
}
