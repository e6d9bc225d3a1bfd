// How tasks, folders and files look in the Review tree. Pure; no vscode here.
import { posix } from "node:path";
import type { TaskAction } from "../../shared/taskActions";
import { kindNote } from "../../core/domain/fileKind";
import type { FileChange } from "../../core/domain/workspace";
import type { AttemptView, TaskView } from "../../core/projections/taskView";
import { counted } from "../../shared/figures";
import type { Target } from "../taskRef";
import type { ShownDesk } from "./deskShelf";
import { filesBelow, type FileFolder } from "./fileFolders";
import { line } from "./phrases";
import { row, type Resource, type Row } from "./row";

export interface ReviewedTask {
  readonly desk: ShownDesk;
  readonly view: TaskView;
  readonly attempt: AttemptView;
  readonly actions: readonly TaskAction[];
  /** Paths that the user has marked. */
  readonly reviewed: ReadonlySet<string>;
  /** Comments that wait to be sent. */
  readonly comments: number;
}

/** `folder`: shown where the window has several; else empty. */
export function reviewTaskRow({ view, attempt, actions, reviewed, comments }: ReviewedTask, folder: string): Row {
  const done = attempt.files.filter(({ path }) => reviewed.has(path)).length;
  return row(view.request.title, {
    description: line(
      folder,
      view.attempts.length > 1 && `attempt ${attempt.attempt}`,
      counted(attempt.files.length, "file"),
      lineCounts(attempt.files),
      done > 0 && `${done} of ${attempt.files.length} reviewed`,
      comments > 0 && `${counted(comments, "comment")} not sent`,
    ),
    icon: { name: "git-pull-request", tone: "attention" },
    expands: attempt.files.length === 0 ? "never" : "open",
    context: ["reviewTask", ...actions.map((action) => `can=${action}`), ...(view.handoffs.includes("qa-report.md") ? ["has=qaReport"] : [])].join(" "),
  });
}

export function reviewFolderRow({ reviewed }: ReviewedTask, folder: FileFolder): Row {
  return row(folder.name, {
    resource: { kind: "folder", path: folder.path },
    expands: "open",
    context: "reviewFolder",
    checked: filesBelow(folder).every((path) => reviewed.has(path)),
  });
}

const LETTERS: Readonly<Record<FileChange["status"], Extract<Resource, { readonly kind: "change" }>["letter"]>> = {
  added: "A",
  modified: "M",
  deleted: "D",
  typeChanged: "T",
};

export function changeRow({ desk, view, actions, reviewed }: ReviewedTask, change: FileChange, target: Target): Row {
  const decision = decisionOf(view, change.path);
  const canAccept = actions.includes("accept") && decision.kind !== "accepted" && decision.kind !== "conflict";
  const letter = LETTERS[change.status];
  return row(posix.basename(change.path), {
    description: line(lineCounts([change]) || "binary", kindNote(change), decision.text),
    resource: { kind: "change", root: desk.root, path: change.path, letter },
    context: ["reviewFile", `status=${letter}`, ...(canAccept ? ["can=accept"] : []), ...(change.status === "deleted" ? [] : ["has=file"])].join(" "),
    click: { kind: "command", command: "countersign.openChange", title: "Open Changes of File", args: [{ target }] },
    checked: reviewed.has(change.path),
    spoken: line(change.path, change.status === "typeChanged" ? "type changed" : change.status, lineCounts([change]), kindNote(change), decision.text),
  });
}

interface Decision {
  readonly kind: "open" | "partly" | "accepted" | "conflict";
  readonly text: string;
}

function decisionOf(view: TaskView, path: string): Decision {
  if (view.acceptedPaths.includes(path) && (view.accepted?.conflicts ?? []).includes(path)) return { kind: "conflict", text: "accepted, in conflict" };
  const { accepted, rejected } = (Object.hasOwn(view.hunks, path) ? view.hunks[path] : undefined) ?? { accepted: [], rejected: [] };
  if (accepted.length + rejected.length > 0) {
    return { kind: "partly", text: line(accepted.length > 0 && `${counted(accepted.length, "hunk")} accepted`, rejected.length > 0 && `${rejected.length} rejected`) };
  }
  return view.acceptedPaths.includes(path) ? { kind: "accepted", text: "accepted" } : { kind: "open", text: "" };
}

/** `+12 −3`; empty where there are only binary files. */
export function lineCounts(files: readonly FileChange[]): string {
  const sum = (key: "added" | "removed"): number => files.reduce((so, file) => so + (file[key] ?? 0), 0);
  return files.every(({ added }) => added === null) ? "" : `+${sum("added")} −${sum("removed")}`;
}
