// A dry run must leave the checkout as it was: what git says of it, before and after.
import type { CheckOutcome } from "../domain/checkOutcome";
import type { CommandCheck } from "../domain/contract";
import type { CommandRunner } from "../ports/commandRunner";

const STATUS = "git --no-optional-locks -c core.fsmonitor=false -c core.quotePath=false status --porcelain=v1 --untracked-files=all --ignored=matching --no-renames";
const TIMEOUT_MS = 60_000;
const MOST_BYTES = 1_000_000;

export interface TreeReading {
  /** null: git did not say. */
  readonly lines: readonly string[] | null;
}

export class TreeState {
  constructor(
    private readonly commands: CommandRunner,
    private readonly at: { readonly dir: string; readonly signal: AbortSignal },
  ) {}

  async read(): Promise<TreeReading> {
    const spec = { command: STATUS, cwd: this.at.dir, timeoutMs: TIMEOUT_MS, outputFile: null, excerptBytes: MOST_BYTES, purpose: "check" } as const;
    const { exitCode, output, outputBytes } = await this.commands.run(spec, this.at.signal);
    return { lines: exitCode === 0 && outputBytes <= MOST_BYTES ? output.split("\n").filter((line) => line !== "") : null };
  }

  /** What is different, as a clause; null for nothing. */
  difference(before: TreeReading, after: TreeReading): string | null {
    if (before.lines === null || after.lines === null) return "what it changed could not be found out";
    const known = new Set(before.lines);
    const now = new Set(after.lines);
    const [changed] = [...after.lines.filter((line) => !known.has(line)), ...before.lines.filter((line) => !now.has(line))];
    return changed === undefined ? null : `the dry run changed ${changed.slice(3)}`;
  }
}

export function dryRunOutcome(check: CommandCheck, outcome: CheckOutcome, changed: string | null): CheckOutcome {
  return check.dryRun === true && outcome.green && changed !== null ? { green: false, reason: changed } : outcome;
}
