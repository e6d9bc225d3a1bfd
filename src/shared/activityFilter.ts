// Which activity a person wants to see. Pure, and the same on both sides: the extension filters what it reads from the
// journal, the page what comes in live.
import { ACTIVITY_GROUPS, type Activity } from "./dashboardState";
import { flag, list, oneOf, shape, text, type Shaped } from "./shape";

export const ACTIVITY_FILTER = shape({
  /** Empty: all of them. */
  groups: list(oneOf(ACTIVITY_GROUPS)),
  /** Only what went wrong or may need a person. */
  problems: flag,
  /** Words that must all occur, in any order and in either case. */
  text: text,
});
export type ActivityFilter = Shaped<typeof ACTIVITY_FILTER>;

export const EVERYTHING: ActivityFilter = { groups: [], problems: false, text: "" };

/** The test that an entry must pass. */
export function matcherOf(filter: ActivityFilter): (entry: Activity) => boolean {
  const words = filter.text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return ({ group, level, what, note }) => {
    if (filter.groups.length > 0 && !filter.groups.includes(group)) return false;
    if (filter.problems && level !== "warning" && level !== "error") return false;
    const text = `${what} ${note}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
