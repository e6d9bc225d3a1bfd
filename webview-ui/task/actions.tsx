// The buttons of a task: what the user can do with it now, the likeliest first.
import type { JSX } from "preact";
import type { ActionName, TaskDetail, TaskRow } from "../../src/shared/dashboardState";
import { ACTION_WORDS } from "../../src/shared/words";
import { Button, IconButton } from "../parts/buttons";
import { useStore } from "../parts/context";
import { ACTION_ICONS } from "../parts/looks";

/** What leads on stands as a button of the first rank; `review` comes before `accept` in the list, so it is the one. */
const LEADING: ReadonlySet<ActionName> = new Set(["run", "resume", "approve", "cancel", "review", "retry", "done"]);
/** Shown as a small button: rarely the next thing, never to be hit by mistake. */
const SMALL: ReadonlySet<ActionName> = new Set(["compare", "move", "discard", "reorder"]);

export function Actions({ detail, row }: { readonly detail: TaskDetail; readonly row: TaskRow }): JSX.Element {
  const { commands } = useStore();
  const actions = detail.actions.filter((action) => action !== "review" || row.state !== "running" || detail.attempts.some(({ committed }) => committed));
  const large = actions.filter((action) => !SMALL.has(action));
  const first = large.find((action) => LEADING.has(action) && !(action === "review" && row.state === "running"));
  return (
    <div class="actions" role="toolbar" aria-label="What you can do now">
      {large.map((action) => (
        <Button key={action} icon={ACTION_ICONS[action]} label={wordsFor(action, row)} isPrimary={action === first} isBusy={commands.isBusy(action, detail)} onPress={() => commands.act(detail, action === "retry" && row.state === "review" ? "requestChanges" : action)} />
      ))}
      {actions.includes("reorder") ? (
        <>
          <IconButton icon="arrow-up" label="Move up in queue" isBusy={commands.isBusy("queueUp", detail)} onPress={() => commands.act(detail, "queueUp")} />
          <IconButton icon="arrow-down" label="Move down in queue" isBusy={commands.isBusy("queueDown", detail)} onPress={() => commands.act(detail, "queueDown")} />
        </>
      ) : null}
      {actions
        .filter((action) => SMALL.has(action) && action !== "reorder")
        .map((action) => (
          <IconButton key={action} icon={ACTION_ICONS[action]} label={ACTION_WORDS[action]} isBusy={commands.isBusy(action, detail)} onPress={() => commands.act(detail, action)} />
        ))}
    </div>
  );
}

function wordsFor(action: ActionName, { state }: TaskRow): string {
  if (action === "retry" && state === "review") return "Request changes";
  return action === "cancel" && state === "inQueue" ? "Take out of the queue" : ACTION_WORDS[action];
}
