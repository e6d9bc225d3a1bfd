// The revert probe: takes the attempt's changes back and runs the checks again. A check that stays green without the
// work does not test it; a change that no check misses is covered by none.
import { kindOf, type Check, type CheckResult } from "../../domain/contract";
import { CountersignError } from "../../domain/errors";
import type { Inspection } from "../../domain/inspection";
import { isSourceFile } from "../../domain/sourceFile";
import type { Inspected, Inspector } from "../inspected";

/** Reverts of single files or groups of them, at most. */
const MOST_REVERTS = 12;
/** The probe may take as long as the attempt's checks have taken, times this. */
const TIMES = 4;
/** What it may take in any case, milliseconds: quick checks cost less than the checkout they run in. */
const LEAST_MS = 20_000;
/** A check that hangs without the work has noticed; it gets its own time twice and this, seconds. */
const GRACE_S = 10;

export const probeByReverting: Inspector = async (inspected) => {
  const { run, attempt, isGreen } = inspected;
  const { revertProbe } = run.deps.settings;
  const isWanted = revertProbe === "always" || (revertProbe === "code" && run.recorder.view.request.profile === "code");
  const sources = attempt.files.map(({ path }) => path).filter(isSourceFile);
  if (!isWanted || !isGreen || sources.length === 0) return [];
  return new RevertProbe(inspected, sources).run();
};

class RevertProbe {
  private readonly began: number;
  private readonly limitMs: number;

  constructor(
    private readonly inspected: Inspected,
    private readonly sources: readonly string[],
  ) {
    const { run, attempt } = inspected;
    this.began = run.deps.clock.monotonic();
    this.limitMs = Math.max(LEAST_MS, TIMES * attempt.checks.reduce((sum, { durationMs }) => sum + durationMs, 0));
  }

  async run(): Promise<readonly Inspection[]> {
    const { contract } = this.inspected;
    const changes = contract.checks.filter((check) => kindOf(contract, check) === "change");
    const withoutWork = await this.without(this.sources, changes, "all");
    if (withoutWork === null) return [];
    const blind = changes.filter((check) => isGreenIn(withoutWork, check) && this.claimsBehaviour(check)).map((check) => this.blindCheck(check));
    const isNoticed = withoutWork.some(({ green }) => !green);
    // The one file is known by now; and where nothing notices them all, nothing notices one.
    if (this.sources.length === 1 && isNoticed) return blind;
    return [...blind, ...(await this.uncovered())];
  }

  private async uncovered(): Promise<readonly Inspection[]> {
    const { contract } = this.inspected;
    const quickFirst = [...contract.checks].sort((a, b) => this.durationOf(a) - this.durationOf(b));
    const found: Inspection[] = [];
    for (const [at, group] of grouped(this.sources, MOST_REVERTS).entries()) {
      if (this.isOverTime()) break;
      if (await this.isUnnoticed(group, quickFirst, `${at + 1}`)) found.push(uncoveredChange(group));
    }
    return found;
  }

  /** Runs checks until one is red. What took too long to find out counts as noticed. */
  private async isUnnoticed(group: readonly string[], checks: readonly Check[], name: string): Promise<boolean> {
    return this.inRoomWithout(group, async (probe) => {
      for (const check of checks) {
        if (this.isOverTime()) return false;
        const [result] = await probe([check], name);
        if (result?.green !== true) return false;
      }
      return true;
    }, false);
  }

  private without(paths: readonly string[], checks: readonly Check[], name: string): Promise<readonly CheckResult[] | null> {
    return this.inRoomWithout<readonly CheckResult[] | null>(paths, (probe) => probe(checks, name), null);
  }

  /** `otherwise`: where there is no such room, because the project cannot be set up without these changes. */
  private async inRoomWithout<T>(
    paths: readonly string[],
    work: (probe: (checks: readonly Check[], name: string) => Promise<readonly CheckResult[]>) => Promise<T>,
    otherwise: T,
  ): Promise<T> {
    const { run, runner, contract, attempt, commit } = this.inspected;
    const { base, signal } = run;
    const reverted = await run.deps.workspace.compose(base, commit, paths.map((path) => ({ path, commit: base.commit })));
    try {
      const room = await runner.openRoom(base, reverted, signal);
      try {
        const folder = `verification/attempt-${attempt.attempt}/without`;
        return await work((checks, name) => runner.probe(room, { contract, checks: checks.map((check) => this.limited(check)), folder: `${folder}-${name}` }, signal));
      } finally {
        await room.close();
      }
    } catch (error) {
      if (!CountersignError.is(error, "setup")) throw error;
      return otherwise;
    }
  }

  private limited(check: Check): Check {
    if (check.kind !== "command") return check;
    return { ...check, timeout: Math.min(check.timeout, Math.ceil((2 * this.durationOf(check)) / 1000) + GRACE_S) };
  }

  private durationOf(check: Check): number {
    return this.inspected.attempt.checks.find(({ checkId }) => checkId === check.id)?.durationMs ?? 0;
  }

  private isOverTime(): boolean {
    return this.inspected.run.deps.clock.monotonic() - this.began > this.limitMs;
  }

  /** Checks of tests always do; others only where they do not look at what the attempt wrote besides its sources. */
  private claimsBehaviour(check: Check): boolean {
    const { attempt } = this.inspected;
    if (check.kind !== "command") return isSourceFile(check.path);
    if (attempt.checks.some(({ checkId, tests }) => checkId === check.id && tests !== undefined)) return true;
    const others = attempt.files.map(({ path }) => path).filter((path) => !isSourceFile(path));
    return !others.some((path) => namesFile(check.run, path));
  }

  private blindCheck({ id }: Check): Inspection {
    const text = `Check ${id} does not test what it claims: it stays green without the ${this.sources.length === 1 ? "change" : "changes"} in ${listed(this.sources)}.`;
    return { kind: "notCovered", weight: "fails", check: id, path: null, text };
  }
}

function uncoveredChange(group: readonly string[]): Inspection {
  const [only = ""] = group;
  const what = group.length === 1 ? "change" : "changes";
  const text = `No check covers the ${what} in ${listed(group)}: with ${group.length === 1 ? "this file" : "these files"} as before the work, all checks stay green.`;
  return { kind: "notCovered", weight: "note", check: null, path: group.length === 1 ? only : null, text };
}

function isGreenIn(results: readonly CheckResult[], check: Check): boolean {
  return results.some(({ checkId, green }) => checkId === check.id && green);
}

/** The file, its name or the folder that it is in, as a word of the command. */
function namesFile(command: string, path: string): boolean {
  const words = command.split(/[\s'"`=:;|&<>()]+/);
  const name = path.slice(path.lastIndexOf("/") + 1);
  return words.some((word) => word === path || word.endsWith(`/${name}`) || word === name || (word.length > 1 && path.startsWith(`${word.replace(/\/$/, "")}/`)));
}

/** In groups of neighbours, at most so many. */
function grouped(paths: readonly string[], most: number): readonly (readonly string[])[] {
  const size = Math.ceil(paths.length / most);
  const sorted = paths.toSorted();
  return Array.from({ length: Math.ceil(sorted.length / size) }, (_, at) => sorted.slice(at * size, (at + 1) * size));
}

function listed(paths: readonly string[]): string {
  const shown = paths.length > 4 ? [...paths.slice(0, 3), `${paths.length - 3} more files`] : paths;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1) ?? ""}`;
}
