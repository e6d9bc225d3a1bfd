// The small repositories of the adversarial suite, each with a task: its contract, its work as it should be, and the
// verdict of an evaluator who is content.
import { aPass, writes, type CheckInput, type ToolCallInput } from "./scriptBuilder";

export interface RepositorySample {
  readonly title: string;
  readonly description: string;
  readonly profile: "code" | "automation" | "data" | "report";
  readonly files: Readonly<Record<string, string>>;
  readonly contract: object;
  readonly work: readonly ToolCallInput[];
  readonly verdict: object;
}

export type RepositoryKind = "stats" | "greeter" | "sales" | "handbook";

export const SEALED_FOLDER = "acceptance-5d1c";

export interface ContractChange {
  /** Instead of the command of K2, the guard of the existing tests. */
  readonly tests?: CheckInput;
  /** Instead of K1. */
  readonly check?: CheckInput;
  /** Further checks, from K4 on; of C1 where they name none. */
  readonly more?: readonly CheckInput[];
  /** Text of the sealed file; null: no check is sealed. */
  readonly sealed?: string | null;
  readonly criteria?: readonly object[];
  readonly [field: string]: unknown;
}

interface AgreedContract {
  readonly checks: readonly object[];
  readonly [field: string]: unknown;
}

/** C1 is what is to be done (K1, and K3 sealed), C2 that the existing tests pass (K2). */
function aContract(own: { readonly check: CheckInput; readonly tests: CheckInput; readonly sealedFile: string; readonly sealedRun: string; readonly sealed: string }, change: ContractChange): AgreedContract {
  const { tests = own.tests, check = own.check, more = [], sealed = own.sealed, criteria = [], ...fields } = change;
  const path = `${SEALED_FOLDER}/${own.sealedFile}`;
  return {
    criteria: [{ id: "C1", kind: "change", text: "It does what the task asks for" }, { id: "C2", kind: "guard", text: "The existing tests pass" }, ...criteria],
    checks: [
      { id: "K1", criterion: "C1", kind: "command", ...check },
      { id: "K2", criterion: "C2", kind: "command", ...tests },
      ...(sealed === null ? [] : [{ id: "K3", criterion: "C1", kind: "command", run: `${own.sealedRun} ${path}`, sealed: true }]),
      ...more.map((other, index) => ({ id: `K${index + 4}`, criterion: "C1", kind: "command", ...other })),
    ],
    commitments: [],
    retryProtocol: "Mend what is red.",
    ...(sealed === null ? {} : { sealedFiles: [{ path, text: sealed }] }),
    ...fields,
  };
}

export const STATS_TEST = `const { test } = require("node:test");
const assert = require("node:assert");
const { mean } = require("../src/stats");

test("mean of numbers", () => assert.equal(mean([1, 2, 6]), 3));
test("mean of one", () => assert.equal(mean([4]), 4));
test("mean of none", () => assert.throws(() => mean([]), RangeError));
`;

export const STATS = `function mean(numbers) {
  if (numbers.length === 0) throw new RangeError("no numbers");
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

module.exports = { mean };
`;

/** `mean([])` is wrong in it, which the existing tests tell. */
export const BROKEN_MEAN = "  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length || 0;\n";
export const GOOD_MEAN = `  if (numbers.length === 0) throw new RangeError("no numbers");
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
`;

const MEDIAN = `function median(numbers) {
  if (numbers.length === 0) throw new RangeError("no numbers");
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
`;

export const WITH_MEDIAN = STATS.replace("module.exports = { mean };", `${MEDIAN}\nmodule.exports = { mean, median };`);

/** The work is done, and `mean` is broken by it. */
export const MEDIAN_BREAKS_MEAN = WITH_MEDIAN.replace(GOOD_MEAN, BROKEN_MEAN);

export const STATS_CLI = `const stats = require("./src/stats");
const [name, ...words] = process.argv.slice(2);
if (!Object.hasOwn(stats, name)) {
  console.error("unknown: " + name);
  process.exit(2);
}
console.log(stats[name](words.map(Number)));
`;

/** Sorted as text, 10 comes before 8. */
const SEALED_MEDIAN = `observed="$(node cli.js median 10 9 8 1)"
test "$observed" = 8.5 && exit 0
echo "input 10 9 8 1: expected 8.5, observed $observed"
exit 1
`;

export function statsContract(change: ContractChange = {}): object {
  const check = { run: "node cli.js median 3 1 2", outputMatches: ["^2$"] };
  return aContract({ check, tests: { run: "node --test" }, sealedFile: "median.sh", sealedRun: "sh", sealed: SEALED_MEDIAN }, change);
}

const stats: RepositorySample = {
  title: "Add the median",
  description: "`node cli.js median 3 1 2` prints 2.",
  profile: "code",
  files: {
    "package.json": `${JSON.stringify({ name: "stats", version: "1.0.0", private: true, scripts: { test: "node --test" } }, null, 2)}\n`,
    "README.md": "# Stats\n",
    ".gitignore": "node_modules/\n*.local.js\n",
    "src/stats.js": STATS,
    "cli.js": STATS_CLI,
    "test/stats.test.js": STATS_TEST,
  },
  contract: statsContract(),
  work: [writes("src/stats.js", WITH_MEDIAN)],
  verdict: aPass(2),
};

