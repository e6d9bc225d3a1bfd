// Cost reports as read-only documents: they say what the journal says now, and say it anew while models are called.
import { CodeLens, Range, workspace, type CodeLensProvider, type Disposable, type Uri } from "vscode";
import type { DeskChange } from "../../core/desk/taskDesk";
import { CountersignError } from "../../core/domain/errors";
import type { CostRow } from "../../core/ports/taskStore";
import { costFilter, costReport, type CostScope } from "../../core/reports/costReport";
import { printCostReport } from "../../core/reports/printCosts";
import type { Desks } from "../desks";
import { Coalescer } from "../views/coalescer";
import { systemTimers } from "../views/timers";
import { subjectAt, type CostSubject } from "./costUri";
import type { MadeFile, ReadonlyFiles } from "./readonlyFiles";
import { REPORT_SCHEME } from "./schemes";

const GAP_MS = 1000;

export interface Costs {
  readonly scope: CostScope;
  readonly rows: readonly CostRow[];
  readonly now: Date;
}

/** What a report is made of. Rejects with `notFound` for a task or folder that is gone. */
export async function costsOf(desks: Desks, subject: CostSubject): Promise<Costs> {
  const now = new Date();
  if (subject.kind === "task") {
    const { desk, view } = await desks.find(subject);
    const scope: CostScope = { kind: "task", task: view.request };
    return { scope, now, rows: await desk.costs(costFilter(scope, now)) };
  }
  const rows = await Promise.all((await desks.all()).map((desk) => desk.costs(costFilter(subject, now))));
  return { scope: { kind: subject.kind }, now, rows: rows.flat() };
}

export class CostReports implements Disposable {
  readonly #refresh: Coalescer<DeskChange["kind"]>;
  readonly #subscription: Disposable;
  /** Grows with every change, so that the editor reads again. */
  #modified = Date.now();

  constructor(
    private readonly desks: Desks,
    private readonly files: ReadonlyFiles,
  ) {
    this.#refresh = new Coalescer(systemTimers, GAP_MS, () => this.refresh());
    this.#subscription = desks.onDidChange(({ change }) => {
      if (changesCosts(change)) this.#refresh.add([change.kind]);
    });
  }

  /** Reports that are open are made anew. */
  refresh(): void {
    const open = workspace.textDocuments.filter(({ uri }) => uri.scheme === REPORT_SCHEME);
    if (open.length === 0) return;
    this.#modified = Math.max(Date.now(), this.#modified + 1);
    for (const { uri } of open) this.files.changed(uri);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#refresh.dispose();
  }

  async print(uri: Uri): Promise<MadeFile> {
    const subject = subjectAt(uri);
    if (subject === undefined) throw new CountersignError("notFound", "There is no such cost report.");
    const { rows, scope, now } = await costsOf(this.desks, subject);
    return { bytes: Buffer.from(printCostReport(costReport(rows, scope, now))), modified: this.#modified };
  }
}

function changesCosts(change: DeskChange): boolean {
  return change.kind === "reset" || (change.kind === "event" && (change.event.kind === "turnCompleted" || change.event.kind === "callFailed"));
}

/** What can be done with a report, above its title. */
export const costLenses: CodeLensProvider = {
  provideCodeLenses({ uri }) {
    const top = new Range(0, 0, 0, 0);
    const lens = (title: string, command: string, ...args: readonly unknown[]): CodeLens => new CodeLens(top, { title, command, arguments: [...args] });
    return [
      lens("$(table) Export as CSV…", "countersign.exportCostReport", uri, "csv"),
      lens("$(markdown) Export as Markdown…", "countersign.exportCostReport", uri, "md"),
      lens("$(open-preview) Open preview", "markdown.showPreview", uri),
    ];
  },
};
