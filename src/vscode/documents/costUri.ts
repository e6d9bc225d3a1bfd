// Names a cost report as a URI that survives a reload of the window. Reads nothing.
import { Uri } from "vscode";
import type { TaskId } from "../../core/domain/task";
import { isRecord } from "../record";
import type { TaskRef } from "../taskRef";
import { REPORT_SCHEME } from "./schemes";
import { segment } from "./transcriptUri";

/** Whose costs: all folders' of a day or a week, or one task's. */
export type CostSubject = { readonly kind: "day" } | { readonly kind: "week" } | ({ readonly kind: "task" } & TaskRef);

/** `title` of the task, if it is about one. */
export function costUri(subject: CostSubject, title = ""): Uri {
  const name = subject.kind === "day" ? "Cost, today" : subject.kind === "week" ? "Cost, last 7 days" : `Cost of ${segment(title)}`;
  return Uri.from({ scheme: REPORT_SCHEME, path: `/${name}.md`, query: JSON.stringify(subject) });
}

/** undefined for any other URI, and for one that somebody else made up. */
export function subjectAt(uri: Uri): CostSubject | undefined {
  const query = uri.scheme === REPORT_SCHEME ? parsed(uri.query) : {};
  const { kind, root, task } = query;
  if (kind === "day" || kind === "week") return { kind };
  return kind === "task" && typeof root === "string" && typeof task === "string" ? { kind, root, task: task as TaskId } : undefined;
}

function parsed(query: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(query);
    return isRecord(value) ? value : {};
  } catch {
    // Not one of ours: whoever made it up is told that there is no such report.
    return {};
  }
}
