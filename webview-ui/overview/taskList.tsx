// The list of tasks: one row each, moved through with the arrow keys, opened with Enter or a click.
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { taskKey, type TaskRow } from "../../src/shared/dashboardState";
import { ago, dollars } from "../../src/shared/figures";
import { PHASE_WORDS } from "../../src/shared/words";
import { useNow } from "../parts/clock";
import { useStore } from "../parts/context";
import { Icon } from "../parts/icon";
import { lookOf } from "../parts/looks";
import { VirtualList, type VirtualListHandle } from "../parts/virtualList";
import { useIsNarrow } from "../parts/width";
import type { ListItem } from "../store/taskList";

const WIDE_ROW = 28;
const NARROW_ROW = 46;
const TICK_MS = 20_000;

interface TaskListProps {
  readonly items: readonly ListItem[];
  readonly showsFolder: boolean;
}

export function TaskList({ items, showsFolder }: TaskListProps): JSX.Element {
  const store = useStore();
  const now = useNow(TICK_MS);
  const isNarrow = useIsNarrow();
  const list = useRef<VirtualListHandle | null>(null);
  const [current, setCurrent] = useState<string | null>(null);
  /** The same, at once: a second key may come before the first one's row is drawn. */
  const latest = useRef<string | null>(null);
  /** The row that becomes the current one shall take the focus. */
  const wantsFocus = useRef(false);
  const choose = (key: string): void => {
    latest.current = key;
    setCurrent(key);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextIndex(items, indexOf(items, latest.current), event.key);
    const item = next === null ? undefined : items[next];
    if (next === null || item?.kind !== "task") return;
    event.preventDefault();
    list.current?.reveal(next);
    wantsFocus.current = true;
    choose(item.key);
  };
  const index = indexOf(items, current);
  const open = (row: TaskRow): void => store.go({ kind: "task", root: row.root, task: row.task, tab: "progress" });
  return (
    <div class="task-list" onKeyDown={onKeyDown}>
      <VirtualList
        label="Tasks"
        count={items.length}
        rowHeight={isNarrow ? NARROW_ROW : WIDE_ROW}
        place="tasks"
        isFocusable={false}
        handle={list}
        pinned={index}
        keyOf={(at) => keyOf(items[at])}
        render={(at) => {
          const item = items[at];
          if (item === undefined) return <></>;
          if (item.kind === "heading") return <Heading text={item.text} count={item.count} />;
          return (
            <Row
              row={item.row}
              now={now}
              isCurrent={at === index}
              wantsFocus={wantsFocus}
              showsFolder={showsFolder}
              onFocus={() => choose(item.key)}
              onOpen={() => open(item.row)}
            />
          );
        }}
      />
    </div>
  );
}

/** The current task's place, or the first task's. */
function indexOf(items: readonly ListItem[], current: string | null): number {
  const found = current === null ? -1 : items.findIndex((item) => item.kind === "task" && item.key === current);
  return found === -1 ? Math.max(0, items.findIndex(({ kind }) => kind === "task")) : found;
}

function keyOf(item: ListItem | undefined): string {
  return item === undefined ? "" : item.kind === "heading" ? `heading ${item.text}` : item.key;
}

/** The task to go to; null for another key. */
function nextIndex(items: readonly ListItem[], index: number, key: string): number | null {
  const isTask = (at: number): boolean => items[at]?.kind === "task";
  switch (key) {
    case "ArrowDown":
      return isTask(index + 1) ? index + 1 : isTask(index + 2) ? index + 2 : index;
    case "ArrowUp":
      return isTask(index - 1) ? index - 1 : isTask(index - 2) ? index - 2 : index;
    case "Home":
      return items.findIndex((item) => item.kind === "task");
    case "End":
      return items.length - 1;
    default:
      return null;
  }
}

function Heading({ text, count }: { readonly text: string; readonly count: number }): JSX.Element {
  return (
    <div class="list-heading">
      <span>{text}</span> <vscode-badge variant="counter">{count}</vscode-badge>
    </div>
  );
}

interface RowProps {
  readonly row: TaskRow;
  readonly now: number;
  readonly isCurrent: boolean;
  /** Taken back by the row that has taken the focus. */
  readonly wantsFocus: { current: boolean };
  readonly showsFolder: boolean;
  readonly onFocus: () => void;
  readonly onOpen: () => void;
}

function Row({ row, now, isCurrent, wantsFocus, showsFolder, onFocus, onOpen }: RowProps): JSX.Element {
  const { state } = useStore();
  const element = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (!isCurrent || !wantsFocus.current) return;
    wantsFocus.current = false;
    element.current?.focus({ preventScroll: true });
  }, [isCurrent]);
  const look = lookOf(row);
  const words = stateWords(row, state.value?.stateNames ?? {});
  const folder = state.value?.folders[row.root]?.name ?? "";
  const changed = ago(row.updatedAt, now);
  const cost = row.cost.usd === 0 && row.cost.unpriced === 0 ? "" : `${dollars(row.cost.usd)}${row.cost.unpriced > 0 ? " +" : ""}`;
  const spoken = [row.title, words, row.category, attemptWords(row), cost, changed].filter((part) => part !== "").join(", ");
  return (
    <button
      ref={element}
      type="button"
      class="task-row"
      tabIndex={isCurrent ? 0 : -1}
      aria-label={spoken}
      title={row.detail === "" ? row.title : `${row.title}\n${row.detail}`}
      onClick={onOpen}
      onFocus={onFocus}
      data-key={taskKey(row)}
    >
      <Icon name={look.icon} tone={look.tone} spins={look.spins ?? false} />
      <span class="row-title">{row.title}</span>
      <span class="row-state">{words}</span>
      <span class="row-folder">{showsFolder ? folder : ""}</span>
      <span class="row-category">{row.category}</span>
      <span class="row-attempt">{attemptWords(row)}</span>
      <span class="row-cost">{cost}</span>
      <span class="row-time">{changed}</span>
    </button>
  );
}

function stateWords({ state, queuePlace, phase }: TaskRow, names: Readonly<Record<string, string>>): string {
  if (state === "running" && phase !== null) return PHASE_WORDS[phase];
  const name = names[state] ?? state;
  const words = state === "inQueue" && queuePlace !== null ? `${name}, place ${queuePlace}` : name;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function attemptWords({ attempt, score }: TaskRow): string {
  if (attempt === 0) return "";
  return score === null ? `attempt ${attempt}` : `attempt ${attempt} · ${score}`;
}
