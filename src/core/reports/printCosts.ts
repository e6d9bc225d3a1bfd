// A cost report as Markdown, aligned so that it also reads as plain text, and as CSV for spreadsheets. Pure.
import { counted } from "../../shared/figures";
import { PHASE_WORDS, ROLE_WORDS } from "../../shared/words";
import { oneLine, tableCell } from "../domain/markdown";
import type { CostRow } from "../ports/taskStore";
import type { CostLine, CostReport } from "./costReport";
import { cacheShare, costText, grouped, tokensText } from "./figures";

const LONGEST_TITLE = 36;

export function printCostReport(report: CostReport): string {
  const { total } = report;
  const head = [`# ${oneLine(report.title)}`];
  if (total.calls === 0) return `${[...head, "No model was called."].join("\n\n")}\n`;
  const parts = [
    ["Day", report.byDay],
    ["Task", report.byTask.map(titled)],
    ["Role", report.byRole],
    ["Phase", report.byPhase],
    ["Model", report.byModel],
  ] as const;
  const sums = `**${costText(total.cost)}** for ${counted(total.calls, "call")}: ${tokensText(total.usage)}.`;
  const note = total.cost.unpricedCalls === 0 ? [] : [unknownNote(total)];
  return `${[...head, sums, ...note, ...parts.map(([name, lines]) => `## By ${name.toLowerCase()}\n\n${table(name, lines, total)}`)].join("\n\n")}\n`;
}

/** Its title, as much of it as leaves the figures on the same line. */
function titled(line: CostLine): CostLine {
  const title = line.name.slice(line.name.indexOf("  ") + 2);
  return { ...line, name: title.length <= LONGEST_TITLE ? title : `${title.slice(0, LONGEST_TITLE - 1)}…` };
}

function unknownNote({ cost }: CostLine): string {
  const calls = cost.unpricedCalls === 1 ? "1 call went to a model" : `${grouped(cost.unpricedCalls)} calls went to models`;
  return `${calls} without a known price: what they cost is unknown and not in these sums. Set it in \`countersign.prices\`.`;
}

/** Roles and phases have names for people; days, tasks and models are called what they are. */
const WORDS: ReadonlyMap<string, string> = new Map([...Object.entries(ROLE_WORDS), ...Object.entries(PHASE_WORDS)]);

interface Column {
  readonly title: string;
  readonly cell: (line: CostLine) => string;
}

type TokenColumn = Column & { readonly count: (line: CostLine) => number };

const TOKEN_COLUMNS: readonly TokenColumn[] = [
  tokenColumn("Input", ({ usage }) => usage.input),
  tokenColumn("Cache read", ({ usage }) => usage.cacheRead),
  tokenColumn("Cache write", ({ usage }) => usage.cacheWrite5m),
  tokenColumn("Cache write 1 h", ({ usage }) => usage.cacheWrite1h),
  tokenColumn("Output", ({ usage }) => usage.output),
];

function tokenColumn(title: string, count: TokenColumn["count"]): TokenColumn {
  return { title, count, cell: (line) => grouped(count(line)) };
}

/** Kinds of tokens that nobody used have no column; one line needs no sum. */
function table(name: string, lines: readonly CostLine[], total: CostLine): string {
  const columns: readonly Column[] = [
    { title: name, cell: (line) => tableCell(WORDS.get(line.name) ?? line.name) },
    { title: "Cost", cell: (line) => costText(line.cost) },
    { title: "Calls", cell: (line) => grouped(line.calls) },
    ...TOKEN_COLUMNS.filter((column) => column.count(total) > 0),
    { title: "From cache", cell: (line) => shareText(line) },
  ];
  const rows = lines.length > 1 ? [...lines, { ...total, name: "Total" }] : lines;
  return aligned(columns.map((column) => [column.title, ...rows.map(column.cell)]));
}

function shareText({ usage }: CostLine): string {
  const share = cacheShare(usage);
  return share === null ? "–" : `${share} %`;
}

/** `columns`: title and cells of each. The first is set left, the others right. */
function aligned(columns: readonly (readonly string[])[]): string {
  const padded = columns.map((cells, index) => {
    const width = Math.max(3, ...cells.map((cell) => cell.length));
    const rule = index === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`;
    const [title = "", ...rest] = cells.map((cell) => (index === 0 ? cell.padEnd(width) : cell.padStart(width)));
    return [title, rule, ...rest];
  });
  const height = padded[0]?.length ?? 0;
  return Array.from({ length: height }, (_, row) => `| ${padded.map((cells) => cells[row] ?? "").join(" | ")} |`).join("\n");
}

const CSV_HEAD = "day,task,title,phase,role,model,calls,input_tokens,cache_read_tokens,cache_write_5m_tokens,cache_write_1h_tokens,output_tokens,usd,unpriced_calls";

/** One line for each day, task, role, phase and model (RFC 4180, line feeds). `usd` holds what is known; nothing where nothing is. */
export function costCsv(rows: readonly CostRow[]): string {
  const lines = rows.map(({ day, task, title, phase, role, model, calls, usage, cost }) => {
    const { input, cacheRead, cacheWrite5m, cacheWrite1h, output } = usage;
    const words = [day, task, title, phase, role, model].map(csvText);
    const usd = cost.unpricedCalls === calls ? "" : cost.usd;
    return [...words, calls, input, cacheRead, cacheWrite5m, cacheWrite1h, output, usd, cost.unpricedCalls].join(",");
  });
  return `${[CSV_HEAD, ...lines].join("\n")}\n`;
}

/** Quoted where it must be. A spreadsheet takes a cell that begins like a formula for one: it gets an apostrophe. */
function csvText(text: string): string {
  const line = oneLine(text);
  const safe = /^[=+\-@]/.test(line) ? `'${line}` : line;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
