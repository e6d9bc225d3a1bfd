// Built-in checks of data and reports: dates within a range, figures that follow from the others. Pure.
import { columnOf, isBlankCell, plainCell, printedNumber, tablesIn, type DataRow, type DataTable, type PrintedNumber } from "./dataTables";
import { messageOf } from "./errors";

/** Why the check is red, as a clause; null where it holds. */
export type DataProblem = string | null;

export interface DateRange {
  readonly path: string;
  /** ISO 8601 dates, both included. */
  readonly from: string;
  readonly to: string;
  /** Only this column of the file's tables; every date of the text when empty. */
  readonly column: string;
}

/** A day, or a month where no day is said. */
type FoundDate = { readonly text: string; readonly iso: string; readonly line: number };

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DATES = /(?<![\d-])(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?![\d-])|\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (\d{4})\b/gi;

export function isIsoDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

export function dateRangeProblem({ path, from, to, column }: DateRange, text: string): DataProblem {
  const cells = column === "" ? null : cellsOf(tablesIn(text, path), column);
  if (cells?.length === 0) return `${path} has no column "${column}" with rows`;
  const texts = cells ?? text.split(/\r?\n/).map((content, at) => ({ content, line: at + 1 }));
  const found: FoundDate[] = [];
  for (const { content, line } of texts) {
    const dates = datesIn(content, line);
    if (cells !== null && dates.length === 0 && !isBlankCell(content)) return `${path}:${line}: "${content.slice(0, 60)}" is no date`;
    found.push(...dates);
  }
  if (found.length === 0) return `${path} holds no dates`;
  const impossible = found.find(({ iso }) => !isIsoDate(iso.length === 7 ? `${iso}-01` : iso));
  if (impossible !== undefined) return `${path}:${impossible.line}: ${impossible.text} is no date`;
  const outside = found.find(({ iso }) => iso < from.slice(0, iso.length) || iso > to.slice(0, iso.length));
  return outside === undefined ? null : `${path}:${outside.line}: ${outside.text} is not within ${from} and ${to}`;
}

function datesIn(text: string, line: number): readonly FoundDate[] {
  return [...text.matchAll(DATES)].map(([found, year, month, day, name, namedYear]) => {
    const at = name === undefined ? Number(month) : MONTHS.indexOf(name.toLowerCase()) + 1;
    const iso = [year ?? namedYear ?? "", String(at).padStart(2, "0"), ...(day === undefined ? [] : [day.padStart(2, "0")])].join("-");
    return { text: found, iso, line };
  });
}

function cellsOf(tables: readonly DataTable[], column: string): readonly { readonly content: string; readonly line: number }[] {
  return tables.flatMap((table) => {
    const at = columnOf(table, column);
    return at === -1 ? [] : table.rows.map(({ cells, line }) => ({ content: cells[at] ?? "", line }));
  });
}

/**
 * A rule of `recalculate`:
 * - `sum Total`: rows that are called so hold the sums of the rows above them, in every column of numbers;
 * - `Profit = Revenue - Cost + Grants`: a column from others of the same row;
 * - `Growth = MoM Revenue`, `Growth = YoY Revenue`: percentages against the row before, or the same period a year before.
 */
type Rule =
  | { readonly kind: "sum"; readonly label: string }
  | { readonly kind: "terms"; readonly column: string; readonly terms: readonly { readonly sign: 1 | -1; readonly column: string }[] }
  | { readonly kind: "change"; readonly column: string; readonly of: string; readonly by: "MoM" | "YoY" };

/** null for a text that is no rule. */
export function readRule(text: string): Rule | null {
  const sum = /^\s*sum\s+(\S.*?)\s*$/i.exec(text);
  if (sum !== null && !text.includes("=")) return { kind: "sum", label: sum[1] ?? "" };
  const [, column = "", right = ""] = /^\s*(\S.*?)\s+=\s+(\S.*?)\s*$/.exec(text) ?? [];
  if (column === "") return null;
  const change = /^(MoM|YoY)\s+(.+)$/i.exec(right);
  if (change !== null) return { kind: "change", column, of: change[2] ?? "", by: change[1]?.toLowerCase() === "mom" ? "MoM" : "YoY" };
  const parts = right.split(/\s+([+-])\s+/);
  const terms = parts.flatMap((part, at) => (at % 2 === 0 ? [{ sign: parts[at - 1] === "-" ? (-1 as const) : (1 as const), column: part }] : []));
  return terms.length < 2 ? null : { kind: "terms", column, terms };
}

