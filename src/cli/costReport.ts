// Prints a cost report on the terminal.
import { cacheShare, costText } from "../core/reports/figures";
import { counted } from "../shared/figures";
import type { CostLine, CostReport } from "../core/reports/costReport";
import { totalTokens } from "../core/domain/usage";
import type { Terminal } from "./terminal";

export function printCostReport(t: Terminal, report: CostReport): void {
  t.line(t.bold(report.title));
  if (report.total.calls === 0) return t.line("No model was called.");
  t.line(lineText(report.total));
  const parts = [
    ["by task", report.byTask],
    ["by day", report.byDay],
    ["by phase", report.byPhase],
    ["by role", report.byRole],
    ["by model", report.byModel],
  ] as const;
  for (const [name, lines] of parts) {
    t.line(`\n${t.bold(name)}`);
    for (const line of lines) t.line(`  ${lineText(line)}`);
  }
}

function lineText({ name, calls, usage, cost }: CostLine): string {
  return `${name}: ${costText(cost)} · ${counted(calls, "call")} · ${totalTokens(usage)} tokens, ${cacheShare(usage) ?? 0} % of the input from cache`;
}
