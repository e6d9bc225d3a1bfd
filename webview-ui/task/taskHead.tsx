// The head of a task's page: where it stands, in words and colour, and what the user can do now.
import type { JSX } from "preact";
import type { TaskDetail, TaskRow } from "../../src/shared/dashboardState";
import { IconButton } from "../parts/buttons";
import { useStore } from "../parts/context";
import { Icon } from "../parts/icon";
import { lookOf } from "../parts/looks";
import { Actions } from "./actions";
import { Documents } from "./documents";
import { Facts } from "./facts";
import type { TaskPageRef } from "./pageRef";

interface TaskHeadProps {
  readonly page: TaskPageRef;
  readonly row: TaskRow | null;
  readonly detail: TaskDetail | null;
  /** All tasks have been read: one that is not among them is gone. */
  readonly isKnown: boolean;
}

export function TaskHead({ page, row, detail, isKnown }: TaskHeadProps): JSX.Element {
  const store = useStore();
  return (
    <header class="task-head">
      <div class="title-line">
        <IconButton icon="arrow-left" label="All tasks" onPress={() => store.go({ kind: "overview" })} />
        <h1 title={row?.title ?? page.task}>{row?.title ?? (isKnown ? page.task : " ")}</h1>
        {row === null ? null : <StateBadge row={row} />}
      </div>
      {row === null ? null : (
        <>
          <Facts row={row} detail={detail} />
          <Why row={row} />
          <div class="actions-line">
            {detail === null ? null : (
              <>
                <Actions detail={detail} row={row} />
                <Documents detail={detail} />
              </>
            )}
          </div>
        </>
      )}
      {row === null && isKnown ? <p class="detail-line">There is no such task in this workspace any more.</p> : null}
    </header>
  );
}

/** Why it stands where it stands. */
function Why({ row }: { readonly row: TaskRow }): JSX.Element | null {
  if (row.detail === "") return null;
  const tone = row.needsPerson ? "attention" : "muted";
  return (
    <p class={`detail-line ${tone}`}>
      <Icon name={row.needsPerson ? "warning" : "info"} tone={tone} /> <span>{sentence(row.detail)}</span>
    </p>
  );
}

function StateBadge({ row }: { readonly row: TaskRow }): JSX.Element {
  const { state } = useStore();
  const look = lookOf(row);
  const name = state.value?.stateNames[row.state] ?? row.state;
  const place = row.queuePlace === null ? "" : `, place ${row.queuePlace}`;
  return (
    <span class={`state-badge tone-${look.tone}`}>
      <Icon name={look.icon} tone={look.tone} spins={look.spins ?? false} />
      <span>{sentence(name + place)}</span>
    </span>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
