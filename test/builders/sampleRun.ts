// Two conversations of a recorded run of the bundled sample, and what its journal says about sessions, with ids and paths
// replaced. Recorded with `countersign sample`; times, durations, tokens and costs are as they were.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { JournalEvent } from "../../src/core/domain/event";
import type { SessionId } from "../../src/core/domain/task";
import type { TranscriptEntry } from "../../src/core/ports/transcripts";
import { nextView } from "../../src/core/projections/taskFold";
import type { SessionView, TaskView } from "../../src/core/projections/taskView";

const FOLDER = "test/fixtures/sampleRun";

export const GENERATOR = "generator-1-0003" as SessionId;
export const NEGOTIATOR = "contract_negotiator-0-0002" as SessionId;

export function sampleEvents(): readonly JournalEvent[] {
  return linesOf("journal.ndjson") as readonly JournalEvent[];
}

/** The task as it stood after the given events; after all of them when left out. */
export function sampleView(events: readonly JournalEvent[] = sampleEvents()): TaskView {
  const view = events.reduce<TaskView | null>(nextView, null);
  if (view === null) throw new Error("the recorded journal creates no task");
  return view;
}

export function sampleEntries(session: SessionId): readonly TranscriptEntry[] {
  return linesOf(`${session}.ndjson`) as readonly TranscriptEntry[];
}

export function sessionIn(view: TaskView, id: SessionId): SessionView {
  const session = view.sessions.find((one) => one.id === id);
  if (session === undefined) throw new Error(`there is no session ${id}`);
  return session;
}

function linesOf(file: string): readonly unknown[] {
  const text = readFileSync(path.join(FOLDER, file), "utf8");
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as unknown);
}
