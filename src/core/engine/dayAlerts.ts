// The day's alert is one for all tasks of a workspace: given once a UTC day and limit, whichever run comes to it first,
// also after a restart. Which ones were given stands in the journal.

/** Whether one of the day (`YYYY-MM-DD`) and limit is on record, of whatever task. */
export type DayAlertOnRecord = (day: string, limitUsd: number) => Promise<boolean>;

export class DayAlerts {
  /** Of this process: two runs may ask while neither's alert is on record. */
  readonly #taken = new Set<string>();

  constructor(private readonly isOnRecord: DayAlertOnRecord) {}

  /** True for the one who is to give it. */
  async take(day: string, limitUsd: number): Promise<boolean> {
    const key = `${day} ${limitUsd}`;
    if (this.#taken.has(key)) return false;
    const isGiven = await this.isOnRecord(day, limitUsd);
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return !isGiven;
  }
}
