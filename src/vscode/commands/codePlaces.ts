// Where in the code a task comes from: the document, its place in the repository, and what stands around the cursor.
import { DiagnosticSeverity, Range, Uri, languages, window, workspace, type Diagnostic, type TextDocument, type WorkspaceFolder } from "vscode";
import { CountersignError } from "../../core/domain/errors";
import { isRecord } from "../record";
import { pathOnDesk } from "./paths";
import type { CodePlace, ProblemText } from "./taskTexts";
import { todoAt, type Todo } from "./todo";

export interface DocumentPlace {
  readonly document: TextDocument;
  readonly folder: WorkspaceFolder;
  readonly range: Range;
}

/** `argument`: a file's address and a range, from a lightbulb; else the active editor and its selection. */
export async function documentPlace(argument: unknown): Promise<DocumentPlace> {
  const asked = isRecord(argument) && argument["uri"] instanceof Uri ? { uri: argument["uri"], range: argument["range"] } : undefined;
  const editor = window.activeTextEditor;
  const document = asked === undefined ? editor?.document : await workspace.openTextDocument(asked.uri);
  if (document === undefined) throw new CountersignError("badRequest", "No file is open in an editor. Open one and put the cursor where the task begins.");
  const folder = workspace.getWorkspaceFolder(document.uri);
  if (folder === undefined || document.uri.scheme !== "file") {
    throw new CountersignError("badRequest", `${document.isUntitled ? "This text" : document.uri.path} is no file of a folder that is open in this window, so agents could not read it. Save it there first.`);
  }
  const range = asked?.range instanceof Range ? asked.range : editor?.document === document ? editor.selection : new Range(0, 0, 0, 0);
  return { document, folder, range };
}

/** The lines of `range` as a task names them. Throws where the file lies outside of the repository. */
export async function codePlace(root: string, { document, range }: Pick<DocumentPlace, "document" | "range">): Promise<CodePlace> {
  const path = await pathOnDesk(root, document.uri.fsPath);
  if (path === null) throw new CountersignError("notAllowed", `${document.uri.fsPath} lies outside of ${root}, where agents cannot read it.`);
  // A selection that ends at a line's beginning does not mean that line.
  const last = range.end.character === 0 && range.end.line > range.start.line ? range.end.line - 1 : range.end.line;
  const code = document.getText(new Range(range.start.line, 0, last, document.lineAt(last).text.length));
  return { path, line: range.start.line + 1, endLine: last + 1, code, language: document.languageId };
}

/** The problems at a range, worst first. */
export function problemsAt({ document, range }: Pick<DocumentPlace, "document" | "range">): readonly Diagnostic[] {
  const lines = new Range(range.start.line, 0, range.end.line, Number.MAX_SAFE_INTEGER);
  const there = languages.getDiagnostics(document.uri).filter((diagnostic) => diagnostic.severity !== DiagnosticSeverity.Hint);
  const exact = there.filter((diagnostic) => diagnostic.range.intersection(range) !== undefined);
  const found = exact.length > 0 ? exact : there.filter((diagnostic) => diagnostic.range.intersection(lines) !== undefined);
  return found.toSorted((a, b) => a.severity - b.severity);
}

export function problemText({ message, source, code }: Pick<Diagnostic, "message" | "source" | "code">): ProblemText {
  const value = typeof code === "object" ? code.value : code;
  const number = value === undefined ? "" : String(value);
  return { message, source: source === undefined ? number : number === "" ? source : `${source}(${number})` };
}

export function todoIn(document: TextDocument, line: number): Todo | null {
  return todoAt(line, (index) => (index < document.lineCount ? document.lineAt(index).text : undefined));
}
