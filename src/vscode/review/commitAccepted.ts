// Makes a commit of accepted changes on the user's branch, as the user would: their hooks and signing run.
import { ProgressLocation, window } from "vscode";
import { commitMessageFor } from "../../core/projections/commitMessage";
import type { TaskView } from "../../core/projections/taskView";
import type { Host } from "../host";
import { pickTask, type PickedTask } from "../pickTask";
import { targetOrActive } from "./activeReview";
import { messageText } from "../messageText";

export function isCommittable({ accepted, committed, base }: TaskView): boolean {
  return accepted !== null && accepted.applied.length > 0 && committed === null && base?.shadow === false;
}

export async function commitAcceptedOf(host: Host, argument: unknown): Promise<void> {
  const options = { title: "Commit the accepted changes of which task?", fits: isCommittable, none: "No accepted changes wait for a commit." };
  const picked = await pickTask(host, targetOrActive(argument), options);
  if (picked !== undefined) await commitAccepted(host, picked, { ask: true });
}

export async function commitAccepted(host: Host, { desk, view }: PickedTask, { ask }: { readonly ask: boolean }): Promise<void> {
  const proposed = commitMessageFor(view);
  const message = ask ? await askFor(proposed) : proposed;
  if (message === undefined) return;
  const { id, title } = view.request;
  const controller = new AbortController();
  const options = { location: ProgressLocation.Notification, title: `Committing “${title}”`, cancellable: true };
  const { commit } = await window.withProgress(options, (_progress, token) => {
    token.onCancellationRequested(() => controller.abort());
    return desk.act(id, (harness, current) => harness.commitAccepted(current, message, controller.signal));
  });
  window.showInformationMessage(messageText(`Committed “${title}” as ${commit.slice(0, 10)}.`)).then(undefined, (error: unknown) => host.log.warn(String(error)));
}

/** The first line is asked for; the rest, which says what was done, stays. */
async function askFor(proposed: string): Promise<string | undefined> {
  const [subject = "", ...body] = proposed.split("\n");
  const prompt = body.length === 0 ? "First line of the commit message" : "First line of the commit message; what the plan says follows it";
  const validateInput = (text: string): string | undefined => (text.trim() === "" ? "A commit needs a message." : undefined);
  const said = await window.showInputBox({ title: "Commit accepted changes", value: subject, prompt, validateInput });
  return said === undefined ? undefined : [said.trim(), ...body].join("\n");
}
