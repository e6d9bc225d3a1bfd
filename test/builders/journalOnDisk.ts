// Puts recorded events into a folder as the journal of an earlier run.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { JOURNAL_START, encodeLine } from "../../src/adapters/store/journalLine";
import type { JournalEvent } from "../../src/core/domain/event";

/** `folder`: the workspace folder. The numbers of the events must begin at 1 and have no gaps. */
export function writeJournal(folder: string, events: readonly JournalEvent[]): void {
  const state = path.join(folder, ".countersign/state");
  let mark = JOURNAL_START;
  const lines = events.map((event) => {
    const encoded = encodeLine(event, mark);
    mark = encoded.mark;
    return encoded.line;
  });
  mkdirSync(state, { recursive: true });
  writeFileSync(path.join(state, "journal.ndjson"), lines.join(""));
}
