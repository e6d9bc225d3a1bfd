// What the journal of the opened folder says, read as a stranger would: the proof behind what the window shows.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { EventKind, JournalEvent } from "../../src/core/domain/event";
import { until } from "../editor/until";

/** A scripted run with real checks, on a busy machine with two cores. */
export const RUN_LIMIT_MS = 150_000;

export function journalOf(folder: string): readonly JournalEvent[] {
  const file = path.join(folder, ".countersign/state/journal.ndjson");
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as JournalEvent);
}

export function eventsOf<K extends EventKind>(folder: string, kind: K): readonly Extract<JournalEvent, { readonly kind: K }>[] {
  return journalOf(folder).filter((event): event is Extract<JournalEvent, { readonly kind: K }> => event.kind === kind);
}

/** Waits until the journal holds as many events of the kind. */
export async function happens(folder: string, kind: EventKind, times = 1): Promise<void> {
  await until(`the journal has ${times} × ${kind}`, () => eventsOf(folder, kind).length >= times, RUN_LIMIT_MS);
}
