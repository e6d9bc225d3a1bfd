// Finds flaky checks: says which results are worth a second run, within a bound, and what two runs come to.
import type { CheckResult } from "../domain/contract";
import type { CheckSite } from "../domain/event";

/** What takes longer is not run twice, milliseconds. */
const LONGEST_MS = 120_000;

export interface RerunAbout {
  readonly where: CheckSite;
  readonly expected: "green" | "red";
  /** It verifies a criterion of kind `change`. */
  readonly isChange: boolean;
}

export class Reruns {
  /** Time of the first runs that has not been spent again, milliseconds. */
  private leftMs = 0;
  /** The attempt does not pass any more: what is flaky besides changes nothing. */
  private hasFailed = false;

  constructor(private readonly enabled: boolean) {}

  /** Green ones of the attempt's changes, and red guards of the base; all together they take as long as the first runs. */
  isDue(result: CheckResult, { where, expected, isChange }: RerunAbout): boolean {
    this.leftMs += result.durationMs;
    this.hasFailed ||= where.site === "attempt" && !result.green;
    if (!this.enabled || this.hasFailed || result.kind !== "command" || result.unstartable || result.timedOut) return false;
    const matters = where.site === "attempt" ? result.green && isChange : !result.green && expected === "green";
    return matters && result.durationMs <= LONGEST_MS && this.leftMs >= result.durationMs;
  }

  /** The result of two runs: that of the first one where they agree, red where they do not. */
  judge(first: CheckResult, second: CheckResult): CheckResult {
    this.leftMs -= second.durationMs;
    if (first.green === second.green) return first;
    const red = first.green ? second : first;
    return { ...red, flaky: true, reason: `flaky: green once and red once (${red.reason})` };
  }
}
