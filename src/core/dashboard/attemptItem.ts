// An attempt on a task's page: its checks, its verdict, what it changed. Pure.
import type { AttemptItem, CheckItem } from "../../shared/dashboardState";
import type { CheckResult, Contract } from "../domain/contract";
import { kindNote } from "../domain/fileKind";
import type { AttemptView, TaskView } from "../projections/taskView";
import { checkExpects, checkTitle } from "./checkWords";
import { clip } from "./clip";

const MOST_FILES = 200;
const MOST_POINTS = 50;
const POINT_CHARS = 1200;
const COMMAND_CHARS = 500;

export function attemptItem(attempt: AttemptView, { contract, rounds }: Pick<TaskView, "contract" | "rounds">): AttemptItem {
  const round = rounds.findLast((one) => one.afterAttempt === attempt.attempt);
  return {
    attempt: attempt.attempt,
    startedAt: attempt.startedAt,
    files: attempt.files.slice(0, MOST_FILES).map((file) => ({ path: file.path, status: file.status, added: file.added, removed: file.removed, note: kindNote(file) })),
    fileCount: attempt.files.length,
    committed: attempt.commit !== null,
    confidence: attempt.selfEvaluation?.confidence ?? null,
    cutShort: attempt.cutShort === null ? null : clip(attempt.cutShort.detail, POINT_CHARS),
    checks: attempt.checks.map((result) => checkItem(result, contract?.contract ?? null)),
    checked: attempt.checked,
    verdict: verdictOf(attempt),
    noVerdict: attempt.noVerdict === null ? null : clip(attempt.noVerdict, POINT_CHARS),
    passed: attempt.decision?.pass ?? null,
    reasons: points(attempt.decision?.reasons ?? []),
    score: attempt.score,
    request: round === undefined ? null : { text: clip(round.request.text, POINT_CHARS), comments: round.request.comments.length },
  };
}

function verdictOf({ verdict }: AttemptView): AttemptItem["verdict"] {
  if (verdict === null) return null;
  return {
    pass: verdict.verdict === "PASS",
    summary: clip(verdict.summary, POINT_CHARS),
    findings: verdict.findings.slice(0, MOST_POINTS).map(({ criterion, met, comment }) => ({ criterion, met, comment: clip(comment, POINT_CHARS) })),
    issues: points(verdict.issues),
    fixes: points(verdict.requiredFixes),
  };
}

export function checkItem(result: CheckResult, contract: Contract | null): CheckItem {
  const check = contract?.checks.find(({ id }) => id === result.checkId);
  return {
    id: result.checkId,
    criterion: result.criterion,
    what: clip(check === undefined ? result.kind : checkTitle(check), COMMAND_CHARS),
    expects: check === undefined ? "" : clip(checkExpects(check), COMMAND_CHARS),
    green: result.green,
    reason: clip(result.reason, POINT_CHARS),
    exit: result.exitCode,
    timedOut: result.timedOut,
    ms: result.durationMs,
    hasOutput: result.outputExcerpt !== "",
    hasFile: result.outputFile !== null,
  };
}

function points(texts: readonly string[]): readonly string[] {
  return texts.slice(0, MOST_POINTS).map((text) => clip(text, POINT_CHARS));
}
