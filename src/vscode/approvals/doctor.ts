// Doctor: what protects the person here, as a document.
import { window, workspace } from "vscode";
import { pickOne } from "../ask";
import type { Host } from "../host";
import { keyOrigin, baseUrlOf } from "../models/access";

export async function doctor(host: Host): Promise<void> {
  const folder = await chosenFolder();
  if (folder === undefined) return;
  const content = await host.doctor(folder, { isTrusted: workspace.isTrusted, model: await modelWords(host) });
  await window.showTextDocument(await workspace.openTextDocument({ language: "markdown", content }), { preview: true });
}

/** undefined: the person left; null: no folder is open. */
async function chosenFolder(): Promise<string | null | undefined> {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const [only] = folders;
  if (folders.length <= 1) return only?.uri.fsPath ?? null;
  const answer = await pickOne(
    folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, value: uri.fsPath })),
    { title: "Doctor", placeholder: "Which folder?" },
  );
  return answer.kind === "picked" ? answer.value : undefined;
}

/** Where the key comes from, never the key. */
async function modelWords(host: Host): Promise<string | null> {
  const origin = await keyOrigin(host.context);
  const server = baseUrlOf(host.config);
  if (origin === null && server === "") return null;
  const key = origin === null ? "No key is set" : origin === "stored" ? "A key is stored in this editor" : `${origin} is set`;
  return `${key}${server === "" ? "" : ", and a server of your own"}.`;
}
