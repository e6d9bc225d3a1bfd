// All tasks of the window's folders: what they cost, which need the user, and a list to find one in.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Button, IconButton } from "../parts/buttons";
import { useStore } from "../parts/context";
import { listOf } from "../store/taskList";
import { DayCosts } from "./dayCosts";
import { Empty } from "./empty";
import { FilterBar } from "./filterBar";
import { Summary } from "./summary";
import { TaskList } from "./taskList";

export function Overview(): JSX.Element {
  const { state, rows, kept, commands } = useStore();
  const filter = kept.saved.value.tasks;
  const all = rows.value;
  const items = useMemo(() => listOf(all, filter), [all, filter]);
  const now = state.value;
  if (now === null) return <main class="page" aria-busy="true" />;
  const hasTasks = Object.keys(all).length > 0;
  const shown = items.reduce((sum, item) => sum + Number(item.kind === "task"), 0);
  return (
    <main class="page overview">
      <header class="overview-head">
        <Summary rows={all} />
        <div class="actions">
          {now.place === "open" ? <NewTask /> : null}
          <IconButton icon="graph" label="Cost report" onPress={() => commands.actGlobally("costReport")} />
          <IconButton icon="settings-gear" label="Settings" onPress={() => commands.actGlobally("openSettings")} />
        </div>
      </header>
      {hasTasks ? (
        <>
          <DayCosts days={now.days} limits={now.limits} hasCosts={Object.values(all).some(({ cost }) => cost.usd > 0 || cost.unpriced > 0)} />
          <FilterBar filter={filter} stateNames={now.stateNames} shown={shown} total={Object.keys(all).length + now.left} />
          {shown > 0 ? <TaskList items={items} showsFolder={Object.keys(now.folders).length > 1} /> : <NoMatch />}
        </>
      ) : (
        <Empty place={now.place} />
      )}
    </main>
  );
}

function NewTask(): JSX.Element {
  const { commands } = useStore();
  return <Button icon="add" label="New task" isPrimary isBusy={commands.isBusy("newTask", null)} onPress={() => commands.actGlobally("newTask")} />;
}

function NoMatch(): JSX.Element {
  const { kept } = useStore();
  return (
    <div class="empty" role="status">
      <p>No task matches the filter.</p>
      <Button icon="close" label="Clear filter" onPress={() => kept.filterTasks({ text: "", state: "", category: "" })} />
    </div>
  );
}
