// What the last month has cost: today's sum, the month's, and a bar for each day.
import type { JSX } from "preact";
import type { DashboardState, Limits } from "../../src/shared/dashboardState";
import { dollars } from "../../src/shared/figures";
import { Chart } from "../charts/chart";
import { useNow } from "../parts/clock";

const DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;
const TICK_MS = 60_000;
const CHART_PX = 72;

/** In place of a figure that has not been read yet. */
const UNKNOWN = "…";

interface DayCostsProps {
  readonly days: DashboardState["days"];
  readonly limits: Limits;
  /** Whether any task has cost something: then there is room for it before the days are known. */
  readonly hasCosts: boolean;
}

export function DayCosts({ days, limits, hasCosts }: DayCostsProps): JSX.Element | null {
  const now = useNow(TICK_MS);
  const dates = Array.from({ length: DAYS }, (_, index) => new Date(now - (DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10));
  const sums = dates.map((date) => days?.[date]?.usd ?? 0);
  const today = sums.at(-1) ?? 0;
  const month = sums.reduce((sum, usd) => sum + usd, 0);
  const unpriced = dates.reduce((sum, date) => sum + (days?.[date]?.unpriced ?? 0), 0);
  if (days === null ? !hasCosts : month === 0 && unpriced === 0) return null;
  const limit = limits.dayUsd ?? limits.dayAlertUsd;
  const average = unpriced > 0 ? `and ${unpriced} calls without a known price` : `${dollars(month / DAYS)} a day`;
  return (
    <section class="day-costs" aria-label="Cost per day" aria-busy={days === null}>
      <dl class="figures">
        <div>
          <dt>Today</dt>
          <dd class={today >= limit ? "figure tone-attention" : "figure"}>{days === null ? UNKNOWN : dollars(today)}</dd>
          <dd class="muted">{limits.dayUsd === null ? `alert at ${dollars(limit)}` : `stops at ${dollars(limit)}`}</dd>
        </div>
        <div>
          <dt>Last {DAYS} days</dt>
          <dd class="figure">{days === null ? UNKNOWN : dollars(month)}</dd>
          <dd class="muted">{days === null ? UNKNOWN : average}</dd>
        </div>
      </dl>
      {days === null ? (
        <div class="chart" style={{ height: `${CHART_PX}px` }} />
      ) : (
        <Chart
          kind="days"
          label={`Cost per day, ${DAYS} days: ${dollars(month)} in all, most on a day ${dollars(Math.max(...sums))}`}
          xs={dates.map((date) => Date.parse(date) / 1000)}
          ys={sums}
          mark={null}
          height={CHART_PX}
        />
      )}
    </section>
  );
}
