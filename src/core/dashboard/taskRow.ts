// A task's row in the dashboard's overview. Pure.
import type { TaskRow } from "../../shared/dashboardState";
import { reviewedAttempt } from "../projections/reviewedAttempt";
import type { TaskSituation } from "../projections/taskActions";
import { needsPerson, stateOf } from "../projections/taskState";
import type { TaskView } from "../projections/taskView";
import { clip } from "./clip";

const TITLE_CHARS = 200;
const DETAIL_CHARS = 300;

export interface RowContext {
  readonly root: string;
  readonly situation: TaskSituation;
  /** 1 is next; null when it does not wait. */
  readonly queuePlace: number | null;
}

export function rowOf(view: TaskView, { root, situation, queuePlace }: RowContext): TaskRow {
  const judged = view.attempts.findLast(({ decision, attempt }) => decision !== null && attempt <= (view.chosen ?? attempt));
  const state = stateOf(view, situation);
  return {
    root,
    task: view.request.id,
    title: clip(view.request.title, TITLE_CHARS),
    category: view.category,
    state,
    needsPerson: needsPerson(state),
    queuePlace,
    phase: view.phase,
    attempt: reviewedAttempt(view)?.attempt ?? 0,
    score: judged?.score ?? null,
    passed: judged?.decision?.pass ?? null,
    cost: { usd: view.cost.usd, unpriced: view.cost.unpricedCalls },
    createdAt: view.createdAt,
    updatedAt: view.updatedAt,
    detail: clip(view.detail, DETAIL_CHARS),
  };
}
