// Brings conflicts to where they are solved: texts to the merge editor, over the commits that hold every side; what cannot
// be merged stands beside the user's file. Nothing is lost, whatever is done there.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { Uri, commands, window, workspace } from "vscode";
import type { TaskBase } from "../../core/domain/workspace";
import type { TaskRef } from "../taskRef";
import { uriOf } from "./attemptDocument";

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

/** What a merge editor was opened with, and the text with markers that it began from. */
interface Merge {
  readonly sides: Readonly<Record<string, unknown>>;
  readonly marked: string;
}

export class ConflictEditors {
  /** By path on disk. */
  readonly #merges = new Map<string, Merge>();

  /** Returns which of the files can be merged in an editor, and the others. */
  async open(conflicts: Conflicts): Promise<{ readonly texts: readonly string[]; readonly others: readonly string[] }> {
    const read = await Promise.all(conflicts.files.map(async (file) => ({ file, marked: await markedText(path.join(conflicts.base.root, file)) })));
    const texts = read.flatMap(({ file, marked }) => (marked === null ? [] : [{ file, marked }]));
    const isThere = (await commands.getCommands(false)).includes(MERGE_EDITOR);
    // One after the other: editors that open together steal each other's place.
    for (const { file, marked } of texts.slice(0, OPENED_AT_ONCE)) {
      await (isThere ? this.#merge(conflicts, file, marked) : openText(conflicts.base, file));
    }
    return { texts: texts.map(({ file }) => file), others: read.flatMap(({ file, marked }) => (marked === null ? [file] : [])) };
  }

  /**
   * Ends merges that the user has not finished, as if they had not begun: a merge editor puts a draft of its own into the
   * file, and with auto-save on the disk.
   */
  async abandon({ root }: TaskBase, files: readonly string[]): Promise<void> {
    for (const file of files) {
      const place = path.join(root, file);
      const merge = this.#merges.get(place);
      this.#merges.delete(place);
      if (merge === undefined || !isBeingMerged(place)) continue;
      await commands.executeCommand(MERGE_EDITOR, merge.sides);
      await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
      if ((await markedText(place)) !== merge.marked) await workspace.fs.writeFile(Uri.file(place), Buffer.from(merge.marked));
    }
  }

  async #merge(conflicts: Conflicts, file: string, marked: string): Promise<void> {
    const { root, task, attempt, base, from, theirs, yours } = conflicts;
    const side = (commit: string, version: string): Uri => uriOf({ root, task, attempt, side: "reference", commit, version, path: file });
    const place = path.join(base.root, file);
    const sides = {
      base: side(from, "base"),
      input1: { uri: side(theirs, `attempt ${attempt}`), title: `Attempt ${attempt}`, description: file },
      input2: { uri: side(yours, "before the accept"), title: "Yours", description: "before the accept" },
      output: Uri.file(place),
    };
    await commands.executeCommand(MERGE_EDITOR, sides);
    this.#merges.set(place, { sides, marked });
  }
}

/** The editor offers to accept either side above each pair of markers. */
export async function openText(base: TaskBase, file: string): Promise<void> {
  const document = await workspace.openTextDocument(Uri.file(path.join(base.root, file)));
  await window.showTextDocument(document, { preview: false });
}

/** A merge editor's tab has no type in the API yet, but says which file it writes. */
function isBeingMerged(place: string): boolean {
  return window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => typeof input === "object" && input !== null && "result" in input && input.result instanceof Uri && input.result.fsPath === Uri.file(place).fsPath),
  );
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
