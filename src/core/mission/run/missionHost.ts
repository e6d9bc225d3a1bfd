// What a mission needs beside what every run has: tasks of its own, and files that outlive it. Given by the harness.
import type { TaskId, TaskRequest } from "../../domain/task";
import type { EventBody } from "../../domain/event";
import type { MissionPart } from "../../engine/missionPart";
import type { Recorder } from "../../engine/recorder";
import type { RunEnd } from "../../engine/taskLoop";
import type { TaskView } from "../../projections/taskView";
import type { AgentFiles } from "../../ports/agentFiles";
import type { OpenQueue } from "../../ports/workQueue";

export interface MissionHost {
  readonly agentFiles: AgentFiles;
  readonly openQueue: OpenQueue;
  /** A task of the mission, as the journal has it now. */
  viewOf(task: TaskId): Promise<TaskView | null>;
  newTaskId(title: string): TaskId;
  create(id: TaskId, request: Omit<TaskRequest, "id">): Promise<TaskView>;
  recorderOf(view: TaskView): Recorder;
  /** Puts what the engine has decided about a task of the mission on its record. */
  record(view: TaskView, ...bodies: readonly EventBody[]): Promise<TaskView>;
  run(view: TaskView, signal: AbortSignal, part: MissionPart): Promise<{ readonly end: RunEnd; readonly view: TaskView }>;
}
