// How many tasks run, wait, and need the user.
import type { JSX } from "preact";
import type { DashboardState } from "../../src/shared/dashboardState";
import { counted } from "../../src/shared/figures";
import { useStore } from "../parts/context";

export function Summary({ rows }: { readonly rows: DashboardState["rows"] }): JSX.Element {
  const { kept } = useStore();
  const tasks = Object.values(rows);
  const counts = [
    { state: "needsPerson", count: tasks.filter(({ needsPerson }) => needsPerson).length, words: "need you", tone: "attention" },
    { state: "running", count: tasks.filter(({ state }) => state === "running").length, words: "running", tone: "active" },
    { state: "inQueue", count: tasks.filter(({ state }) => state === "inQueue").length, words: "in queue", tone: "plain" },
  ].filter(({ count }) => count > 0);
  return (
    <div class="summary">
      <h1>Tasks</h1>
      {tasks.length > 0 && counts.length === 0 ? <span class="muted">{counted(tasks.length, "task")}, none running</span> : null}
      {counts.map(({ state, count, words, tone }) => (
        <button
          type="button"
          key={state}
          class="count"
          aria-pressed={kept.saved.value.tasks.state === state}
          title="Show only these"
          onClick={() => kept.filterTasks({ state: kept.saved.value.tasks.state === state ? "" : state })}
        >
          <span class={`count-number tone-${tone}`}>{count}</span> {count === 1 && state === "needsPerson" ? "needs you" : words}
        </button>
      ))}
    </div>
  );
}
