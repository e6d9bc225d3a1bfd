// The lightbulb's offers to hand a problem or a TODO comment to agents, and the context key of a TODO at the cursor.
import { CodeAction, CodeActionKind, DiagnosticSeverity, commands, languages, window, type CodeActionContext, type CodeActionProvider, type Disposable, type Range, type Selection, type TextDocument, type TextEditor } from "vscode";
import type { Host } from "../host";
import { report } from "../run";
import { problemText, todoIn } from "./codePlaces";
import { firstLineOf } from "./lines";

/** Below the fixes that are sure of themselves. */
const KIND = CodeActionKind.QuickFix.append("countersign");
/** Each problem is a row of the menu. */
const MOST_PROBLEMS = 3;

export function registerCodeActions(host: Host): readonly Disposable[] {
  const key = new TodoKey(host);
  key.look(window.activeTextEditor);
  return [
    languages.registerCodeActionsProvider({ scheme: "file" }, new Offers(), { providedCodeActionKinds: [KIND] }),
    window.onDidChangeTextEditorSelection(({ textEditor }) => key.look(textEditor)),
    window.onDidChangeActiveTextEditor((editor) => key.look(editor)),
  ];
}

class Offers implements CodeActionProvider {
  provideCodeActions(document: TextDocument, range: Range | Selection, { diagnostics }: CodeActionContext): CodeAction[] {
    const problems = diagnostics.filter(({ severity }) => severity !== DiagnosticSeverity.Hint).slice(0, MOST_PROBLEMS);
    const offers = problems.map((problem) => {
      const said = problemText(problem);
      const title = problems.length === 1 ? "Hand to Countersign" : `Hand to Countersign: ${firstLineOf(said.message, 50)}`;
      return offer(title, "newTaskFromProblem", { uri: document.uri, range: problem.range, problem: said });
    });
    const todo = todoIn(document, range.start.line);
    return todo === null ? offers : [...offers, offer(`Hand this ${todo.tag} to Countersign`, "newTaskFromTodo", { uri: document.uri, range })];
  }
}

function offer(title: string, name: string, argument: object): CodeAction {
  const action = new CodeAction(title, KIND);
  action.command = { title, command: `countersign.${name}`, arguments: [argument] };
  return action;
}

/** Told to the editor only when it changes: the cursor moves often. */
class TodoKey {
  #isTodo = false;

  constructor(private readonly host: Host) {}

  look(editor: TextEditor | undefined): void {
    const isTodo = editor !== undefined && editor.document.uri.scheme === "file" && todoIn(editor.document, editor.selection.active.line) !== null;
    if (isTodo === this.#isTodo) return;
    this.#isTodo = isTodo;
    commands.executeCommand("setContext", "countersign.todoAtCursor", isTodo).then(undefined, (error: unknown) => report(this.host, error));
  }
}
