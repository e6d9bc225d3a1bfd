// The buttons of a task: what the user can do with it now, the likeliest first.
import type { JSX } from "preact";
import type { TaskDetail, TaskRow } from "../../src/shared/dashboardState";
import type { TaskAction } from "../../src/shared/taskActions";
import type { PageAction } from "../../src/shared/protocol";
import { ACTION_WORDS } from "../../src/shared/words";
import { Button, IconButton } from "../parts/buttons";
import { useStore } from "../parts/context";
import { ACTION_ICONS } from "../parts/looks";

/** What leads on: the first of these that is offered stands out. */
const LEADING: ReadonlySet<TaskAction> = new Set(["run", "resume", "approve", "cancel", "review", "retry", "done"]);
/** Shown as a small button: rarely the next thing, never to be hit by mistake. */
const SMALL: ReadonlySet<TaskAction> = new Set(["compare", "move", "discard"]);

type Offered = Exclude<TaskAction, "reorder">;

export function Actions({ detail, row }: { readonly detail: TaskDetail; readonly row: TaskRow }): JSX.Element | null {
  const { commands } = useStore();
  const offered = detail.actions.filter((action) => action !== "reorder");
  if (offered.length === 0) return null;
  const large = offered.filter((action) => !SMALL.has(action));
  const first = large.find((action) => LEADING.has(action));
  return (
    <div class="actions" role="group" aria-label="What you can do now">
      {large.map((action) => {
        const asked = commandFor(action, row);
        return (
          <Button
            key={action}
            icon={ACTION_ICONS[action]}
            label={wordsFor(action, row)}
            isPrimary={action === first}
            isBusy={commands.isBusy(asked, detail)}
            onPress={() => commands.act(detail, asked)}
          />
        );
      })}
      {detail.actions.includes("reorder") ? <QueueButtons detail={detail} /> : null}
      {offered
        .filter((action) => SMALL.has(action))
        .map((action) => (
          <IconButton
            key={action}
            icon={ACTION_ICONS[action]}
            label={ACTION_WORDS[action]}
            isBusy={commands.isBusy(action, detail)}
            onPress={() => commands.act(detail, action)}
          />
        ))}
    </div>
  );
}

function QueueButtons({ detail }: { readonly detail: TaskDetail }): JSX.Element {
  const { commands } = useStore();
  return (
    <>
      <IconButton
        icon="arrow-up"
        label="Move up in queue"
        isBusy={commands.isBusy("queueUp", detail)}
        onPress={() => commands.act(detail, "queueUp")}
      />
      <IconButton
        icon="arrow-down"
        label="Move down in queue"
        isBusy={commands.isBusy("queueDown", detail)}
        onPress={() => commands.act(detail, "queueDown")}
      />
    </>
  );
}

/** In its review a task is asked for changes: comments on lines go with it. */
function commandFor(action: Offered, { state }: TaskRow): PageAction {
  return action === "retry" && state === "review" ? "requestChanges" : action;
}

function wordsFor(action: Offered, { state }: TaskRow): string {
  if (action === "retry" && state === "review") return "Request changes";
  return action === "cancel" && state === "inQueue" ? "Take out of the queue" : ACTION_WORDS[action];
}
