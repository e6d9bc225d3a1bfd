// What a person's decisions change in a task's view. Pure; a part of the fold in taskFold.ts.
import type { JournalEvent } from "../domain/event";
import { mergeAccepted, withDecisions, type HunkDecisions } from "./reviewView";
import type { TaskView } from "./taskView";

type Body<K extends JournalEvent["kind"]> = Extract<JournalEvent, { readonly kind: K }>;

export function changeOfDecision(view: TaskView, event: JournalEvent): Partial<TaskView> {
  switch (event.kind) {
    case "runQueued":
      return { queueRank: event.rank };
    case "runDequeued":
      return { queueRank: null };
    case "categoryChanged":
      return { category: event.category, type: event.type, request: { ...view.request, category: event.category } };
    case "hunksDecided":
      return { hunks: { ...view.hunks, [event.path]: withDecisions(decisionsIn(view, event.path), event) } };
    case "changesRequested": {
      const round = { afterAttempt: event.afterAttempt, request: event.request, sessions: view.sessions.length };
      const review = { answer: null, chosen: null, hunks: {}, acceptedPaths: [] };
      // The request is carried out as it was first asked for: an escalated task is no longer YOURS.
      return { rounds: [...view.rounds, round], status: "queued", category: view.request.category, detail: "", ...review, ...withoutPlan(view) };
    }
    case "attemptChosen":
      return changeOfChoice(view, event.attempt);
    case "acceptUndone": {
      const review = { accepted: null, acceptSteps: [], acceptedPaths: [], hunks: {}, committed: null };
      return { ...review, ...(view.status === "accepted" ? { status: "review" } : {}) };
    }
    case "changesAccepted":
      return changeOfAccept(view, event);
    case "changesCommitted":
      return { committed: event.commit };
    case "changesDiscarded":
      return { status: "discarded", queueRank: null };
    case "taskDone":
      return { status: "done", queueRank: null, detail: "" };
    default:
      return {};
  }
}

function decisionsIn(view: TaskView, path: string): HunkDecisions | undefined {
  return Object.hasOwn(view.hunks, path) ? view.hunks[path] : undefined;
}

/** What was decided about another attempt's hunks means nothing for this one. An escalated task is no longer YOURS. */
function changeOfChoice(view: TaskView, attempt: number): Partial<TaskView> {
  if (attempt === (view.chosen ?? view.attempts.at(-1)?.attempt) && view.status === "review") return {};
  const chosen = attempt === view.attempts.at(-1)?.attempt ? null : attempt;
  return { status: "review", phase: null, detail: "", queueRank: null, category: view.request.category, chosen, hunks: {}, acceptedPaths: [] };
}

function changeOfAccept(view: TaskView, { result, remaining }: Body<"changesAccepted">): Partial<TaskView> {
  const done = remaining.length === 0;
  return {
    accepted: mergeAccepted(view.accepted, result),
    acceptSteps: [...view.acceptSteps, { before: result.before, after: result.after ?? null }],
    acceptedPaths: [...new Set([...view.acceptedPaths, ...result.applied, ...result.conflicts])],
    // What was accepted after it is not in that commit.
    committed: null,
    ...(done ? { status: "accepted" } : {}),
  };
}

/** A plan whose contract is not frozen did not know of the request: planning begins again. */
function withoutPlan(view: TaskView): Partial<TaskView> {
  if (view.contract !== null || view.type === "single_agent") return {};
  return { plan: null, approval: "none", proposedContract: null, contractRounds: 0, refusal: null, baseChecks: [], baseRound: 0 };
}
