// Tests of the base on code of the attempt: where an attempt touched files that checks depend on, its checks run once
// more in a clean room that has these files as the base commit has them.
import { kindOf, type Check, type CheckResult } from "../../domain/contract";
import { CountersignError } from "../../domain/errors";
import type { Inspection } from "../../domain/inspection";
import { isGrowingConfig, isSharedConfig, partlyRestored } from "../../domain/protection";
import { isSealed } from "../../domain/sealed";
import type { FileVersion } from "../../domain/workspace";
import { folderOf } from "../checkRunner";
import type { Inspected, ProtectedChange } from "../inspected";

interface Trial {
  readonly name: string;
  /** What is put back. */
  readonly changes: readonly ProtectedChange[];
  readonly checks: readonly Check[];
}

/** Changes named in one finding. */
const NAMED = 5;

export async function findWeakenedTests(inspected: Inspected): Promise<readonly Inspection[]> {
  if (!inspected.isGreen) return [];
  const findings: Inspection[] = [];
  for (const trial of trialsOf(inspected, inspected.changes)) {
    if (trial.checks.length > 0 && trial.changes.some((change) => !isNewTest(change))) findings.push(...(await tried(inspected, trial)));
  }
  return findings;
}

/**
 * Guards hold with all of the base's tests, and sealed tests know nothing of the attempt's. A check of something new may
 * rest on new tests and settings: it is tried with the scripts and settings that were there before, and the attempt's tests.
 */
function trialsOf({ contract, attempt }: Inspected, changes: readonly ProtectedChange[]): readonly Trial[] {
  const isGuard = (check: Check): boolean => kindOf(contract, check) === "guard";
  const green = contract.checks.filter((check) => check.kind === "command" && attempt.checks.some((result) => result.checkId === check.id && result.green));
  const restorable = changes.filter(({ path, isAllowed }) => !isAllowed && !isSharedConfig(path));
  const settings = restorable.filter(({ protection, status, path }) => (protection === "shadow" || status !== "added") && protection !== "test" && !isGrowingConfig(path));
  return [
    { name: "base-tests", changes: restorable, checks: green.filter((check) => isGuard(check) || isSealed(check)) },
    { name: "base-scripts", changes: settings, checks: green.filter((check) => !isGuard(check) && !isSealed(check)) },
  ];
}

/** A mock is none: jest puts it in the place of a package, in tests that were there before, too. */
function isNewTest({ protection, status, path }: ProtectedChange): boolean {
  return status === "added" && protection !== "shadow" && protection !== "config" && !/(?:^|\/)__mocks__\//.test(path);
}

async function tried(inspected: Inspected, { name, changes, checks }: Trial): Promise<readonly Inspection[]> {
  const { run, runner, contract, attempt, commit } = inspected;
  const restored = await run.deps.workspace.compose(run.base, commit, changes.map((change) => versionOf(change, run.base.commit, commit)));
  if (restored === commit) return [];
  const touched = changes.filter((change) => !isNewTest(change));
  try {
    const room = await runner.openRoom(run.base, restored, run.signal);
    try {
      const folder = `${folderOf({ site: "attempt", attempt: attempt.attempt })}/${name}`;
      const results = await runner.probe(room, { contract, checks, folder }, run.signal);
      return results.filter(({ green }) => !green).map((result) => weakened(result, touched));
    } finally {
      await room.close();
    }
  } catch (error) {
    if (!CountersignError.is(error, "setup")) throw error;
    const text = `The project cannot be set up with ${names(touched)} as in the base commit, so the checks were not tried with it: ${error.message}`;
    return [{ kind: "weakenedTests", weight: "note", check: null, path: touched[0]?.path ?? null, text }];
  }
}

function versionOf({ path, base, attempt }: ProtectedChange, baseCommit: string, attemptCommit: string): FileVersion {
  const part = base === null || attempt === null ? null : partlyRestored(path, base, attempt);
  return part === null ? { path, commit: baseCommit } : { path, commit: attemptCommit, text: part };
}

function weakened(result: CheckResult, touched: readonly ProtectedChange[]): Inspection {
  const text =
    `Check ${result.checkId} (${result.criterion}) is green only with what the attempt did to ${names(touched)}; ` +
    `with what the base commit has there it is red: ${result.reason}. The contract does not list this under mayChange.`;
  return { kind: "weakenedTests", weight: "fails", check: result.checkId, path: touched[0]?.path ?? null, text };
}

function names(changes: readonly ProtectedChange[]): string {
  const paths = changes.map(({ path }) => path);
  const more = paths.length - NAMED;
  return more > 0 ? `${paths.slice(0, NAMED).join(", ")} and ${more} more` : paths.join(", ");
}
