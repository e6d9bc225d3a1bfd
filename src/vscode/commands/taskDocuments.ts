// Documents in which people write what a task shall do, where one line is too little. A lens above the text goes on with
// the questions; a closed document is kept as the draft.
import { CodeLens, EventEmitter, Range, commands, languages, window, workspace, type CodeLensProvider, type Disposable, type TextDocument, type Uri } from "vscode";
import type { Host } from "../host";
import { command, report } from "../run";
import { DraftStore, type NewTaskOptions, type TaskDraft } from "./taskDraft";

const COMMAND = "newTaskFromDocument";

export class TaskDocuments implements Disposable, CodeLensProvider {
  readonly #drafts = new Map<string, TaskDraft>();
  readonly #lenses = new EventEmitter<void>();
  readonly #subscriptions: readonly Disposable[];
  readonly onDidChangeCodeLenses = this.#lenses.event;

  /** `goOn` asks the rest and says whether a task was created. */
  constructor(
    private readonly host: Host,
    private readonly goOn: (options: NewTaskOptions) => Promise<boolean>,
  ) {
    this.#subscriptions = [
      languages.registerCodeLensProvider({ scheme: "untitled" }, this),
      command(host, COMMAND, (uri) => this.#create(uri as Uri)),
      workspace.onDidCloseTextDocument((document) => this.#closed(document)),
      this.#lenses,
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  open(draft: TaskDraft): void {
    this.#show(draft).catch((error: unknown) => report(this.host, error));
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    if (!this.#drafts.has(document.uri.toString())) return [];
    const top = new Range(0, 0, 0, 0);
    const ours = { command: `countersign.${COMMAND}`, arguments: [document.uri] };
    return [new CodeLens(top, { ...ours, title: "$(arrow-right) Create a Countersign task from this text…" }), new CodeLens(top, { command: "", title: "The first line becomes the title" })];
  }

  async #show(draft: TaskDraft): Promise<void> {
    const document = await workspace.openTextDocument({ language: "markdown", content: draft.text });
    this.#drafts.set(document.uri.toString(), draft);
    const end = document.lineAt(document.lineCount - 1).range.end;
    await window.showTextDocument(document, { selection: new Range(end, end) });
    this.#lenses.fire();
  }

  async #create(uri: Uri): Promise<boolean> {
    const document = workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    const draft = document === undefined ? undefined : this.#drafts.get(uri.toString());
    if (document === undefined || draft === undefined) return false;
    const { category, profile, attachments, approvePlan, about, folder } = draft;
    const options = { text: document.getText(), category, profile, attachments, approvePlan, about, ...(folder === null ? {} : { folder: folder.uri.fsPath }) };
    if (!(await this.goOn(options))) return false;
    this.#drafts.delete(uri.toString());
    await new DraftStore(this.host.context.workspaceState).clear();
    await window.showTextDocument(document);
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    return true;
  }

  #closed(document: TextDocument): void {
    const draft = this.#drafts.get(document.uri.toString());
    if (draft === undefined) return;
    this.#drafts.delete(document.uri.toString());
    const text = document.getText().trim() === "" ? draft.text : document.getText();
    new DraftStore(this.host.context.workspaceState).keep({ ...draft, text }).catch((error: unknown) => report(this.host, error));
  }
}
