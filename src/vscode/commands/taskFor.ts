// The task that a command means, of those that it can do something with; and words for why it cannot.
import { allows } from "../../core/desk/taskSituation";
import { CountersignError } from "../../core/domain/errors";
import type { TaskStatus } from "../../core/domain/task";
import type { TaskAction } from "../../shared/taskActions";
import type { Host } from "../host";
import { pickTask, type PickedTask } from "../pickTask";
import { taskFolders } from "./folders";
import { firstLineOf } from "./lines";

export interface TaskQuestion {
  /** One of them must be allowed. */
  readonly actions: readonly TaskAction[];
  /** Title of the quick pick. */
  readonly title: string;
  /** Said when no task fits. */
  readonly none: string;
  /** What is done to it, after "it cannot be". */
  readonly done: string;
}

/** undefined: the person left, or was told that there is none. Throws `conflict` for a named task that does not fit. */
export async function taskFor(host: Host, argument: unknown, question: TaskQuestion): Promise<PickedTask | undefined> {
  if (taskFolders(host).length === 0) return undefined;
  const { title, none, actions } = question;
  const fits = ({ view, desk }: PickedTask): boolean => actions.some((action) => allows(desk, view, action));
  const picked = await pickTask(host, argument, { title, none, fits: (view, desk) => fits({ view, desk }) });
  if (picked === undefined || fits(picked)) return picked;
  const { desk, view } = picked;
  await runEnded(picked);
  if (fits(picked)) return picked;
  const why = desk.ownership.kind === "theirs" ? `is in the hands of ${desk.ownership.owner}` : STATUS[view.status];
  throw new CountersignError("conflict", `“${firstLineOf(view.request.title)}” ${why}, so it cannot be ${question.done} now.`);
}

/** A run ends a moment after its last event: whoever answers that event at once is not refused for it. */
async function runEnded({ desk, view }: PickedTask): Promise<void> {
  const { id } = view.request;
  const isEnding = (): boolean => desk.queue.isRunning(id) && desk.need(id).status !== "running";
  if (!isEnding()) return;
  await new Promise<void>((resolve) => {
    const listener = desk.onChange(() => {
      if (isEnding()) return;
      listener.dispose();
      resolve();
    });
  });
}

const STATUS: Readonly<Record<TaskStatus, string>> = {
  queued: "has not been run yet or waits in the queue",
  running: "runs",
  awaiting_approval: "waits for your approval of its plan",
  review: "waits for your review",
  merging: "passed, and is about to be merged into its mission",
  merged: "was merged into its mission",
  accepted: "was accepted",
  discarded: "was discarded",
  done: "is done",
  escalated: "was escalated to you",
  failed: "was stopped by an error",
  paused: "is paused",
  cancelled: "was cancelled",
};
