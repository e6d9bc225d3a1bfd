import { strict as assert } from "node:assert";
import { dateRangeProblem, isIsoDate, readRule, recalculateProblem } from "../../src/core/domain/dataChecks";
import { printedNumber, tablesIn } from "../../src/core/domain/dataTables";

const CSV = "month,revenue,cost,profit,growth %\n2025-01,100.00,40.00,60.00,\n2025-02,150.00,50.00,100.00,50.0\n2026-01,110.00,70.00,40.00,-26.7\nTotal,360.00,160.00,200.00,\n";
const MARKDOWN = `# Sales

| Month | Revenue | Cost | Profit | MoM | YoY |
| --- | ---: | ---: | ---: | ---: | ---: |
| Jan 2025 | $1,000 | $400 | $600 | – | – |
| Feb 2025 | $1,500 | $1,600 | ($100) | +50.0 % | n/a |
| Jan 2026 | $1,100 | $400 | $700 | −26.7 % | 10% |
| **Total** | **$3,600** | **$2,400** | **$1,200** | | |
`;

describe("dateRangeProblem", () => {
  const range = { path: "a.csv", from: "2025-01-15", to: "2026-01-31", column: "" };
  const rows: readonly (readonly [string, Partial<typeof range>, string, string | null])[] = [
    ["dates within", {}, "from 2025-01-15 to 2026-01-31", null],
    ["months that overlap the range", {}, "2025-01, 2026-01 and Mar 2025", null],
    ["slashes", {}, "2025/2/3", null],
    ["a day before", {}, "x\n2025-01-14", "a.csv:2: 2025-01-14 is not within 2025-01-15 and 2026-01-31"],
    ["a day after", {}, "2026-02-01", "a.csv:1: 2026-02-01 is not within 2025-01-15 and 2026-01-31"],
    ["a month after", {}, "February 2026", "a.csv:1: February 2026 is not within 2025-01-15 and 2026-01-31"],
    ["no date", {}, "no dates, only 2025 and 12-13", "a.csv holds no dates"],
    ["a day that is none", {}, "2025-02-30", "a.csv:1: 2025-02-30 is no date"],
    ["a month that is none", {}, "2025-13", "a.csv:1: 2025-13 is no date"],
    ["numbers that look alike", {}, "12025-01-201, 1-2025-01-01-2 and 2025-03-01", null],
    ["a column", { column: "Month", from: "2025-01-01" }, "month,x\n2025-01,1999-01-01\n2026-01,2\n", null],
    ["a column with a total", { column: "month", from: "2025-01-01" }, CSV, 'a.csv:5: "Total" is no date'],
    ["a column that is not there", { column: "day" }, CSV, 'a.csv has no column "day" with rows'],
    ["a column of Markdown", { path: "a.md", column: "month", from: "2025-01-01" }, MARKDOWN.replace(/\| \*\*Total.*\n/, ""), null],
    ["an empty text", {}, "", "a.csv holds no dates"],
  ];
  for (const [what, change, text, problem] of rows) it(`is ${problem === null ? "content with" : "red for"} ${what}`, () => assert.equal(dateRangeProblem({ ...range, ...change }, text), problem));

  it("knows ISO dates", () => {
    assert.deepEqual(["2026-02-28", "2024-02-29"].map(isIsoDate), [true, true]);
    assert.deepEqual(["2026-02-29", "2026-2-1", "26-01-01", "", "2026-01-01T00:00"].map(isIsoDate), [false, false, false, false, false]);
  });
});

describe("printedNumber", () => {
  const rows: readonly (readonly [string, number | null, number, boolean])[] = [
    ["12", 12, 0, false],
    ["1,234.50", 1234.5, 2, false],
    ["1.234,50", 1234.5, 2, false],
    ["12,5", 12.5, 1, false],
    ["$1,200", 1200, 0, false],
    ["-$5", -5, 0, false],
    ["$-5", -5, 0, false],
    ["(120)", -120, 0, false],
    ["**−3.25 %**", -3.25, 2, true],
    ["+50.0%", 50, 1, true],
    ["1 234 €", 1234, 0, false],
    ["12k", null, 0, false],
    ["1.2.3", null, 0, false],
    ["2025-01", null, 0, false],
    ["Total", null, 0, false],
    ["", null, 0, false],
  ];
  for (const [cell, value, decimals, isPercent] of rows) it(`reads "${cell}"`, () => assert.deepEqual(printedNumber(cell), value === null ? null : { value, decimals, isPercent }));
});

