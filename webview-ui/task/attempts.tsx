// The attempts, the last one open: what the checks found, what the evaluator said, why the gate opened or stayed shut.
import type { JSX } from "preact";
import type { AttemptItem, TaskDetail, TaskRow } from "../../src/shared/dashboardState";
import { counted } from "../../src/shared/figures";
import { Icon } from "../parts/icon";
import { BUSY, FAIL, OPEN, PASS, type Look } from "../parts/looks";
import { Disclosure, Section } from "../parts/section";
import { Checks } from "./checks";
import { VerdictPart } from "./verdictPart";

interface AttemptsProps {
  readonly detail: TaskDetail;
  readonly row: TaskRow;
}

export function Attempts({ detail, row }: AttemptsProps): JSX.Element | null {
  const { attempts } = detail;
  const last = attempts.at(-1);
  if (last === undefined) return null;
  return (
    <Section title="Attempts" className="attempts">
      {attempts.toReversed().map((attempt) => (
        <Disclosure
          key={attempt.attempt}
          name={`attempt ${attempt.attempt} ${detail.task}`}
          isOpenAtFirst={attempt === last}
          className="attempt"
          head={<AttemptHead attempt={attempt} isSingle={detail.type === "single_agent"} isGoingOn={attempt === last && row.state === "running"} />}
          body={() => <AttemptBody attempt={attempt} detail={detail} />}
        />
      ))}
    </Section>
  );
}

interface AttemptHeadProps {
  readonly attempt: AttemptItem;
  /** Done by a single agent: nothing verifies it. */
  readonly isSingle: boolean;
  readonly isGoingOn: boolean;
}

function AttemptHead({ attempt, isSingle, isGoingOn }: AttemptHeadProps): JSX.Element {
  const { checks, files, fileCount, score } = attempt;
  const look = lookOf(attempt, isSingle, isGoingOn);
  const green = checks.filter((check) => check.green).length;
  const added = files.reduce((sum, file) => sum + (file.added ?? 0), 0);
  const removed = files.reduce((sum, file) => sum + (file.removed ?? 0), 0);
  return (
    <>
      <Icon name={look.icon} tone={look.tone} spins={look.spins ?? false} />
      <span class="attempt-name">Attempt {attempt.attempt}</span>
      <span class={`attempt-result tone-${look.tone}`}>{resultWords(attempt, isSingle, isGoingOn)}</span>
      {score === null ? null : (
        <span class="attempt-score">
          <span class="sr-only">score </span>
          {score}
          <span class="muted">/100</span>
        </span>
      )}
      {checks.length === 0 ? null : (
        <span class="attempt-checks">
          {green}/{checks.length} <span class="muted">checks green</span>
        </span>
      )}
      {fileCount === 0 ? null : (
        <span class="attempt-files">
          <span class="muted">{counted(fileCount, "file")}</span> <span class="added">+{added}</span> <span class="removed">−{removed}</span>
        </span>
      )}
    </>
  );
}

function lookOf({ passed, cutShort, committed }: AttemptItem, isSingle: boolean, isGoingOn: boolean): Look {
  if (passed !== null) return passed ? PASS : FAIL;
  if (cutShort !== null) return FAIL;
  if (isGoingOn) return BUSY;
  return isSingle && committed ? { icon: "pass", tone: "plain" } : OPEN;
}

function resultWords({ passed, cutShort, committed }: AttemptItem, isSingle: boolean, isGoingOn: boolean): string {
  if (passed !== null) return passed ? "PASS" : "FAIL";
  if (cutShort !== null) return "cut short";
  if (isGoingOn) return committed ? "being verified" : "being worked on";
  return isSingle && committed ? "not verified" : "not finished";
}

function AttemptBody({ attempt, detail }: { readonly attempt: AttemptItem; readonly detail: TaskDetail }): JSX.Element {
  const { confidence, cutShort, noVerdict, request, checks } = attempt;
  return (
    <>
      {cutShort === null ? null : <p class="attempt-note">Ended early: {cutShort}</p>}
      {checks.length === 0 ? null : <Checks attempt={attempt} detail={detail} />}
      {noVerdict === null ? null : <p class="attempt-note">No verdict: {noVerdict}</p>}
      <VerdictPart attempt={attempt} />
      {confidence === null ? null : <p class="attempt-note muted">The generator’s own confidence: {confidence} of 10</p>}
      {request === null ? null : (
        <p class="attempt-note">
          <Icon name="request-changes" /> You asked for changes: {wordsOf(request)}
        </p>
      )}
      {checks.length === 0 && detail.type === "single_agent" && detail.answer !== null ? <p class="prose">{detail.answer}</p> : null}
    </>
  );
}

function wordsOf({ text, comments }: NonNullable<AttemptItem["request"]>): string {
  return [text, comments === 0 ? "" : counted(comments, "comment")].filter((part) => part !== "").join(" · ");
}
