// Writes a task's events and keeps its view. The engine acts on the view alone, so what it knows is what the
// journal holds.
import type { EventBody, JournalEvent, LiveEvent } from "../domain/event";
import type { TaskId } from "../domain/task";
import type { Journal } from "../ports/journal";
import { refuseAbandoned } from "./abandoned";
import { applyEvent } from "../projections/taskFold";
import { startView, type TaskView } from "../projections/taskView";

export interface Listeners {
  readonly onEvent: (event: JournalEvent, view: TaskView) => void;
  readonly onLive: (event: LiveEvent) => void;
}

export class Recorder {
  constructor(
    private readonly journal: Journal,
    private readonly listeners: Listeners,
    private current: TaskView,
    /** Of a run: once it is abandoned, nothing is recorded any more. */
    private readonly signal: AbortSignal | null = null,
  ) {}

  get view(): TaskView {
    return this.current;
  }

  get task(): TaskId {
    return this.current.request.id;
  }

  /** Records something that may be lost with the power: tool calls, turns. Fsynced with the next transition. */
  note(body: EventBody): void {
    if (this.signal !== null) refuseAbandoned(this.signal);
    this.append(body);
    for (const follows of this.journal.pending?.(this.task) ?? []) this.append(follows);
  }

  /** Records a transition: it is on disk before the caller goes on. */
  async commit(body: EventBody): Promise<void> {
    this.note(body);
    await this.journal.flush();
  }

  live(event: LiveEvent): void {
    this.listeners.onLive(event);
  }

  private append(body: EventBody): void {
    const event = this.journal.append(this.task, body);
    this.current = applyEvent(this.current, event);
    this.listeners.onEvent(event, this.current);
  }
}

/** Records the creation of a task and returns its first view. */
export async function recordCreation(
  journal: Journal,
  listeners: Listeners,
  body: Extract<EventBody, { readonly kind: "taskCreated" }>,
): Promise<TaskView> {
  const event = journal.append(body.request.id, body);
  if (event.kind !== "taskCreated") throw new TypeError("the journal changed an event's kind");
  const view = startView(event);
  listeners.onEvent(event, view);
  const recorder = new Recorder(journal, listeners, view);
  for (const follows of journal.pending?.(body.request.id) ?? []) recorder.note(follows);
  await journal.flush();
  return recorder.view;
}
