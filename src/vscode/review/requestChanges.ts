// Sends a task back with what the user wants changed: a text, the comments on lines, or both. Another attempt begins.
import { Range, ThemeIcon, commands, window, workspace, type Disposable, type QuickInputButton } from "vscode";
import { CountersignError } from "../../core/domain/errors";
import type { TaskView } from "../../core/projections/taskView";
import { counted } from "../../shared/figures";
import type { Host } from "../host";
import { startTask } from "../commands/startTask";
import { pickTask, type PickedTask } from "../pickTask";
import { report } from "../run";
import { targetOf, type TaskRef } from "../taskRef";
import { targetOrActive } from "./activeReview";
import { requestAt, requestUri } from "./requestDocuments";
import { goAlong, sendRequest } from "./sendRequest";
import { messageText } from "../messageText";

const WRITE: QuickInputButton = { iconPath: new ThemeIcon("edit"), tooltip: "Write it in an editor" };

export class RequestCommands {
  constructor(private readonly host: Host) {}

  /** `text` in the argument stands for the question. */
  async request(argument: unknown): Promise<void> {
    const fits = (view: TaskView): boolean => isRequestable(view);
    const none = "No task waits for your review: there is nothing to request changes of.";
    const picked = await pickTask(this.host, targetOrActive(argument), { title: "Request changes of which task?", fits, none });
    if (picked === undefined) return;
    assertRequestable(picked.view);
    const text = textIn(argument) ?? (await this.#ask(picked));
    if (text !== undefined) await this.#send(picked, text);
  }

  /** What stands in the editor that the request is written in. */
  async sendWritten(): Promise<void> {
    const document = window.activeTextEditor?.document;
    const ref = document === undefined ? undefined : requestAt(document.uri);
    if (document === undefined || ref === undefined) throw new CountersignError("badRequest", "There is no request in the active editor. Begin one with Request Changes.");
    const picked = await this.host.desks.find(ref);
    assertRequestable(picked.view);
    await this.#send(picked, document.getText());
    await this.#close(ref);
  }

  async #send(picked: PickedTask, said: string): Promise<void> {
    const { desk } = picked;
    const { view, comments } = await sendRequest(this.host, picked, said);
    const { id, title } = view.request;
    const along = comments === 0 ? "" : ` with ${counted(comments, "comment")}`;
    if (!(await startTask(this.host, { desk, view }))) return this.#tell(`“${title}” was sent back${along}. The next attempt begins when you run it.`);
    this.#tell(desk.queue.isRunning(id) ? `“${title}” was sent back${along}: the next attempt has begun.` : `“${title}” was sent back${along} and waits for its turn.`);
  }

  /** undefined: the user left, or goes on in an editor. */
  #ask({ desk, view }: PickedTask): Promise<string | undefined> {
    const ref = { root: desk.root, task: view.request.id };
    const count = this.host.drafts.pending(ref);
    const box = window.createInputBox();
    box.title = `Request changes: ${view.request.title}`;
    box.placeholder = "What should the next attempt do differently?";
    box.prompt = goAlong(count) || "Lines can be commented on in the diff, too.";
    box.buttons = [WRITE];
    box.ignoreFocusOut = true;
    return new Promise((resolve) => {
      const subscriptions: Disposable[] = [
        box.onDidChangeValue(() => {
          box.validationMessage = undefined;
        }),
        box.onDidAccept(() => {
          if (box.value.trim() === "" && count === 0) box.validationMessage = "Say what should be different, or comment on lines of the diff first.";
          else finish(box.value);
        }),
        box.onDidTriggerButton(() => {
          this.#write(ref, box.value).catch((error: unknown) => report(this.host, error));
          finish(undefined);
        }),
        box.onDidHide(() => finish(undefined)),
      ];
      const finish = (text: string | undefined): void => {
        resolve(text);
        for (const subscription of subscriptions) subscription.dispose();
        box.dispose();
      };
      box.show();
    });
  }

  /** Goes on with what was typed so far, behind what was written there before. */
  async #write(ref: TaskRef, typed: string): Promise<void> {
    const uri = requestUri(ref);
    const document = await workspace.openTextDocument(uri);
    const editor = await window.showTextDocument(document, { preview: false });
    if (typed.trim() === "") return;
    const end = document.lineAt(document.lineCount - 1).range.end;
    const gap = document.getText() === "" ? "" : "\n\n";
    await editor.edit((edit) => edit.replace(new Range(end, end), `${gap}${typed}`));
  }

  async #close(ref: TaskRef): Promise<void> {
    const uri = requestUri(ref);
    await workspace.fs.writeFile(uri, new Uint8Array());
    await window.showTextDocument(uri, { preview: false });
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }

  #tell(text: string): void {
    window.showInformationMessage(messageText(text)).then(undefined, (error: unknown) => report(this.host, error));
  }
}

/** A task in review, or one that was escalated: the next attempt is another try. */
export function isRequestable(view: TaskView): boolean {
  return view.status === "review" || view.status === "escalated";
}

function assertRequestable(view: TaskView): void {
  if (isRequestable(view)) return;
  const { title } = view.request;
  const what = view.status === "running" ? "is running: your comments are kept, and can be sent when the attempt has ended" : `is ${view.status.replace("_", " ")}: nothing can be requested of it`;
  throw new CountersignError("conflict", `“${title}” ${what}.`);
}

function textIn(argument: unknown): string | undefined {
  if (targetOf(argument) === undefined || typeof argument !== "object" || argument === null || !("text" in argument)) return undefined;
  return typeof argument.text === "string" ? argument.text : undefined;
}
