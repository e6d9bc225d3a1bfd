// A task as its own page shows it. Pure; what happens right now comes from the live activity.
import type { DocumentName, Live, PhaseSpan, SessionItem, TaskDetail, Tokens } from "../../shared/dashboardState";
import { modelName } from "../domain/scriptModel";
import { planFileOf } from "../handoff/planNames";
import type { Usage } from "../domain/usage";
import { actionsOf, type TaskSituation } from "../projections/taskActions";
import type { PhaseView, SessionView, TaskView } from "../projections/taskView";
import { attemptItem } from "./attemptItem";
import { clip } from "./clip";

const DESCRIPTION_CHARS = 8000;
const POINT_CHARS = 1200;
const MOST_PROBLEMS = 20;

/** The handoff file behind each document. */
export const DOCUMENT_FILES: Readonly<Record<DocumentName, string>> = {
  plan: "plan.md",
  selfEvaluation: "self-eval.md",
  qaReport: "qa-report.md",
  failureReport: "qc-failure-report.md",
};
const DOCUMENT_NAMES = Object.keys(DOCUMENT_FILES) as DocumentName[];

export interface DetailContext {
  readonly root: string;
  readonly situation: TaskSituation;
  /** null when nobody works on it. */
  readonly live: Live | null;
}

export function detailOf(view: TaskView, { root, situation, live }: DetailContext): TaskDetail {
  const { request, base } = view;
  return {
    root,
    task: request.id,
    description: clip(request.description, DESCRIPTION_CHARS),
    attachments: request.attachments.slice(0, MOST_PROBLEMS),
    type: view.type,
    profile: request.profile,
    startedAt: view.phases[0]?.startedAt ?? null,
    branch: base?.branch ?? null,
    phases: view.phases.map(phaseSpan),
    attempts: view.attempts.map((attempt) => attemptItem(attempt, view)),
    criteria: (view.contract?.contract.criteria ?? []).map(({ id, text, kind }) => ({ id, text: clip(text, POINT_CHARS), kind })),
    contract: contractOf(view),
    sessions: view.sessions.map(sessionItem),
    tokens: tokensOf(view.usage),
    cost: { usd: view.cost.usd, unpriced: view.cost.unpricedCalls },
    answer: view.answer === null ? null : clip(view.answer, DESCRIPTION_CHARS),
    accepted: view.accepted === null ? null : { applied: view.accepted.applied.length, conflicts: view.accepted.conflicts.slice(0, MOST_PROBLEMS) },
    committed: view.committed,
    documents: DOCUMENT_NAMES.filter((name) => view.handoffs.includes(name === "plan" ? planFileOf(view) : DOCUMENT_FILES[name])),
    actions: actionsOf(view, situation),
    live,
  };
}

function contractOf({ contract, proposedContract, contractRounds, refusal }: TaskView): TaskDetail["contract"] {
  const known = contract?.contract ?? proposedContract;
  return {
    state: contract !== null ? "frozen" : proposedContract !== null ? "proposed" : "none",
    rounds: contractRounds,
    checks: known?.checks.length ?? 0,
    problems: contract !== null ? [] : (refusal?.problems ?? []).slice(0, MOST_PROBLEMS).map((problem) => clip(problem, POINT_CHARS)),
  };
}

function phaseSpan({ phase, attempt, startedAt, durationMs, outcome }: PhaseView): PhaseSpan {
  return { phase, attempt, startedAt, ms: durationMs, outcome };
}

function sessionItem(session: SessionView): SessionItem {
  const { usage, cost, ...rest } = session;
  return {
    ...rest,
    model: modelName(session.model),
    detail: clip(session.detail, POINT_CHARS),
    tokens: tokensOf(usage),
    cost: { usd: cost.usd, unpriced: cost.unpricedCalls },
  };
}

function tokensOf({ input, cacheWrite5m, cacheWrite1h, cacheRead, output }: Usage): Tokens {
  return { input, cacheWrite5m, cacheWrite1h, cacheRead, output };
}
