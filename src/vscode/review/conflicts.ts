// Brings conflicts to where they are solved: texts to the merge editor, over the commits that hold every side; what cannot
// be merged stands beside the user's file. Nothing is lost, whatever is done there.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { Uri, commands, window, workspace, type Tab } from "vscode";
import type { TaskBase } from "../../core/domain/workspace";
import type { TaskRef } from "../taskRef";
import { uriOf } from "./attemptDocument";

/** The editor's own; without a description in the API, but what its git extension opens conflicts with. */
const MERGE_EDITOR = "_open.mergeEditor";
/** More would be a wall of tabs. */
const OPENED_AT_ONCE = 5;
const MARKER = /^<{7} /m;
/** An editor looks at its file again soon after a change; on a busy machine some seconds later. */
const RELOAD_LIMIT_MS = 15_000;
/** A merge editor that has nothing more to say is quiet for so long. */
const QUIET_MS = 400;
const MOST_DRAFTS = 4;

export interface Conflicts extends TaskRef {
  readonly base: TaskBase;
  readonly attempt: number;
  /** The commits of the three sides. */
  readonly from: string;
  readonly yours: string;
  readonly theirs: string;
  readonly files: readonly string[];
}

export class ConflictEditors {
  /** The text with markers that a merge began from, by path on disk. */
  readonly #marked = new Map<string, string>();

  /** Returns which of the files can be merged in an editor, and the others. */
  async open(conflicts: Conflicts): Promise<{ readonly texts: readonly string[]; readonly others: readonly string[] }> {
    const read = await Promise.all(conflicts.files.map(async (file) => ({ file, marked: await markedText(path.join(conflicts.base.root, file)) })));
    const texts = read.flatMap(({ file, marked }) => (marked === null ? [] : [{ file, marked }]));
    const isThere = (await commands.getCommands(false)).includes(MERGE_EDITOR);
    // One after the other: editors that open together steal each other's place.
    for (const { file, marked } of texts.slice(0, OPENED_AT_ONCE)) {
      if (isThere) this.#marked.set(path.join(conflicts.base.root, file), marked);
      await (isThere ? openMergeEditor(conflicts, file) : openText(conflicts.base, file));
    }
    return { texts: texts.map(({ file }) => file), others: read.flatMap(({ file, marked }) => (marked === null ? [file] : [])) };
  }

  /**
   * Takes merges back that the user has not finished: a merge editor puts a draft of its own into the file, and with
   * auto-save on the disk. Returns what closes their editors once the files are other ones.
   */
  async rewind({ root }: TaskBase, files: readonly string[]): Promise<() => Promise<void>> {
    const places = files.map((file) => path.join(root, file)).filter((place) => this.#marked.has(place) && mergeTab(place) !== undefined);
    for (const place of places) await writeOverDraft(place, this.#marked.get(place) ?? "");
    return async () => {
      for (const place of places) {
        this.#marked.delete(place);
        const tab = mergeTab(place);
        // Closed with conflicts that it still shows, the editor would ask whether that is meant.
        if (tab !== undefined && (await shows(place, await readFile(place, "utf8")))) await window.tabGroups.close(tab, true);
      }
    };
  }
}

/** A merge editor that is still busy makes its draft once more over a file that has changed: then it is written again. */
async function writeOverDraft(place: string, text: string): Promise<void> {
  const uri = Uri.file(place);
  for (let tries = 0; tries < MOST_DRAFTS; tries += 1) {
    await workspace.textDocuments.find((document) => document.isDirty && document.uri.fsPath === uri.fsPath)?.save();
    await workspace.fs.writeFile(uri, Buffer.from(text));
    if ((await shows(place, text)) && (await staysClean(place))) return;
  }
}

/** Whether nothing makes the file's document dirty for a moment. */
function staysClean(place: string): Promise<boolean> {
  const { fsPath } = Uri.file(place);
  return new Promise((resolve) => {
    const finish = (isClean: boolean): void => {
      clearTimeout(timer);
      changed.dispose();
      resolve(isClean);
    };
    const changed = workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.fsPath === fsPath && document.isDirty) finish(false);
    });
    const timer = setTimeout(() => finish(true), QUIET_MS);
  });
}

async function openMergeEditor({ root, task, attempt, base, from, theirs, yours }: Conflicts, file: string): Promise<void> {
  const side = (commit: string, version: string): Uri => uriOf({ root, task, attempt, side: "reference", commit, version, path: file });
  await commands.executeCommand(MERGE_EDITOR, {
    base: side(from, "base"),
    input1: { uri: side(theirs, `attempt ${attempt}`), title: `Attempt ${attempt}`, description: file },
    input2: { uri: side(yours, "before the accept"), title: "Yours", description: "before the accept" },
    output: Uri.file(path.join(base.root, file)),
  });
}

/** The editor offers to accept either side above each pair of markers. */
export async function openText(base: TaskBase, file: string): Promise<void> {
  const document = await workspace.openTextDocument(Uri.file(path.join(base.root, file)));
  await window.showTextDocument(document, { preview: false });
}

/** A merge editor's tab has no type in the API yet, but says which file it writes. */
function mergeTab(place: string): Tab | undefined {
  const { fsPath } = Uri.file(place);
  const isIts = ({ input }: Tab): boolean => typeof input === "object" && input !== null && "result" in input && input.result instanceof Uri && input.result.fsPath === fsPath;
  return window.tabGroups.all.flatMap(({ tabs }) => tabs).find(isIts);
}

/** False when the editor does not take the file's text over within a while. */
function shows(place: string, text: string): Promise<boolean> {
  const { fsPath } = Uri.file(place);
  const isThere = (): boolean => workspace.textDocuments.some((document) => document.uri.fsPath === fsPath && !document.isDirty && document.getText() === text);
  if (isThere()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const finish = (isShown: boolean): void => {
      clearTimeout(timer);
      changed.dispose();
      resolve(isShown);
    };
    const changed = workspace.onDidChangeTextDocument(() => {
      if (isThere()) finish(true);
    });
    const timer = setTimeout(() => finish(false), RELOAD_LIMIT_MS);
  });
}

/** null for a text without a conflict, and for what is deleted, a folder or not readable: no editor could merge it. */
async function markedText(file: string): Promise<string | null> {
  try {
    const text = await readFile(file, "utf8");
    return MARKER.test(text) ? text : null;
  } catch {
    return null;
  }
}
