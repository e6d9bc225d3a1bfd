// Opens a session's transcript: that of a tree item or link, else the one that the user picks.
import { TabInputText, window, workspace, type TextEditor, type Uri } from "vscode";
import { modelName } from "../../core/domain/scriptModel";
import { CountersignError } from "../../core/domain/errors";
import type { SessionView, TaskView } from "../../core/projections/taskView";
import { costText, tokensText } from "../../core/reports/figures";
import { sessionTitle } from "../../core/reports/printTranscript";
import { ago, counted } from "../../shared/figures";
import { pickOne } from "../ask";
import type { Host } from "../host";
import { pickTask, type PickedTask } from "../pickTask";
import { targetOf } from "../taskRef";
import type { TranscriptReading } from "./transcriptReading";
import { transcriptUri } from "./transcriptUri";

const NO_SESSION = "No agent has worked yet: a transcript is there once a task runs.";

export async function showTranscript(host: Host, reading: TranscriptReading, argument: unknown): Promise<void> {
  const options = { title: "Show a transcript of which task?", fits: (view: TaskView) => view.sessions.length > 0, none: NO_SESSION };
  const picked = await pickTask(host, argument, options);
  if (picked === undefined) return;
  const session = await sessionOf(picked, targetOf(argument)?.session);
  if (session === undefined) return;
  const uri = transcriptUri(picked.desk.root, picked.view, session);
  const wasOpen = isInATab(uri);
  const editor = await open(uri);
  if (!wasOpen) await reading.begin(editor, isLive(picked, session));
}

async function sessionOf(picked: PickedTask, wanted: string | undefined): Promise<SessionView | undefined> {
  const { sessions, request } = picked.view;
  if (wanted !== undefined) {
    const found = sessions.find(({ id }) => id === wanted);
    if (found === undefined) throw new CountersignError("notFound", `Task "${request.title}" has no session ${wanted}. It may have been removed with its journal.`);
    return found;
  }
  if (sessions.length === 0) throw new CountersignError("notFound", `No agent has worked on "${request.title}" yet: a transcript is there once it runs.`);
  if (sessions.length === 1) return sessions[0];
  const answer = await pickOne(
    sessions.toReversed().map((session) => ({
      label: `${isLive(picked, session) ? "$(pulse)" : "$(comment-discussion)"} ${sessionTitle(session)}`,
      description: `${modelName(session.model)} · ${ago(session.startedAt, Date.now())}`,
      detail: `${counted(session.turns, "turn")}, ${counted(session.toolCalls, "tool call")} · ${tokensText(session.usage)} · ${costText(session.cost)}`,
      value: session,
    })),
    { title: "Show which session?", placeholder: request.title },
  );
  return answer.kind === "picked" ? answer.value : undefined;
}

function isLive({ desk, view }: PickedTask, session: SessionView): boolean {
  return session.endedAt === null && view.status === "running" && !desk.isInterrupted(view);
}

async function open(uri: Uri): Promise<TextEditor> {
  const document = await workspace.openTextDocument(uri);
  return window.showTextDocument(document, { preview: true });
}

function isInATab(uri: Uri): boolean {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some(({ input }) => input instanceof TabInputText && input.uri.toString() === uri.toString());
}
