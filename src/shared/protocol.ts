// The one border between the extension and its dashboard: every message that crosses it, in both directions. Each side
// reads what it gets with `messageToPage` or `messageToHost` and drops what does not fit.
import { ACTIVITY_FILTER } from "./activityFilter";
import { ACTIVITY, DASHBOARD_STATE, DOCUMENTS } from "./dashboardState";
import { TASK_ACTIONS } from "./taskActions";
import { OP } from "./patch";
import { either, flag, list, nullable, number, oneOf, shape, text, word, type Shaped } from "./shape";

/** Bytes of a delta as JSON. */
export const DELTA_BYTES = 2048;
/** Entries of the activity that one answer holds. */
export const ACTIVITY_PAGE = 1000;

const REF = shape({ root: text, task: text });
export type Ref = Shaped<typeof REF>;

export const TABS = ["progress", "activity"] as const;
export const PAGE = either(
  shape({ kind: word("overview") }),
  shape({ kind: word("task"), root: text, task: text, tab: oneOf(TABS) }),
);
export type Page = Shaped<typeof PAGE>;

/** What can be asked for beside the actions on a task. The extension runs a command of its own for each. */
export const GLOBAL_ACTIONS = [
  "newTask",
  "runSample",
  "costReport",
  "openSettings",
  "openWalkthrough",
  "manageTrust",
  "openFolder",
  "retryFolders",
] as const;
export type GlobalAction = (typeof GLOBAL_ACTIONS)[number];
/** What can be asked for on a task: what it allows now, one place up or down in the queue, and what only shows something. */
export const PAGE_ACTIONS = [
  ...TASK_ACTIONS.filter((action) => action !== "reorder"),
  ...(["queueUp", "queueDown", "requestChanges", "transcript"] as const),
];
export type PageAction = (typeof PAGE_ACTIONS)[number];

const ENTRIES = list(ACTIVITY);

/** `now`: the extension's clock, ISO 8601. */
const SNAPSHOT = shape({ kind: word("snapshot"), seq: number, now: text, page: PAGE, state: DASHBOARD_STATE });

/** From the extension. `seq` counts up by one from message to message that has it; where one is missing, ask anew. */
const TO_PAGE = either(
  SNAPSHOT,
  /** `more`: the state is whole only after the next one. */
  shape({ kind: word("delta"), seq: number, more: flag, ops: list(OP) }),
  /** New activity of the task whose activity is shown, oldest first. */
  shape({ kind: word("logged"), seq: number, ref: REF, entries: ENTRIES }),
  /**
   * Answers `activity`: what matches, oldest first, of everything behind the number `from` and up to `upTo`. Where it was
   * not asked for what is before an entry, `logged` goes on right behind `upTo`.
   */
  shape({ kind: word("activity"), request: number, entries: ENTRIES, from: number, upTo: number }),
  /** Answers `output`; null when there is none any more. */
  shape({ kind: word("output"), request: number, text: nullable(text) }),
  /** A command that the page asked for has come to an end. */
  shape({ kind: word("acted"), request: number }),
  /** The user asked for this page elsewhere. */
  shape({ kind: word("show"), page: PAGE }),
);
export type ToPage = Shaped<typeof TO_PAGE>;

/** From the page. */
const TO_HOST = either(
  /** The page runs and shows this. `has`: the number of the snapshot that it was born with; null where that is of the past. */
  shape({ kind: word("ready"), page: PAGE, has: nullable(number) }),
  /** A message is missing. */
  shape({ kind: word("resync") }),
  shape({ kind: word("navigate"), page: PAGE }),
  shape({ kind: word("act"), request: number, ref: REF, action: oneOf(PAGE_ACTIONS), session: nullable(text) }),
  shape({ kind: word("actGlobally"), request: number, action: oneOf(GLOBAL_ACTIONS) }),
  shape({ kind: word("openDocument"), ref: REF, document: oneOf(DOCUMENTS) }),
  shape({ kind: word("openChange"), ref: REF, attempt: number, path: text }),
  shape({ kind: word("openOutput"), ref: REF, attempt: number, check: text }),
  shape({ kind: word("output"), request: number, ref: REF, attempt: number, check: text }),
  /** The newest matching entries, those before one, or those after one: `before` and `after` are sequence numbers. */
  shape({ kind: word("activity"), request: number, ref: REF, before: nullable(number), after: nullable(number), filter: ACTIVITY_FILTER }),
  /** Once, after the first paint with content: milliseconds since the page began to load. */
  shape({ kind: word("painted"), ms: number }),
  /** An error of the page's own, for the log. */
  shape({ kind: word("failed"), message: text }),
);
export type ToHost = Shaped<typeof TO_HOST>;

/** null for what is none. */
export function messageToPage(data: unknown): ToPage | null {
  return TO_PAGE(data) ? data : null;
}

/** null for what is none. */
export function messageToHost(data: unknown): ToHost | null {
  return TO_HOST(data) ? data : null;
}

/** What the page is born with, so that its first paint waits for no message. `id` is another one for every birth. */
const BOOT = shape({ id: text, snapshot: SNAPSHOT });
export type Boot = Shaped<typeof BOOT>;

export function bootFrom(data: unknown): Boot | null {
  return BOOT(data) ? data : null;
}
