// Saves a text where the user says, and says that it did. Nothing else is written.
import { Uri, commands, window, workspace } from "vscode";
import { CountersignError, messageOf } from "../../core/domain/errors";
import type { Host } from "../host";
import { inform } from "../tell";

export interface SavedKind {
  readonly name: string;
  readonly extension: string;
}

export interface Saving {
  readonly title: string;
  /** Proposed, without extension. */
  readonly name: string;
  readonly kind: SavedKind;
  readonly text: string;
}

/** Asks where, unless `to` is given. */
export async function saveFile(host: Host, { title, name, kind, text }: Saving, to?: Uri): Promise<void> {
  const defaultUri = Uri.joinPath(homeFolder(), `${name}.${kind.extension}`);
  const uri = to ?? (await window.showSaveDialog({ title, defaultUri, filters: { [kind.name]: [kind.extension] } }));
  if (uri === undefined) return;
  await write(uri, Buffer.from(text));
  inform(host, `Saved ${uri.fsPath}.`, { Open: () => commands.executeCommand("vscode.open", uri) });
}

/** Rejects with `io` in words for a person. */
export async function write(uri: Uri, bytes: Uint8Array): Promise<void> {
  try {
    await workspace.fs.writeFile(uri, bytes);
  } catch (error) {
    throw new CountersignError("io", `${uri.fsPath} could not be written (${messageOf(error)}). Choose another place.`, { cause: error });
  }
}

/** Where a dialog begins: beside the folder that is open, not in it, so that an export does not become part of the work. */
export function homeFolder(): Uri {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return folder === undefined ? Uri.file("/") : Uri.joinPath(folder, "..");
}