export function recalculateProblem(path: string, rules: readonly string[], text: string): DataProblem {
  const tables = tablesIn(text, path);
  try {
    for (const written of rules) {
      const rule = readRule(written);
      if (rule === null) return `"${written}" is no rule`;
      const counted = tables.reduce((sum, table) => sum + verify(table, rule), 0);
      if (counted === 0) return `nothing in ${path} could be recalculated by "${written}"`;
    }
    return null;
  } catch (error) {
    if (error instanceof WrongFigure) return `${path}:${messageOf(error)}`;
    throw error;
  }
}

class WrongFigure extends Error {}

/** Figures that were recalculated; throws WrongFigure at the first that is wrong. */
function verify(table: DataTable, rule: Rule): number {
  switch (rule.kind) {
    case "sum":
      return verifySums(table, rule.label);
    case "terms": {
      const target = columnOf(table, rule.column);
      const terms = rule.terms.map(({ sign, column }) => ({ sign, at: columnOf(table, column) }));
      if (target === -1 || terms.some(({ at }) => at === -1)) return 0;
      return sumOver(table.rows, (row) => {
        const values = terms.map(({ sign, at }) => ({ sign, number: numberIn(row, at) }));
        if (values.some(({ number }) => number === null)) return null;
        return values.reduce((sum, { sign, number }) => sum + sign * (number?.value ?? 0), 0);
      }, target);
    }
    case "change":
      return verifyChanges(table, rule);
  }
}

function verifySums(table: DataTable, label: string): number {
  let counted = 0;
  for (const column of table.headers.keys()) {
    if (column === 0) continue;
    let sum: number | null = null;
    for (const row of table.rows) {
      const isTotal = plainCell(row.cells[0] ?? "") === plainCell(label);
      const number: PrintedNumber | null = isTotal && sum === null ? null : numberIn(row, column);
      if (number?.isPercent === true || (table.headers[column] ?? "").includes("%")) continue;
      if (isTotal) {
        if (number !== null && sum !== null) counted += compared(row, number, [sum]);
        sum = null;
      } else if (number !== null) sum = (sum ?? 0) + number.value;
    }
  }
  return counted;
}

function verifyChanges(table: DataTable, { column, of, by }: Extract<Rule, { kind: "change" }>): number {
  const [target, source] = [columnOf(table, column), columnOf(table, of)];
  if (target === -1 || source === -1) return 0;
  let counted = 0;
  for (const [at, row] of table.rows.entries()) {
    const before = by === "MoM" ? table.rows[at - 1] : yearBefore(table, row);
    const printed = numberIn(row, target);
    if (before === undefined || printed === null) continue;
    const [now, then] = [numberIn(row, source), numberIn(before, source)];
    if (now === null || then === null || then.value === 0) continue;
    const ratio = (now.value - then.value) / Math.abs(then.value);
    const isPercent = printed.isPercent || (table.headers[target] ?? "").includes("%");
    counted += compared(row, printed, isPercent ? [ratio * 100] : [ratio * 100, ratio]);
  }
  return counted;
}

/** The row of the same period, whose name differs in the year alone. */
function yearBefore(table: DataTable, row: DataRow): DataRow | undefined {
  const name = plainCell(row.cells[0] ?? "");
  const [year] = /\b\d{4}\b/.exec(name) ?? [];
  if (year === undefined) return undefined;
  const wanted = name.replace(year, String(Number(year) - 1));
  return table.rows.find((other) => plainCell(other.cells[0] ?? "") === wanted);
}

function sumOver(rows: readonly DataRow[], expected: (row: DataRow) => number | null, target: number): number {
  let counted = 0;
  for (const row of rows) {
    const printed = numberIn(row, target);
    const value = printed === null ? null : expected(row);
    if (printed !== null && value !== null) counted += compared(row, printed, [value]);
  }
  return counted;
}

/** null for what is no number. */
function numberIn(row: DataRow, column: number): PrintedNumber | null {
  const cell = row.cells[column] ?? "";
  return isBlankCell(cell) ? null : printedNumber(cell);
}

/** 1; throws where the printed figure is none of the expected ones to its last digit. */
function compared(row: DataRow, printed: PrintedNumber, expected: readonly number[]): 1 {
  const half = 0.5 * 10 ** -printed.decimals;
  const isRight = expected.some((value) => Math.abs(value - printed.value) <= half * (1 + 1e-9) + Math.abs(value) * 1e-12);
  if (isRight) return 1;
  const [value = 0] = expected;
  throw new WrongFigure(`${row.line}: ${row.cells[0] ?? ""} has ${printed.value.toFixed(printed.decimals)}, and ${value.toFixed(printed.decimals)} is right`);
}
