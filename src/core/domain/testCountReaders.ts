// Reads what test runners print at the end of a run: one reader a runner, each over lines without escapes. A printed text
// is no proof; what may be concluded from it is in testCount.ts.

export const TEST_RUNNERS = ["node:test", "mocha", "jest", "vitest", "pytest", "unittest", "go test", "cargo test", "TAP", "JUnit"] as const;
export type TestRunner = (typeof TEST_RUNNERS)[number];

/** One summary that a runner printed. */
export interface TestSummary {
  readonly runner: TestRunner;
  readonly passed: number;
  readonly failed: number;
  /** Skipped, pending, ignored, to do, expected to fail. */
  readonly skipped: number;
  /** 0-based line of its end. */
  readonly line: number;
  /** Tests that were announced and never reported: the runner ended early. */
  readonly missing?: number;
}

type Counts = Pick<TestSummary, "passed" | "failed" | "skipped">;
type Reader = (lines: readonly string[]) => readonly TestSummary[];

/** Every summary in an output, by runner, in the order in which they end. */
export function testSummaries(output: string): readonly TestSummary[] {
  const lines = linesOf(output);
  const found = READERS.flatMap((read) => read(lines));
  // node:test and tape close their TAP with a summary; mocha and others print JUnit besides theirs. The more exact one counts.
  const own = found.filter(({ runner }) => runner !== "TAP" && runner !== "JUnit");
  const rest = found.filter(({ runner }) => runner === "TAP" || runner === "JUnit");
  const early = rest.filter(({ missing = 0 }) => missing > 0);
  return [...(own.length > 0 ? [...own, ...early] : rest)].sort((a, b) => a.line - b.line);
}