describe("tablesIn", () => {
  it("reads quoted cells of CSV, and where rows stand", () => {
    assert.deepEqual(tablesIn('\ufeffa;b\r\n"x;\n""y""";2\r\n\r\n3;4', "a.csv"), [{ headers: ["a", "b"], rows: [{ cells: ['x;\n"y"', "2"], line: 2 }, { cells: ["3", "4"], line: 5 }] }]);
  });

  it("reads tables of Markdown without their outer bars, and escaped ones", () => {
    assert.deepEqual(tablesIn("a | b\n--|--\n1 \\| 2 | 3\n\ntext", "a.md"), [{ headers: ["a", "b"], rows: [{ cells: ["1 | 2", "3"], line: 3 }] }]);
  });
});

describe("recalculateProblem", () => {
  const rows: readonly (readonly [string, string, readonly string[], string, string | null])[] = [
    ["sums, differences and changes of CSV", "a.csv", ["sum Total", "profit = revenue - cost", "growth % = MoM revenue"], CSV, null],
    ["sums, differences and changes of Markdown", "a.md", ["sum total", "Profit = Revenue - Cost", "MoM = MoM Revenue", "YoY = YoY revenue"], MARKDOWN, null],
    ["a wrong sum", "a.csv", ["sum Total"], CSV.replace("360.00", "361.00"), "a.csv:5: Total has 361.00, and 360.00 is right"],
    ["a wrong difference", "a.csv", ["profit = revenue - cost"], CSV.replace("100.00,50.0", "100.01,50.0"), "a.csv:3: 2025-02 has 100.01, and 100.00 is right"],
    ["a wrong change", "a.csv", ["growth % = MoM revenue"], CSV.replace("-26.7", "26.7"), "a.csv:4: 2026-01 has 26.7, and -26.7 is right"],
    ["a change that is rounded up", "a.csv", ["growth % = MoM revenue"], CSV.replace("-26.7", "-27"), null],
    ["a change that is cut off", "a.csv", ["growth % = MoM revenue"], CSV.replace("-26.7", "-26.6"), "a.csv:4: 2026-01 has -26.6, and -26.7 is right"],
    ["a wrong change over a year", "a.md", ["YoY = YoY Revenue"], MARKDOWN.replace("| 10% |", "| 11% |"), "a.md:7: Jan 2026 has 11, and 10 is right"],
    ["a change as a fraction", "a.csv", ["g = MoM v"], "m,v,g\n1,100,\n2,150,0.50\n", null],
    ["a sum of three columns", "a.csv", ["t = a + b - c"], "a,b,c,t\n1,2,3,0\n0.1,0.2,0,0.3\n", null],
    ["two totals", "a.csv", ["sum Total"], "n,v\na,1\nb,2\nTotal,3\nc,4\nTotal,4\n", null],
    ["a column that is not there", "a.csv", ["gain = revenue - cost"], CSV, 'nothing in a.csv could be recalculated by "gain = revenue - cost"'],
    ["a row that is not there", "a.csv", ["sum Sum"], CSV, 'nothing in a.csv could be recalculated by "sum Sum"'],
    ["figures that were left out", "a.csv", ["profit = revenue - cost"], "revenue,cost,profit\n1,2,-\n", 'nothing in a.csv could be recalculated by "profit = revenue - cost"'],
    ["no table", "a.md", ["sum Total"], "text\n", 'nothing in a.md could be recalculated by "sum Total"'],
    ["a rule that is none", "a.csv", ["profit"], CSV, '"profit" is no rule'],
  ];
  for (const [what, path, rules, text, problem] of rows) it(`is ${problem === null ? "content with" : "red for"} ${what}`, () => assert.equal(recalculateProblem(path, rules, text), problem));

  it("knows what is a rule", () => {
    for (const text of ["sum Total", "a = b - c", "a = MoM b", "a % = yoy b c"]) assert.notEqual(readRule(text), null, text);
    for (const text of ["", "sum", "a =", "= b", "a = b", "a == b", "total"]) assert.equal(readRule(text), null, text);
  });
});
