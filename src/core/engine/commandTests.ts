// Counts the tests that a check's command ran, and compares them with what the same check ran on the base commit.
import { countProblem, testCountIn, type TestCount, type TestCommand } from "../domain/testCount";
import type { CheckOutcome } from "../domain/checkOutcome";
import type { CheckResult, CommandCheck } from "../domain/contract";
import type { FileTree } from "../ports/fileTree";
import type { ScriptsOf } from "./testCommand";

export interface CountedCheck {
  readonly check: CommandCheck;
  readonly outcome: CheckOutcome;
  /** The whole output. */
  readonly output: string;
  /** The clean room's files, as the command found them. */
  readonly files: FileTree;
  /** Results of the same contract's checks on the base commit; none where this is the base commit. */
  readonly baseChecks: readonly CheckResult[];
}

export interface Counted {
  readonly outcome: CheckOutcome;
  /** null: it runs no tests, or nothing tells how many. */
  readonly tests: TestCount | null;
}

export async function countTests({ check, outcome, output, files, baseChecks }: CountedCheck): Promise<Counted> {
  // A command that is expected to fail says nothing with its counts.
  if (check.exit !== 0) return { outcome, tests: null };
  const base = baseChecks.find(({ checkId }) => checkId === check.id)?.tests ?? null;
  const { testCommandOf } = await import("./testCommand");
  const known = await testCommandOf(check.run, scriptsIn(files));
  // Scripts of the attempt's own may not be able to hide what the command was before.
  const command: TestCommand | null = known ?? (base === null ? null : { runner: base.runner, several: false });
  if (command === null) return { outcome, tests: null };
  const tests = testCountIn(output, command);
  const printsThem = baseChecks.some((other) => other.tests !== undefined && other.tests.runner === command.runner);
  const isExpected = printsThem && command.reportsItsOwnWay !== true;
  const problem = outcome.green ? countProblem({ tests, base, isExpected }) : null;
  return { outcome: problem === null ? outcome : { green: false, reason: problem }, tests };
}

export function scriptsIn(files: FileTree): ScriptsOf {
  return async (folder) => {
    const file = await files.read(folder === "" ? "package.json" : `${folder}/package.json`).catch(() => null);
    return file?.kind === "text" ? scriptsOf(file.text) : null;
  };
}

function scriptsOf(text: string): Readonly<Record<string, string>> | null {
  let data: unknown;
  try {
    data = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    // The package manager will say so.
    return null;
  }
  const scripts: unknown = typeof data === "object" && data !== null && "scripts" in data ? data.scripts : null;
  if (typeof scripts !== "object" || scripts === null) return {};
  return Object.fromEntries(Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
