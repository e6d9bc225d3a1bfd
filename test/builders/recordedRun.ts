// A run of the bundled sample as it was recorded: two attempts, the first of which fails its checks, then the review.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { JournalEvent } from "../../src/core/domain/event";
import type { TaskId } from "../../src/core/domain/task";

export const RECORDED_TASK = "add-a-fibonacci-command-b53d" as TaskId;

/** All events, oldest first; up to the first one of kind `until`, if given, without it. */
export function recordedRun(until?: JournalEvent["kind"]): readonly JournalEvent[] {
  const lines = readFileSync(path.resolve("test/fixtures/dashboard/fibonacci.ndjson"), "utf8").split("\n").slice(0, -1);
  const events = lines.map((line) => JSON.parse(line) as JournalEvent);
  const end = until === undefined ? -1 : events.findIndex(({ kind }) => kind === until);
  return end === -1 ? events : events.slice(0, end);
}
