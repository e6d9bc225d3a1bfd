// The mission that a run is of.
import { CountersignError } from "../../domain/errors";
import type { TaskRun } from "../../engine/taskRun";
import type { MissionView } from "../../projections/missionView";

export function missionOf(run: TaskRun): MissionView {
  const { mission } = run.recorder.view;
  if (mission === null) throw new CountersignError("internal", "This task is no mission.");
  return mission;
}
