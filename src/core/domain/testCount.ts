// What a test command's output says about how many tests ran, and what that is worth beside its exit code. Pure. The
// output is the attempt's own: it can only ever turn a green check red.
import { added, testSummaries, type TestRunner, type TestSummary } from "./testCountReaders";

/** How a command runs tests, as far as its text and the package's scripts tell. */
export interface TestCommand {
  /** null: it runs tests with a program that is not known. */
  readonly runner: TestRunner | null;
  /** Runs more than one runner, or one in several packages: their summaries are parts of one run. */
  readonly several: boolean;
  /** It is asked for a report of another kind, which may have no summary. */
  readonly reportsItsOwnWay?: true;
}

/** What ran, as the runner tells it. With plain `go test`, packages. */
export interface TestCount {
  readonly runner: TestRunner;
  /** Passed and failed. */
  readonly ran: number;
  readonly passed: number;
  readonly failed: number;
  /** Skipped, pending, ignored, to do. */
  readonly skipped: number;
  /** Tests of other summaries in the same output that say something else. */
  readonly others?: readonly number[];
  /** Tests that were announced and not reported. */
  readonly missing?: number;
}

/** null when the output has no summary of the command's runner. */
export function testCountIn(output: string, command: TestCommand): TestCount | null {
  const all = testSummaries(output);
  const own = command.runner === null ? all : all.filter(({ runner }) => runner === command.runner || runner === "TAP" || runner === "JUnit");
  const last = own.at(-1);
  if (last === undefined) return null;
  if (command.several) return countOf(own.reduce(added), []);
  const same = own.filter(({ runner }) => runner === last.runner);
  return countOf(last, same.filter((other) => !isSame(other, last)).map(ranIn));
}

function countOf(summary: TestSummary, others: readonly number[]): TestCount {
  const { runner, passed, failed, skipped, missing } = summary;
  return { runner, ran: passed + failed, passed, failed, skipped, ...(others.length > 0 ? { others } : {}), ...(missing === undefined ? {} : { missing }) };
}

function ranIn({ passed, failed }: TestSummary): number {
  return passed + failed;
}

function isSame(one: TestSummary, other: TestSummary): boolean {
  return one.passed === other.passed && one.failed === other.failed && one.skipped === other.skipped;
}

export interface CountedRun {
  /** null: the output has no summary. */
  readonly tests: TestCount | null;
  /** Of the same check on the base commit; null where it had none, or where this is the base commit. */
  readonly base: TestCount | null;
  /** A summary must be there: on the base commit this runner has printed one. */
  readonly isExpected: boolean;
}

/** Why a check that ended as it should is red all the same, as a clause; null where nothing speaks against it. */
export function countProblem({ tests, base, isExpected }: CountedRun): string | null {
  if (tests === null) return isExpected || base !== null ? noSummary(base) : null;
  if (tests.failed > 0) return `it reports success although ${some(tests.failed, "test")} failed`;
  if (tests.missing !== undefined) return `the runner ended early: ${some(tests.missing, "test")} announced and not reported`;
  if (tests.ran === 0) return tests.skipped > 0 ? `no test ran: ${some(tests.skipped, "test")} skipped` : "no test ran";
  // What was there before the work is the repository's own way.
  if ((tests.others?.length ?? 0) > (base?.others?.length ?? 0)) return contradiction(tests);
  return base === null ? null : comparedProblem(tests, base);
}

function comparedProblem(tests: TestCount, base: TestCount): string | null {
  if (tests.ran < base.ran) return `fewer tests ran than before the work: ${tests.ran}, ${base.ran} on the base commit`;
  if (tests.skipped > base.skipped && tests.ran <= base.ran) {
    return `more tests are skipped than before the work (${tests.skipped}, ${base.skipped} on the base commit), and no more ran (${tests.ran})`;
  }
  return null;
}

function noSummary(base: TestCount | null): string {
  const before = base === null ? "" : `; on the base commit ${some(base.ran, "test")} ran`;
  return `the runner ended early or printed no summary${before}`;
}

function contradiction({ ran, others = [] }: TestCount): string {
  return `it prints summaries that contradict each other: ${[...others, ran].join(", ")} tests`;
}

/** "12 tests, 2 skipped". */
export function describeTests({ ran, skipped }: TestCount): string {
  return skipped === 0 ? some(ran, "test") : `${some(ran, "test")}, ${skipped} skipped`;
}

function some(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
