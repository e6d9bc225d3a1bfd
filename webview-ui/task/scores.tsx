// How the score went from attempt to attempt, and the score that passes.
import type { JSX } from "preact";
import type { AttemptItem } from "../../src/shared/dashboardState";
import { Chart } from "../charts/chart";
import { useStore } from "../parts/context";
import { Section } from "../parts/section";

export function Scores({ attempts }: { readonly attempts: readonly AttemptItem[] }): JSX.Element | null {
  const passScore = useStore().state.value?.limits.passScore ?? 0;
  const scored = attempts.filter(({ score }) => score !== null);
  const last = scored.at(-1)?.score ?? null;
  if (last === null) return null;
  const words = scored.map(({ attempt, score }) => `attempt ${attempt}: ${score}`).join(", ");
  return (
    <Section title="Score" note={`${last}, passes at ${passScore}`}>
      <Chart
        kind="scores"
        label={`Score by attempt: ${words}. ${passScore} passes.`}
        xs={attempts.map(({ attempt }) => attempt)}
        ys={attempts.map(({ score }) => score)}
        mark={passScore}
        height={110}
      />
    </Section>
  );
}
