// The commands of cost reports: open one for a day, a week or a task, and save one as a file.
import { Uri, window, workspace } from "vscode";
import { CountersignError } from "../../core/domain/errors";
import type { TaskView } from "../../core/projections/taskView";
import { costReport } from "../../core/reports/costReport";
import { costCsv, printCostReport } from "../../core/reports/printCosts";
import { pickOne } from "../ask";
import type { Host } from "../host";
import { pickTask } from "../pickTask";
import { oneOf } from "../record";
import { targetOf } from "../taskRef";
import { costsOf, type CostReports } from "./costReports";
import { costUri, subjectAt } from "./costUri";
import { saveFile, type SavedKind } from "./saveFile";

export async function openCostReport(host: Host, reports: CostReports, argument: unknown): Promise<void> {
  const uri = await wanted(host, argument);
  if (uri === undefined) return;
  // One that is open already may be of another day.
  reports.refresh();
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
}

async function wanted(host: Host, argument: unknown): Promise<Uri | undefined> {
  if (targetOf(argument) !== undefined) return ofTask(host, argument);
  const answer = await pickOne(
    [
      { label: "$(calendar) Today", description: "UTC", value: "day" as const },
      { label: "$(calendar) Last 7 days", description: "UTC", value: "week" as const },
      { label: "$(checklist) A task…", value: "task" as const },
    ],
    { title: "Cost report", placeholder: "Costs of what?" },
  );
  if (answer.kind !== "picked") return undefined;
  return answer.value === "task" ? ofTask(host, undefined) : costUri({ kind: answer.value });
}

async function ofTask(host: Host, argument: unknown): Promise<Uri | undefined> {
  const fits = (view: TaskView): boolean => view.sessions.length > 0;
  const picked = await pickTask(host, argument, { title: "Costs of which task?", fits, none: "No task has called a model yet." });
  return picked === undefined ? undefined : costUri({ kind: "task", root: picked.desk.root, task: picked.view.request.id }, picked.view.request.title);
}

const KINDS: Readonly<Record<"csv" | "md", SavedKind>> = {
  csv: { name: "CSV", extension: "csv" },
  md: { name: "Markdown", extension: "md" },
};

/** Without a report's URI that of the active editor; `format` (`csv`, `md`) and `to` (a file's URI) spare the questions. */
export async function exportCostReport(host: Host, report: unknown, format: unknown, to: unknown): Promise<void> {
  const uri = report instanceof Uri ? report : window.activeTextEditor?.document.uri;
  const subject = uri === undefined ? undefined : subjectAt(uri);
  if (subject === undefined) throw new CountersignError("notFound", "No cost report is open. Open one first (Countersign: Cost Report).");
  const kind = oneOf(["csv", "md"], format) ?? (await pickFormat());
  if (kind === undefined) return;
  const { rows, scope, now } = await costsOf(host.desks, subject);
  const text = kind === "csv" ? costCsv(rows) : printCostReport(costReport(rows, scope, now));
  const name = subject.kind === "task" ? `cost-${subject.task}` : `cost-${subject.kind}-${now.toISOString().slice(0, 10)}`;
  await saveFile(host, { title: "Save the cost report", name, kind: KINDS[kind], text }, to instanceof Uri ? to : undefined);
}

async function pickFormat(): Promise<"csv" | "md" | undefined> {
  const answer = await pickOne(
    [
      { label: "$(table) CSV", description: "for a spreadsheet: one line for each day, task, role, phase and model", value: "csv" as const },
      { label: "$(markdown) Markdown", description: "as it is shown", value: "md" as const },
    ],
    { title: "Export the cost report", placeholder: "As what?" },
  );
  return answer.kind === "picked" ? answer.value : undefined;
}
