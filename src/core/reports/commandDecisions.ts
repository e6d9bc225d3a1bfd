// What was decided about commands that no sandbox confined, for a task's report: which command, how, by whom, when. Pure.
import { shownInLine } from "../approvals/shownCommand";
import type { CommandDecision, DecidedBy } from "../domain/commandDecision";
import type { JournalEvent } from "../domain/event";
import { codeSpan } from "../domain/markdown";
import { UTC_STAMP } from "./printTranscript";

type Decided = Extract<JournalEvent, { readonly kind: "commandDecided" }>;

const WHO: Readonly<Record<DecidedBy, string>> = {
  policy: "the command policy",
  own: "known words",
  once: "the person, once",
  task: "the person, for the task",
  workspace: "the person, in the workspace",
  setUp: "the person, for the lock file",
  person: "the person",
  nobody: "nobody could be asked",
};

const FOR_WHAT: Readonly<Record<CommandDecision["purpose"], string>> = { agent: "an agent", check: "a check", setup: "set-up" };

export const DECISION_COLUMNS: readonly string[] = ["First (UTC)", "Times", "Command", "For", "Decision", "By", "Why"];

/** A row each of what was decided alike, in the order in which it came up first. */
export function decisionRows(events: readonly JournalEvent[]): readonly (readonly string[])[] {
  const alike = new Map<string, { readonly first: Decided; times: number }>();
  for (const event of events) {
    if (event.kind !== "commandDecided") continue;
    const { command, purpose, decision, by, reason } = event;
    const key = JSON.stringify([command, purpose, decision, by, reason]);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { first: event, times: 1 });
    else known.times += 1;
  }
  return [...alike.values()].map(({ first, times }) => [
    UTC_STAMP(first.time),
    String(times),
    codeSpan(shownInLine(first.command)),
    FOR_WHAT[first.purpose],
    first.decision,
    WHO[first.by],
    first.reason,
  ]);
}

/** Why nothing confined them, once for each reason that was given. */
export function protectionNotes(events: readonly JournalEvent[]): readonly string[] {
  const notes = events.flatMap((event) => (event.kind === "protectionNoted" ? [`${event.state === "off" ? "The sandbox was switched off." : "There was no sandbox."} ${event.why}`] : []));
  return [...new Set(notes)];
}
