// The phases in the order in which they ran, each with its share of the time, who worked in it, and what it cost.
import type { JSX } from "preact";
import type { PhaseSpan, SessionItem, TaskDetail, TaskRow } from "../../src/shared/dashboardState";
import { counted, dollars, duration, elapsed } from "../../src/shared/figures";
import { PHASE_WORDS, ROLE_WORDS } from "../../src/shared/words";
import { IconButton } from "../parts/buttons";
import { useNow } from "../parts/clock";
import { useStore } from "../parts/context";
import { Icon } from "../parts/icon";
import { BUSY, FAIL, OPEN, PHASE_LOOKS, type Look } from "../parts/looks";
import { Section } from "../parts/section";
import { comingPhases, spansOf, type ShownSpan } from "./spans";

const TICK_MS = 1000;

export function Timeline({ detail, row }: { readonly detail: TaskDetail; readonly row: TaskRow }): JSX.Element | null {
  const isRunning = row.state === "running";
  const now = useNow(isRunning ? TICK_MS : 60_000);
  const spans = spansOf(detail.phases, isRunning ? now : null);
  const coming = comingPhases(detail, row);
  if (spans.length + coming.length === 0) return null;
  const total = spans.at(-1)?.end ?? 0;
  return (
    <Section title="Timeline" note={total === 0 ? undefined : duration(total)}>
      <ol class="timeline">
        {spans.map((span) => (
          <SpanRow
            key={`${span.phase.phase} ${span.phase.attempt}`}
            span={span}
            total={total}
            now={now}
            detail={detail}
            isRunning={isRunning}
          />
        ))}
        {coming.map((phase) => (
          <li key={phase} class="span coming">
            <Icon name={OPEN.icon} tone={OPEN.tone} />
            <span class="span-name">{PHASE_WORDS[phase]}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

interface SpanRowProps {
  readonly span: ShownSpan;
  readonly total: number;
  readonly now: number;
  readonly detail: TaskDetail;
  readonly isRunning: boolean;
}

function SpanRow({ span: { phase, start, end }, total, now, detail, isRunning }: SpanRowProps): JSX.Element {
  const { commands } = useStore();
  const session = detail.sessions.findLast((one) => one.phase === phase.phase && one.attempt === phase.attempt);
  const isRejected = phase.phase === "verification" && detail.attempts.some(({ attempt, passed }) => attempt === phase.attempt && passed === false);
  const look = isRejected ? FAIL : lookOf(phase, isRunning);
  const outcome = isRejected ? "rejected" : (phase.outcome ?? (isRunning ? "running" : "interrupted"));
  const name = `${PHASE_WORDS[phase.phase]}${phase.attempt > 1 ? `, attempt ${phase.attempt}` : ""}`;
  const lasted = phase.ms !== null ? duration(phase.ms) : isRunning ? elapsed(phase.startedAt, now) : "interrupted";
  return (
    <li class={`span ${outcome}`}>
      <Icon name={look.icon} tone={look.tone} spins={look.spins ?? false} />
      <span class="span-name" title={name}>
        {name}
        <span class="sr-only">, {outcome}</span>
      </span>
      <span class="span-track" aria-hidden="true">
        <span class="span-bar" style={{ left: percent(start, total), width: percent(end - start, total) }} />
      </span>
      <span class="span-time">{lasted}</span>
      <span class="span-session">{session === undefined ? "" : sessionWords(session)}</span>
      {session === undefined ? (
        <span />
      ) : (
        <IconButton icon="comment-discussion" label={`Transcript of ${name}`} onPress={() => commands.act(detail, "transcript", session.id)} />
      )}
    </li>
  );
}

function lookOf({ outcome }: PhaseSpan, isRunning: boolean): Look {
  if (outcome !== null) return PHASE_LOOKS[outcome];
  return isRunning ? BUSY : { icon: "circle-slash", tone: "attention" };
}

function sessionWords({ role, model, turns, toolCalls, cost }: SessionItem): string {
  const spent = cost.unpriced > 0 && cost.usd === 0 ? "cost unknown" : dollars(cost.usd);
  return `${ROLE_WORDS[role]} · ${model} · ${counted(turns, "turn")} · ${counted(toolCalls, "call")} · ${spent}`;
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : (100 * part) / whole}%`;
}
