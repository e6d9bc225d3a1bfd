// Reads a task's events from the journal up to where the desk already is.
import type { JournalEvent } from "../domain/event";
import type { TaskId } from "../domain/task";
import type { Clock } from "../ports/clock";
import type { DashboardDesk } from "./dashboardSource";

/** An event is told a moment before it can be read. */
const TRIES = 10;
const PAUSE_MS = 20;

/** All events of the task, oldest first, at least up to the one that its view holds now. */
export async function eventsSoFar(desk: DashboardDesk, task: TaskId, clock: Pick<Clock, "sleep">): Promise<readonly JournalEvent[]> {
  const known = desk.task(task)?.lastSeq ?? 0;
  const signal = new AbortController().signal;
  for (let tries = 1; ; tries += 1) {
    const events = await desk.events(task);
    if ((events.at(-1)?.seq ?? 0) >= known || tries === TRIES) return events;
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** So many events are worked through before others get their turn. */
const SLICE = 1000;

/** The same events in slices; between two of them whatever else waits is done. */
export async function* inSlices(events: readonly JournalEvent[], clock: Pick<Clock, "sleep">): AsyncGenerator<readonly JournalEvent[], void> {
  const signal = new AbortController().signal;
  for (let start = 0; start < events.length; start += SLICE) {
    if (start > 0) await clock.sleep(0, signal);
    yield events.slice(start, start + SLICE);
  }
}
