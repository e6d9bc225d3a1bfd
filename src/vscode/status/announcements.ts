// Which events this window tells its user of, and in which words. Pure; no vscode here.
import { planFileOf } from "../../core/handoff/planNames";
import type { JournalEvent, NotificationAbout } from "../../core/domain/event";
import type { TaskDesk } from "../../core/desk/taskDesk";
import { choosableAttempts } from "../../core/projections/reviewedAttempt";
import type { TaskView } from "../../core/projections/taskView";
import { counted } from "../../shared/figures";
import type { Target } from "../taskRef";

export interface Announcement {
  readonly level: "info" | "warning" | "error";
  readonly text: string;
  readonly about: NotificationAbout;
  readonly title: string;
  readonly target: Target;
  readonly offers: readonly Offer[];
}

/** A button of the message. */
export interface Offer {
  readonly label: string;
  readonly command: string;
  /** Other than the task's target; e.g. which settings to show. */
  readonly args?: readonly unknown[];
}

export interface AnnouncingDesk {
  readonly root: string;
  readonly queue: Pick<TaskDesk["queue"], "isRunning">;
}

/** null: nothing to tell. Only the window that runs a task tells of it, and only of what happens while it is open. */
export function announcementOf(desk: AnnouncingDesk, event: JournalEvent, view: TaskView, openedAt: string): Announcement | null {
  if (event.kind !== "notificationRaised" || event.time < openedAt || !desk.queue.isRunning(event.task)) return null;
  const { level, text, about = "failure" } = event;
  return { level, text, about, title: view.request.title, target: { root: desk.root, task: event.task }, offers: offersOf(about, view) };
}

const TASK_BUDGET = ["workbench.action.openSettings", ["@id:countersign.budget.taskUsd"]] as const;

function offersOf(about: NotificationAbout, view: TaskView): readonly Offer[] {
  const has = (file: string, offer: Offer): readonly Offer[] => (view.handoffs.includes(file) ? [offer] : []);
  switch (about) {
    case "review":
      return [{ label: "Review", command: "countersign.reviewChanges" }, ...has("qa-report.md", { label: "Open QA Report", command: "countersign.openQaReport" })];
    case "escalation":
      return [
        ...has("qc-failure-report.md", { label: "Open Failure Report", command: "countersign.openFailureReport" }),
        ...(choosableAttempts(view).length === 0 ? [] : [{ label: "Go Back to an Earlier Attempt…", command: "countersign.chooseAttempt" }]),
        { label: "Retry with Feedback…", command: "countersign.retryTask" },
      ];
    case "approval":
      return [{ label: "Approve Plan", command: "countersign.approvePlan" }, ...has(planFileOf(view), { label: "Open Plan", command: "countersign.openPlan" })];
    case "budget":
      return [
        { label: "Change Budget…", command: TASK_BUDGET[0], args: TASK_BUDGET[1] },
        ...(view.status === "paused" ? [{ label: "Resume", command: "countersign.resumeTask" }] : []),
        { label: "Open Task", command: "countersign.openTask" },
      ];
    case "failure":
      return [
        { label: "Open Task", command: "countersign.openTask" },
        { label: "Show Log", command: "countersign.showLog" },
      ];
  }
}

/** Several at once as one, e.g. `3 tasks need you: "A", "B" and 1 more.` */
export function merged(announcements: readonly Announcement[]): { readonly level: Announcement["level"]; readonly text: string } {
  const titles = [...new Set(announcements.map(({ title }) => title))];
  const named = titles.slice(0, 2).map((title) => `"${title}"`);
  const more = titles.length - named.length;
  const level = (["error", "warning", "info"] as const).find((one) => announcements.some((announcement) => announcement.level === one)) ?? "info";
  return { level, text: `${counted(titles.length, "task")} need${titles.length === 1 ? "s" : ""} you: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}.` };
}
