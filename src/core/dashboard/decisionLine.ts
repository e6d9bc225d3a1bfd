// What a person decided, as lines of activity. Pure.
import { counted } from "../../shared/figures";
import type { JournalEvent } from "../domain/event";
import { said, type Line } from "./line";

/** null for an event that no person made. */
export function decisionLine(event: JournalEvent): Line | null {
  switch (event.kind) {
    case "runQueued":
      return said("you", "Queued", "");
    case "runDequeued":
      return said("you", "Taken out of the queue", "");
    case "categoryChanged":
      return said("you", `Moved to ${event.category}`, event.reason);
    case "taskDone":
      return said("you", "Marked as done", "", "good");
    case "planApproved":
      return said("you", "Plan approved", event.edited ? "with your edits" : "", "good");
    case "changesAccepted": {
      const { applied, conflicts } = event.result;
      const rest = event.remaining.length === 0 ? "" : ` · ${event.remaining.length} left`;
      const note = `${counted(applied.length, "file")}${conflicts.length === 0 ? "" : ` · conflicts in ${conflicts.join(", ")}`}${rest}`;
      return said("you", "Changes accepted", note, conflicts.length === 0 ? "good" : "warning");
    }
    case "hunksDecided":
      return said("you", `Hunks decided in ${event.path}`, `${event.accepted.length} accepted, ${event.rejected.length} rejected`);
    case "acceptUndone":
      return said("you", "Accept undone", counted(event.result.restored.length, "file"), event.result.conflicts.length === 0 ? "info" : "warning");
    case "changesCommitted":
      return said("you", "Changes committed", event.commit.slice(0, 10), "good");
    case "changesRequested": {
      const { text, comments } = event.request;
      return said("you", "Changes requested", [text, counted(comments.length, "comment")].filter((part) => part !== "").join(" · "));
    }
    case "attemptChosen":
      return said("you", `Attempt ${event.attempt} put into review`, "");
    case "changesDiscarded":
      return said("you", "Discarded", "");
    default:
      return null;
  }
}