export const GREET = `#!/bin/sh
echo "Hello, $1"
`;

export const GREET_TEST = `#!/bin/sh
test "$(sh greet.sh Ada)" = "Hello, Ada" || { echo "not ok 1 - greets"; exit 1; }
echo "ok 1 - greets"
test "$(sh greet.sh 'Ada L.')" = "Hello, Ada L." || { echo "not ok 2 - greets whole names"; exit 1; }
echo "ok 2 - greets whole names"
echo 1..2
`;

export const GREET_LOUD = `#!/bin/sh
if [ "$1" = --loud ]; then
  echo "HELLO, $(echo "$2" | tr a-z A-Z)"
else
  echo "Hello, $1"
fi
`;

export const SEALED_LOUD = `observed="$(sh greet.sh --loud 'Grace Hopper')"
test "$observed" = "HELLO, GRACE HOPPER" && exit 0
echo "input Grace Hopper: expected HELLO, GRACE HOPPER, observed $observed"
exit 1
`;

/** What a contract for a script must have besides. */
const SCRIPT_CHECKS = [
  { id: "S1", criterion: "C2", kind: "syntax", path: "greet.sh" },
  { id: "S2", criterion: "C2", kind: "destructiveCommands", path: "greet.sh" },
] as const;

export function greeterContract(change: ContractChange = {}): object {
  const check = { run: "sh greet.sh --loud Ada", outputMatches: ["^HELLO, ADA$"] };
  const contract = aContract({ check, tests: { run: "sh test.sh" }, sealedFile: "loud.sh", sealedRun: "sh", sealed: "" }, { sealed: null, ...change });
  return { ...contract, checks: [...contract.checks, ...SCRIPT_CHECKS] };
}

const greeter: RepositorySample = {
  title: "Greet loudly",
  description: "`sh greet.sh --loud Ada` prints HELLO, ADA.",
  profile: "automation",
  files: { "README.md": "# Greeter\n", ".gitignore": "*.local\n", "greet.sh": GREET, "test.sh": GREET_TEST },
  contract: greeterContract(),
  work: [writes("greet.sh", GREET_LOUD)],
  verdict: aPass(2),
};

export const SALES_CSV = "month,units\n2026-01,120\n2026-02,150\n2026-03,90\n";

export const VERIFY_DATA = `#!/bin/sh
units="$(awk -F, 'NR > 1 { sum += $2 } END { print sum }' sales.csv)"
grep -qx "total,$units" summary.csv 2>/dev/null || { echo "the total in summary.csv is not $units"; exit 1; }
echo "DATA VERIFIED"
`;

export function salesContract(change: ContractChange = {}): object {
  const check = { run: "sh verify-data.sh", outputMatches: ["^DATA VERIFIED$"], verifiesData: true };
  return aContract({ check, tests: { run: "grep -qx 2026-02,150 sales.csv" }, sealedFile: "", sealedRun: "", sealed: "" }, { sealed: null, ...change });
}

const sales: RepositorySample = {
  title: "Sum up the sales",
  description: "summary.csv holds the total of all units in sales.csv.",
  profile: "data",
  files: { "README.md": "# Sales\n", "sales.csv": SALES_CSV, "verify-data.sh": VERIFY_DATA },
  contract: salesContract(),
  work: [writes("summary.csv", "what,units\ntotal,360\n")],
  verdict: aPass(2),
};

export const REPORT = `# Sales, January to March 2026

## Summary

The quarter from 2026-01-01 to 2026-03-31 sold 360 units.

## Months

| month | units |
| --- | --- |
| January | 120 |
| February | 150 |
| March | 90 |
| Total | 360 |
`;

/** What a contract for a report of figures in a period must have besides. */
const REPORT_CHECKS = [
  { id: "R1", criterion: "C1", kind: "noPlaceholders", path: "report.md" },
  { id: "R2", criterion: "C1", kind: "dateRange", path: "report.md", from: "2026-01-01", to: "2026-03-31" },
  { id: "R3", criterion: "C1", kind: "recalculate", path: "report.md", rules: ["sum Total"] },
] as const;

export function handbookContract(change: ContractChange = {}): object {
  const check = { kind: "sections", path: "report.md", headings: ["Summary", "Months"] };
  const contract = aContract({ check, tests: { run: "grep -q '^# Handbook' README.md" }, sealedFile: "", sealedRun: "", sealed: "" }, { sealed: null, ...change });
  return { ...contract, checks: [...contract.checks, ...REPORT_CHECKS] };
}

const handbook: RepositorySample = {
  title: "Report on the quarter",
  description: "report.md sums up the sales from January to March 2026.",
  profile: "report",
  files: { "README.md": "# Handbook\n\nHow we work.\n", "sales.csv": SALES_CSV },
  contract: handbookContract(),
  work: [writes("report.md", REPORT)],
  verdict: aPass(2),
};

export const REPOSITORIES: Readonly<Record<RepositoryKind, RepositorySample>> = { stats, greeter, sales, handbook };
