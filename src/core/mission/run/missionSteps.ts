// Which step of a mission comes next, from its view alone. Pure: a resumed mission asks the same question as an
// undisturbed one and gets the same answer.
import type { MissionView } from "../../projections/missionView";
import type { TaskView } from "../../projections/taskView";
import { wantedPreambles } from "./wantedPreambles";

export type MissionStep =
  | { readonly kind: "snapshot" }
  | { readonly kind: "optimize" }
  /** From the chain file that the user gave. */
  | { readonly kind: "import" }
  | { readonly kind: "decompose" }
  | { readonly kind: "approve" }
  | { readonly kind: "brief" }
  | { readonly kind: "work" }
  | { readonly kind: "report" };

export function nextMissionStep(view: TaskView): MissionStep {
  const { mission, request, base, approval } = view;
  if (base === null || mission === null) return { kind: "snapshot" };
  const isImported = (request.mission?.chain ?? null) !== null;
  if (mission.plan === null) {
    if (isImported) return { kind: "import" };
    const isOptimized = request.mission?.optimize !== true || mission.optimized !== null;
    return { kind: isOptimized ? "decompose" : "optimize" };
  }
  if (request.approvePlan && approval !== "approved") return { kind: "approve" };
  if (mission.finished !== null) return { kind: "report" };
  return { kind: lacksPreambles(mission) ? "brief" : "work" };
}

function lacksPreambles(mission: MissionView): boolean {
  const known = new Set(mission.preambles.map(({ role, description }) => `${role} ${description}`));
  return wantedPreambles(mission).some(({ role, description }) => !known.has(`${role} ${description}`));
}
