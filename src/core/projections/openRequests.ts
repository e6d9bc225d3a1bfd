// Which of the user's requests an attempt has still to honour. Pure.
import type { RoundView } from "./reviewView";
import type { TaskView } from "./taskView";

export interface UserRequests {
  /** Made before an attempt that passed: done then, and to stay so. Oldest first, as the others. */
  readonly settled: readonly RoundView[];
  readonly open: readonly RoundView[];
}

export function requestsOf({ rounds, attempts, type }: Pick<TaskView, "rounds" | "attempts" | "type">): UserRequests {
  const isDone = type === "single_agent" ? isAnswered : hasPassed;
  const done = attempts.findLast(isDone)?.attempt ?? 0;
  return { settled: rounds.filter((round) => round.afterAttempt < done), open: rounds.filter((round) => round.afterAttempt >= done) };
}

function hasPassed({ decision }: TaskView["attempts"][number]): boolean {
  return decision?.pass === true;
}

/** Nobody judges a single agent's work but the user. */
function isAnswered({ commit, cutShort }: TaskView["attempts"][number]): boolean {
  return commit !== null && cutShort === null;
}
