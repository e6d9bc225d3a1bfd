// Takes back what was accepted. No question is asked: it can be accepted again, and what the user has changed stays.
import { ProgressLocation, window } from "vscode";
import type { TaskView } from "../../core/projections/taskView";
import type { Host } from "../host";
import { pickTask } from "../pickTask";
import { report } from "../run";
import { targetOrActive } from "./activeReview";
import { openText, type ConflictEditors } from "./conflicts";
import { saveBefore } from "./unsavedFiles";
import { messageText } from "../messageText";

export async function undoAccept(host: Host, conflicts: ConflictEditors, argument: unknown): Promise<void> {
  const fits = (view: TaskView): boolean => view.accepted !== null && (view.status === "accepted" || view.status === "review");
  const picked = await pickTask(host, targetOrActive(argument), { title: "Undo which accept?", fits, none: "Nothing was accepted that could be undone." });
  if (picked === undefined) return;
  const { desk, view } = picked;
  const { id, title } = view.request;
  const files = [...(view.accepted?.applied ?? []), ...(view.accepted?.conflicts ?? [])];
  const close = view.base === null ? undefined : await conflicts.rewind(view.base, view.accepted?.conflicts ?? []);
  if (!(await saveBefore("Undo", desk.root, files))) return;
  const { result } = await window.withProgress({ location: ProgressLocation.Notification, title: `Undoing the accept of “${title}”` }, () =>
    desk.act(id, (harness, current) => harness.undoAccept(current)),
  );
  if (result.conflicts.length === 0) {
    tell(host, `Took back “${title}”. Your files are as before the accept, and the task waits for your review again.`);
  } else {
    for (const file of result.conflicts.slice(0, 5)) if (view.base !== null) await openText(view.base, file);
    tell(host, `Took back “${title}”, but you have changed the same lines of ${result.conflicts.join(", ")} since: both versions are marked there.`);
  }
  await close?.();
}

/** Nothing waits for a message to be read. */
function tell(host: Host, text: string): void {
  window.showInformationMessage(messageText(text)).then(undefined, (error: unknown) => report(host, error));
}
