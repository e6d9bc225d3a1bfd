// What the last month has cost: today's sum, the month's, and a bar for each day.
import type { JSX } from "preact";
import type { DashboardState, Limits } from "../../src/shared/dashboardState";
import { dollars } from "../../src/shared/figures";
import { Chart } from "../charts/chart";
import { useNow } from "../parts/clock";

const DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;
const TICK_MS = 60_000;

interface DayCostsProps {
  readonly days: DashboardState["days"];
  readonly limits: Limits;
}

export function DayCosts({ days, limits }: DayCostsProps): JSX.Element | null {
  const now = useNow(TICK_MS);
  const dates = Array.from({ length: DAYS }, (_, index) => new Date(now - (DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10));
  const sums = dates.map((date) => days[date]?.usd ?? 0);
  const today = sums.at(-1) ?? 0;
  const month = sums.reduce((sum, usd) => sum + usd, 0);
  const unpriced = dates.reduce((sum, date) => sum + (days[date]?.unpriced ?? 0), 0);
  if (month === 0 && unpriced === 0) return null;
  const limit = limits.dayUsd ?? limits.dayAlertUsd;
  return (
    <section class="day-costs" aria-label="Cost per day">
      <dl class="figures">
        <div>
          <dt>Today</dt>
          <dd class={today >= limit ? "figure tone-attention" : "figure"}>{dollars(today)}</dd>
          <dd class="muted">{limits.dayUsd === null ? `alert at ${dollars(limit)}` : `stops at ${dollars(limit)}`}</dd>
        </div>
        <div>
          <dt>Last {DAYS} days</dt>
          <dd class="figure">{dollars(month)}</dd>
          <dd class="muted">{unpriced > 0 ? `and ${unpriced} calls without a known price` : `${dollars(month / DAYS)} a day`}</dd>
        </div>
      </dl>
      <Chart
        kind="days"
        label={`Cost per day, ${DAYS} days: ${dollars(month)} in all, most on a day ${dollars(Math.max(...sums))}`}
        xs={dates.map((date) => Date.parse(date) / 1000)}
        ys={sums}
        mark={null}
        height={72}
      />
    </section>
  );
}
