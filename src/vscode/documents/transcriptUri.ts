// Names a session's transcript, or one input or result of its calls in full, as a URI that survives a reload of the
// window. Reads nothing.
import { Uri } from "vscode";
import type { CallPlace } from "../../core/reports/findCall";
import { sessionTitle } from "../../core/reports/printTranscript";
import type { SessionId, TaskId } from "../../core/domain/task";
import type { SessionView, TaskView } from "../../core/projections/taskView";
import { isRecord, oneOf } from "../record";
import type { TaskRef } from "../taskRef";
import { TRANSCRIPT_SCHEME } from "./schemes";

/** The manifest gives documents in folders of this folder their language. */
const FOLDER = "Transcripts";
const LONGEST_TITLE = 60;

export interface TranscriptRef extends TaskRef {
  readonly session: SessionId;
}

export interface CallRef extends TranscriptRef {
  readonly call: CallPlace;
}

export function transcriptUri(root: string, view: TaskView, session: SessionView): Uri {
  const query = JSON.stringify({ root, task: view.request.id, session: session.id });
  return Uri.from({ scheme: TRANSCRIPT_SCHEME, path: `/${FOLDER}/${segment(view.request.title)}/${sessionTitle(session)}`, query });
}

/** The document of a call of the transcript `uri`; `info` is its language as in a code fence. */
export function callUri(uri: Uri, call: CallPlace): Uri {
  const query = JSON.stringify({ ...refAt(uri), call });
  return uri.with({ path: `${uri.path}/Call ${call.ordinal + 1}, ${call.part}`, query });
}

/** undefined for any other URI, and for one that somebody else made up. */
export function refAt(uri: Uri): TranscriptRef | CallRef | undefined {
  if (uri.scheme !== TRANSCRIPT_SCHEME) return undefined;
  const { root, task, session, call } = parsed(uri.query);
  if (typeof root !== "string" || typeof task !== "string" || typeof session !== "string") return undefined;
  const ref = { root, task: task as TaskId, session: session as SessionId };
  if (!isRecord(call)) return ref;
  const part = oneOf(["input", "result"], call["part"]);
  return typeof call["ordinal"] === "number" && part !== undefined ? { ...ref, call: { ordinal: call["ordinal"], part } } : undefined;
}

function parsed(query: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(query);
    return isRecord(value) ? value : {};
  } catch {
    // Not one of ours: whoever made it up is told that there is no such document.
    return {};
  }
}

/** A title as one segment of a path, as a tab and the bread crumbs show it. */
export function segment(title: string): string {
  const plain = title.replaceAll(/[/\\\p{Cc}]+/gu, " ").trim();
  return plain.length <= LONGEST_TITLE ? plain || "Task" : `${plain.slice(0, LONGEST_TITLE - 1)}…`;
}
