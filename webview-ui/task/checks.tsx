// The checks of an attempt: green or red, the command, its exit and time; a row opens what was printed.
import type { JSX } from "preact";
import { useEffect, useId } from "preact/hooks";
import type { AttemptItem, CheckItem, TaskDetail } from "../../src/shared/dashboardState";
import { duration } from "../../src/shared/figures";
import { LinkButton } from "../parts/buttons";
import { useStore } from "../parts/context";
import { Icon } from "../parts/icon";
import { FAIL, PASS } from "../parts/looks";

interface ChecksProps {
  readonly attempt: AttemptItem;
  readonly detail: TaskDetail;
}

export function Checks({ attempt, detail }: ChecksProps): JSX.Element {
  return (
    <ul class="checks" aria-label={`Checks of attempt ${attempt.attempt}`}>
      {attempt.checks.map((check) => (
        <CheckRow key={check.id} check={check} attempt={attempt.attempt} detail={detail} />
      ))}
    </ul>
  );
}

interface CheckRowProps {
  readonly check: CheckItem;
  readonly attempt: number;
  readonly detail: TaskDetail;
}

function CheckRow({ check, attempt, detail }: CheckRowProps): JSX.Element {
  const { kept } = useStore();
  const id = useId();
  const name = `check ${detail.task} ${attempt} ${check.id}`;
  const isOpen = kept.isOpen(name, false);
  const look = check.green ? PASS : FAIL;
  const criterion = detail.criteria.find((one) => one.id === check.criterion);
  return (
    <li class={`check ${check.green ? "green" : "red"}`}>
      <button
        type="button"
        class="check-head"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => kept.setOpen(name, !isOpen)}
        title={criterion === undefined ? check.criterion : `${criterion.id}: ${criterion.text}`}
      >
        <Icon name={isOpen ? "chevron-down" : "chevron-right"} tone="muted" />
        <Icon name={look.icon} tone={look.tone} />
        <span class="sr-only">{check.green ? "green" : "red"}</span>
        <span class="check-id">{check.id}</span>
        <code class="check-what">{check.what}</code>
        <span class="check-exit">{exitWords(check)}</span>
        <span class="check-time">{duration(check.ms)}</span>
      </button>
      {check.green || check.reason === "" ? null : <p class="check-reason">{check.reason}</p>}
      <div id={id} hidden={!isOpen}>
        {isOpen ? <CheckBody check={check} attempt={attempt} detail={detail} criterion={criterion?.text ?? null} /> : null}
      </div>
    </li>
  );
}

function CheckBody({ check, attempt, detail, criterion }: CheckRowProps & { readonly criterion: string | null }): JSX.Element {
  const { outputs, commands } = useStore();
  useEffect(() => {
    if (check.hasOutput) outputs.fetch(detail, attempt, check.id);
  }, [outputs, detail.task, attempt, check.id, check.hasOutput]);
  const output = outputs.of(attempt, check.id);
  return (
    <div class="check-body">
      {criterion === null ? null : (
        <p class="muted">
          {check.criterion}: {criterion}
        </p>
      )}
      {check.expects === "" ? null : <p class="muted">{check.expects}</p>}
      {check.hasOutput ? (
        <pre
          class="tail output"
          tabIndex={0}
          role="region"
          aria-label={`Output of ${check.id}`}
          aria-busy={output === undefined || output.kind === "loading"}
        >
          {output?.kind === "loaded" ? (output.text ?? "The output is no longer there.") : "…"}
        </pre>
      ) : (
        <p class="muted">No output.</p>
      )}
      {check.hasFile ? <LinkButton onPress={() => commands.openOutput(detail, attempt, check.id)}>Open the whole output</LinkButton> : null}
    </div>
  );
}

/** A built-in check has no exit. */
function exitWords({ timedOut, exit }: CheckItem): string {
  if (timedOut) return "timed out";
  return exit === null ? "" : `exit ${exit}`;
}
