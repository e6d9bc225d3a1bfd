import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { PHASES, ROLES, type TaskId } from "../../src/core/domain/task";
import { addUsage, NO_USAGE } from "../../src/core/domain/usage";
import type { CostRow } from "../../src/core/ports/taskStore";
import { costFilter, costReport, type CostLine, type CostReport } from "../../src/core/reports/costReport";
import { costCsv, printCostReport } from "../../src/core/reports/printCosts";
import { GoldenFolder } from "../builders/goldenFile";

const golden = new GoldenFolder("reports/cost");
const NOW = new Date("2026-01-05T23:30:00.000Z");
const WEEK = { kind: "week" } as const;
const TITLE = "Add a Fibonacci command";
const ROW: CostRow = {
  day: "2026-01-05",
  task: "add-fibonacci-7k2m" as TaskId,
  title: TITLE,
  role: "generator",
  phase: "implementation",
  model: "claude-sonnet-5-5",
  calls: 12,
  usage: { input: 1200, output: 4210, cacheRead: 83_201, cacheWrite5m: 9876, cacheWrite1h: 0 },
  cost: { usd: 0.1234, unpricedCalls: 0 },
};
const ROWS: readonly CostRow[] = [
  ROW,
  { ...ROW, role: "evaluator", phase: "verification", model: "claude-opus-5-5", calls: 3, cost: { usd: 1.5, unpricedCalls: 0 } },
  { ...ROW, day: "2025-12-31", task: "tidy-0001" as TaskId, title: "Tidy | up", model: "mystery", calls: 2, cost: { usd: 0, unpricedCalls: 2 } },
];

const count = fc.nat(3_000_000);
const rows: fc.Arbitrary<readonly CostRow[]> = fc.array(
  fc.record({
    day: fc.constantFrom("2026-01-01", "2026-01-04", "2026-01-05"),
    task: fc.constantFrom("a-0001" as TaskId, "b-0002" as TaskId),
    title: fc.string({ maxLength: 12 }),
    role: fc.constantFrom(...ROLES),
    phase: fc.constantFrom(...PHASES),
    model: fc.constantFrom("claude-opus-5-5", "claude-haiku-5-5", "mystery"),
    calls: fc.integer({ min: 1, max: 500 }),
    usage: fc.record({ input: count, output: count, cacheRead: count, cacheWrite5m: count, cacheWrite1h: count }),
    cost: fc.record({ usd: fc.double({ min: 0, max: 50, noNaN: true }), unpricedCalls: fc.nat(3) }),
  }),
  { maxLength: 40 },
);

function partsOf({ byTask, byDay, byPhase, byRole, byModel }: CostReport): readonly (readonly CostLine[])[] {
  return [byTask, byDay, byPhase, byRole, byModel];
}

describe("costReport", () => {
  it("adds up: every part has the calls, the tokens of each kind and the money of the whole", () => {
    fc.assert(
      fc.property(rows, (given) => {
        const report = costReport(given, WEEK, NOW);
        assert.equal(report.total.calls, given.reduce((calls, row) => calls + row.calls, 0));
        for (const lines of partsOf(report)) {
          assert.deepEqual(lines.reduce((usage, line) => addUsage(usage, line.usage), NO_USAGE), report.total.usage);
          assert.equal(lines.reduce((calls, line) => calls + line.calls, 0), report.total.calls);
          assert.equal(lines.reduce((calls, line) => calls + line.cost.unpricedCalls, 0), report.total.cost.unpricedCalls);
          assert.ok(Math.abs(lines.reduce((usd, line) => usd + line.cost.usd, 0) - report.total.cost.usd) < 1e-6);
          assert.equal(new Set(lines.map(({ name }) => name)).size, lines.length, "one line for each name");
        }
      }),
    );
  });

  it("says the same in whatever order the rows come", () => {
    fc.assert(
      fc.property(rows, (given) => {
        const numbers = (report: CostReport): unknown => partsOf(report).map((lines) => Object.fromEntries(lines.map(({ name, calls, usage }) => [name, { calls, usage }])));
        assert.deepEqual(numbers(costReport(given, WEEK, NOW)), numbers(costReport(given.toReversed(), WEEK, NOW)));
      }),
    );
  });

  it("puts days in their order and everything else dearest first", () => {
    const report = costReport(ROWS, WEEK, NOW);
    assert.deepEqual(report.byDay.map(({ name }) => name), ["2025-12-31", "2026-01-05"]);
    assert.deepEqual(report.byModel.map(({ name }) => name), ["claude-opus-5-5", "claude-sonnet-5-5", "mystery"]);
  });
});

describe("costFilter", () => {
  it("takes today, the last seven days or all of a task, in UTC", () => {
    assert.deepEqual(costFilter({ kind: "day" }, NOW), { from: "2026-01-05", to: "2026-01-05" });
    assert.deepEqual(costFilter(WEEK, NOW), { from: "2025-12-30", to: "2026-01-05" });
    assert.deepEqual(costFilter({ kind: "task", task: { id: ROW.task, title: TITLE } }, NOW), { task: ROW.task });
  });
});

describe("printCostReport", () => {
  it("prints a table for each part, with what is unknown named as that", () => golden.matches("week.md", printCostReport(costReport(ROWS, WEEK, NOW))));
  it("prints no sum below a single line", () => {
    golden.matches("task.md", printCostReport(costReport([ROW], { kind: "task", task: { id: ROW.task, title: TITLE } }, NOW)));
  });
  it("says that nothing was spent", () => golden.matches("nothing.md", printCostReport(costReport([], { kind: "day" }, NOW))));

  it("prints tables whose columns line up, whatever tasks are called", () => {
    fc.assert(
      fc.property(rows, (given) => {
        const tables = printCostReport(costReport(given, WEEK, NOW)).split("\n\n").filter((block) => block.startsWith("|"));
        for (const table of tables) assert.equal(new Set(table.trimEnd().split("\n").map((line) => line.length)).size, 1, table);
      }),
    );
  });
});

describe("costCsv", () => {
  after(() => golden.hasNoOthers());

  it("prints a line for each row under a head, and leaves a sum empty that nothing is known of", () => {
    golden.matches("week.csv", costCsv(ROWS));
  });

  it("quotes titles so that they are read back as they were, on one line", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (title) => {
        const [, line = "", ...rest] = costCsv([{ ...ROW, title }]).split("\n");
        assert.deepEqual(rest, [""]);
        const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
        assert.equal(cells.length, 14);
        assert.equal(cells[2]?.replace(/^'/, ""), title.replaceAll(/\s+/g, " ").trim().replace(/^'/, ""));
      }),
    );
  });

  it("keeps a spreadsheet from taking a title for a formula", () => {
    assert.match(costCsv([{ ...ROW, title: '=HYPERLINK("x")' }]), /,"'=HYPERLINK\(""x""\)",/);
  });
});
