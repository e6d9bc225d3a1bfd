// Gives a page the activity of one task: answers what it asks for from the journal, then tells what is new. Keeps no
// history: only what waits to be sent.
import { matcherOf } from "../../shared/activityFilter";
import { jsonBytes } from "../../shared/batches";
import type { Activity } from "../../shared/dashboardState";
import { ACTIVITY_PAGE, DELTA_BYTES, type Ref, type ToHost, type ToPage } from "../../shared/protocol";
import type { DeskChange } from "../desk/taskDesk";
import type { JournalEvent } from "../domain/event";
import type { TaskId } from "../domain/task";
import type { Clock } from "../ports/clock";
import { ActivityReader } from "./activityReader";
import type { DashboardDesk } from "./dashboardSource";
import { eventsSoFar, inSlices } from "./taskEvents";

export type ActivityRequest = Extract<ToHost, { readonly kind: "activity" }>;
export type ActivityAnswer = Extract<ToPage, { readonly kind: "activity" }>;

interface Followed {
  readonly ref: Ref;
  readonly desk: DashboardDesk;
  readonly reader: ActivityReader;
  /** Events that came while the journal was read; null once it has been. */
  waiting: JournalEvent[] | null;
  lastSeq: number;
  /** To be sent. */
  entries: Activity[];
}

export class ActivityFeed {
  #followed: Followed | null = null;

  constructor(private readonly clock: Pick<Clock, "sleep">) {}

  stop(): void {
    this.#followed = null;
  }

  /** null when a later request has taken its place. From then on `note` collects what is new, unless it asked for old entries. */
  async answer(request: ActivityRequest, desk: DashboardDesk): Promise<ActivityAnswer | null> {
    const { ref, before } = request;
    const reader = new ActivityReader();
    const followed: Followed = { ref, desk, reader, waiting: [], lastSeq: 0, entries: [] };
    if (before === null) this.#followed = followed;
    const events = await eventsSoFar(desk, ref.task as TaskId, this.clock);
    const page = await pageOf(request, { events, reader, clock: this.clock });
    if (before !== null) return page;
    if (this.#followed !== followed) return null;
    followed.lastSeq = page.upTo;
    const waiting = followed.waiting ?? [];
    followed.waiting = null;
    for (const event of waiting) take(followed, event);
    return page;
  }

  note(desk: DashboardDesk, change: DeskChange): void {
    const followed = this.#followed;
    if (followed === null || change.kind !== "event" || desk !== followed.desk || change.event.task !== followed.ref.task) return;
    if (followed.waiting === null) take(followed, change.event);
    else followed.waiting.push(change.event);
  }

  get hasNews(): boolean {
    return (this.#followed?.entries.length ?? 0) > 0;
  }

  /** What is new since the last call, in messages of bounded size. */
  news(): readonly { readonly ref: Ref; readonly entries: readonly Activity[] }[] {
    const followed = this.#followed;
    if (followed === null || followed.entries.length === 0) return [];
    const { ref } = followed;
    const entries = followed.entries;
    followed.entries = [];
    const room = DELTA_BYTES - jsonBytes({ kind: "logged", seq: Number.MAX_SAFE_INTEGER, ref, entries: [] });
    return packed(entries, room).map((some) => ({ ref, entries: some }));
  }
}

interface Journal {
  readonly events: readonly JournalEvent[];
  readonly reader: ActivityReader;
  readonly clock: Pick<Clock, "sleep">;
}

async function pageOf({ request, before, after, filter }: ActivityRequest, { events, reader, clock }: Journal): Promise<ActivityAnswer> {
  const matches = matcherOf(filter);
  const isAsked = (entry: Activity): boolean => entry.seq > (after ?? 0) && entry.seq < (before ?? Infinity) && matches(entry);
  let entries: readonly Activity[] = [];
  let from = after ?? 0;
  for await (const slice of inSlices(events, clock)) {
    const found = [...entries, ...slice.flatMap((event) => reader.next(event) ?? []).filter(isAsked)];
    entries = found.slice(-ACTIVITY_PAGE);
    // Something was left out before the first entry that stays.
    if (found.length > entries.length) from = (entries[0]?.seq ?? 1) - 1;
  }
  return { kind: "activity", request, entries, from, upTo: before === null ? (events.at(-1)?.seq ?? 0) : before - 1 };
}

function take(followed: Followed, event: JournalEvent): void {
  if (event.seq <= followed.lastSeq) return;
  followed.lastSeq = event.seq;
  const entry = followed.reader.next(event);
  if (entry !== null) followed.entries.push(entry);
}

function packed(entries: readonly Activity[], room: number): readonly (readonly Activity[])[] {
  const packs: Activity[][] = [];
  let left = 0;
  for (const entry of entries) {
    const bytes = jsonBytes(entry) + 1;
    if (bytes > left) {
      packs.push([]);
      left = room;
    }
    packs.at(-1)?.push(entry);
    left -= bytes;
  }
  return packs;
}
