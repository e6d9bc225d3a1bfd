// Where secrets were taken out, so that it is on record: redaction is visible, never silent.
import type { EventBody } from "../domain/event";
import type { TaskId } from "../domain/task";
import type { SecretCount } from "./scan";

type Redacted = Extract<EventBody, { readonly kind: "secretsRedacted" }>;

export class SecretLedger {
  private readonly open = new Map<TaskId, Redacted[]>();
  /** Kinds that are on record already, by task and place. */
  private readonly told = new Set<string>();

  /** `where`: a file of the task's folder, or words for another place. Each kind is told once a place. */
  note(task: TaskId, where: string, found: readonly SecretCount[]): void {
    const fresh = found.filter(({ kind }) => !this.told.has(keyOf(task, where, kind)));
    if (fresh.length === 0) return;
    for (const { kind } of fresh) this.told.add(keyOf(task, where, kind));
    const count = fresh.reduce((sum, one) => sum + one.count, 0);
    const event: Redacted = { kind: "secretsRedacted", where, kinds: fresh.map(({ kind }) => kind), count };
    this.open.set(task, [...(this.open.get(task) ?? []), event]);
  }

  /** What has to be recorded; it is given once. */
  take(task: TaskId): readonly Redacted[] {
    const events = this.open.get(task);
    if (events === undefined) return NONE;
    this.open.delete(task);
    return events;
  }
}

const NONE: readonly Redacted[] = [];

function keyOf(task: TaskId, where: string, kind: string): string {
  return `${task}\n${where}\n${kind}`;
}
