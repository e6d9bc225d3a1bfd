// The life of a mission: sharpen, cut, approve, brief, work, report. Each step is taken as those of a task are: every
// ending is an event, and a resumed mission goes on from where its journal says that it stood.
import { assertNever } from "../../domain/errors";
import type { TaskRequest } from "../../domain/task";
import { afterSession, cancelled, escalated, GO_ON, runSteps, type RunEnd, type StepEnd } from "../../engine/taskLoop";
import type { TaskRun } from "../../engine/taskRun";
import type { MissionView } from "../../projections/missionView";
import { approveStep } from "./approveStep";
import { briefStep } from "./briefStep";
import { decomposeStep, importStep, optimizeStep } from "./decomposeStep";
import type { MissionHost } from "./missionHost";
import { missionOf } from "./missionOf";
import { nextMissionStep } from "./missionSteps";
import { reportStep } from "./reportStep";
import { workStep } from "./workStep";

export function runMission(run: TaskRun, host: MissionHost, models?: TaskRequest["models"]): Promise<RunEnd> {
  return runSteps(run, () => take(run, host), models);
}

async function take(run: TaskRun, host: MissionHost): Promise<StepEnd> {
  const step = nextMissionStep(run.recorder.view);
  switch (step.kind) {
    case "snapshot": {
      const base = await run.deps.workspace.createBase(run.recorder.task, run.signal);
      await run.recorder.commit({ kind: "baseSnapshotted", base });
      return GO_ON;
    }
    case "optimize":
      return afterSession(await optimizeStep(run), "the request optimizer");
    case "import":
      return importStep(run);
    case "decompose":
      return afterSession(await decomposeStep(run, host), "the decomposition");
    case "approve": {
      const problems = await approveStep(run);
      if (problems === null) return GO_ON;
      if (run.signal.aborted) return cancelled();
      return { kind: "end", end: "awaitingApproval", event: { kind: "taskPaused", reason: "awaitingApproval", detail: problems } };
    }
    case "brief":
      return afterSession(await briefStep(run, host), "the preambles");
    case "work":
      return workStep(run, host);
    case "report": {
      const stop = afterSession(await reportStep(run, host), "the report");
      if (stop.kind === "end") return stop;
      return ending(missionOf(run));
    }
    default:
      return assertNever(step);
  }
}

function ending({ finished }: MissionView): StepEnd {
  const { failed = [], blocked = [] } = finished ?? {};
  if (failed.length === 0) return { kind: "end", end: "passed", event: { kind: "taskPassed", attempt: 1 } };
  const waits = blocked.length === 0 ? "" : `, which blocks ${blocked.join(", ")}`;
  return escalated(`${failed.join(", ")} did not pass${waits}: retry, skip or take over what failed, and the mission goes on`);
}
