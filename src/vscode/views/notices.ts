// What people were told about tasks, as the Notifications tree and the window's messages use it: which notices there
// are, which are over, and what each leads to. Pure; no vscode here.
import { CHAIN_FILE, PLAN_FILE } from "../../core/handoff/planNames";
import type { NotificationAbout } from "../../core/domain/event";
import type { TaskStatus } from "../../core/domain/task";
import type { NoticeView } from "../../core/projections/reviewView";
import type { TaskView } from "../../core/projections/taskView";
import type { TaskRef } from "../taskRef";
import type { ShownDesk } from "./deskShelf";
import type { NoticeMarks } from "./noticeMarks";

export interface ShownNotice {
  readonly ref: TaskRef;
  readonly view: TaskView;
  readonly notice: NoticeView;
  /** Neither opened by the user nor settled by what has happened since. */
  readonly isUnread: boolean;
}

/** The list shows no more than these; the journal has them all. */
export const SHOWN_NOTICES = 200;

/** Newest first, without those that were dismissed. */
export function noticesOf(desks: readonly ShownDesk[], marks: NoticeMarks): readonly ShownNotice[] {
  const found = desks.flatMap((desk) =>
    desk.tasks().flatMap((view) => {
      const ref = { root: desk.root, task: view.request.id };
      return view.notices.flatMap((notice) => {
        if (marks.isDismissed(desk.root, notice.seq)) return [];
        return [{ ref, view, notice, isUnread: !marks.isRead(desk.root, notice.seq) && !isSettled(notice, view) }];
      });
    }),
  );
  return found.toSorted((a, b) => (a.notice.time < b.notice.time ? 1 : a.notice.time > b.notice.time ? -1 : b.notice.seq - a.notice.seq)).slice(0, SHOWN_NOTICES);
}

/** The state in which a notice still asks something of the user. */
const ASKS_IN: Readonly<Record<NotificationAbout, TaskStatus | null>> = {
  review: "review",
  escalation: "escalated",
  approval: "awaiting_approval",
  failure: "failed",
  budget: null,
};

/** The task has gone on since: whoever was told has acted. */
export function isSettled({ about }: NoticeView, { status }: TaskView): boolean {
  const asks = about === null ? null : ASKS_IN[about];
  return asks !== null && status !== asks;
}

/** The command that leads to what a notice is about. */
export function commandFor({ about }: Pick<NoticeView, "about">, { handoffs, status }: Pick<TaskView, "handoffs" | "status">): string {
  switch (about) {
    case "review":
      return status === "review" ? "countersign.reviewChanges" : "countersign.openTask";
    case "escalation":
      return handoffs.includes("qc-failure-report.md") ? "countersign.openFailureReport" : "countersign.openTask";
    case "approval":
      return handoffs.some((file) => file === PLAN_FILE || file === CHAIN_FILE) ? "countersign.openPlan" : "countersign.openTask";
    case "budget":
    case "failure":
    case null:
      return "countersign.openTask";
  }
}
