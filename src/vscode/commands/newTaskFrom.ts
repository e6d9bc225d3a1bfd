// New Task from somewhere: a selection, files of the explorer, a problem, a TODO comment.
import { Range, Uri, window, workspace, type Diagnostic } from "vscode";
import { CountersignError } from "../../core/domain/errors";
import { pickOne } from "../ask";
import type { Host } from "../host";
import { isRecord } from "../record";
import type { HasTarget } from "../taskRef";
import { inform } from "../tell";
import { codePlace, documentPlace, problemText, problemsAt, todoIn, type DocumentPlace } from "./codePlaces";
import { taskFolders } from "./folders";
import { listed } from "./lines";
import { newTask } from "./newTask";
import { pathOnDesk } from "./paths";
import { newTaskOptions, type NewTaskOptions } from "./taskDraft";
import { aboutSelection, placeText, problemTask, todoTask, type ProblemText } from "./taskTexts";
import type { TaskDocuments } from "./taskDocuments";

type Made = Promise<HasTarget | undefined>;

/** The selection is what the task is about; in a text that is no file it is the task itself. */
export async function newTaskFromSelection(host: Host, documents: TaskDocuments, argument: unknown): Made {
  const options = newTaskOptions(argument);
  const editor = window.activeTextEditor;
  if (editor !== undefined && workspace.getWorkspaceFolder(editor.document.uri) === undefined) {
    const text = editor.selection.isEmpty ? editor.document.getText() : editor.document.getText(editor.selection);
    return newTask(host, documents, { ...options, text: options.text ?? text });
  }
  if (taskFolders(host).length === 0) return undefined;
  const place = await documentPlace(argument);
  if (place.range.isEmpty) return tellNothing(host, "Select the lines that the task is about first.");
  const desk = await host.desks.of(place.folder);
  const code = await codePlace(desk.root, place);
  return newTask(host, documents, { ...at(place, code.path, options), about: aboutSelection(code) }, { hint: `What shall be done with ${placeText(code)}?` });
}

export async function newTaskFromExplorer(host: Host, documents: TaskDocuments, args: readonly unknown[]): Made {
  const [argument, several, more] = args;
  const options = newTaskOptions(isRecord(argument) && !(argument instanceof Uri) ? argument : more);
  const uris = (Array.isArray(several) && several.length > 0 ? several : [argument]).filter((uri) => uri instanceof Uri);
  const [first] = uris;
  if (first === undefined) return newTask(host, documents, options);
  if (taskFolders(host).length === 0) return undefined;
  const folder = workspace.getWorkspaceFolder(first);
  if (folder === undefined) throw new CountersignError("badRequest", `${first.fsPath} is in no folder of this window.`);
  const desk = await host.desks.of(folder);
  const paths = await Promise.all(uris.map((uri) => pathOnDesk(desk.root, uri.fsPath)));
  const attachments = paths.flatMap((path) => (path === null || path === "" ? [] : path));
  if (attachments.length < uris.length && attachments.length === 0) throw new CountersignError("badRequest", `${first.fsPath} lies outside of ${desk.root}, where agents cannot read it.`);
  return newTask(host, documents, { ...options, attachments, folder: folder.uri.fsPath }, { hint: `With ${listed(attachments)} attached. What shall be done?` });
}

export async function newTaskFromProblem(host: Host, documents: TaskDocuments, argument: unknown): Made {
  if (taskFolders(host).length === 0) return undefined;
  const place = await documentPlace(argument);
  const problem = givenProblem(argument) ?? (await chosenProblem(problemsAt(place)));
  if (problem === null) return undefined;
  if (problem === undefined) return tellNothing(host, "There is no problem at the cursor. Put it where an error or a warning is underlined.");
  const desk = await host.desks.of(place.folder);
  const code = await codePlace(desk.root, { ...place, range: withContext(place) });
  const { text, about } = problemTask(problem, { ...code, line: place.range.start.line + 1, endLine: place.range.end.line + 1 });
  return newTask(host, documents, { text, ...at(place, code.path, newTaskOptions(argument)), about }, { hint: `About a problem in ${placeText(code)}.` });
}

function givenProblem(argument: unknown): ProblemText | null {
  const given = isRecord(argument) ? argument["problem"] : undefined;
  if (!isRecord(given) || typeof given["message"] !== "string") return null;
  return { message: given["message"], source: typeof given["source"] === "string" ? given["source"] : "" };
}

/** undefined: none is there; null: the person left. */
async function chosenProblem(problems: readonly Diagnostic[]): Promise<ProblemText | undefined | null> {
  const [first] = problems;
  if (first === undefined || problems.length === 1) return first === undefined ? undefined : problemText(first);
  const choices = problems.map((problem) => {
    const said = problemText(problem);
    return { label: said.message.split("\n", 1)[0] ?? "", description: said.source, value: said };
  });
  const answer = await pickOne(choices, { title: "New Task from Problem", placeholder: "Which one?" });
  return answer.kind === "picked" ? answer.value : null;
}

export async function newTaskFromTodo(host: Host, documents: TaskDocuments, argument: unknown): Made {
  if (taskFolders(host).length === 0) return undefined;
  const place = await documentPlace(argument);
  const todo = todoIn(place.document, place.range.start.line);
  if (todo === null) return tellNothing(host, "There is no TODO or FIXME comment at the cursor.");
  const desk = await host.desks.of(place.folder);
  const code = await codePlace(desk.root, { ...place, range: new Range(todo.from, 0, todo.to, Number.MAX_SAFE_INTEGER) });
  const { text, about } = todoTask(todo, code);
  return newTask(host, documents, { text, ...at(place, code.path, newTaskOptions(argument)), about }, { hint: `From the ${todo.tag} comment in ${placeText(code)}.` });
}

/** What the command was told wins; the file itself is attached in any case. */
function at(place: DocumentPlace, path: string, options: NewTaskOptions): NewTaskOptions {
  return { ...options, attachments: [...new Set([path, ...(options.attachments ?? [])])], folder: place.folder.uri.fsPath };
}

/** The lines of a problem and two on either side: a message alone is often not enough. */
function withContext({ document, range }: DocumentPlace): Range {
  return new Range(Math.max(0, range.start.line - 2), 0, Math.min(document.lineCount - 1, range.end.line + 2), Number.MAX_SAFE_INTEGER);
}

function tellNothing(host: Host, text: string): undefined {
  inform(host, text);
}
