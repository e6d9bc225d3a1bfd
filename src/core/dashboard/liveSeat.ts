// Follows one running task from now on: reads what has happened so far, then goes on with what is told live.
import type { DeskChange } from "../desk/taskDesk";
import type { JournalEvent } from "../domain/event";
import type { TaskId } from "../domain/task";
import type { Clock } from "../ports/clock";
import type { Live } from "../../shared/dashboardState";
import type { DashboardDesk } from "./dashboardSource";
import { LiveTracker } from "./liveTracker";
import { eventsSoFar, inSlices } from "./taskEvents";

/** Changes that wait while the journal is read. More come only where reading takes very long. */
const MOST_WAITING = 5000;

export interface SeatDeps {
  readonly clock: Pick<Clock, "sleep">;
  /** There is something new to show. */
  readonly onChange: () => void;
  readonly onTrouble: (error: unknown) => void;
}

export class LiveSeat {
  readonly #tracker = new LiveTracker();
  #waiting: DeskChange[] | null = [];
  #lastSeq = 0;

  constructor(
    readonly desk: DashboardDesk,
    readonly task: TaskId,
    private readonly deps: SeatDeps,
  ) {
    this.#begin().catch((error: unknown) => deps.onTrouble(error));
  }

  get current(): Live {
    return this.#tracker.current;
  }

  /** Changes of other tasks are not for this seat. */
  note(change: DeskChange): void {
    if (change.kind !== "event" && change.kind !== "live") return;
    if (change.event.task !== this.task) return;
    if (this.#waiting === null) this.#take(change);
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push(change);
  }

  async #begin(): Promise<void> {
    // What comes from here on waits in its order, texts between events.
    const known = this.desk.task(this.task)?.lastSeq ?? 0;
    const events = (await eventsSoFar(this.desk, this.task, this.deps.clock)).filter(({ seq }) => seq <= known);
    for await (const slice of inSlices(events, this.deps.clock)) for (const event of slice) this.#takeEvent(event);
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const change of waiting) this.#take(change);
    this.deps.onChange();
  }

  #take(change: DeskChange): void {
    if (change.kind === "event") this.#takeEvent(change.event);
    else if (change.kind === "live") this.#tracker.live(change.event);
  }

  #takeEvent(event: JournalEvent): void {
    if (event.seq <= this.#lastSeq) return;
    this.#lastSeq = event.seq;
    this.#tracker.event(event);
  }
}
