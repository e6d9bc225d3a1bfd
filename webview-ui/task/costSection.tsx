// What the task has cost against its budget, by role and by phase.
import type { JSX } from "preact";
import { PHASES, ROLES, type Money, type SessionItem, type TaskDetail } from "../../src/shared/dashboardState";
import { counted, dollars } from "../../src/shared/figures";
import { PHASE_WORDS, ROLE_WORDS } from "../../src/shared/words";
import { useStore } from "../parts/context";
import { Section } from "../parts/section";
import { Bars } from "./bars";

export function CostSection({ detail }: { readonly detail: TaskDetail }): JSX.Element {
  const { sessions, cost } = detail;
  const roles = ROLES.map((role) => ({ name: ROLE_WORDS[role], money: sumOf(sessions.filter((session) => session.role === role)) }));
  const phases = PHASES.map((phase) => ({ name: PHASE_WORDS[phase], money: sumOf(sessions.filter((session) => session.phase === phase)) }));
  const hasCost = cost.usd > 0 || cost.unpriced > 0;
  return (
    <Section title="Cost" note={hasCost ? undefined : "nothing yet"}>
      {hasCost ? (
        <>
          <Budget cost={cost} />
          <Bars title="By role" items={shares(roles, cost)} />
          <Bars title="By phase" items={shares(phases, cost)} />
        </>
      ) : null}
    </Section>
  );
}

function Budget({ cost }: { readonly cost: Money }): JSX.Element {
  const limits = useStore().state.value?.limits;
  const limit = limits?.taskUsd ?? 0;
  const share = limit === 0 ? 0 : Math.min(1, cost.usd / limit);
  const warnAt = limits?.warnAt ?? 1;
  const level = share >= 1 ? "over" : share >= warnAt ? "warned" : "fine";
  return (
    <div class="budget">
      <p class="budget-line">
        <span class="figure">{dollars(cost.usd)}</span> <span class="muted">of {dollars(limit)}</span>
      </p>
      <div
        class={`meter ${level}`}
        role="meter"
        aria-label="Budget"
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={Math.min(limit, cost.usd)}
        aria-valuetext={`${dollars(cost.usd)} of ${dollars(limit)}`}
      >
        <span class="meter-bar" style={{ width: `${100 * share}%` }} />
        <span class="meter-mark" style={{ left: `${100 * warnAt}%` }} title={`A warning at ${dollars(limit * warnAt)}`} />
      </div>
      {cost.unpriced > 0 ? <p class="muted">and {counted(cost.unpriced, "call")} without a known price</p> : null}
    </div>
  );
}

interface Named {
  readonly name: string;
  readonly money: Money;
}

function shares(named: readonly Named[], whole: Money): Parameters<typeof Bars>[0]["items"] {
  return named
    .filter(({ money }) => money.usd > 0 || money.unpriced > 0)
    .map(({ name, money }) => ({ name, text: moneyWords(money), share: whole.usd === 0 ? 0 : money.usd / whole.usd }));
}

function moneyWords({ usd, unpriced }: Money): string {
  return unpriced > 0 && usd === 0 ? "unknown" : dollars(usd);
}

function sumOf(sessions: readonly SessionItem[]): Money {
  return sessions.reduce((sum, { cost }) => ({ usd: sum.usd + cost.usd, unpriced: sum.unpriced + cost.unpriced }), { usd: 0, unpriced: 0 });
}
