// A mission's record as a schedule: what each task waits for, and how far it is. Pure.
import type { MissionView, NodeState as Recorded } from "../../projections/missionView";
import { buildDag, describeDagProblem } from "../dag";
import { CountersignError } from "../../domain/errors";
import { scheduleOf } from "../scheduleOf";
import type { NodeState, Schedule } from "../schedule";

/** What a person does by hand is not waited for. */
const STATES: Readonly<Record<Recorded, NodeState>> = {
  open: "waiting",
  claimed: "running",
  merged: "passed",
  failed: "failed",
  skipped: "skipped",
  takenOver: "skipped",
};

/** Throws `badRequest` for a plan that is no graph; none is taken into a mission. */
export function missionSchedule({ plan, nodes }: Pick<MissionView, "plan" | "nodes">): Schedule {
  const built = buildDag(plan?.tasks ?? []);
  if (!built.ok) throw new CountersignError("badRequest", built.problems.map(describeDagProblem).join(" "));
  return scheduleOf(built.dag, new Map(nodes.map(({ id, state }) => [id, STATES[state]])));
}
