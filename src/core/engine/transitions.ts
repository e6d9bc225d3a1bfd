// Which step comes next, from a task's view alone. Pure: a resumed run asks the same question as an undisturbed one
// and gets the same answer.
import type { AttemptView, TaskView } from "../projections/taskView";

export type Step =
  | { readonly kind: "snapshot" }
  | { readonly kind: "answer"; readonly attempt: number }
  | { readonly kind: "plan" }
  | { readonly kind: "negotiate" }
  | { readonly kind: "freeze" }
  | { readonly kind: "implement"; readonly attempt: number }
  | { readonly kind: "commit"; readonly attempt: number }
  | { readonly kind: "check"; readonly attempt: number }
  | { readonly kind: "inspect"; readonly attempt: number }
  | { readonly kind: "evaluate"; readonly attempt: number }
  | { readonly kind: "decide"; readonly attempt: number }
  | { readonly kind: "pass"; readonly attempt: number }
  | { readonly kind: "escalate"; readonly reason: string };

export function nextStep(view: TaskView, maxRetries: number): Step {
  if (view.base === null) return { kind: "snapshot" };
  if (view.type === "single_agent") return nextOfSingleAgent(view);
  if (view.plan === null) return { kind: "plan" };
  if (view.contract === null) return view.proposedContract === null ? { kind: "negotiate" } : { kind: "freeze" };
  const first = firstAttempt(view);
  const last = view.attempts.at(-1);
  if (last === undefined || last.attempt < first) return { kind: "implement", attempt: first };
  if (last.decision === null) return nextOfAttempt(last);
  if (last.decision.pass) return { kind: "pass", attempt: last.attempt };
  const made = last.attempt - first + 1;
  if (made <= maxRetries) return { kind: "implement", attempt: last.attempt + 1 };
  return { kind: "escalate", reason: `${made} attempt${made === 1 ? "" : "s"} did not pass verification` };
}

/** The number of the first attempt of the present round. What the user asks for begins a new one, whatever became of the last. */
export function firstAttempt({ rounds }: Pick<TaskView, "rounds">): number {
  return (rounds.at(-1)?.afterAttempt ?? 0) + 1;
}

function nextOfAttempt(attempt: AttemptView): Step {
  const at = { attempt: attempt.attempt };
  if (attempt.commit === null) {
    const ended = attempt.selfEvaluation !== null || attempt.cutShort !== null;
    return ended ? { kind: "commit", ...at } : { kind: "implement", ...at };
  }
  if (attempt.cutShort !== null) return { kind: "decide", ...at };
  if (!attempt.checked) return { kind: "check", ...at };
  // Attempts of versions that did not look were not necessarily decided by them: they are looked at now.
  if (attempt.inspection === null) return { kind: "inspect", ...at };
  if (attempt.verdict === null && attempt.noVerdict === null) return { kind: "evaluate", ...at };
  return { kind: "decide", ...at };
}

function nextOfSingleAgent(view: TaskView): Step {
  const attempt = firstAttempt(view);
  const made = view.attempts.find((known) => known.attempt === attempt);
  if (view.answer === null && (made?.cutShort ?? null) === null) return { kind: "answer", attempt };
  if (made === undefined || made.commit === null) return { kind: "commit", attempt };
  if (made.cutShort !== null) return { kind: "escalate", reason: made.cutShort.detail };
  return { kind: "pass", attempt };
}
