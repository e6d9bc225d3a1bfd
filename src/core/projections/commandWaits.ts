// Commands of a task that wait for a person's approval, as the journal tells of them. Pure.
import type { CommandDecision } from "../domain/commandDecision";
import type { EventKind, JournalEvent } from "../domain/event";

export interface CommandWait extends Pick<CommandDecision, "command" | "purpose" | "reason"> {
  /** Its number within the run. */
  readonly ask: number;
  /** ISO 8601. */
  readonly since: string;
}

/** A run that has ended asks nobody any more; one that was killed may not have said so. */
const ENDS_ALL: ReadonlySet<EventKind> = new Set(["runStarted", "taskPassed", "taskEscalated", "taskPaused", "taskCancelled", "taskFailed"]);

/** The same list where nothing has changed. */
export function waitsAfter(waits: readonly CommandWait[], event: JournalEvent): readonly CommandWait[] {
  switch (event.kind) {
    case "commandAsked": {
      const { ask, command, purpose, reason, time } = event;
      return [...waits, { ask, command, purpose, reason, since: time }];
    }
    case "commandDecided":
    case "commandWithdrawn":
      return waits.some(({ ask }) => ask === event.ask) ? waits.filter(({ ask }) => ask !== event.ask) : waits;
    default:
      return waits.length > 0 && ENDS_ALL.has(event.kind) ? [] : waits;
  }
}
