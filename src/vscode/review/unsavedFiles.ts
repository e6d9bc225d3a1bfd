// Before files on disk are merged: their unsaved edits are saved, with the user's consent, or nothing is done.
import { realpath } from "node:fs/promises";
import path from "node:path";
import { window, workspace, type TextDocument } from "vscode";

/** True when nothing of these files is unsaved any more; false when the user would rather not, or saving failed. */
export async function saveBefore(what: string, root: string, files: readonly string[]): Promise<boolean> {
  const dirty = await dirtyAmong(root, files);
  if (dirty.length === 0) return true;
  const names = dirty.map((document) => path.basename(document.fileName));
  const edits = names.length === 1 ? `${names[0]} has unsaved edits` : `${names.length} of the files have unsaved edits: ${names.join(", ")}`;
  const save = `Save and ${what}`;
  const detail = "Changes are merged into the files on disk. Nothing has been touched yet.";
  const chosen = await window.showWarningMessage(`${edits}.`, { modal: true, detail }, save);
  if (chosen !== save) return false;
  const saved = await Promise.all(dirty.map((document) => document.save()));
  if (saved.every((isSaved) => isSaved)) return true;
  await window.showErrorMessage("A file could not be saved, so nothing was merged. Save it yourself, then try again.");
  return false;
}

/** Folders may be reached through links: files are compared by where they really are. */
async function dirtyAmong(root: string, files: readonly string[]): Promise<readonly TextDocument[]> {
  const open = workspace.textDocuments.filter((document) => document.isDirty && document.uri.scheme === "file");
  if (open.length === 0) return [];
  const touched = new Set(await Promise.all(files.map((file) => placeOf(path.join(root, file)))));
  const places = await Promise.all(open.map(async (document) => ({ document, place: await placeOf(document.uri.fsPath) })));
  return places.flatMap(({ document, place }) => (touched.has(place) ? [document] : []));
}

/** A file that is not there yet is where its folder is. */
async function placeOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    const folder = path.dirname(file);
    return folder === file ? file : path.join(await placeOf(folder), path.basename(file));
  }
}
