// What all tasks have cost on each of the last days, read from the database now and then.
import type { Money } from "../../shared/dashboardState";
import type { Clock } from "../ports/clock";
import type { DashboardDesk } from "./dashboardSource";

export const DAYS = 30;
/** A run makes calls all the time; the chart of a month need not follow each. */
export const REFRESH_MS = 4000;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface DayCostDeps {
  readonly desks: () => readonly DashboardDesk[];
  readonly clock: Pick<Clock, "after" | "now">;
  readonly onChange: () => void;
  readonly onTrouble: (error: unknown) => void;
}

export class DayCosts {
  #days: Readonly<Record<string, Money>> | null = null;
  #timer: { dispose(): void } | null = null;
  #isReading = false;
  #isStale = false;

  constructor(private readonly deps: DayCostDeps) {}

  /** null until they have been read. */
  get days(): Readonly<Record<string, Money>> | null {
    return this.#days;
  }

  /** Reads at once. */
  refresh(): void {
    this.stop();
    this.#isStale = true;
    this.#read();
  }

  /** Reads in a while. */
  refreshSoon(): void {
    this.#timer ??= this.deps.clock.after(REFRESH_MS, () => this.refresh());
  }

  stop(): void {
    this.#timer?.dispose();
    this.#timer = null;
  }

  #read(): void {
    if (this.#isReading || !this.#isStale) return;
    this.#isReading = true;
    this.#isStale = false;
    this.#sum()
      .then((days) => {
        this.#days = days;
        this.deps.onChange();
      })
      .catch((error: unknown) => this.deps.onTrouble(error))
      .finally(() => {
        this.#isReading = false;
        this.#read();
      });
  }

  async #sum(): Promise<Readonly<Record<string, Money>>> {
    const from = new Date(this.deps.clock.now() - (DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
    const rows = (await Promise.all(this.deps.desks().map((desk) => desk.costs({ from })))).flat();
    const days: Record<string, Money> = {};
    for (const { day, cost } of rows) {
      const known = days[day] ?? { usd: 0, unpriced: 0 };
      days[day] = { usd: known.usd + cost.usd, unpriced: known.unpriced + cost.unpricedCalls };
    }
    return days;
  }
}
