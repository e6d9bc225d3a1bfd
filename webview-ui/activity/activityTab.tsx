// All that has happened to a task, oldest first, filtered as the user likes; it follows what is new while its end is in view.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ACTIVITY_GROUPS, type Activity, type ActivityGroup } from "../../src/shared/dashboardState";
import { counted } from "../../src/shared/figures";
import type { ActivityFilter } from "../../src/shared/activityFilter";
import { GROUP_WORDS } from "../../src/shared/words";
import { useStore } from "../parts/context";
import { Button } from "../parts/buttons";
import { SearchField } from "../parts/searchField";
import { VirtualList, type VirtualListHandle } from "../parts/virtualList";
import type { TaskPageRef } from "../task/pageRef";
import { ActivityLine } from "./activityLine";
import { indexOfSeq } from "./indexOfSeq";

const ROW = 22;
/** So near to the top, what is before is asked for. */
const NEAR_TOP = 40 * ROW;

export function ActivityTab({ page }: { readonly page: TaskPageRef }): JSX.Element {
  const { activity, kept } = useStore();
  const filter = kept.saved.value.activity;
  useEffect(() => activity.show(page, filter), [activity, page.task, page.root, filter]);
  const log = activity.log.value;
  const change = (next: Partial<ActivityFilter>): void => kept.keep({ activity: { ...filter, ...next } });
  return (
    <div id="tab-activity" role="tabpanel" aria-labelledby="tab-head-activity" class="activity-tab">
      <ActivityBar filter={filter} onChange={change} count={log === null ? null : log.entries.length} isWhole={log?.from === 0} />
      {log === null ? null : <Entries entries={log.entries} place={`activity ${page.task} ${page.root}`} onNearTop={() => activity.showOlder()} />}
    </div>
  );
}

interface EntriesProps {
  readonly entries: readonly Activity[];
  readonly place: string;
  readonly onNearTop: () => void;
}

function Entries({ entries, place, onNearTop }: EntriesProps): JSX.Element {
  const { kept } = useStore();
  const list = useRef<VirtualListHandle | null>(null);
  const isFollowing = useRef(kept.scrollOf(place) === 0);
  const [isAway, setIsAway] = useState(false);
  const last = entries.at(-1)?.seq;
  useLayoutEffect(() => {
    if (isFollowing.current) list.current?.scrollToEnd();
  }, [last, entries.length]);
  if (entries.length === 0) return <div class="empty" role="status">Nothing matches.</div>;
  return (
    <div class="activity-list">
      <VirtualList
        label="Activity"
        count={entries.length}
        rowHeight={ROW}
        place={place}
        handle={list}
        keyOf={(index) => entries[index]?.seq ?? index}
        indexOf={(seq) => indexOfSeq(entries, Number(seq))}
        onScroll={({ fromTop, fromEnd }) => {
          isFollowing.current = fromEnd < ROW;
          setIsAway(fromEnd > 4 * ROW);
          if (fromTop < NEAR_TOP) onNearTop();
        }}
        render={(index) => {
          const entry = entries[index];
          return entry === undefined ? <></> : <ActivityLine entry={entry} time={timeOf(entry)} />;
        }}
      />
      {isAway ? (
        <div class="to-end">
          <Button icon="arrow-down" label="Newest" onPress={() => list.current?.scrollToEnd()} />
        </div>
      ) : null}
    </div>
  );
}

interface ActivityBarProps {
  readonly filter: ActivityFilter;
  readonly onChange: (change: Partial<ActivityFilter>) => void;
  /** null while nothing has come. */
  readonly count: number | null;
  readonly isWhole: boolean;
}

function ActivityBar({ filter, onChange, count, isWhole }: ActivityBarProps): JSX.Element {
  const { groups } = filter;
  const toggled = (group: ActivityGroup): readonly ActivityGroup[] => (groups.includes(group) ? groups.filter((one) => one !== group) : [...groups, group]);
  return (
    <div class="filter-bar" role="search" aria-label="Activity">
      <SearchField label="Filter activity" text={filter.text} onChange={(text) => onChange({ text })} />
      <div class="toggles" role="group" aria-label="Kinds of activity">
        {ACTIVITY_GROUPS.map((group) => (
          <Toggle
            key={group}
            text={GROUP_WORDS[group]}
            isOn={filter.groups.includes(group)}
            onPress={() => onChange({ groups: toggled(group) })}
          />
        ))}
        <Toggle text="Problems only" isOn={filter.problems} onPress={() => onChange({ problems: !filter.problems })} />
      </div>
      <span class="filter-count muted" role="status">
        {count === null ? "" : `${counted(count, "entry", "entries")}${isWhole ? "" : ", more above"}`}
      </span>
    </div>
  );
}

function Toggle({ text, isOn, onPress }: { readonly text: string; readonly isOn: boolean; readonly onPress: () => void }): JSX.Element {
  return (
    <button type="button" class="toggle" aria-pressed={isOn} onClick={onPress}>
      {text}
    </button>
  );
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

function timeOf({ time }: Activity): string {
  return CLOCK.format(new Date(time));
}
