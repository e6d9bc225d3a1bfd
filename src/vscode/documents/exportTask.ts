// Exports a task for somebody else: one report, or a folder with everything that is known about it. Writes where the
// user says and nowhere else; what was begun and not finished is removed.
import { ProgressLocation, Uri, commands, window, workspace, type CancellationToken, type FileType } from "vscode";
import { CountersignError } from "../../core/domain/errors";
import { bytesWithoutSecrets, withoutSecrets } from "../../core/reports/redaction";
import { counted } from "../../shared/figures";
import { pickOne } from "../ask";
import type { Host } from "../host";
import { API_KEY_SECRET } from "../models/access";
import { pickTask, type PickedTask } from "../pickTask";
import { isRecord, oneOf } from "../record";
import { inform } from "../tell";
import { PROBLEMS_FILE, everythingOf, reportOf } from "./exportedFiles";
import { homeFolder, saveFile, write } from "./saveFile";

const WHAT = ["report", "everything"] as const;

/** `options` spare the questions: `{ what: "report" | "everything", to: Uri }`, a file or the folder to put one into. */
export async function exportTask(host: Host, argument: unknown, options: unknown): Promise<void> {
  const picked = await pickTask(host, argument, { title: "Export which task?", fits: () => true, none: "There is no task to export yet." });
  if (picked === undefined) return;
  const what = (isRecord(options) ? oneOf(WHAT, options["what"]) : undefined) ?? (await pickWhat(picked));
  const to = isRecord(options) && options["to"] instanceof Uri ? options["to"] : undefined;
  if (what === "report") await exportReport(host, picked, to);
  if (what === "everything") await exportEverything(host, picked, to);
}

async function pickWhat({ view }: PickedTask): Promise<(typeof WHAT)[number] | undefined> {
  const answer = await pickOne(
    [
      {
        label: "$(markdown) Report (Markdown)",
        description: "to share what came of it",
        detail: "One file: request, plan, contract, attempts with checks and verdicts, diff stat, cost",
        value: "report" as const,
      },
      {
        label: "$(folder) Everything (folder)",
        description: "to look into it, as for a bug report",
        detail: "Report, handoff files, events, diff and transcripts, which quote all that agents have read",
        value: "everything" as const,
      },
    ],
    { title: `Export “${view.request.title}”`, placeholder: "Your API keys are left out. Look through the rest before you share it." },
  );
  return answer.kind === "picked" ? answer.value : undefined;
}

async function exportReport(host: Host, picked: PickedTask, to: Uri | undefined): Promise<void> {
  const text = withoutSecrets(await reportOf(picked, versionOf(host), false), await secretsOf(host));
  const name = `${picked.view.request.id}-report`;
  await saveFile(host, { title: "Save the task's report", name, kind: { name: "Markdown", extension: "md" }, text }, to);
}

async function exportEverything(host: Host, picked: PickedTask, to: Uri | undefined): Promise<void> {
  const parent = to ?? (await pickFolder());
  if (parent === undefined) return;
  const folder = await freeName(parent, picked.view.request.id);
  const options = { location: ProgressLocation.Notification, title: `Exporting “${picked.view.request.title}”`, cancellable: true };
  const written = await window.withProgress(options, (_, token) => writeAll(host, picked, folder, token));
  const missing = written.includes(PROBLEMS_FILE) ? ` Not everything could be read: see ${PROBLEMS_FILE}.` : "";
  const open = (file: string) => () => commands.executeCommand("vscode.open", Uri.joinPath(folder, file));
  inform(host, `Exported ${counted(written.length, "file")} to ${folder.fsPath}.${missing}`, { "Open Report": open("report.md") });
}

async function pickFolder(): Promise<Uri | undefined> {
  const options = { title: "Export into which folder?", openLabel: "Export Here", defaultUri: homeFolder(), canSelectFiles: false, canSelectFolders: true, canSelectMany: false };
  return (await window.showOpenDialog(options))?.[0];
}

/** A new folder in the chosen one: an export never mixes with what is there. */
async function freeName(parent: Uri, name: string): Promise<Uri> {
  const taken = new Set((await listed(parent)).map(([entry]) => entry));
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(free)) return Uri.joinPath(parent, free);
  }
}

async function listed(folder: Uri): Promise<readonly [string, FileType][]> {
  try {
    return await workspace.fs.readDirectory(folder);
  } catch (error) {
    throw new CountersignError("io", `${folder.fsPath} cannot be read, and nothing was written. Choose another folder.`, { cause: error });
  }
}

/** The paths that were written. Removes what it has written when it cannot finish. */
async function writeAll(host: Host, picked: PickedTask, folder: Uri, token: CancellationToken): Promise<readonly string[]> {
  const secrets = await secretsOf(host);
  const written: string[] = [];
  try {
    for await (const { path, bytes } of everythingOf(picked, versionOf(host))) {
      if (token.isCancellationRequested) throw new CountersignError("cancelled", "The export was cancelled.");
      await write(Uri.joinPath(folder, path), bytesWithoutSecrets(bytes, secrets));
      written.push(path);
    }
    return written;
  } catch (error) {
    if (written.length > 0) await workspace.fs.delete(folder, { recursive: true });
    throw error;
  }
}

/** Keys that this window knows of. */
async function secretsOf({ context }: Host): Promise<readonly string[]> {
  const keys = [await context.secrets.get(API_KEY_SECRET), process.env["ANTHROPIC_API_KEY"], process.env["ANTHROPIC_AUTH_TOKEN"]];
  return keys.filter((key) => key !== undefined);
}

function versionOf({ context }: Host): string {
  const manifest: unknown = context.extension.packageJSON;
  return isRecord(manifest) && typeof manifest["version"] === "string" ? manifest["version"] : "unknown";
}
