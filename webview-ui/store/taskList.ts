// Which tasks the overview lists, in which order and under which headings. Pure.
import type { DashboardState, TaskRow } from "../../src/shared/dashboardState";
import type { TaskFilter } from "../../src/shared/savedState";

export type ListItem =
  | { readonly kind: "heading"; readonly text: string; readonly count: number }
  | { readonly kind: "task"; readonly key: string; readonly row: TaskRow };

interface Section {
  readonly text: string;
  readonly has: (row: TaskRow) => boolean;
  readonly order: (a: TaskRow, b: TaskRow) => number;
}

const newestFirst = (a: TaskRow, b: TaskRow): number => compare(b.updatedAt, a.updatedAt) || compare(a.task, b.task);

/** First match wins. */
const SECTIONS: readonly Section[] = [
  { text: "Needs you", has: (row) => row.needsPerson, order: newestFirst },
  // By creation: what runs changes all the time, and its place must not.
  { text: "Running", has: ({ state }) => state === "running", order: (a, b) => compare(b.createdAt, a.createdAt) || compare(a.task, b.task) },
  { text: "In queue", has: ({ state }) => state === "inQueue", order: (a, b) => (a.queuePlace ?? 0) - (b.queuePlace ?? 0) },
  { text: "Not started", has: ({ state }) => state === "new", order: newestFirst },
  { text: "Ended", has: () => true, order: newestFirst },
];

export function listOf(rows: DashboardState["rows"], filter: TaskFilter): readonly ListItem[] {
  const sections = SECTIONS.map(() => [] as (readonly [string, TaskRow])[]);
  const matches = matcherOf(filter);
  for (const entry of Object.entries(rows)) {
    if (matches(entry[1])) sections[SECTIONS.findIndex(({ has }) => has(entry[1]))]?.push(entry);
  }
  return SECTIONS.flatMap(({ text, order }, index): readonly ListItem[] => {
    const found = sections[index] ?? [];
    if (found.length === 0) return [];
    const tasks = found.toSorted(([, a], [, b]) => order(a, b)).map(([key, row]) => ({ kind: "task", key, row }) as const);
    return [{ kind: "heading", text, count: tasks.length }, ...tasks];
  });
}

function matcherOf({ text, state, category }: TaskFilter): (row: TaskRow) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return (row) => {
    if (category !== "" && row.category !== category) return false;
    if (state === "needsPerson" ? !row.needsPerson : state !== "" && row.state !== state) return false;
    const searched = `${row.title} ${row.task}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
