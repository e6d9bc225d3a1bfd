// What happens in a mission, as lines of activity. Pure.
import { counted } from "../../shared/figures";
import type { JournalEvent } from "../domain/event";
import { said, type Line } from "./line";

/** null for an event of anything else. */
export function missionLine(event: JournalEvent): Line | null {
  switch (event.kind) {
    case "requestOptimized":
      return said("progress", "Request sharpened", listed([counted(event.assumptions.length, "assumption"), counted(event.ambiguities.length, "open question")]));
    case "missionPlanned":
      return said("progress", event.edited ? "Plan taken with your edits" : "Plan of the mission", listed([counted(event.plan.tasks.length, "task"), event.warnings.length === 0 ? "" : counted(event.warnings.length, "warning")]));
    case "missionPlanRefused":
      return said("progress", "Plan sent back", event.problems[0] ?? "", "warning");
    case "preambleReady":
      return said("progress", event.reused ? `Preamble of a ${event.role} is there` : `Preamble of a ${event.role} written`, event.description);
    case "environmentChecked":
      return said("checks", event.ok ? "The environment holds" : "The environment does not hold", event.ok ? counted(event.commands.length, "command") : event.reason, event.ok ? "good" : "error");
    case "nodeClaimed":
      return said("progress", `${event.node} begun`, event.worker);
    case "nodeSentBack":
      return said("progress", `${event.node} sent back`, event.reason === "conflict" ? "conflicts with what was merged before" : "red together with what was merged before", "warning");
    case "nodeMerged":
      return said("progress", `${event.node} merged`, event.commit.slice(0, 10), "good");
    case "nodeFailed":
      return said("progress", `${event.node} failed`, event.reason, "error");
    case "nodeReclaimed":
      return said("progress", `${event.node} is open again`, event.reason, "warning");
    case "nodeDecided":
      return said("you", `${event.node} ${DECISION_WORDS[event.decision]}`, "");
    case "missionFinished":
      return said("progress", "Nothing is left to do", event.failed.length === 0 ? "" : listed([`failed: ${event.failed.join(", ")}`, event.blocked.length === 0 ? "" : `blocked: ${event.blocked.join(", ")}`]));
    case "contextMeasured":
      return said("models", `Context of the ${event.role}`, `${counted(event.tokens, "token")} of the project manager's ${event.managerTokens}`);
    case "questionAsked":
      return said("models", "The project manager was asked", event.question);
    case "baseMoved":
      return said("progress", "Goes on from what was merged since", event.conflicts.length === 0 ? "" : `conflicts in ${event.conflicts.join(", ")}`);
    case "workMerged":
      return said("progress", "Merged into the mission", event.commit.slice(0, 10), "good");
    default:
      return null;
  }
}

const DECISION_WORDS = { retried: "to be tried again", skipped: "skipped", takenOver: "taken over" } as const;

function listed(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}
