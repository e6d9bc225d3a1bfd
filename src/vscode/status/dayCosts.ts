// What today (UTC, as in the journal) has cost on all desks, read again a while after calls were billed. Pure; no vscode
// here.
import type { TaskDesk } from "../../core/desk/taskDesk";
import { Coalescer } from "../views/coalescer";
import type { Timers } from "../views/timers";
import type { DayCost } from "./board";

/** Every reading brings the database up to date. */
const GAP_MS = 5000;

const NOTHING: DayCost = { todayUsd: 0, unpricedToday: 0 };

export type CostDesk = Pick<TaskDesk, "costs">;

export class DayCosts {
  #cost = NOTHING;
  /** `YYYY-MM-DD`; the day that `#cost` is of. */
  #day = "";
  readonly #readings: Coalescer<never>;
  #reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: {
      readonly desks: () => readonly CostDesk[];
      readonly timers: Timers;
      readonly onChange: () => void;
      readonly onFailure: (error: unknown) => void;
    },
  ) {
    this.#readings = new Coalescer(deps.timers, GAP_MS, () => {
      this.#reading = this.#reading.then(() => this.#read()).catch(deps.onFailure);
    });
  }

  get cost(): DayCost {
    return this.#day === this.#today() ? this.#cost : NOTHING;
  }

  /** Something was billed, or another desk is there. */
  changed(): void {
    this.#readings.addAll();
  }

  dispose(): void {
    this.#readings.dispose();
  }

  async #read(): Promise<void> {
    const day = this.#today();
    const rows = (await Promise.all(this.deps.desks().map((desk) => desk.costs({ from: day, to: day })))).flat();
    const cost = {
      todayUsd: rows.reduce((sum, row) => sum + row.cost.usd, 0),
      unpricedToday: rows.reduce((sum, row) => sum + row.cost.unpricedCalls, 0),
    };
    const before = this.cost;
    [this.#day, this.#cost] = [day, cost];
    if (cost.todayUsd !== before.todayUsd || cost.unpricedToday !== before.unpricedToday) this.deps.onChange();
  }

  #today(): string {
    return new Date(this.deps.timers.now()).toISOString().slice(0, 10);
  }
}
