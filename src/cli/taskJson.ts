// A task as JSON for scripts: what `show --json` prints. Field names are an interface: they are added, not changed.
import { reviewedAttempt } from "../core/projections/reviewedAttempt";
import type { TaskView } from "../core/projections/taskView";

export interface TaskPlace {
  readonly planFolder: string;
  /** Bytes of the worktree on disk; 0 when it is gone. */
  readonly worktreeBytes: number;
}

export function taskJson(view: TaskView, place: TaskPlace): object {
  const { request, base } = view;
  return {
    id: request.id,
    title: request.title,
    description: request.description,
    status: view.status,
    category: view.category,
    type: view.type,
    phase: view.phase,
    profile: request.profile,
    models: request.models,
    detail: view.detail,
    createdAt: view.createdAt,
    updatedAt: view.updatedAt,
    branch: base?.branch ?? null,
    base: base?.commit ?? null,
    worktree: base?.worktree ?? null,
    ...place,
    contract: view.contract === null ? null : { hash: view.contract.hash, ...view.contract.contract },
    attempts: view.attempts.map((attempt) => ({
      attempt: attempt.attempt,
      score: attempt.score,
      verdict: attempt.verdict?.verdict ?? null,
      passed: attempt.decision?.pass ?? null,
      reasons: attempt.decision?.reasons ?? [],
      cutShort: attempt.cutShort,
      commit: attempt.commit,
      files: attempt.files,
      checks: attempt.checks.map(({ checkId, outputExcerpt: _excerpt, ...check }) => ({ id: checkId, ...check })),
    })),
    files: reviewedAttempt(view)?.files ?? [],
    waits: view.waits.map(({ command, purpose, reason, since }) => ({ command, purpose, reason, since })),
    chosenAttempt: view.chosen,
    handoffs: view.handoffs,
    sessions: view.sessions,
    usage: view.usage,
    cost: view.cost,
    answer: view.answer,
    accepted: view.accepted,
  };
}
