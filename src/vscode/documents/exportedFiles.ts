// What an export of everything holds, file by file: nothing is kept in memory longer than it takes to be written. A part
// that cannot be read does not keep the others back; it is named in the last file.
import { planFileOf } from "../../core/handoff/planNames";
import { FileType, Uri, workspace } from "vscode";
import { messageOf } from "../../core/domain/errors";
import type { SessionView } from "../../core/projections/taskView";
import { UTC_STAMP } from "../../core/reports/printTranscript";
import { printTaskReport } from "../../core/reports/taskReport";
import { TranscriptText, textOf } from "../../core/reports/transcriptText";
import type { PickedTask } from "../pickTask";
import { entriesOf } from "./transcriptFiles";

export interface ExportedFile {
  /** Relative, `/`-separated. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export const PROBLEMS_FILE = "not-exported.txt";

/** The task's report; `hasLogs`: everything else lies beside it. */
export async function reportOf({ desk, view }: PickedTask, version: string, hasLogs: boolean): Promise<string> {
  const plan = await readText(Uri.file(desk.files.planFile(view.request.id, planFileOf(view))));
  const events = await desk.events(view.request.id);
  return printTaskReport({ view, events, plan, now: new Date().toISOString(), version, hasLogs });
}

export async function* everythingOf(task: PickedTask, version: string): AsyncGenerator<ExportedFile> {
  const problems: string[] = [];
  const text = async (path: string, make: () => Promise<string | null>): Promise<readonly ExportedFile[]> => {
    try {
      const made = await make();
      return made === null ? [] : [{ path, bytes: Buffer.from(made) }];
    } catch (error) {
      problems.push(`${path}: ${messageOf(error)}`);
      return [];
    }
  };
  yield* await text("report.md", () => reportOf(task, version, true));
  yield* await text("events.ndjson", () => eventsOf(task));
  yield* await text("diff.patch", () => diffOf(task));
  for (const session of task.view.sessions) yield* await text(`transcripts/${session.id}.md`, () => transcriptOf(task, session));
  yield* handoffFiles(task, problems);
  if (problems.length > 0) yield { path: PROBLEMS_FILE, bytes: Buffer.from(`These parts could not be read and are missing here:\n\n${problems.join("\n")}\n`) };
}

async function eventsOf({ desk, view }: PickedTask): Promise<string> {
  const events = await desk.events(view.request.id);
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

/** The attempt that the user has chosen, or the last one that was committed; null before the first. */
async function diffOf({ desk, view }: PickedTask): Promise<string | null> {
  const commit = view.attempts.findLast(({ commit: made, attempt }) => made !== null && attempt === (view.chosen ?? attempt))?.commit ?? null;
  return view.base === null || commit === null ? null : desk.files.diff(view.base, view.base.commit, commit);
}

async function transcriptOf({ desk, view }: PickedTask, session: SessionView): Promise<string> {
  const text = new TranscriptText(session.id, { stamp: UTC_STAMP, maxBytes: Infinity });
  for (const event of await desk.events(view.request.id)) text.apply(event);
  text.add(await entriesOf(desk, { root: desk.root, task: view.request.id, session: session.id }));
  return textOf(text.pieces(view, session, session.endedAt === null ? "interrupted" : "ended"));
}

/** Everything in the task's folder; links are not followed. */
async function* handoffFiles({ desk, view }: PickedTask, problems: string[]): AsyncGenerator<ExportedFile> {
  const root = Uri.file(desk.files.planFile(view.request.id, ""));
  const open = [""];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const [name, type] of await listed(Uri.joinPath(root, folder))) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (type === FileType.Directory) open.push(path);
      if (type !== FileType.File) continue;
      try {
        yield { path, bytes: await workspace.fs.readFile(Uri.joinPath(root, path)) };
      } catch (error) {
        problems.push(`${path}: ${messageOf(error)}`);
      }
    }
  }
}

/** Of a folder that is gone there is nothing to list. */
async function listed(folder: Uri): Promise<readonly [string, FileType][]> {
  try {
    return (await workspace.fs.readDirectory(folder)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  } catch {
    // The journal, from which the report is made, does not need it.
    return [];
  }
}

async function readText(uri: Uri): Promise<string | null> {
  try {
    return Buffer.from(await workspace.fs.readFile(uri)).toString("utf8");
  } catch {
    // The report says that it is not there.
    return null;
  }
}
