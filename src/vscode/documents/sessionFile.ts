// Opens a file that a transcript names: as the session's attempt left it once that is committed, else as it is in the
// worktree now.
import { FileType, Uri, commands, workspace } from "vscode";
import { CountersignError } from "../../core/domain/errors";
import type { TaskBase } from "../../core/domain/workspace";
import type { TaskView } from "../../core/projections/taskView";
import type { Host } from "../host";
import { uriOf } from "../review/attemptDocument";
import { targetOf, type Target } from "../taskRef";

export async function openSessionFile(host: Host, argument: unknown): Promise<void> {
  const target = targetOf(argument);
  const path = target?.path;
  if (target === undefined || path === undefined) throw new CountersignError("notFound", "There is no such file.");
  const { desk, view } = await host.desks.find(target);
  const { base } = view;
  if (base === null) throw new CountersignError("notFound", `${path} cannot be opened: the task has no worktree yet.`);
  const version = versionOf(view, base, target);
  if (version !== null && (await desk.files.bytesAt(base, version.commit, path)) !== null) {
    await commands.executeCommand("vscode.open", uriOf({ root: target.root, task: target.task, side: "reference", path, ...version }));
    return;
  }
  const file = Uri.joinPath(Uri.file(base.worktree), path);
  if (!(await isFile(file))) throw new CountersignError("notFound", `${path} is not there any more: neither in the attempt nor in its worktree.`);
  await commands.executeCommand("vscode.open", file);
}

/** What the session had before it, or left; null while it has not been committed. */
function versionOf(view: TaskView, base: TaskBase, target: Target): { readonly attempt: number; readonly commit: string; readonly version: string } | null {
  const attempt = view.sessions.find(({ id }) => id === target.session)?.attempt ?? 0;
  if (attempt === 0) return { attempt, commit: base.commit, version: "base" };
  const commit = view.attempts.find((one) => one.attempt === attempt)?.commit ?? null;
  return commit === null ? null : { attempt, commit, version: `attempt ${attempt}` };
}

async function isFile(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.File) !== 0;
  } catch {
    // Whatever is in the way: the caller says that it cannot be opened.
    return false;
  }
}
