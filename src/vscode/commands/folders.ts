// Which folders of the window tasks can be made in, and what to say where there is none.
import { commands, workspace, type WorkspaceFolder } from "vscode";
import type { Host } from "../host";
import { inform, warn } from "../tell";

/** Empty: the person has been told why, and what to do. */
export function taskFolders(host: Host): readonly WorkspaceFolder[] {
  const folders = workspace.workspaceFolders ?? [];
  const onDisk = folders.filter((folder) => folder.uri.scheme === "file");
  if (folders.length === 0) {
    inform(host, "Countersign works on the folder that is open, and none is. The sample needs none.", {
      "Open Folder": () => commands.executeCommand("workbench.action.files.openFolder"),
      "Run the Sample": () => commands.executeCommand("countersign.runSample"),
    });
  } else if (!workspace.isTrusted) {
    warn(host, "This workspace is not trusted. Agents run its commands, so nothing is made or run in it before you trust it.", {
      "Manage Workspace Trust": () => commands.executeCommand("workbench.trust.manage"),
    });
    return [];
  } else if (onDisk.length === 0) {
    const schemes = [...new Set(folders.map((folder) => folder.uri.scheme))].join(", ");
    warn(host, `Countersign needs a folder on a disk, for git worktrees and the project’s commands; this window shows ${schemes} only. Clone the repository, or open it through Remote Development.`);
  }
  return onDisk;
}

/** By its name or path; undefined for one that is not open. */
export function folderNamed(folders: readonly WorkspaceFolder[], name: string): WorkspaceFolder | undefined {
  return folders.find((folder) => folder.name === name || folder.uri.fsPath === name);
}
