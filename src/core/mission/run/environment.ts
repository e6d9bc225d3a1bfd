// The environment task: everything else waits for it. The engine carries it out itself, with exit codes and without a
// model: where the project cannot be set up or what has to hold does not, the mission ends before anything is spent on it.
import type { MissionEventBody } from "../../domain/missionEvents";
import { CountersignError } from "../../domain/errors";
import { ENVIRONMENT_TASK, type MissionPlan, type PlannedTask } from "../../domain/mission";
import type { TaskRun } from "../../engine/taskRun";
import type { ClaimRef } from "../../ports/workQueue";

const COMMAND_TIMEOUT_MS = 600_000;
const EXCERPT_BYTES = 4_000;

/** With an environment task, before all others. */
export function withEnvironmentTask(plan: MissionPlan): MissionPlan {
  const known = plan.tasks.find(({ id }) => id === ENVIRONMENT_TASK);
  const others = plan.tasks.filter((task) => task !== known);
  const first: PlannedTask = known ?? {
    id: ENVIRONMENT_TASK,
    title: "Validate the environment",
    workerRole: "The engine itself.",
    qcRole: "Exit codes.",
    model: null,
    prompt: "Set the project up in a fresh checkout. Nothing is changed.",
    dependencies: [],
    criteria: ["The project can be set up in a fresh checkout"],
    verificationCommands: [],
    files: [],
    maxRetries: 0,
    estimatedToolCalls: 1,
    parallelGroup: 0,
  };
  const waiting = others.map((task) => (task.dependencies.length === 0 ? { ...task, dependencies: [ENVIRONMENT_TASK] } : task));
  return { ...plan, tasks: [{ ...first, dependencies: [] }, ...waiting] };
}

export type EnvironmentEvent = Extract<MissionEventBody, { readonly kind: "environmentChecked" }>;

/** Sets the project up in a clean room of the mission's base, and runs the commands that have to pass there. */
export async function checkEnvironment({ deps, base, recorder }: TaskRun, planned: PlannedTask, { token }: ClaimRef, signal: AbortSignal): Promise<EnvironmentEvent> {
  const { plans, workspace, setup, commands } = deps;
  const ended = (reason: string, results: EnvironmentEvent["commands"]): EnvironmentEvent => ({ kind: "environmentChecked", node: planned.id, token, ok: reason === "", reason, commands: results });
  const room = await workspace.openCleanRoom(base, base.commit, signal);
  const results: EnvironmentEvent["commands"][number][] = [];
  try {
    recorder.note({ kind: "setupFinished", place: "cleanRoom", steps: await setup.prepare(room.dir, signal) });
    const restore = await room.checkpoint();
    for (const [at, command] of planned.verificationCommands.entries()) {
      const outputFile = `verification/environment/${at + 1}.log`;
      await plans.write(recorder.task, outputFile, "");
      const spec = { command, cwd: room.dir, timeoutMs: COMMAND_TIMEOUT_MS, outputFile: plans.pathOf(recorder.task, outputFile), excerptBytes: EXCERPT_BYTES, purpose: "check" } as const;
      const { exitCode, timedOut, unstartable, output, durationMs } = await commands.run({ ...spec, onOutput: (text) => recorder.live({ kind: "outputStreamed", task: recorder.task, source: planned.id, text }) }, signal);
      signal.throwIfAborted();
      await restore();
      results.push({ command, exitCode, durationMs, outputFile });
      if (exitCode === 0) continue;
      const how = unstartable ? "cannot be started" : timedOut ? "did not end in time" : `ended with exit code ${exitCode ?? "none"}`;
      return ended(`the environment does not hold: \`${command}\` ${how}: ${lastLine(output)}`, results);
    }
    return ended("", results);
  } catch (error) {
    if (!CountersignError.is(error, "setup")) throw error;
    return ended(`the project cannot be set up: ${error.message}`, results);
  } finally {
    await room.close();
  }
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1)?.trim() ?? "";
}
