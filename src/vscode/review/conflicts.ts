// Shows conflicts where they are solved: texts in the merge editor, over the commits that hold every side; what cannot be
// merged stands beside the user's file. Nothing is lost, whatever is done there.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { Uri, commands, window, workspace } from "vscode";
import type { TaskBase } from "../../core/domain/workspace";
import { uriOf, type AttemptDocument } from "./attemptDocument";
import type { TaskRef } from "../taskRef";

/** The editor's own; without a description in the API, but what its git extension opens conflicts with. */
const MERGE_EDITOR = "_open.mergeEditor";
/** More would be a wall of tabs. */
const OPENED_AT_ONCE = 5;
const MARKER = /^<{7} /m;

export interface Conflicts extends TaskRef {
  readonly base: TaskBase;
  readonly attempt: number;
  /** The commits of the three sides. */
  readonly from: string;
  readonly yours: string;
  readonly theirs: string;
  readonly files: readonly string[];
}

/** Returns which of the files can be merged in an editor, and the others. */
export async function openConflicts(conflicts: Conflicts): Promise<{ readonly texts: readonly string[]; readonly others: readonly string[] }> {
  const kinds = await Promise.all(conflicts.files.map(async (file) => ({ file, isText: await hasMarkers(path.join(conflicts.base.root, file)) })));
  const texts = kinds.flatMap(({ file, isText }) => (isText ? [file] : []));
  const isThere = (await commands.getCommands(false)).includes(MERGE_EDITOR);
  // One after the other: editors that open together steal each other's place.
  for (const file of texts.slice(0, OPENED_AT_ONCE)) await (isThere ? openMergeEditor(conflicts, file) : openText(conflicts.base, file));
  return { texts, others: kinds.flatMap(({ file, isText }) => (isText ? [] : [file])) };
}

async function openMergeEditor(conflicts: Conflicts, file: string): Promise<void> {
  const side = (commit: string, version: string): Uri => {
    const { root, task, attempt } = conflicts;
    const document: AttemptDocument = { root, task, attempt, side: "reference", commit, version, path: file };
    return uriOf(document);
  };
  await commands.executeCommand(MERGE_EDITOR, {
    base: side(conflicts.from, "base"),
    input1: { uri: side(conflicts.theirs, `attempt ${conflicts.attempt}`), title: `Attempt ${conflicts.attempt}`, description: file },
    input2: { uri: side(conflicts.yours, "before the accept"), title: "Yours", description: "before the accept" },
    output: Uri.file(path.join(conflicts.base.root, file)),
  });
}

/** The editor offers to accept either side above each pair of markers. */
export async function openText(base: TaskBase, file: string): Promise<void> {
  const document = await workspace.openTextDocument(Uri.file(path.join(base.root, file)));
  await window.showTextDocument(document, { preview: false });
}

async function hasMarkers(file: string): Promise<boolean> {
  try {
    return MARKER.test(await readFile(file, "utf8"));
  } catch {
    // Deleted, a folder, or not readable: nothing that an editor could merge.
    return false;
  }
}
