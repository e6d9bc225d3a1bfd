// Tells that files of a folder have changed, by the editor's own watcher. Which files is for whoever looks.
import { RelativePattern, Uri, workspace, type Disposable } from "vscode";

/** Git's and our own files change all the time, and are nobody's work. */
const OURS = /[\\/](?:\.git|\.countersign)(?:[\\/]|$)/;

export function watchFolder(root: string, onChange: () => void): Disposable {
  const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(root), "**/*"));
  const changed = ({ fsPath }: Uri): void => {
    if (!OURS.test(fsPath.slice(root.length))) onChange();
  };
  watcher.onDidCreate(changed);
  watcher.onDidChange(changed);
  watcher.onDidDelete(changed);
  return watcher;
}
