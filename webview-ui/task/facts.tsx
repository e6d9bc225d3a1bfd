// What kind of task it is and how far it has come, in one line.
import type { JSX } from "preact";
import type { DashboardState, TaskDetail, TaskRow } from "../../src/shared/dashboardState";
import { ago, duration } from "../../src/shared/figures";
import { useNow } from "../parts/clock";
import { useStore } from "../parts/context";

const TICK_MS = 30_000;

export function Facts({ row, detail }: { readonly row: TaskRow; readonly detail: TaskDetail | null }): JSX.Element {
  const { state } = useStore();
  const now = useNow(TICK_MS);
  const facts = [
    row.category,
    ...(detail === null ? [] : kindOf(detail)),
    attemptOf(row, detail, state.value),
    `created ${ago(row.createdAt, now)}`,
    folderOf(row, state.value),
  ];
  return (
    <p class="facts">
      {facts
        .filter((fact) => fact !== "")
        .map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
    </p>
  );
}

function kindOf({ type, profile, phases }: TaskDetail): readonly string[] {
  const spent = phases.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
  const kind = type === null ? "never run" : type === "single_agent" ? "single agent" : "planned and verified";
  return [kind, `profile ${profile}`, spent === 0 ? "" : `${duration(spent)} of work`];
}

/** A single agent has one attempt, and nothing to count. */
function attemptOf({ attempt }: TaskRow, detail: TaskDetail | null, state: DashboardState | null): string {
  if (attempt === 0 || detail?.type === "single_agent") return "";
  return `attempt ${attempt} of ${Math.max(state?.limits.attempts ?? 0, attempt)}`;
}

function folderOf({ root }: TaskRow, state: DashboardState | null): string {
  const folders = state?.folders ?? {};
  return Object.keys(folders).length > 1 ? (folders[root]?.name ?? "") : "";
}
