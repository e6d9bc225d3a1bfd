// The one border between the extension and its dashboard: every message that crosses it, in both directions. Each side
// reads what it gets with `messageToPage` or `messageToHost` and drops what does not fit.
import * as z from "zod/mini";
import { ACTIVITY_FILTER } from "./activityFilter";
import { ACTIVITY, DASHBOARD_STATE, DOCUMENTS, TASK_ACTIONS } from "./dashboardState";
import type { Frozen } from "./json";
import { OP } from "./patch";

/** Bytes of a delta as JSON. */
export const DELTA_BYTES = 2048;
/** Entries of the activity that one answer holds. */
export const ACTIVITY_PAGE = 1000;

const REF = z.object({ root: z.string(), task: z.string() });
export type Ref = Frozen<z.infer<typeof REF>>;

export const TABS = ["progress", "activity"] as const;
export const PAGE = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("overview") }),
  z.object({ kind: z.literal("task"), root: z.string(), task: z.string(), tab: z.enum(TABS) }),
]);
export type Page = Frozen<z.infer<typeof PAGE>>;

/** What can be asked for beside the actions on a task. The extension runs a command of its own for each. */
export const GLOBAL_ACTIONS = ["newTask", "runSample", "costReport", "openSettings", "openWalkthrough", "manageTrust", "openFolder", "retryFolders"] as const;
export type GlobalAction = (typeof GLOBAL_ACTIONS)[number];
/** Actions on a task that its row does not have to allow: they only show something, or move it in the queue. */
export const LOOK_ACTIONS = ["transcript", "openWorktree", "exportTask", "copyTaskId", "requestChanges", "queueUp", "queueDown"] as const;
export type LookAction = (typeof LOOK_ACTIONS)[number];

const ENTRIES = z.array(ACTIVITY);

/** `now`: the extension's clock, ISO 8601. */
const SNAPSHOT = z.object({ kind: z.literal("snapshot"), seq: z.number(), now: z.string(), page: PAGE, state: DASHBOARD_STATE });

/** From the extension. `seq` counts up by one from message to message that has it; where one is missing, ask anew. */
const TO_PAGE = z.discriminatedUnion("kind", [
  SNAPSHOT,
  /** `more`: the state is whole only after the next one. */
  z.object({ kind: z.literal("delta"), seq: z.number(), more: z.boolean(), ops: z.array(OP) }),
  /** New activity of the task whose activity is shown, oldest first. */
  z.object({ kind: z.literal("logged"), seq: z.number(), ref: REF, entries: ENTRIES }),
  /**
   * Answers `activity`: what matches, oldest first, of everything behind the number `from` and up to `upTo`. Where it was
   * not asked for what is before an entry, `logged` goes on right behind `upTo`.
   */
  z.object({ kind: z.literal("activity"), request: z.number(), entries: ENTRIES, from: z.number(), upTo: z.number() }),
  /** Answers `output`; null when there is none any more. */
  z.object({ kind: z.literal("output"), request: z.number(), text: z.nullable(z.string()) }),
  /** A command that the page asked for has come to an end. */
  z.object({ kind: z.literal("acted"), request: z.number() }),
  /** The user asked for this page elsewhere. */
  z.object({ kind: z.literal("show"), page: PAGE }),
]);
export type ToPage = Frozen<z.infer<typeof TO_PAGE>>;

/** From the page. */
const TO_HOST = z.discriminatedUnion("kind", [
  /** The page runs and shows this. `has`: the number of the snapshot that it was born with; null where that is of the past. */
  z.object({ kind: z.literal("ready"), page: PAGE, has: z.nullable(z.number()) }),
  /** A message is missing. */
  z.object({ kind: z.literal("resync") }),
  z.object({ kind: z.literal("navigate"), page: PAGE }),
  z.object({ kind: z.literal("act"), request: z.number(), ref: REF, action: z.enum([...TASK_ACTIONS, ...LOOK_ACTIONS]), session: z.optional(z.string()) }),
  z.object({ kind: z.literal("actGlobally"), request: z.number(), action: z.enum(GLOBAL_ACTIONS) }),
  z.object({ kind: z.literal("openDocument"), ref: REF, document: z.enum(DOCUMENTS) }),
  z.object({ kind: z.literal("openChange"), ref: REF, attempt: z.number(), path: z.string() }),
  z.object({ kind: z.literal("openOutput"), ref: REF, attempt: z.number(), check: z.string() }),
  z.object({ kind: z.literal("output"), request: z.number(), ref: REF, attempt: z.number(), check: z.string() }),
  /** The newest matching entries, those before one, or those after one: `before` and `after` are sequence numbers. */
  z.object({ kind: z.literal("activity"), request: z.number(), ref: REF, before: z.nullable(z.number()), after: z.nullable(z.number()), filter: ACTIVITY_FILTER }),
  /** Once, after the first paint with content: milliseconds since the page began to load. */
  z.object({ kind: z.literal("painted"), ms: z.number() }),
  /** An error of the page's own, for the log. */
  z.object({ kind: z.literal("failed"), message: z.string() }),
]);
export type ToHost = Frozen<z.infer<typeof TO_HOST>>;

/** null for what is none. */
export function messageToPage(data: unknown): ToPage | null {
  return TO_PAGE.safeParse(data).data ?? null;
}

/** null for what is none. */
export function messageToHost(data: unknown): ToHost | null {
  return TO_HOST.safeParse(data).data ?? null;
}

/** What the page is born with, so that its first paint waits for no message. `id` is another one for every birth. */
const BOOT = z.object({ id: z.string(), snapshot: SNAPSHOT });
export type Boot = Frozen<z.infer<typeof BOOT>>;

export function bootFrom(data: unknown): Boot | null {
  return BOOT.safeParse(data).data ?? null;
}
