// The money guard: prices every call, warns once at half the budget, and stops before the call that could pass it.
import { dearestTurn, priceTurn, worstCase, type PriceTable } from "../domain/pricing";
import { promptTokens, type Usage } from "../domain/usage";
import { dollars } from "../../shared/figures";
import { dayOf } from "../domain/day";
import type { DayAlerts } from "./dayAlerts";
import type { Recorder } from "./recorder";

export interface BudgetSettings {
  /** Breaker, dollars a task. Source: design, "Guardrails". */
  readonly taskUsd: number;
  /** Share of `taskUsd` at which the user is warned. */
  readonly warnAt: number;
  /** Alert, dollars a UTC day over all tasks. */
  readonly dayAlertUsd: number;
  /** Opt-in breaker, dollars a UTC day; null is off. */
  readonly dayUsd: number | null;
}

export const DEFAULT_BUDGET: BudgetSettings = { taskUsd: 50, warnAt: 0.5, dayAlertUsd: 100, dayUsd: null };

/** Bytes of JSON a token has, rather too few: code has about 3, prose 4, so that the breaker does not trip late. */
const BYTES_PER_TOKEN = 2.5;

export interface BudgetDeps {
  readonly settings: BudgetSettings;
  readonly prices: PriceTable;
  /** Dollars spent today by other tasks, which may run at the same time; not asked on the way to a request unless the day has a breaker. */
  readonly spentTodayByOthers: () => Promise<number>;
  readonly dayAlerts: DayAlerts;
  readonly now: () => Date;
}

export class Budget {
  private hasWarned = false;

  constructor(
    private readonly deps: BudgetDeps,
    private readonly recorder: Recorder,
  ) {}

  /** null when the call may be made; else why not, for a person. */
  async refusal(model: string, promptBytes: number, maxOutputTokens: number): Promise<string | null> {
    const { settings, prices } = this.deps;
    const worst = worstCase(prices, model, Math.ceil(promptBytes / BYTES_PER_TOKEN), maxOutputTokens);
    const { spent } = this;
    if (spent + worst > settings.taskUsd) {
      return (
        `the task has cost ${dollars(spent)} and the next call could cost up to ${dollars(worst)}, ` +
        `which could pass its budget of ${dollars(settings.taskUsd)}`
      );
    }
    if (settings.dayUsd === null) return null;
    const today = (await this.deps.spentTodayByOthers()) + spent;
    if (today + worst <= settings.dayUsd) return null;
    return `today has cost ${dollars(today)} and the next call could pass the daily budget of ${dollars(settings.dayUsd)}`;
  }

  /** Dollars of one call; null when the model has no known price. */
  price(model: string, usage: Usage): number | null {
    return promptTokens(usage) + usage.output === 0 ? 0 : priceTurn(this.deps.prices, model, usage, this.deps.now());
  }

  /** Warns once a budget when the task has used its share of it, in however many runs. */
  warnTask(): void {
    const { taskUsd, warnAt } = this.deps.settings;
    const { spent } = this;
    if (this.hasWarned || this.recorder.view.warnedOfUsd === taskUsd || spent < taskUsd * warnAt) return;
    this.hasWarned = true;
    this.warn("task", spent, taskUsd);
  }

  /** Warns once a day when all its tasks together have passed the alert. */
  async warnDay(): Promise<void> {
    const { spentTodayByOthers, dayAlerts, now, settings } = this.deps;
    const limit = settings.dayAlertUsd;
    const spent = (await spentTodayByOthers()) + this.spent;
    if (spent < limit || !(await dayAlerts.take(dayOf(now().toISOString()), limit))) return;
    this.warn("day", spent, limit);
  }

  /** What the task has cost; calls without a known price count as the dearest model's. */
  private get spent(): number {
    const { cost, sessions } = this.recorder.view;
    const { prices, now } = this.deps;
    const unpriced = sessions.filter((session) => session.cost.unpricedCalls > 0);
    return unpriced.reduce((sum, s) => sum + Math.max(0, dearestTurn(prices, s.usage, now()) - s.cost.usd), cost.usd);
  }

  private warn(scope: "task" | "day", spentUsd: number, limitUsd: number): void {
    this.recorder.note({ kind: "budgetWarned", scope, spentUsd, limitUsd });
    const [what, limit] = scope === "task" ? ["This task", "its budget is"] : ["Today", "you asked to be told at"];
    this.recorder.note({
      kind: "notificationRaised",
      level: "warning",
      text: `${what} has cost ${dollars(spentUsd)}; ${limit} ${dollars(limitUsd)}.`,
      about: "budget",
    });
  }
}
