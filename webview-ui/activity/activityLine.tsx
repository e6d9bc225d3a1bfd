// One line of activity: what happened, in short, and how long it took.
import type { JSX } from "preact";
import type { Activity } from "../../src/shared/dashboardState";
import { duration } from "../../src/shared/figures";
import { Icon } from "../parts/icon";
import { GROUP_ICONS, LEVEL_LOOKS } from "../parts/looks";

export function ActivityLine({ entry: { group, level, what, note, ms }, time }: { readonly entry: Activity; readonly time?: string }): JSX.Element {
  const [name, ...rest] = group === "tools" ? what.split(" ") : [what];
  const icon = level === "error" ? "error" : level === "warning" ? "warning" : level === "good" ? "pass" : GROUP_ICONS[group];
  return (
    <span class={`activity-line ${group}`} title={note === "" ? what : `${what}\n${note}`}>
      {time === undefined ? null : <span class="activity-time">{time}</span>}
      <Icon name={icon} tone={LEVEL_LOOKS[level]} />
      <span class="activity-what">
        <span class="activity-name">{name}</span>
        {rest.length === 0 ? null : <code> {rest.join(" ")}</code>}
      </span>
      <span class="activity-note">{note}</span>
      <span class="activity-ms">{ms === null || ms < 1 ? "" : duration(ms)}</span>
    </span>
  );
}
