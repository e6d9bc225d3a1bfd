// Sends a task back with a text and the comments on lines, whichever command it was that asked. What is on record is no
// draft any more.
import { CountersignError } from "../../core/domain/errors";
import type { TaskView } from "../../core/projections/taskView";
import { counted } from "../../shared/figures";
import type { Host } from "../host";
import type { PickedTask } from "../pickTask";
import { sentForm } from "./draftComments";

export interface SentRequest {
  /** Queued: the next attempt is still to be started. */
  readonly view: TaskView;
  readonly comments: number;
}

/** `said` may be empty where lines were commented on. Rejects with `badRequest` where nothing was said at all; drafts are kept then. */
export async function sendRequest({ drafts }: Pick<Host, "drafts">, { desk, view }: PickedTask, said: string): Promise<SentRequest> {
  const ref = { root: desk.root, task: view.request.id };
  const text = said.trim();
  const comments = drafts.of(ref);
  if (text === "" && comments.length === 0) throw new CountersignError("badRequest", "Nothing was sent: say what should be different, or comment on lines first.");
  const next = await desk.act(ref.task, (harness, current) => harness.requestChanges(current, { text, comments: comments.map(sentForm) }));
  // One by one: what was written meanwhile is still to be sent.
  for (const { id } of comments) await drafts.drop(ref, id);
  return { view: next, comments: comments.length };
}

/** e.g. `2 comments on lines go along; the text may stay empty.`; empty where there are none. */
export function goAlong(comments: number): string {
  return comments === 0 ? "" : `${counted(comments, "comment")} on lines ${comments === 1 ? "goes" : "go"} along; the text may stay empty.`;
}
