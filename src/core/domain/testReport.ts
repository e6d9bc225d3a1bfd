// What a test runner writes into a report of its own, a file that no test prints to. Pure.
import { testSummaries } from "./testCountReaders";

/** `tap`: node:test · `mocha`: its JSON reporter · `jest`: the JSON of jest and vitest · `junit`: pytest */
export type ReportFormat = "tap" | "mocha" | "jest" | "junit";

export interface TestReport {
  /** Passed and failed. */
  readonly ran: number;
  /** Names of what ran at the outermost level, where the format tells: a file that ran no test of its own stands for itself. */
  readonly names: readonly string[];
}

/** null for a report that is not complete: its runner did not come to its end. */
export function testReportIn(text: string, format: ReportFormat): TestReport | null {
  switch (format) {
    case "tap": {
      // What tests print stands in it as comments; the runner's own summary is the last thing.
      const last = testSummaries(text).findLast(({ runner }) => runner === "node:test");
      if (last === undefined || !/\n# duration_ms [\d.]+\s*$/.test(text)) return null;
      return { ran: last.passed + last.failed, names: [...text.matchAll(/^(?:not )?ok \d+ - (.*?)(?: # .*)?$/gm)].map(([, name = ""]) => name.replaceAll("\\#", "#").replaceAll("\\\\", "\\")) };
    }
    case "junit": {
      const [suites] = testSummaries(text).filter(({ runner }) => runner === "JUnit");
      return suites === undefined || !/<\/testsuites?>\s*$/.test(text) ? null : { ran: suites.passed + suites.failed, names: [] };
    }
    case "mocha":
      return ofNumbers(text, (data) => [childOf(data, "stats")["passes"], childOf(data, "stats")["failures"]]);
    case "jest":
      return ofNumbers(text, (data) => [data["numPassedTests"], data["numFailedTests"]]);
  }
}

type Data = Readonly<Record<string, unknown>>;

function ofNumbers(text: string, counts: (data: Data) => readonly unknown[]): TestReport | null {
  try {
    const data: unknown = JSON.parse(text);
    const numbers = typeof data === "object" && data !== null ? counts(data as Data) : [];
    const ran = numbers.reduce<number>((sum, number) => sum + (typeof number === "number" ? number : Number.NaN), 0);
    return numbers.length === 0 || Number.isNaN(ran) ? null : { ran, names: [] };
  } catch {
    // Cut off in the middle: as good as none.
    return null;
  }
}

function childOf(data: Data, key: string): Data {
  const child = data[key];
  return typeof child === "object" && child !== null ? (child as Data) : {};
}
