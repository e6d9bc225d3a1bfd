// The Notifications tree: what the user was told, newest first, until they dismiss it. Pure; no vscode here.
import type { NotificationAbout } from "../../core/domain/event";
import type { NoticeView } from "../../core/projections/reviewView";
import type { DeskChange } from "../../core/desk/taskDesk";
import { ago } from "../../shared/figures";
import type { TaskRef } from "../taskRef";
import type { DeskSource } from "./deskShelf";
import type { NoticeMarks } from "./noticeMarks";
import { noticesOf, type ShownNotice } from "./notices";
import { line, plain } from "./phrases";
import { row, type Icon, type Row } from "./row";
import { Interner, type TreeModel, type TreeNode } from "./treeModel";

export interface NoticeNode extends TreeNode {
  readonly target: TaskRef;
  readonly seq: number;
}

const TICK_MS = 30_000;

const ABOUT_ICONS: Readonly<Record<NotificationAbout, string>> = {
  review: "git-pull-request",
  escalation: "warning",
  approval: "checklist",
  budget: "credit-card",
  failure: "error",
};

export class NoticeTree implements TreeModel<NoticeNode> {
  readonly #nodes = new Interner<NoticeNode>();
  #shown: ReadonlyMap<string, ShownNotice> = new Map();

  constructor(
    private readonly source: DeskSource,
    private readonly marks: NoticeMarks,
    private readonly now: () => number,
  ) {}

  async children(node: NoticeNode | null): Promise<readonly NoticeNode[]> {
    if (node !== null) return [];
    const notices = noticesOf(await this.source.all(), this.marks);
    this.#shown = new Map(notices.map((shown) => [nodeId(shown), shown]));
    return notices.map((shown) => this.#nodes.of({ id: nodeId(shown), target: shown.ref, seq: shown.notice.seq }));
  }

  row(node: NoticeNode): Row {
    const shown = this.#shown.get(node.id);
    if (shown === undefined) return row("", { context: "gone" });
    const { notice, isUnread } = shown;
    return row(notice.text, {
      description: line(isUnread && "new", ago(notice.time, this.now())),
      icon: iconOf(notice, isUnread),
      context: `notification about=${notice.about ?? "unknown"}${isUnread ? " unread" : ""}`,
      click: { kind: "command", command: "countersign.openNotification", title: "Open", args: [node] },
      spoken: line(isUnread && "New", notice.text, ago(notice.time, this.now())),
    });
  }

  tooltip(node: NoticeNode): string | null {
    const shown = this.#shown.get(node.id);
    return shown === undefined ? null : `${plain(shown.notice.text)}\n\n${plain(shown.view.request.title)}, ${ago(shown.notice.time, this.now())}`;
  }

  tickMs(): number {
    return TICK_MS;
  }

  /** The whole list, or nothing: it is short, and a notice may settle with any step of its task. */
  changed(change: DeskChange): readonly NoticeNode[] | "all" {
    if (change.kind === "reset") return "all";
    if (change.kind !== "event") return [];
    const { event, view } = change;
    const settles = view.notices.length > 0 && (event.kind.startsWith("task") || event.kind.startsWith("changes") || event.kind === "runStarted" || event.kind === "acceptUndone");
    return event.kind === "notificationRaised" || settles ? "all" : [];
  }
}

function nodeId({ ref, notice }: ShownNotice): string {
  return `notice:${ref.root}:${notice.seq}`;
}

function iconOf({ about, level }: NoticeView, isUnread: boolean): Icon {
  const name = about === null ? (level === "info" ? "info" : level) : ABOUT_ICONS[about];
  return { name, tone: !isUnread ? "muted" : level === "error" ? "bad" : level === "warning" ? "attention" : "active" };
}
