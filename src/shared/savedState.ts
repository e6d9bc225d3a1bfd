// What a page keeps of itself across reloads of the window and of a hidden panel: where the user was, not what was shown.
import { ACTIVITY_FILTER, EVERYTHING } from "./activityFilter";
import { CATEGORIES } from "./dashboardState";
import { PAGE } from "./protocol";
import { flag, number, oneOf, shape, table, text, type Shaped } from "./shape";

const TASK_FILTER = shape({
  text: text,
  /** A state's name, `needsPerson`, or "" for all. */
  state: text,
  category: oneOf([...CATEGORIES, ""]),
});
export type TaskFilter = Shaped<typeof TASK_FILTER>;

const SAVED = shape({
  /** The birth that this page has already seen: its state is of the past. */
  boot: text,
  page: PAGE,
  tasks: TASK_FILTER,
  activity: ACTIVITY_FILTER,
  /** Pixels, by place. */
  scroll: table(number),
  /** What the user has opened or closed, by its name; what is not named is as it comes. */
  open: table(flag),
});
export type Saved = Shaped<typeof SAVED>;

export const NOTHING_SAVED: Saved = {
  boot: "",
  page: { kind: "overview" },
  tasks: { text: "", state: "", category: "" },
  activity: EVERYTHING,
  scroll: {},
  open: {},
};

/** null for what is none. */
export function savedFrom(data: unknown): Saved | null {
  return SAVED(data) ? data : null;
}
