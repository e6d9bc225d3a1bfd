// Which document or review the user looks at: of a cursor, a tab, or the menu that a command was chosen in.
import { Uri, window, type Tab, type TextEditor } from "vscode";
import { targetOf, type Target } from "../taskRef";
import { documentAt, type AttemptDocument } from "./attemptDocument";

/** The editor with the cursor, when it shows a document of ours; inside a diff editor that is one of its sides. */
export function activeEditor(): { readonly editor: TextEditor; readonly document: AttemptDocument } | undefined {
  const editor = window.activeTextEditor;
  const document = editor === undefined ? undefined : documentAt(editor.document.uri);
  return editor === undefined || document === undefined ? undefined : { editor, document };
}

/** What the active editor is about, wherever the cursor is. */
export function activeDocument(): AttemptDocument | undefined {
  const tab = window.tabGroups.activeTabGroup.activeTab;
  return activeEditor()?.document ?? (tab === undefined ? undefined : documentsIn(tab)[0]);
}

/** What a command is about: its argument, the document of the menu that it was chosen in, else the active editor's. */
export function targetOrActive(argument: unknown): Target | undefined {
  const target = targetOf(argument);
  if (target !== undefined) return target;
  const document = documentOfMenu(argument) ?? activeDocument();
  return document === undefined ? undefined : { root: document.root, task: document.task, path: document.path, attempt: document.attempt };
}

/** Menus pass a URI, or one with a line number. */
export function documentOfMenu(argument: unknown): AttemptDocument | undefined {
  const candidate = isRecord(argument) && argument["uri"] instanceof Uri ? argument["uri"] : argument;
  return candidate instanceof Uri ? documentAt(candidate) : undefined;
}

/** The documents of ours that a tab shows; of a diff the right side first. */
export function documentsIn(tab: Tab): readonly AttemptDocument[] {
  return urisIn(tab.input).flatMap((uri) => documentAt(uri) ?? []);
}

/** A tab of the multi-diff editor has no type in the API yet, but says which files it shows that have both sides. */
export function isMultiDiff({ input }: Tab): boolean {
  return isRecord(input) && Array.isArray(input["textDiffs"]);
}

/** Of texts, diffs, pictures and multi-diff editors. */
function urisIn(input: unknown): readonly Uri[] {
  if (!isRecord(input)) return [];
  const own = [input["uri"], input["modified"], input["original"]].filter((value) => value instanceof Uri);
  return Array.isArray(input["textDiffs"]) ? [...own, ...input["textDiffs"].flatMap(urisIn)] : own;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
