// Which attempt the user reviews, and which others they may put into review instead. Pure.
import { CountersignError } from "../domain/errors";
import type { EventBody } from "../domain/event";
import type { TaskStatus } from "../domain/task";
import type { AttemptView, TaskView } from "./taskView";

/** The one whose changes can be accepted once the task is in review: the last, or the one that the user has chosen. */
export function reviewedAttempt({ attempts, chosen }: Pick<TaskView, "attempts" | "chosen">): AttemptView | undefined {
  return chosen === null ? attempts.at(-1) : attempts.find(({ attempt }) => attempt === chosen);
}

/** Attempts that passed, but for the one in review: newest first. None where the task has come to another end. */
export function choosableAttempts(view: TaskView): readonly AttemptView[] {
  if (view.base === null || ENDED.has(view.status)) return [];
  const current = view.status === "review" ? reviewedAttempt(view) : undefined;
  return view.attempts.filter((attempt) => attempt !== current && hasPassed(view, attempt)).toReversed();
}

/** The choice as it goes on record; null for the attempt that is in review already. Throws `notFound` or `conflict`. */
export function attemptChosen(view: TaskView, number: number): EventBody | null {
  const { id } = view.request;
  const attempt = view.attempts.find((one) => one.attempt === number);
  if (attempt === undefined) throw new CountersignError("notFound", `Task ${id} has no attempt ${number}. Nothing was changed.`);
  if (view.status === "review" && attempt === reviewedAttempt(view)) return null;
  if (ENDED.has(view.status)) throw new CountersignError("conflict", `Task ${id} is ${view.status}: its attempts can be looked at only. ${view.status === "accepted" ? "Undo the accept first." : "Nothing was changed."}`);
  if (view.base === null || !hasPassed(view, attempt)) throw new CountersignError("conflict", `Attempt ${number} of task ${id} did not pass verification: it can be looked at, not accepted. Nothing was changed.`);
  return { kind: "attemptChosen", attempt: number };
}

const ENDED: ReadonlySet<TaskStatus> = new Set(["accepted", "discarded", "done"]);

/** Nobody judges a single agent's work but the user. */
function hasPassed({ type }: TaskView, { commit, cutShort, decision }: AttemptView): boolean {
  if (commit === null || cutShort !== null) return false;
  return type === "single_agent" || decision?.pass === true;
}
