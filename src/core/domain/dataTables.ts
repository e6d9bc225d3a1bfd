// Reads the tables of Markdown and CSV texts, and the numbers that are printed in them. Pure.

export interface DataTable {
  readonly headers: readonly string[];
  readonly rows: readonly DataRow[];
}

export interface DataRow {
  readonly cells: readonly string[];
  /** 1-based. */
  readonly line: number;
}

export interface PrintedNumber {
  readonly value: number;
  /** Digits behind the point. */
  readonly decimals: number;
  readonly isPercent: boolean;
}

/** `path` says what the text is: `.csv` and `.tsv` are one table, anything else is Markdown. */
export function tablesIn(text: string, path: string): readonly DataTable[] {
  if (/\.(?:csv|tsv)$/i.test(path)) return csvTable(text.replace(/^\ufeff/, ""), /\.tsv$/i.test(path) ? "\t" : null);
  return markdownTables(text);
}

/** 0-based; -1 when the table has no such column. Case, emphasis and white space do not count. */
export function columnOf(table: DataTable, name: string): number {
  return table.headers.findIndex((header) => plainCell(header) === plainCell(name));
}

export function plainCell(cell: string): string {
  return cell.replace(/[*_`]/g, "").replace(/\s+/g, " ").trim().toLowerCase();
}

/** Nothing is said in it. */
export function isBlankCell(cell: string): boolean {
  return /^(?:|-|–|—|n\/?a|n\.a\.|null|none|\?|…|\.\.\.)$/.test(plainCell(cell));
}

/** null for what is no single number. Currency signs, thousands separators and accountants' brackets are understood. */
export function printedNumber(cell: string): PrintedNumber | null {
  const text = plainCell(cell).replace(/[−–]/g, "-").replace(/[\s\u00a0']/g, "");
  const [, open, sign = "", digits = "", percent] = /^(\()?(?:[$€£¥]|usd|eur)?([+-]?)(?:[$€£¥]|usd|eur)?([\d.,]+)(%)?(?:[$€£¥]|usd|eur|pp)?\)?(?:\))?$/.exec(text) ?? [];
  const plain = plainDigits(digits);
  if (plain === null) return null;
  const size = Number(plain);
  const decimals = plain.split(".")[1]?.length ?? 0;
  return { value: (open !== undefined) !== (sign === "-") ? -size : size, decimals, isPercent: percent !== undefined };
}

function plainDigits(digits: string): string | null {
  if (/^\d+(?:\.\d+)?$/.test(digits)) return digits;
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(digits)) return digits.replaceAll(",", "");
  if (/^\d{1,3}(?:\.\d{3})+,\d+$/.test(digits)) return digits.replaceAll(".", "").replace(",", ".");
  return /^\d+,\d{1,2}$/.test(digits) ? digits.replace(",", ".") : null;
}

function markdownTables(text: string): readonly DataTable[] {
  const lines = text.split(/\r?\n/);
  const tables: DataTable[] = [];
  for (const [at, line] of lines.entries()) {
    if (at === 0 || !/^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/.test(line) || !line.includes("-") || !(lines[at - 1] ?? "").includes("|")) continue;
    const end = lines.findIndex((next, index) => index > at && !next.includes("|"));
    const body = lines.slice(at + 1, end === -1 ? lines.length : end);
    tables.push({ headers: pipeCells(lines[at - 1] ?? ""), rows: body.map((row, index) => ({ cells: pipeCells(row), line: at + 2 + index })) });
  }
  return tables;
}

function pipeCells(line: string): readonly string[] {
  const inner = line.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll("\\|", "|").trim());
}

function csvTable(text: string, separator: string | null): readonly DataTable[] {
  const [head = ""] = text.split("\n", 1);
  const by = separator ?? (head.includes(";") && !head.includes(",") ? ";" : ",");
  const records = csvRecords(text, by).filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  const [first, ...rows] = records;
  return first === undefined ? [] : [{ headers: first.cells, rows }];
}

function csvRecords(text: string, by: string): readonly DataRow[] {
  const records: DataRow[] = [];
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  let line = 1;
  let began = 1;
  const endCell = (): void => {
    cells.push(cell);
    cell = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "\n") line += 1;
    if (isQuoted && char === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (char === '"') isQuoted = !isQuoted;
    else if (char === by && !isQuoted) endCell();
    else if (char === "\n" && !isQuoted) {
      endCell();
      records.push({ cells, line: began });
      cells = [];
      began = line;
    } else if (char !== "\r" || isQuoted) cell += char;
  }
  endCell();
  return [...records, { cells, line: began }];
}