/** Without escapes, and without what pnpm, turbo and others put before each line of a package's script. */
function linesOf(output: string): readonly string[] {
  const [first = "", ...rest] = output.split("\u001b");
  const plain = [first, ...rest.map((part) => part.replace(/^\[[\d;?]*[A-Za-z]/, ""))].join("");
  return plain.split(/\r*\n/).map((line) => {
    return line.replace(/^[\w@./-]{1,80}[ :]test[\w:-]{0,40}: ?/, "");
  });
}

const count = (text: string | undefined): number => Number(text ?? 0);

/** Sums the numbers before each of `words` in "1 failed, 2 passed". */
function sumOf(text: string, words: readonly string[]): number {
  return [...text.matchAll(/(\d+) ([a-z][a-z ]*[a-z])/g)].filter(([, , word = ""]) => words.includes(word)).reduce((sum, [, n]) => sum + Number(n), 0);
}

const NODE_LINE = /^\s*(?:#|ℹ|<!--) (tests|suites|pass|fail|cancelled|skipped|todo) (\d+)(?: -->)?$/;

function nodeTest(lines: readonly string[]): readonly TestSummary[] {
  const found: TestSummary[] = [];
  for (const [start, line] of lines.entries()) {
    if (NODE_LINE.exec(line)?.[1] !== "tests") continue;
    const values = new Map<string, number>();
    let at = start;
    for (let match = NODE_LINE.exec(line); match !== null; match = NODE_LINE.exec(lines[at] ?? "")) {
      const [, name = "", value] = match;
      if (values.has(name)) break;
      values.set(name, count(value));
      at += 1;
    }
    // tape and mocha print "# tests", "# pass" and "# fail" alone.
    if (!values.has("cancelled") || !values.has("pass")) continue;
    const of = (name: string): number => values.get(name) ?? 0;
    found.push({ runner: "node:test", passed: of("pass"), failed: of("fail") + of("cancelled"), skipped: of("skipped") + of("todo"), line: at - 1 });
  }
  return found;
}

function mocha(lines: readonly string[]): readonly TestSummary[] {
  return lines.flatMap((line, at): TestSummary[] => {
    const passing = /^\s*(\d+) passing \(\d+(?:ms|s|m|h|d)\)$/.exec(line);
    if (passing === null) return [];
    const after = (word: string, from: number): number | null => {
      const match = new RegExp(`^\\s*(\\d+) ${word}$`).exec(lines[from] ?? "");
      return match === null ? null : count(match[1]);
    };
    const pending = after("pending", at + 1);
    const failing = after("failing", pending === null ? at + 1 : at + 2);
    const end = at + (pending === null ? 0 : 1) + (failing === null ? 0 : 1);
    return [{ runner: "mocha", passed: count(passing[1]), failed: failing ?? 0, skipped: pending ?? 0, line: end }];
  });
}

function jest(lines: readonly string[]): readonly TestSummary[] {
  return lines.flatMap((line, at): TestSummary[] => {
    const counted = /^Tests:\s+(?:(.*), )?(\d+) total$/.exec(line);
    const none = /^No tests found(?:, exiting with code 0| related to files changed.*)$/.test(line);
    if (counted === null && !none) return [];
    const text = counted?.[1] ?? "";
    return [{ runner: "jest", passed: sumOf(text, ["passed"]), failed: sumOf(text, ["failed"]), skipped: sumOf(text, ["skipped", "todo", "pending"]), line: at }];
  });
}

function vitest(lines: readonly string[]): readonly TestSummary[] {
  return lines.flatMap((line, at): TestSummary[] => {
    const counted = /^\s*Tests\s{2,}(.*?)(?:\s*\(\d+\))?$/.exec(line);
    const none = /^No test (?:suite )?files? found, exiting with code 0$/i.test(line.trim());
    const text = counted?.[1] ?? "";
    if (!none && (counted === null || !/^(?:no tests|\d+ (?:passed|failed|skipped|todo|expected fail)\b)/.test(text))) return [];
    return [{ runner: "vitest", passed: sumOf(text, ["passed"]), failed: sumOf(text, ["failed"]), skipped: sumOf(text, ["skipped", "todo", "expected fail"]), line: at }];
  });
}

const PYTEST_END = /^(?:=+ )?((?:\d+ [a-z]+(?: [a-z]+)?(?:, )?)+|no tests ran) in \d[\d.]*s(?: \([\d:]+\))?(?: =+)?$/;
const PYTEST_WORD = /\b(?:passed|failed|skipped|deselected|xfailed|xpassed|errors?|warnings?|no tests ran)\b/;

function pytest(lines: readonly string[]): readonly TestSummary[] {
  return lines.flatMap((line, at): TestSummary[] => {
    const text = PYTEST_END.exec(line)?.[1] ?? "";
    // "3 tests collected in 0.01s" ran nothing, and is the end of a run that was only asked to list.
    if (!PYTEST_WORD.test(text) && !/collected/.test(text)) return [];
    const passed = sumOf(text, ["passed", "xpassed"]);
    return [{ runner: "pytest", passed, failed: sumOf(text, ["failed", "error", "errors"]), skipped: sumOf(text, ["skipped", "xfailed"]), line: at }];
  });
}

function unittest(lines: readonly string[]): readonly TestSummary[] {
  return lines.flatMap((line, at): TestSummary[] => {
    const ran = /^Ran (\d+) tests? in \d[\d.]*s$/.exec(line);
    if (ran === null) return [];
    const end = lines.slice(at + 1, at + 4).findIndex((next) => /^(?:OK|FAILED|NO TESTS RAN)\b/.test(next));
    // Without its last word the run did not end.
    if (end === -1) return [];
    const result = lines[at + 1 + end] ?? "";
    const of = (name: string): number => count(new RegExp(`(?<![a-z] )\\b${name}=(\\d+)`).exec(result)?.[1]);
    const failed = of("failures") + of("errors") + of("unexpected successes");
    const skipped = of("skipped") + of("expected failures");
    return [{ runner: "unittest", passed: Math.max(0, count(ran[1]) - failed - skipped), failed, skipped, line: at + 1 + end }];
  });
}

/** With `-v` or `-json` tests, otherwise packages: go prints no more. */
function goTest(lines: readonly string[]): readonly TestSummary[] {
  const json = goJson(lines);
  if (json !== null) return [json];
  const isVerbose = lines.some((line) => /^=== RUN\s/.test(line));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const line of lines) {
    const result = isVerbose ? goTestLine(line) : goPackageLine(line);
    if (result !== null) counts[result] += 1;
  }
  const last = lines.findLastIndex((line) => GO_PACKAGE.test(line) || /^\?\s+\S+\s+\[no test files\]$/.test(line));
  return last === -1 ? [] : [{ runner: "go test", ...counts, line: last }];
}

const GO_PACKAGE = /^(ok|FAIL)\s+\S+\s+(\(cached\)|\d[\d.]*s|\[(?:build|setup) failed\])(.*)$/;

function goPackageLine(line: string): keyof Counts | null {
  const [, word, , rest = ""] = GO_PACKAGE.exec(line) ?? [];
  if (word === "FAIL") return "failed";
  return word === "ok" && !rest.includes("[no tests to run]") ? "passed" : null;
}

function goTestLine(line: string): keyof Counts | null {
  const [, word] = /^\s*--- (PASS|FAIL|SKIP): \S+ \(\d[\d.]*s\)$/.exec(line) ?? [];
  if (word === "PASS") return "passed";
  if (word === "SKIP") return "skipped";
  // A package that was not built has no tests that could fail.
  return word === "FAIL" || /^FAIL\s+\S+\s+\[/.test(line) ? "failed" : null;
}

const GO_ACTIONS: ReadonlyMap<string, keyof Counts> = new Map([
  ["pass", "passed"],
  ["fail", "failed"],
  ["skip", "skipped"],
] as const);

function goJson(lines: readonly string[]): TestSummary | null {
  const ended = new Map<string, keyof Counts>();
  let last = -1;
  for (const [at, line] of lines.entries()) {
    if (!/^\{.*"Action":/.test(line)) continue;
    const [action = "", pkg = "", test = ""] = ["Action", "Package", "Test"].map((key) => new RegExp(`"${key}":"((?:[^"\\\\]|\\\\.)*)"`).exec(line)?.[1] ?? "");
    const result = GO_ACTIONS.get(action);
    if (result === undefined) continue;
    if (test === "") last = at;
    else ended.set(`${pkg} ${test}`, result);
  }
  if (last === -1) return null;
  const of = (kind: keyof Counts): number => [...ended.values()].filter((result) => result === kind).length;
  return { runner: "go test", passed: of("passed"), failed: of("failed"), skipped: of("skipped"), line: last };
}

/** One summary a test program; together they are the run. What was announced must have come. */
function cargoTest(lines: readonly string[]): readonly TestSummary[] {
  const parts = lines.flatMap((line, at): TestSummary[] => {
    const plain = /^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored;/.exec(line);
    if (plain !== null) return [{ runner: "cargo test", passed: count(plain[1]), failed: count(plain[2]), skipped: count(plain[3]), line: at }];
    const next = /^\s*Summary \[[^\]]*\]\s+\d+(?:\/\d+)? tests? run: (.*)$/.exec(line)?.[1];
    if (next === undefined) return [];
    return [{ runner: "cargo test", passed: sumOf(next, ["passed"]), failed: sumOf(next, ["failed", "timed out"]), skipped: sumOf(next, ["skipped"]), line: at }];
  });
  if (parts.length === 0) return [];
  const whole = parts.reduce((sum, part) => ({ ...added(sum, part), line: part.line }));
  const announced = lines.flatMap((line) => /^running (\d+) tests?$/.exec(line)?.[1] ?? []);
  const measured = lines.reduce((sum, line) => sum + count(/^test result: .*; (\d+) measured;/.exec(line)?.[1]), 0);
  const missing = announced.reduce((sum, number) => sum + Number(number), 0) - (whole.passed + whole.failed + whole.skipped + measured);
  if (announced.length === 0 || missing === 0) return [whole];
  // More than was announced is a summary that something else has printed.
  return missing > 0 ? [{ ...whole, missing }] : [];
}

/** The points at the outermost level and the plan. */
function tap(lines: readonly string[]): readonly TestSummary[] {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let planned: number | null = null;
  let last = -1;
  for (const [at, line] of lines.entries()) {
    const point = /^(not )?ok\b(?: \d+)?(.*)$/.exec(line);
    const plan = /^1\.\.(\d+)(?:\s*#.*)?$/.exec(line);
    if (plan !== null) planned = (planned ?? 0) + count(plan[1]);
    if (line.startsWith("Bail out!")) counts.failed += 1;
    if (point === null) continue;
    last = at;
    const directive = /(?:^|[^\\])# *(skip|todo)\b/i.exec(point[2] ?? "");
    counts[directive !== null ? "skipped" : point[1] === undefined ? "passed" : "failed"] += 1;
  }
  // "ok" begins lines of other programs as well: only a plan makes it TAP.
  if (planned === null) return [];
  const reported = counts.passed + counts.failed + counts.skipped;
  const early = planned > reported ? { missing: planned - reported } : {};
  return [{ runner: "TAP", ...counts, line: Math.max(last, 0), ...early }];
}

function junit(lines: readonly string[]): readonly TestSummary[] {
  const end = lines.findLastIndex((line) => /<\/testsuites?>/.test(line));
  if (end === -1) return [];
  const text = lines.join("\n");
  const cases = [...text.matchAll(/<testcase\b(?:[^>"']|"[^"]*"|'[^']*')*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(([, inner = ""]) => inner);
  const skipped = cases.filter((inner) => /<skipped\b/.test(inner)).length;
  const failed = cases.filter((inner) => /<(?:failure|error)\b/.test(inner)).length;
  return [{ runner: "JUnit", passed: cases.length - skipped - failed, failed, skipped, line: end }];
}

const READERS: readonly Reader[] = [nodeTest, mocha, jest, vitest, pytest, unittest, goTest, cargoTest, tap, junit];

/** Two parts of one run. */
export function added(one: TestSummary, other: TestSummary): TestSummary {
  return { ...one, passed: one.passed + other.passed, failed: one.failed + other.failed, skipped: one.skipped + other.skipped, line: Math.max(one.line, other.line) };
}
