// The Review tree: tasks whose changes wait for the user, with their changed files in folders. Pure; no vscode here.
import { basename } from "node:path";
import { actionsNow } from "../../core/desk/taskSituation";
import type { DeskChange } from "../../core/desk/taskDesk";
import type { EventKind } from "../../core/domain/event";
import { reviewedAttempt } from "../../core/projections/reviewedAttempt";
import type { AttemptView, TaskView } from "../../core/projections/taskView";
import type { Target, TaskRef } from "../taskRef";
import type { DeskSource, ShownDesk } from "./deskShelf";
import { filesBelow, findFolder, foldersOf, type FileFolder } from "./fileFolders";
import { changeRow, reviewFolderRow, reviewTaskRow, type ReviewedTask } from "./reviewRows";
import type { ReviewedMarks } from "./reviewedMarks";
import { row, type Row } from "./row";
import { Interner, type TreeModel, type TreeNode } from "./treeModel";

export type ReviewNode = TreeNode &
  (
    | { readonly kind: "task"; readonly target: TaskRef }
    | { readonly kind: "folder"; readonly target: Target & { readonly folder: string } }
    | { readonly kind: "file"; readonly target: Target & { readonly path: string; readonly attempt: number } }
  );

const TICK_MS = 60_000;
/** After these other tasks are in review, or with other files. */
const MOVES: ReadonlySet<EventKind> = new Set(["taskPassed", "attemptChosen", "runStarted", "changesRequested", "changesDiscarded", "acceptUndone", "taskDone", "categoryChanged"]);
/** After these the same files look different. */
const CHANGES: ReadonlySet<EventKind> = new Set(["changesAccepted", "hunksDecided", "changesCommitted", "handoffWritten"]);

export class ReviewTree implements TreeModel<ReviewNode> {
  readonly #nodes = new Interner<ReviewNode>();
  /** Folders of the attempts that were asked for, by commit. */
  readonly #folders = new WeakMap<AttemptView, FileFolder>();

  constructor(
    private readonly source: DeskSource,
    private readonly marks: ReviewedMarks,
    private readonly drafts: { pending(ref: TaskRef): number },
  ) {}

  async children(node: ReviewNode | null): Promise<readonly ReviewNode[]> {
    if (node === null) return tasksInReview(await this.source.all()).map(({ ref }) => this.#nodes.of<ReviewNode>({ kind: "task", id: taskId(ref), target: ref }));
    if (node.kind === "file") return [];
    const found = this.#task(node.target);
    const folder = found && findFolder(this.#folder(found.attempt), node.kind === "folder" ? node.target.folder : "");
    if (found === undefined || folder === undefined) return [];
    const { root, task } = node.target;
    return [
      ...folder.folders.map(({ path }) => this.#nodes.of<ReviewNode>({ kind: "folder", id: `${taskId({ root, task })}:folder:${path}`, target: { root, task, folder: path } })),
      ...folder.files.map((path) => this.#file({ root, task }, found.attempt.attempt, path)),
    ];
  }

  row(node: ReviewNode): Row {
    const found = this.#task(node.target);
    if (found === undefined) return row("", { context: "gone" });
    switch (node.kind) {
      case "task":
        return reviewTaskRow(found, this.source.opened.length > 1 ? basename(found.desk.root) : "");
      case "folder": {
        const folder = findFolder(this.#folder(found.attempt), node.target.folder);
        return folder === undefined ? row("", { context: "gone" }) : reviewFolderRow(found, folder);
      }
      case "file": {
        const change = found.attempt.files.find(({ path }) => path === node.target.path);
        return change === undefined ? row("", { context: "gone" }) : changeRow(found, change, node.target);
      }
    }
  }

  tooltip(node: ReviewNode): string | null {
    return node.kind === "file" ? node.target.path : null;
  }

  tickMs(): number {
    return TICK_MS;
  }

  changed(desk: ShownDesk, change: DeskChange): readonly ReviewNode[] | "all" {
    if (change.kind === "reset" || change.kind === "ownership") return "all";
    if (change.kind !== "event") return [];
    if (MOVES.has(change.event.kind)) return "all";
    if (!CHANGES.has(change.event.kind)) return [];
    // Accepted to the last file, it is no longer in review.
    if (change.view.status !== "review") return "all";
    const node = this.#nodes.known(taskId({ root: desk.root, task: change.event.task }));
    return node === undefined ? [] : [node];
  }

  /** Its comments are other ones. */
  commented(ref: TaskRef): readonly ReviewNode[] {
    const node = this.#nodes.known(taskId(ref));
    return node === undefined ? [] : [node];
  }

  /** Marks a file, or everything below a folder. Returns the nodes to refresh. */
  async mark(nodes: readonly (readonly [ReviewNode, boolean])[]): Promise<readonly ReviewNode[]> {
    const tasks = new Set<ReviewNode>();
    for (const [node, isReviewed] of nodes) {
      const found = this.#task(node.target);
      if (found === undefined || found.attempt.commit === null) continue;
      const folder = node.kind === "folder" ? findFolder(this.#folder(found.attempt), node.target.folder) : undefined;
      const paths = node.kind === "file" ? [node.target.path] : folder === undefined ? [] : filesBelow(folder);
      await this.marks.set(node.target, found.attempt.commit, paths, isReviewed);
      const task = this.#nodes.known(taskId(node.target));
      if (task !== undefined) tasks.add(task);
    }
    return [...tasks];
  }

  #file(ref: TaskRef, attempt: number, path: string): ReviewNode {
    // Another attempt's file is another thing: it is opened with other content.
    return this.#nodes.of<ReviewNode>({ kind: "file", id: `${taskId(ref)}:file:${attempt}:${path}`, target: { ...ref, path, attempt } });
  }

  #folder(attempt: AttemptView): FileFolder {
    const known = this.#folders.get(attempt);
    if (known !== undefined) return known;
    const made = foldersOf(attempt.files.map(({ path }) => path));
    this.#folders.set(attempt, made);
    return made;
  }

  #task({ root, task }: TaskRef): ReviewedTask | undefined {
    const desk = this.source.opened.find((one) => one.root === root);
    const view = desk?.task(task);
    const attempt = view === undefined ? undefined : attemptInReview(view);
    if (desk === undefined || view === undefined || attempt === undefined) return undefined;
    const reviewed = new Set(attempt.commit === null ? [] : this.marks.of({ root, task }, attempt.commit));
    return { desk, view, attempt, actions: actionsNow(desk, view), reviewed, comments: this.drafts.pending({ root, task }) };
  }
}

/** The attempt whose changes can be accepted. */
export function attemptInReview(view: TaskView): AttemptView | undefined {
  const attempt = reviewedAttempt(view);
  return view.status === "review" && attempt !== undefined && attempt.commit !== null ? attempt : undefined;
}

export function tasksInReview(desks: readonly ShownDesk[]): readonly { readonly ref: TaskRef; readonly view: TaskView }[] {
  return desks.flatMap((desk) => desk.tasks().filter((view) => attemptInReview(view) !== undefined).map((view) => ({ ref: { root: desk.root, task: view.request.id }, view })));
}

function taskId({ root, task }: TaskRef): string {
  return `review:${root}:${task}`;
}
